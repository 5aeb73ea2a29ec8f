"""Whatever a field of a record holds, the build goes on and the record is accounted for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from quality.gate import check
from tests.integration.models import broken_shop
from tests.integration.models.orders_by_hand import LONDON
from tests.integration.models.typed_fields import STAGING, read, required

VALUES: dict[str, tuple[object, ...]] = {
    "text": (None, {}, "999999999999.9999"),
    "struct": (None, "x"),
    "list": (None, "x", [None]),
}
FIRST = 100_000


def cases():
    """Each value in each field: (number, table, path, value)."""
    found = [
        (table, path, value)
        for table in broken_shop.PARTS
        for path, kind in read(STAGING / f"stg_shopify__{table}.sql").items()
        for value in VALUES[kind]
    ]
    return [(FIRST + n, *case) for n, case in enumerate(found)]


@pytest.fixture(scope="module")
def ask(build):
    """A shop with a record for each case, built though most of it is quarantined."""

    def fill(raw):
        broken_shop.fill_beside(raw)
        raw.connection.execute("begin")
        for number, table, *_ in cases():
            broken_shop.land(raw, number, broken_shop.PARTS[table][1])
        for number, table, path, value in cases():
            broken_shop.put(raw, number, table, path, value)
        raw.connection.execute("commit")

    return build(fill)


@pytest.fixture(scope="module")
def quarantined(ask):
    """source_id -> detail of everything that is quarantined."""
    return dict(
        ask(
            "select source_id, detail from hubspot.quarantined_deals union all "
            "select source_id, detail from hubspot.quarantined_products"
        )
    )


def test_no_value_closes_the_gate(ask):
    """What may go to HubSpot passes the gate, warnings apart."""
    settings = replace(ask.settings, quarantine_limit=Decimal(1))

    assert check(settings, lambda _line: None).failures == []


def test_a_missing_field_is_named(quarantined):
    """A record without a field that it must have is quarantined, and the field is named."""
    without = [
        (broken_shop.record(number, table), path)
        for number, table, path, value in cases()
        if value is None and path in required(STAGING / f"stg_shopify__{table}.sql")
    ]

    unnamed = [
        (record, path)
        for record, path in without
        if f"{path.replace('[]', '')} is missing" not in quarantined.get(record, "")
    ]
    assert unnamed == []
    assert len(without) > 20


def test_every_order_is_sent_or_quarantined(ask, quarantined):
    """No order is lost: it is a deal, or its quarantine names it."""
    sent = {
        f"order:{number}" for (number,) in ask("select shopify_order_id from hubspot.deals")
    }
    held = {record for record in quarantined if record.startswith("order:")}

    landed = {
        f"order:{number}" for (number,) in ask("select split_part(id, '/', 5) from raw.orders")
    }
    assert sent - {"order:None"} | held == landed
    assert not sent & held


def test_whoever_stands_beside_goes(ask, quarantined):
    """The records in which nothing was changed are sent."""
    assert not {"order:1", "checkout:2", "variant:3"} & quarantined.keys()
    assert ask(
        "select count(*) from hubspot.deals where dealname in ('#1', '#C2') "
        "and shopify_store = ?",
        LONDON,
    ) == [(2,)]
