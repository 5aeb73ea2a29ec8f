"""What stands in HubSpot after a sync is what stands in hubspot.*, whatever the store."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end import records
from tests.end_to_end.merchant import Merchant
from tests.end_to_end.records import KEYS
from tests.nightly import mostly_nightly


# the real store has seven times as many records, none of which is of another kind
@pytest.fixture(
    params=[pytest.param("real_synced", id="real", marks=pytest.mark.nightly), "generated"]
)
def road(request):
    """Each store in turn, synced."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("object_type", KEYS)
def test_hubspot_holds_exactly_the_mart(road, object_type):
    """Each row of hubspot.<object> is one record with those property values, and no other."""
    assert records.of_hubspot(road, object_type) == records.of_mart(road, object_type)


def test_no_record_is_there_twice(road):
    """Every record of HubSpot has its own key."""
    for object_type, key in KEYS.items():
        keys = Counter(record[key] for record in road.hubspot_records(object_type))

        assert [value for value, times in keys.items() if times > 1] == []


@pytest.mark.parametrize(
    ("from_object", "to_object"), [("deals", "contacts"), ("deals", "line_items")]
)
def test_each_deal_has_its_contact_and_line_items(road, from_object, to_object):
    """HubSpot's associations are exactly those of hubspot.associations."""
    names = {
        object_type: {record["id"]: record[KEYS[object_type]] for record in found}
        for object_type in (from_object, to_object)
        for found in [road.hubspot_records(object_type)]
    }
    linked = road.request(
        "GET", f"/_sandbox/hubspot/associations?from={from_object}&to={to_object}"
    )
    found = [
        (names[from_object][link["from_id"]], names[to_object][link["to_id"]])
        for link in linked
    ]

    expected = road.rows(
        "select from_key, to_key from hubspot.associations"
        " where from_object = ? and to_object = ?"
        " union all select to_key, from_key from hubspot.associations"
        " where to_object = ? and from_object = ?",
        [from_object, to_object, from_object, to_object],
    )
    assert expected
    assert sorted(found) == sorted(expected)


def test_deal_amounts_add_up(road):
    """The sum of the deals' amounts in HubSpot is the mart's, per currency."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for deal in road.hubspot_records("deals"):
        found[deal["deal_currency_code"]] += Decimal(deal["amount"])

    assert found == dict(
        road.rows("select deal_currency_code, sum(amount) from hubspot.deals group by all")
    )


# that a whole build gives the same once more, tests/integration/models/test_incremental.py asks
@pytest.mark.parametrize(
    "commands", mostly_nightly([[["extract"], ["load"]], [["sync", "--full"]]], 0)
)
def test_second_sync_does_nothing(road, commands):
    """With nothing new no row is landed and no write is sent, by a whole sync neither."""
    road.request("DELETE", "/_sandbox/requests")
    before = road.value("select max(started_at) from ops.extract_runs")

    for command in commands:
        road.cartwheel(*command)

    assert road.writes() == []
    assert road.rows(
        "select sum(rows_landed), sum(rows_deleted), sum(rows_seen) > 0"
        " from ops.extract_runs where started_at > ?",
        [before],
    ) == [(0, 0, True)]


def test_a_sync_with_nothing_new_ends_after_the_extract(road):
    """It builds and sends nothing, asks HubSpot for the account alone, and counts as a run."""
    road.cartwheel("sync")
    road.request("DELETE", "/_sandbox/requests")
    loads = "select count(*) from ops.load_runs"
    before = road.value(loads)

    report = json.loads(road.cartwheel("sync", "--json"))

    assert report["transform"]["nothing_new"]
    assert (report["check"], report["setup"], report["load"]) == (None, None, None)
    assert len(road.request("GET", "/_sandbox/requests?api=hubspot")) < 15
    assert road.value(loads) == before
    told = json.loads(road.cartwheel("status", "--json"))
    ages = {run["step"]: run["finished_at"] for run in told["runs"]}
    assert len({ages[step] for step in ("transform", "check", "load")}) == 1


def test_a_load_that_failed_is_not_taken_for_done(road):
    """After a load by hand, whatever became of it, the next sync goes to its end."""
    road.cartwheel("sync")
    outdated = road.folder / "outdated.json"
    record = {"object": "deals", "key": "gone", "action": "create", "changes": []}
    outdated.write_text(json.dumps([record]))
    assert road.attempt("load", "--plan", str(outdated)).returncode == 1

    assert json.loads(road.cartwheel("sync", "--json"))["load"]["writes"] == 0


OBJECTS_OF_A_DAY = {"real_synced": {"contacts"}, "generated": {"contacts", "deals"}}
# what the mere passing of a day does to a store: people lapse, checkouts become abandoned
LAPSED = """
select email from core.people
where email <> '' and last_order_at > ? - interval 90 days
    and last_order_at <= ? - interval 90 days
"""
ABANDONED = """
select shopify_deal_key, email from core.checkouts
join hubspot.deals on shop = shopify_store and checkout_id = shopify_checkout_id
where checkout_state = 'abandoned' and abandoned_at > ? and abandoned_at <= ?
"""


@pytest.fixture
def later(road, tmp_path):
    """The store's journey with a warehouse of its own from now on: others look at the first."""
    return replace(road, warehouse=Path(shutil.copy(road.warehouse, tmp_path)))


def test_a_sync_a_day_later_writes_what_the_day_did(later, request):
    """With nothing changed in Shopify, only lapses and abandoned checkouts are written."""
    merchant = Merchant(later)
    before = {name: records.of_hubspot(later, name) for name in KEYS}
    first = datetime.fromisoformat(merchant.now)
    second = first + timedelta(days=1)
    merchant.wait_until(second.strftime("%Y-%m-%dT%H:%M:%SZ"))
    later.request("DELETE", "/_sandbox/requests")

    later.cartwheel("sync")

    day = [first.replace(tzinfo=None), second.replace(tzinfo=None)]
    abandoned = later.rows(ABANDONED, day)
    people = {email for (email,) in later.rows(LAPSED, day)}
    people |= {email for _, email in abandoned if email}
    changed = {
        name: {key for key, record in of_now.items() if record != before[name].get(key)}
        for name in KEYS
        for of_now in [records.of_hubspot(later, name)]
        if of_now != before[name]
    }
    expected = {"contacts": people, "deals": {key for key, _ in abandoned}}
    assert changed == {name: keys for name, keys in expected.items() if keys}
    assert changed.keys() == OBJECTS_OF_A_DAY[request.node.callspec.params["road"]]
    sent = {write["path"].split("/")[4] for write in later.writes()}
    assert sent == changed.keys()
    assert sum(len(keys) for keys in changed.values()) == later.value(
        "select count(*) from ops.hubspot_writes where run_id = "
        "(select run_id from ops.load_runs order by started_at desc limit 1)"
    )
