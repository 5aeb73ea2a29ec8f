"""One bad record is named and not sent, and everything else goes.

The rule: docs/data-model.md#one-bad-record
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from cartwheel.core.errors import QualityGateClosed
from cartwheel.transform import transform
from quality.gate import check
from tests.integration.models import broken_shop
from tests.integration.models.broken_shop import NOT_ONE, fields, record
from tests.integration.models.orders_by_hand import LONDON
from tests.integration.models.typed_fields import STAGING, cast, judged

OBJECTS = {
    "contacts": "email",
    "deals": "shopify_deal_key",
    "products": "shopify_product_key",
    "line_items": "shopify_line_item_key",
}
# how a person compares with all others, and so not what one record says
RELATIVE = (
    "exclude (shopify_rfm_recency, shopify_rfm_frequency, shopify_rfm_monetary, "
    "shopify_rfm_segment)"
)


@pytest.mark.parametrize("path", sorted(STAGING.glob("*.sql")), ids=lambda path: path.stem)
def test_no_cast_is_unjudged(path):
    """Whatever staging casts, it also judges: no value is lost silently."""
    unjudged = cast(path).items() - judged(path).items()

    # read where they are needed; stg_shopify__orders judges what they hold
    if path.stem in (
        "stg_shopify__order_charges",
        "stg_shopify__order_transactions",
    ):
        orders = judged(STAGING / "stg_shopify__orders.sql")
        names = {name.rpartition("[].")[2]: kind for name, kind in orders.items()}
        unjudged -= names.items()
    assert unjudged == set()


@pytest.fixture(scope="module")
def whole(build):
    """The shop before anything in it is broken."""
    return build(broken_shop.fill)


@pytest.fixture(scope="module")
def refused(landed):
    """The same shop, each typed field broken on a record of its own: settings, said, error."""

    def fill(raw):
        broken_shop.fill(raw)
        for field in fields():
            broken_shop.break_field(raw, *field)

    settings = landed(fill)
    said: list[str] = []
    with pytest.raises(QualityGateClosed) as caught:
        transform(settings, said.append)
    return settings, said, str(caught.value)


@pytest.fixture(scope="module")
def broken(refused, asking):
    """A way to ask the broken shop's warehouse, which is built though nothing may be sent."""
    settings, *_ = refused
    return asking(settings.warehouse)


@pytest.fixture(scope="module")
def quarantined(broken):
    """source_id -> (reason, detail) of everything that is quarantined."""
    tables = " union all ".join(
        f"select source_id, reason, detail, is_ordinary from hubspot.quarantined_{name}"
        for name in OBJECTS
    )
    found = broken(f"select source_id, reason, detail from ({tables}) where not is_ordinary")
    return {source: (reason, detail) for source, reason, detail in found}


@pytest.mark.parametrize("field", fields(), ids=lambda field: f"{field[1]}.{field[2]}")
def test_a_value_that_cannot_be_read_is_named(quarantined, field):
    """The record of a broken value is quarantined, with the field and the value."""
    number, table, path, kind = field

    reason, detail = quarantined[record(number, table)]

    assert reason == "a value that cannot be read"
    assert f'{path.replace("[]", "")} is "{NOT_ONE[kind]}", not a valid ' in detail


def test_nothing_else_is_quarantined(quarantined):
    """A broken record is quarantined alone: whoever stands beside it goes."""
    assert quarantined.keys() == {record(number, table) for number, table, *_ in fields()}


@pytest.mark.parametrize("name", OBJECTS)
def test_everything_else_is_sent_as_if_nothing_were_broken(whole, broken, name):
    """What stands beside a broken record has the values that it has without it."""
    columns = f"* {RELATIVE}" if name == "contacts" else "*"
    query = f"select {columns} from hubspot.{name} order by {OBJECTS[name]}"
    held = {key for (key,) in broken(f"select key from hubspot.quarantined_{name}")}
    if name == "contacts":
        # the people of broken orders go on, without what cannot be read
        held |= {f"person{number}@example.com" for number, *_ in fields()}

    before = [row for row in whole(query) if row[0] not in held]
    after = [row for row in broken(query) if row[0] not in held]

    assert after == before
    assert before


def test_what_cannot_be_read_is_in_no_ledger(whole, broken):
    """The sales of a broken order are in no ledger, those of all others are as they were."""
    held = {
        str(number)
        for number, table, *_ in fields()
        if record(number, table).startswith("order:")
    }
    query = "select order_id, sale_id, sale_date, all_sales from core.sales order by all"

    assert broken(query) == [row for row in whole(query) if row[0] not in held]
    assert broken(query)


def test_the_person_of_a_broken_order_goes_on(broken):
    """Whoever is behind an order that cannot be read stays a contact, without its money."""
    [(number, *_)] = [
        field for field in fields() if field[2] == "currentTotalPriceSet.shopMoney.amount"
    ]

    [(orders,)] = broken(
        "select shopify_orders_count from hubspot.contacts where email = ?",
        f"person{number}@example.com",
    )

    assert orders == 0


def test_what_cannot_be_read_is_counted(broken):
    """The control totals say how many orders are left out because they cannot be read."""
    [(counted,)] = broken(
        "select -sum(records) from hubspot.control_totals where object = 'deals' "
        "and entry = 'quarantined orders: a value that cannot be read'"
    )

    assert counted == sum(
        record(number, table).startswith("order") for number, table, *_ in fields()
    )


def test_a_checkout_that_cannot_be_read_is_in_no_mart(broken):
    """The checkouts of core are those that can be read; the others are told."""
    of_checkouts = ("abandoned_checkouts", "createdAt")
    [number] = [number for number, *field in fields() if tuple(field[:2]) == of_checkouts]

    assert broken("select 1 from core.checkouts where checkout_id = ?", str(number)) == []
    assert broken("select count(*) from core.checkouts") == [(1,)]


def test_past_its_share_nothing_is_loaded(refused, broken):
    """Where more than single records are bad, shop, numbers and setting are named."""
    _, _, error = refused
    [(records, held)] = broken(
        "select records, quarantined from hubspot.quarantine_shares where object = 'deals'"
    )

    assert f"{held} of {records} deals of {LONDON} are quarantined" in error
    assert "CARTWHEEL_QUARANTINE_LIMIT" in error
    assert "hubspot.quarantined_deals" in error


def test_a_higher_limit_lets_the_rest_go(refused):
    """With CARTWHEEL_QUARANTINE_LIMIT at 100% the gate opens, else it names the shop."""
    settings, *_ = refused

    closed = check(settings, lambda _line: None)
    opened = check(replace(settings, quarantine_limit=Decimal(1)), lambda _line: None)

    assert [line for line in closed.failures if f"deals of {LONDON}" in line]
    assert opened.failures == []


def test_single_records_are_told_by_name(refused):
    """The transform names the first records with field and value, and how to see the rest."""
    _, said, _ = refused
    told = [line for line in said if line.startswith("quarantined: ")]

    assert told[0].startswith("quarantined: customer 1")
    assert f" of {LONDON}: " in told[0]
    assert told[0].endswith("; not sent.")
    assert "more are not sent. To see them: select * from hubspot.quarantined_" in told[-1]
    [counted] = [line for line in said if "models built" in line]
    assert " warned (1 names the quarantined records), " in counted


ASIDE = {
    "Order/71": ("#1071", "deals"),
    "Order/100": ("#100", "deals"),
    "AbandonedCheckout/72": ("checkout 72", "deals"),
    "Customer/73": ("customer 73", "contacts"),
    "Product/74": ("Lamp", "products"),
}


@pytest.fixture(scope="module")
def kept_aside(build):
    """A shop of which five records could not be landed; order 100 landed before."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        raw.order(100, "2026-03-01T10:00:00Z")
        for id, (name, _) in ASIDE.items():
            raw.connection.execute(
                "insert into ops.unreadable_records (shop, resource, id, record, reason, "
                "detail, payload, run_id, noted_at) values (?, 'any', ?, ?, 'not valid "
                "Unicode', 'The text of note is not valid Unicode.', '', 'run', now())",
                [LONDON, f"gid://shopify/{id}", name],
            )

    return build(fill)


@pytest.mark.parametrize("name", ["deals", "contacts", "products"])
def test_what_could_not_be_landed_is_quarantined(kept_aside, name):
    """A record that was kept aside at landing is quarantined of its object, with its name."""
    found = kept_aside(
        f"select record, detail from hubspot.quarantined_{name} where not is_ordinary "
        "order by record"
    )

    expected = sorted(record for record, object_name in ASIDE.values() if object_name == name)
    assert found == [(record, "The text of note is not valid Unicode") for record in expected]


def test_what_could_not_be_landed_is_in_shopify(kept_aside):
    """The control totals count it in Shopify and as quarantined; what landed before goes on."""
    found = kept_aside(
        "select object, sum(records) filter (where entry not like '%quarantined%'), "
        "-sum(records) filter (where entry like '%quarantined%') from hubspot.control_totals "
        "where object <> 'line_items' group by object order by object"
    )

    assert found == [("contacts", 1, 1), ("deals", 3, 2), ("products", 1, 1)]
    assert kept_aside("select dealname from hubspot.deals") == [("#100",)]
