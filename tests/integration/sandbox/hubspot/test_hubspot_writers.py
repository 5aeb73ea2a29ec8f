"""Latency, and what HubSpot does under writes that overlap."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

CONTACTS = "/crm/objects/2026-03/contacts"
LATE = 0.3


@pytest.fixture
def at_once(hubspot, account):
    """A function that sends a write and, while it is under way, others in parallel."""

    def send(first: tuple, *others: tuple) -> list[int]:
        with ThreadPoolExecutor(1 + len(others)) as pool:
            waiting = [pool.submit(hubspot.send, *first)]
            while not (account.locks.busy or waiting[0].done()):
                time.sleep(0.001)
            waiting += [pool.submit(hubspot.send, *call) for call in others]
            return [each.result().status_code for each in waiting]

    return send


def slow(hubspot, **limits):
    """Let every answer take LATE seconds, or what is given."""
    answer = hubspot.control("POST", "limits", {"latency": LATE, **limits})
    assert answer.status_code == 200, answer.text


def upsert(hubspot, *emails, **properties):
    """One batch upsert of contacts, to send."""
    rows = [hubspot.row(email, **properties) for email in emails]
    return "POST", f"{CONTACTS}/batch/upsert", {"inputs": rows}


def test_requests_overlap(hubspot, account):
    """Four writes under latency are all carried out before the first of them is answered."""
    slow(hubspot)

    def contacts_when_answered(number: int) -> int:
        assert hubspot.send(*upsert(hubspot, f"{number}@x.com")).status_code == 200
        return len(account.objects("contacts"))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(contacts_when_answered, range(4))) == [4] * 4


def test_too_many_writers_of_an_object_meet_423(hubspot, account, at_once):
    """One of three at once is refused and not carried out, with two allowed."""
    slow(hubspot, most_writers=2)

    statuses = at_once(*[upsert(hubspot, f"{number}@x.com") for number in range(3)])
    assert sorted(statuses) == [200, 200, 423]
    assert len(account.objects("contacts")) == 2


def test_writers_of_another_object_are_not_counted(hubspot, at_once):
    """Contacts and deals can each have their one writer."""
    slow(hubspot, most_writers=1)
    deal = (
        "POST",
        "/crm/objects/2026-03/deals",
        {"properties": {"dealname": "D"}, "associations": []},
    )

    assert at_once(upsert(hubspot, "a@x.com"), deal) == [200, 201]


def test_reads_are_not_writes(hubspot, at_once):
    """Reading and searching go on beside as many writers as there may be."""
    slow(hubspot, most_writers=1)
    wanted = {"inputs": [{"id": "1"}], "properties": [], "propertiesWithHistory": []}
    read = "POST", f"{CONTACTS}/batch/read", wanted
    every = {"after": "", "filterGroups": [], "limit": 1, "properties": [], "sorts": []}
    search = "POST", f"{CONTACTS}/search", every

    statuses = at_once(upsert(hubspot, "a@x.com"), read, ("GET", CONTACTS), search)
    assert statuses == [200, 207, 200, 200]


@pytest.mark.parametrize(
    "second", ["upsert", "update", "by email", "patch", "archive", "create"]
)
def test_a_record_that_is_being_written_is_locked(hubspot, account, at_once, second):
    """Any other write to it meets 423 and does nothing, by whatever name it comes."""
    contact = hubspot.create("contacts", email="a@x.com")
    slow(hubspot)
    values = {"firstname": "B"}
    by_id = {"id": contact, "properties": values}
    calls = {
        "upsert": upsert(hubspot, "new@x.com", "A@x.com", firstname="B"),
        "update": ("POST", f"{CONTACTS}/batch/update", {"inputs": [by_id]}),
        "by email": (
            "POST",
            f"{CONTACTS}/batch/update",
            {"inputs": [hubspot.row("a@x.com", firstname="B")]},
        ),
        "patch": ("PATCH", f"{CONTACTS}/{contact}", {"properties": values}),
        "archive": ("POST", f"{CONTACTS}/batch/archive", {"inputs": [{"id": contact}]}),
        "create": (
            "POST",
            CONTACTS,
            {"properties": {"email": "a@x.com", **values}, "associations": []},
        ),
    }

    assert at_once(upsert(hubspot, "a@x.com", firstname="A"), calls[second]) == [200, 423]
    (left,) = account.objects("contacts")
    assert left["properties"]["firstname"] == "A"


def test_a_record_is_locked_while_it_is_being_created(hubspot, account, at_once):
    """Two upserts of one new e-mail are one contact, and the second meets 423."""
    slow(hubspot)

    assert at_once(upsert(hubspot, "a@x.com"), upsert(hubspot, "a@x.com")) == [200, 423]
    assert len(account.objects("contacts")) == 1


def test_a_write_that_a_fault_makes_slow_holds_its_records(hubspot, at_once):
    """Without any latency, what is late on one bad day is locked as well."""
    hubspot.control("POST", "faults", {"kind": "slow", "seconds": LATE, "where": "upsert"})

    assert at_once(upsert(hubspot, "a@x.com"), upsert(hubspot, "a@x.com")) == [200, 423]


def test_a_lock_ends_with_the_answer(hubspot):
    """One write after the other is never refused."""
    slow(hubspot, latency=0.01, most_writers=1)
    statuses = [hubspot.send(*upsert(hubspot, "a@x.com")).status_code for _ in range(3)]

    assert statuses == [200] * 3


def test_a_refused_body_under_latency_is_a_bad_request(hubspot, at_once):
    """What makes no sense gets 400, not a server error, beside another write."""
    slow(hubspot)
    for body in ({"inputs": 5}, {"inputs": [5]}, {"inputs": [{"id": 5, "properties": 5}]}):
        nonsense = "POST", f"{CONTACTS}/batch/upsert", body
        assert at_once(upsert(hubspot, "a@x.com"), nonsense) == [200, 400]


def test_the_limits_are_shown_and_changed(hubspot, account):
    """What is given changes, what is left out stays, and a new day can be started."""
    hubspot.create("deals", dealname="D")
    new = {"ten_secondly": 100, "daily": 5, "interval": 2.5, "search_lag": 3}
    shown = hubspot.control("POST", "limits", new).json()

    assert shown == {
        **new,
        "used_today": 1,
        "latency": 0.0,
        "most_writers": 10,
        "flow_lag": 0.2,
    }
    assert account.records["products"].lag == 3
    hubspot.control("POST", "limits", {"new_day": True})
    assert hubspot.control("GET", "limits").json() == {**shown, "used_today": 0}


def test_a_new_day_has_its_own_allowance(hubspot):
    """After the day's last request comes 429 DAILY, until the day is over."""
    hubspot.control("POST", "limits", {"daily": 1})
    statuses = [hubspot.send("GET", CONTACTS).status_code for _ in range(2)]
    hubspot.control("POST", "limits", {"new_day": True})

    assert [*statuses, hubspot.send("GET", CONTACTS).status_code] == [200, 429, 200]


@pytest.mark.parametrize(
    "limits", [{"daily": -1}, {"latency": "1"}, {"hourly": 5}, [], {"most_writers": 1.5}]
)
def test_limits_that_make_no_sense_are_refused(hubspot, limits):
    """400, and nothing changes."""
    before = hubspot.control("GET", "limits").json()

    assert hubspot.control("POST", "limits", limits).status_code == 400
    assert hubspot.control("GET", "limits").json() == before
