"""The hostile store passes the gate with warnings, and every good order of it arrives."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from subprocess import CompletedProcess

import pytest

from tests.end_to_end.journey import Journey, journey
from tests.stores.hostile import CASES, UNKNOWN_SALE, Hostile, hostile_store

MEASURES = (
    "gross_sales", "discounts", "returns", "net_sales", "shipping", "taxes", "duties", "fees",
    "total_sales", "gift_card_sales", "tips", "all_sales",
)  # fmt: skip


@dataclass
class Synced:
    """The store, its journey, and what the first sync said."""

    store: Hostile
    road: Journey
    first: CompletedProcess[str]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    """The hostile store, synced once."""
    folder, store = tmp_path_factory.mktemp("hostile"), hostile_store()
    store.write(folder / "store")
    with journey(folder, "--store", str(folder / "store")) as road:
        yield Synced(store, road, road.attempt("sync"))


def test_each_case_says_what_it_breaks():
    """A case is known by its name, which no other has, and explained by a sentence."""
    assert len({case.__name__ for case in CASES}) == len(CASES)
    assert [case.__name__ for case in CASES if not (case.__doc__ or "").endswith(".")] == []


def test_the_gate_opens_with_warnings(hostile):
    """The sync ends with 3, for the orders that contradict themselves, and stops at nothing."""
    said = hostile.first.stdout + hostile.first.stderr

    assert hostile.first.returncode == 3, said
    assert "0 stop the load" in said
    assert "SOLAR_FLARE" in said
    assert "4 newly held back" in said


def test_every_good_order_is_a_deal(hostile):
    """All orders but those in test mode and those that disagree are deals, each once."""
    held_back = hostile.store.unreadable | hostile.store.contradictory
    good = {
        order.name
        for order in hostile.store.orders
        if order.slot not in held_back and not order.test
    }

    found = Counter(
        name
        for (name,) in hostile.road.rows(
            "select dealname from hubspot.deals"
            " where dealstage not in ('checkout_pending', 'checkout_abandoned')"
        )
    )

    assert found == Counter(good)


def test_what_is_held_back_is_named(hostile):
    """The orders that disagree or lie out of time are quarantined, by their names."""
    held_back = hostile.store.unreadable | hostile.store.contradictory

    found = hostile.road.rows("select record from hubspot.quarantined_deals order by all")

    assert found == sorted((hostile.store.orders[slot].name,) for slot in held_back)


def test_daily_sales_are_what_was_put_in(hostile):
    """Each day has the figures of the orders that were put together; sales unknown are fees."""
    stated = {
        day: {name: Decimal(row[name]) for name in MEASURES}
        for day, row in hostile.store.ledger()["sales_ledger"]["daily"].items()
    }
    odd_one = stated[UNKNOWN_SALE[:10]]
    odd_one["fees"], odd_one["gross_sales"] = odd_one["gross_sales"], Decimal()
    odd_one["net_sales"] = Decimal()

    rows = hostile.road.rows(
        f"select sale_date::varchar, {', '.join(MEASURES)} from reports.daily_sales"
    )

    found = {day: dict(zip(MEASURES, figures, strict=True)) for day, *figures in rows}
    assert found == stated


def test_the_ledger_adds_up(hostile):
    """Each sale's parts sum to its totals, and each order's sales to the order's."""
    assert (
        hostile.road.rows(
            "select sale_id from core.sales"
            " where net_sales != gross_sales - discounts - returns"
            " or total_sales != net_sales + shipping + taxes + duties + fees"
            " or all_sales != total_sales + gift_card_sales + tips"
        )
        == []
    )
    assert (
        hostile.road.rows(
            "select order_name from core.orders left join (select shop, order_id,"
            " sum(all_sales) as sold from core.sales group by all) using (shop, order_id)"
            " where all_sales != coalesce(sold, 0)"
        )
        == []
    )


def test_ids_past_2_53_stay_apart(hostile):
    """Two orders, customers and products whose ids are one number as floats stay two."""
    for query in (
        "select count(distinct order_id) from core.orders where order_id in"
        " (9007199254740992, 9007199254740993)",
        "select count(*) from hubspot.contacts where email like 'big%'",
        "select count(*) from hubspot.products where name like 'Big %'",
    ):
        assert hostile.road.value(query) == 2


@pytest.mark.nightly
def test_a_second_sync_writes_nothing(hostile):
    """With nothing new, HubSpot is asked to change nothing, and all goes as asked."""
    hostile.road.request("DELETE", "/_sandbox/requests")

    report = json.loads(hostile.road.cartwheel("sync", "--json"))

    assert hostile.road.writes() == []
    assert report["check"]["success"]
