"""What was deleted, or is no longer asked for, leaves HubSpot, and no line item names it."""

from __future__ import annotations

import json

import pytest
from dotenv import dotenv_values

from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.transform import transform
from tests.end_to_end.journey import journey
from tests.end_to_end.merchant import Merchant

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    """A small made-up store with a test order, after its first sync."""
    folder = tmp_path_factory.mktemp("library")
    options = ["--store", str(folder / "store"), "--orders", "100", "--seed", "3"]
    with journey(folder, *options) as made:
        made.cartwheel("sync")
        yield made


def named_products(road):
    """The product that each living line item names in HubSpot, by the line item's key."""
    return {
        line["shopify_line_item_key"]: line["hs_product_id"]
        for line in road.hubspot_records("line_items")
        if line.get("hs_product_id")
    }


def library(road):
    """Key by id of the living products in HubSpot."""
    return {
        product["id"]: product["shopify_product_key"]
        for product in road.hubspot_records("products")
    }


def settings_of(road):
    """Its settings, for what no command does."""
    return Settings.read(
        environ={**dotenv_values(road.env_file), "CARTWHEEL_WAREHOUSE": str(road.warehouse)}
    )


def keys(road, object_type, key):
    """The keys of the living records of an object in HubSpot."""
    return {record[key] for record in road.hubspot_records(object_type)}


def test_test_orders_go_when_they_are_no_longer_asked_for(road):
    """Their deals and line items are deleted; a contact that one made stays, as all do."""
    asked = [
        ("deals", "shopify_deal_key"),
        ("line_items", "shopify_line_item_key"),
        ("contacts", "email"),
    ]
    before = [keys(road, *each) for each in asked]

    transform(settings_of(road), silent, variables={"include_test_orders": True})
    road.cartwheel("load")
    deals, line_items, contacts = (keys(road, *each) for each in asked)
    assert before[0] < deals
    assert before[1] < line_items

    road.cartwheel("sync")
    assert [keys(road, *each) for each in asked] == [*before[:2], contacts]
    status = json.loads(road.cartwheel("status", "--json"))
    assert status["synced"]["deals"] == len(before[0])


@pytest.fixture(scope="module")
def deleted(road):
    """The product sold most often is deleted in Shopify; gives it, and the lines it was on."""
    [(product, sold)] = road.rows(
        "select shopify_product_id, list(shopify_line_item_key) from hubspot.line_items"
        " where shopify_product_key is not null group by 1 order by count(*) desc, 1 limit 1"
    )
    merchant = Merchant(road)
    road.request("DELETE", f"/_sandbox/shopify/products/{product}")
    merchant.wait_until("2026-11-23T04:00:00Z")
    for command in (["extract"], ["transform"], ["load", "--allow-deletes"]):
        road.cartwheel(*command)
    return product, set(sold)


def test_the_line_items_of_a_deleted_product_name_none(road, deleted):
    """They stay on their deals, without a product; the others name one that is there."""
    product, sold = deleted
    named = named_products(road)
    lines = {line["shopify_line_item_key"] for line in road.hubspot_records("line_items")}

    assert sold <= lines
    assert not sold & named.keys()
    assert named
    assert set(named.values()) <= library(road).keys()
    assert not [key for key in library(road).values() if key.endswith(f":{product}")]


def test_another_product_grain_leaves_no_orphans(road, deleted):
    """Where products take the place of variants, these go and the lines name products."""
    assert deleted
    before = named_products(road)

    transform(settings_of(road), silent, variables={"product_grain": "product"})
    road.cartwheel("load", "--allow-deletes")

    products = library(road)
    assert products
    assert all("/product:" in key for key in products.values())
    named = named_products(road)
    assert named.keys() == before.keys()
    assert set(named.values()) <= products.keys()
