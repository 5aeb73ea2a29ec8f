"""A deal's key never changes once it was sent: the ledger remembers.

The rule: docs/reference/rules.md#the-key-of-a-deal
"""

from __future__ import annotations

import pytest

from cartwheel.core.progress import silent
from load.run import load
from tests.integration.load.plans import asked

SHOP = "demo.myshopify.com"
OLD, NEW = f"{SHOP}/order:3", f"{SHOP}/checkout:tok3"


@pytest.fixture
def known(shop, ready, log):
    """Settings after a load of deals that know their store, order and checkout."""
    shop.run(
        "update hubspot.deals set shopify_store = ?, shopify_checkout_id = "
        "'c' || dealname, shopify_order_id = dealname",
        SHOP,
    )
    load(ready, silent)
    log.forget()
    return ready


def rename(shop, old=OLD, new=NEW):
    """Let the models give a deal another key, as when a checkout is matched later."""
    for table in ("deals", "line_items"):
        shop.run(
            f"update hubspot.{table} set shopify_deal_key = ? where shopify_deal_key = ?",
            new,
            old,
        )
    for column in ("from_key", "to_key"):
        shop.run(f"update hubspot.associations set {column} = ? where {column} = ?", new, old)


def test_a_deal_whose_key_changes_is_the_same_deal(known, shop, log):
    """The models' new key for an order that HubSpot has sends and holds back nothing."""
    rename(shop)

    report = load(known, silent)

    assert (report.writes, report.skipped) == (0, 0)
    assert asked(log) == []


@pytest.mark.nightly
def test_a_held_deal_is_still_updated(known, shop, held, account):
    """Its changes go to the deal under its first key, with lines and associations kept."""
    rename(shop)
    shop.run("update hubspot.deals set amount = 77 where shopify_deal_key = ?", NEW)

    load(known, silent)

    assert held("deals")[OLD]["amount"] == "77"
    assert len(held("deals")) == 6
    assert len(account.associations("line_items", "deals")) == 12
    assert load(known, silent).writes == 0


def test_a_checkout_that_becomes_an_order_keeps_its_deal(known, shop, held):
    """A deal of a checkout is matched by the checkout where the order is new."""
    shop.run(
        "update hubspot.deals set shopify_order_id = 'new' where shopify_deal_key = ?", OLD
    )
    rename(shop)
    shop.run(f"insert into hubspot.tombstones values ('deals', '{OLD}', 'replaced', now())")

    load(known, silent)

    assert set(held("deals")) == {f"{SHOP}/order:{number}" for number in range(6)}
    assert held("deals")[OLD]["shopify_order_id"] == "new"


def test_a_held_deal_is_deleted_by_its_new_key(known, shop, held):
    """The tombstone of an order that was deleted later reaches the deal under its old key."""
    rename(shop)
    load(known, silent)
    shop.run("delete from hubspot.deals where shopify_deal_key = ?", NEW)
    shop.run("delete from hubspot.line_items where shopify_deal_key = ?", NEW)
    shop.run("delete from hubspot.associations where from_key = ? or to_key = ?", NEW, NEW)
    shop.run(f"insert into hubspot.tombstones values ('deals', '{NEW}', 'gone', now())")

    load(known, silent)

    assert OLD not in held("deals")
    assert len(held("line_items")) == 10


def test_another_stores_order_of_that_number_is_another_deal(known, shop, held):
    """Keys are held per store."""
    rename(shop)
    shop.run(
        "update hubspot.deals set shopify_store = 'other.myshopify.com' "
        "where shopify_deal_key = ?",
        NEW,
    )

    load(known, silent)

    assert NEW in held("deals")
    assert len(held("deals")) == 7
