"""What is gone in Shopify goes from HubSpot, when it was said to be gone, and guarded."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import DeletionsRefused
from cartwheel.core.progress import silent
from load.run import load
from tests.integration.load.plans import asked

SHOP = "demo.myshopify.com"


def test_too_many_deletes_stop_the_load(marts, build, ready, log, account):
    """22 of 30 deals deleted at once: nothing is sent until it is allowed."""
    marts.insert("deals", [build.deal(number) for number in range(30)])
    load(ready, silent)
    marts.run(
        "insert into hubspot.tombstones select 'deals', shopify_deal_key, 'deleted', now() "
        "from hubspot.deals limit 22"
    )
    marts.run(
        "delete from hubspot.deals "
        "where shopify_deal_key in (select key from hubspot.tombstones)"
    )
    log.forget()

    with pytest.raises(DeletionsRefused, match=r"22 of 30 deals.*--allow-deletes"):
        load(ready, silent)
    assert asked(log) == []
    load(ready, silent, allow_deletes=True)

    assert len(account.objects("deals")) == 8


def test_a_line_item_that_is_gone_is_archived(loaded, shop, held, log):
    """A line removed from its order leaves the deal; absence alone deletes nothing."""
    shop.run(
        "delete from hubspot.line_items where shopify_line_item_key similar to '.*line:[35]'"
    )
    shop.run("delete from hubspot.associations where from_key similar to '.*line:[35]'")
    load(loaded, silent)
    assert len(held("line_items")) == 12

    shop.run(
        f"insert into hubspot.tombstones values ('line_items', '{SHOP}/line:3', 'gone', now())"
    )
    load(loaded, silent)

    assert f"{SHOP}/line:3" not in held("line_items")
    assert f"{SHOP}/line:5" in held("line_items")
    log.forget()
    load(loaded, silent)
    assert log.writes() == []


def test_the_line_items_of_a_deleted_deal_go_with_it(loaded, shop, account):
    """An order's tombstone archives its deal and both line items."""
    for table in ("deals", "line_items"):
        shop.run(f"delete from hubspot.{table} where shopify_deal_key like '%order:3'")
    shop.run("delete from hubspot.associations where from_key || to_key like '%order:3%'")
    key = f"{SHOP}/order:3"
    shop.run(f"insert into hubspot.tombstones values ('deals', '{key}', 'gone', now())")

    load(loaded, silent)

    assert len(account.objects("deals")) == 5
    assert len(account.objects("line_items")) == 10


def test_contacts_are_never_deleted(loaded, shop, account):
    """Even a contact's tombstone leaves the contact in HubSpot."""
    shop.run("delete from hubspot.contacts where firstname = 'Ana1'")
    shop.run(
        "insert into hubspot.tombstones values ('contacts', ?, 'gone', now())",
        "person1@example.com",
    )

    load(loaded, silent)

    assert len(account.objects("contacts")) == 5


def test_a_deal_that_changes_hands_moves_to_the_other_contact(loaded, shop, account, held):
    """The new contact's association replaces the old one."""
    shop.run(
        "update hubspot.associations set to_key = 'person4@example.com' "
        "where from_key like '%order:1' and association_type = 'deal_to_contact'"
    )

    load(loaded, silent)

    deal = held("deals")[f"{SHOP}/order:1"]["hs_object_id"]
    links = account.associations("deals", "contacts")
    assert [link["to_id"] for link in links if link["from_id"] == deal] == [
        held("contacts")["person4@example.com"]["hs_object_id"]
    ]


def test_a_deal_whose_person_has_no_valid_email_any_more_is_nobodys(loaded, shop, account):
    """An association that the model no longer wants goes; the deal and the contact stay."""
    shop.run("delete from hubspot.associations where from_key like '%order:2'")

    report = load(loaded, silent)

    assert report.objects["associations"].delete == 1
    assert len(account.associations("deals", "contacts")) == 5
    assert len(account.objects("deals")) == 6
    assert load(loaded, silent).writes == 0


def test_a_deal_that_is_merely_absent_keeps_its_contact(loaded, shop, account):
    """A deal that the marts lack is parted from nobody: absence deletes nothing."""
    shop.run("delete from hubspot.associations where from_key like '%order:2'")
    shop.run("delete from hubspot.deals where shopify_deal_key like '%order:2'")

    load(loaded, silent)

    assert len(account.associations("deals", "contacts")) == 6


def test_the_line_items_of_a_deleted_product_name_none(loaded, shop, held, account, log):
    """When a product goes, its line items stay and point at nothing; the others at theirs."""
    gone = f"{SHOP}/variant:1"
    shop.run(f"delete from hubspot.products where shopify_product_key = '{gone}'")
    shop.run(
        "update hubspot.line_items set shopify_product_key = null "
        f"where shopify_product_key = '{gone}'"
    )
    shop.run(f"insert into hubspot.tombstones values ('products', '{gone}', 'gone', now())")

    load(loaded, silent, allow_deletes=True)

    living = {product["id"] for product in account.objects("products")}
    named = {key: line.get("hs_product_id") for key, line in held("line_items").items()}
    of_the_gone = {f"{SHOP}/line:{number}" for number in range(1, 12, 3)}
    assert {key for key, product in named.items() if not product} == of_the_gone
    assert {product for product in named.values() if product} == living
    log.forget()
    load(loaded, silent)
    assert log.writes() == []
