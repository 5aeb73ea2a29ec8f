"""Lists of who bought what, taken from the warehouse and proved by their members."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cartwheel.core.errors import ListsRefused, SettingsError, WarehouseError
from cartwheel.core.progress import silent
from load.run import load
from load.setup.purchases import read_segment_requests
from load.setup.run import set_up
from tests.integration.load.plans import SET_UP

SHOP = "demo.myshopify.com"


@pytest.fixture
def bought(marts, build):
    """Six contacts, each with a deal of one line: (vendor, type, product, units, stage)."""
    lines = [
        ("Acme", "Toys", "1", 5, "processed"),
        ("ACME", "Toys", "2", 1, "shipped"),
        ("Acme", "Toys", "1", 9, "checkout_abandoned"),
        ("Acme", "Toys", "1", 9, "cancelled"),
        ("Bolt", "Tools", "3", 4, "checkout_completed"),
        ("Cole", None, None, 2, "processed"),
    ]
    marts.run(
        "create schema core; create table core.products as from (values "
        f"('{SHOP}', '1', 'Robot'), ('{SHOP}', '2', 'Kite'), ('{SHOP}', '3', 'Saw'), "
        "('other.myshopify.com', '1', 'Wrong')) products(shop, product_id, title)"
    )
    marts.insert("contacts", [build.contact(number) for number in range(6)])
    for number, (vendor, kind, product, units, stage) in enumerate(lines):
        deal = {"dealstage": stage, "shopify_store": SHOP}
        marts.insert("deals", [build.deal(number) | deal])
        line = build.line_item(number, number, number) | {
            "name": f"Line of {product}",
            "quantity": units,
            "price": Decimal(1),
            "shopify_product_key": None,
            "shopify_product_id": product,
            "shopify_vendor": vendor,
            "shopify_product_type": kind,
        }
        marts.insert("line_items", [line])
        marts.insert("associations", build.associations(number, number, [number]))
    return marts


@pytest.fixture
def members(account):
    """The e-mails' numbers of the contacts in a list: 0 for person0@example.com."""

    def members(name):
        made = account.lists.named("0-1", name)
        ids = account.lists.members(made["listId"])
        emails = {each["id"]: each["properties"]["email"] for each in account.objects("0-1")}
        return [int(emails[each][6]) for each in ids]

    return members


def test_lists_hold_exactly_who_bought(bought, ready, members):
    """Vendor, type and product; no abandoned or cancelled deals, spellings taken as one."""
    load(ready, silent)

    set_up(ready, silent, lists=5)

    assert members("Shopify: bought vendor ACME") == [0, 1]
    assert members("Shopify: bought vendor Bolt") == [4]
    assert members("Shopify: bought type Toys") == [0, 1]
    assert members("Shopify: bought product Robot") == [0]
    assert members("Shopify: bought product Kite") == [1]


def test_a_product_that_is_gone_is_known_by_its_name(bought, ready, members):
    """A line item without a product's id is told by the line's own name."""
    load(ready, silent)

    set_up(ready, silent, listed=[("product", "line of none")])

    assert members("Shopify: bought product Line of None") == [5]


def test_the_most_sold_come_first(bought):
    """Units that were cancelled or left in a checkout do not count."""
    wishes = read_segment_requests(bought.path, 1, [])

    assert [(wish.kind, wish.name) for wish in wishes] == [
        ("product", "Robot"),
        ("vendor", "ACME"),
        ("type", "Toys"),
    ]


def test_lists_that_exist_are_left_alone(bought, ready, account, log):
    """A list of that name is not changed, even if a person made it and it is another kind."""
    name = "Shopify: bought vendor Bolt"
    account.lists.create({"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"})
    log.forget()

    report = set_up(ready, silent, listed=[("vendor", "bolt")])

    assert log.writes() == []
    assert (report.lists.existing, report.lists.created) == ([name], [])


def test_a_dry_run_names_the_lists_and_creates_none(bought, settings, account, log):
    """Nothing is written, and the report holds what would be created."""
    said: list[str] = []

    report = set_up(settings, said.append, lists=1, dry_run=True)

    assert log.writes() == []
    assert "Shopify: bought type Toys" in report.lists.created
    assert any(line.startswith("would create 3 lists: ") for line in said)


def test_a_list_whose_answer_was_lost_counts_as_created(bought, ready, account, log):
    """The same name is refused to the second try, and the list is there once."""
    # one answer tells which account it is, nine what it has, one its pipeline; a 404 cannot
    # be lost
    account.faults.order("lost_answer", after=11)
    log.forget()

    report = set_up(ready, silent, listed=[("vendor", "Bolt")])

    assert [entry["status"] for entry in log.writes()] == [502, 400]
    assert report.lists.created == ["Shopify: bought vendor Bolt"]


def test_names_with_any_characters_are_found_again(bought, ready, account):
    """A slash, a question mark or a percent sign in a vendor's name changes nothing."""
    name = "A/B? 100% & Ñandú #1"
    bought.run("update hubspot.line_items set shopify_vendor = ?", name)
    set_up(ready, silent, listed=[("vendor", name)])

    report = set_up(ready, silent, listed=[("vendor", name)])

    assert report.lists.existing == [f"Shopify: bought vendor {name}"]


def test_without_the_scope_the_properties_are_set_up_all_the_same(bought, settings, account):
    """The error names the scopes and carries the report of what was done."""
    account.access.take_away("crm.lists.read", "crm.lists.write")

    with pytest.raises(ListsRefused, match=r"crm\.lists\.write") as raised:
        set_up(settings, silent, lists=1)

    assert "shopify_note" in account.properties["deals"].definitions
    assert len(raised.value.report.created) == SET_UP
    assert raised.value.report.lists.created == []


def test_what_nobody_bought_is_refused_before_anything_is_created(bought, settings, log):
    """The message names what people did buy."""
    with pytest.raises(SettingsError, match=r"vendor 'Acne'.*'ACME', 'Bolt', 'Cole'"):
        set_up(settings, silent, listed=[("vendor", "Acne")])

    assert log.writes() == []


def test_a_warehouse_without_models_is_told_plainly(marts, settings):
    """Lists need what a sync leaves; the message says so."""
    with pytest.raises(WarehouseError, match=r"lacks core\.products.*Run: cartwheel sync"):
        set_up(settings, silent, lists=5)
