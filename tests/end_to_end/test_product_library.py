"""What leaves HubSpot's product library leaves no line item behind that names it."""

from __future__ import annotations

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
    """A small made-up store after its first sync."""
    folder = tmp_path_factory.mktemp("library")
    options = ["--store", str(folder / "store"), "--orders", "30", "--seed", "3"]
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
    settings = Settings.read(
        environ={**dotenv_values(road.env_file), "CARTWHEEL_WAREHOUSE": str(road.warehouse)}
    )

    transform(settings, silent, variables={"product_grain": "product"})
    road.cartwheel("load", "--allow-deletes")

    products = library(road)
    assert products
    assert all("/product:" in key for key in products.values())
    named = named_products(road)
    assert named.keys() == before.keys()
    assert set(named.values()) <= products.keys()
