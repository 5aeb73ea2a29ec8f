"""How many requests a load makes: as many as what changed needs, whatever the store's size."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from cartwheel.core.progress import silent
from load.run import load
from load.setup.run import set_up
from tests.integration.load.plans import asked

SHOP = "demo.myshopify.com"


def kinds(entries):
    """The requests of a log, each with how often it was made."""
    return Counter(
        (entry["method"], entry["path"].removeprefix("/crm/").replace("/2026-03", ""))
        for entry in entries
    )


def fill(marts, build, orders):
    """A store of so many orders, each with a contact and a line of its own."""
    numbers = range(orders)
    marts.insert("products", [build.product(0)])
    marts.insert("contacts", [build.contact(number) for number in numbers])
    marts.insert("deals", [build.deal(number) for number in numbers])
    marts.insert("line_items", [build.line_item(number, number, 0) for number in numbers])
    joined = [
        each for number in numbers for each in build.associations(number, number, [number])
    ]
    marts.insert("associations", joined)


def edit_order_1(marts, build):
    """An edit that changes the order, its person and its line, adds one and takes one away."""
    marts.run("update hubspot.deals set amount = 99 where dealname = '#1'")
    marts.run(
        "update hubspot.contacts set shopify_note = 'came again' where firstname = 'Ana1'"
    )
    marts.run(
        "update hubspot.line_items set quantity = 3 where shopify_line_item_key like '%/line:1'"
    )
    marts.insert("line_items", [build.line_item(9_001, 1, 0)])
    marts.insert("associations", build.associations(1, 1, [9_001])[1:])


@pytest.mark.parametrize("orders", [4, 240])
def test_an_edited_order_takes_five_writes_and_the_same_reads_in_any_store(
    marts, build, ready, log, orders
):
    """Contact, deal, changed line, new line, removed line: a request each, and eleven reads."""
    fill(marts, build, orders)
    marts.insert("line_items", [build.line_item(9_000, 1, 0)])
    marts.insert("associations", build.associations(1, 1, [9_000])[1:])
    load(ready, silent)
    log.forget()

    edit_order_1(marts, build)
    gone = f"{SHOP}/line:9000"
    marts.run("delete from hubspot.line_items where shopify_line_item_key = ?", gone)
    marts.run("delete from hubspot.associations where from_key = ?", gone)
    marts.run(f"insert into hubspot.tombstones values ('line_items', '{gone}', 'gone', now())")
    report = load(ready, silent)

    assert report.writes == 6  # five records, and the new line's association
    assert kinds(log.writes()) == {
        ("POST", "objects/contacts/batch/update"): 1,
        ("POST", "objects/deals/batch/update"): 1,
        ("POST", "objects/line_items/batch/update"): 1,
        ("POST", "objects/line_items/batch/create"): 1,
        ("POST", "objects/line_items/batch/archive"): 1,
    }
    reads = [entry for entry in asked(log) if not entry["write"]]
    assert len(reads) == 11


def test_a_first_load_fills_its_batches(marts, build, ready, log):
    """240 orders take the least requests there can be: full batches, one look-up a contact."""
    fill(marts, build, 240)
    log.forget()

    load(ready, silent)

    batches = {
        ("POST", "objects/contacts/batch/read"): 3,
        ("POST", "objects/contacts/batch/upsert"): 3,
        ("POST", "objects/deals/batch/upsert"): 3,
        ("POST", "objects/products/batch/upsert"): 1,
        ("POST", "objects/line_items/batch/create"): 3,
        ("POST", "associations/deals/contacts/batch/create"): 1,
    }
    assert {
        kind: n for kind, n in kinds(log.entries("hubspot")).items() if kind[0] == "POST"
    } == (batches)


def test_contacts_that_hubspot_has_fill_their_batches_too(marts, build, ready, log, account):
    """Of 240 contacts 120 are there already: two updates and two upserts, not three of each."""
    for number in range(0, 240, 2):
        account.create("contacts", {"email": build.contact(number)["email"]})
    marts.insert("contacts", [build.contact(number) for number in range(240)])
    log.forget()

    load(ready, silent)

    assert kinds(log.writes()) == {
        ("POST", "objects/contacts/batch/update"): 2,
        ("POST", "objects/contacts/batch/upsert"): 2,
    }


def test_no_more_writers_than_hubspot_bears(marts, build, settings, log, account):
    """With slow answers many requests are under way, and none meets a lock."""
    account.latency = 0.1
    set_up(settings, silent)
    rows = [build.deal(number) | {"amount": Decimal(number)} for number in range(2_500)]
    marts.insert("deals", rows)
    log.forget()

    load(settings, silent)

    assert {entry["status"] for entry in log.writes()} == {200}
    assert len(log.writes()) == 25
