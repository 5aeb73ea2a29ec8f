"""HubSpot's bad days, ordered over HTTP."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from sandbox.server import Sandbox

DEALS = "/crm/objects/2026-03/deals"


@pytest.fixture
def sandbox(empty_store):
    """Both APIs over the empty store."""
    with Sandbox(empty_store) as running:
        yield running


def order(sandbox, fault):
    """Ask for a fault."""
    return requests.post(f"{sandbox.url}/_sandbox/hubspot/faults", json=fault, timeout=10)


def create(sandbox):
    """Try to create a deal; the answer is requests' own."""
    headers = {"Authorization": f"Bearer {sandbox.env['HUBSPOT_ACCESS_TOKEN']}"}
    body: dict[str, Any] = {"properties": {"dealname": "D"}, "associations": []}
    return requests.post(sandbox.url + DEALS, json=body, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("unavailable", 503),
        ("locked", 423),
        ("throttled", 429),
        ("daily", 429),
        ("forbidden", 403),
        ("migrating", 477),
    ],
)
def test_a_fault_refuses_as_often_as_it_was_ordered(sandbox, kind, status):
    """The next two requests are refused without effect, the third is served."""
    order(sandbox, {"kind": kind, "times": 2})
    statuses = [create(sandbox).status_code for _ in range(3)]

    assert statuses == [status, status, 201]
    assert len(sandbox.account.objects("deals")) == 1


@pytest.mark.parametrize(("kind", "status"), [("lost_answer", 502), ("gateway_timeout", 504)])
def test_a_lost_answer_leaves_the_write_done(sandbox, kind, status):
    """The request is carried out, though its answer says that a gateway failed."""
    order(sandbox, {"kind": kind})

    assert create(sandbox).status_code == status
    assert len(sandbox.account.objects("deals")) == 1


@pytest.mark.parametrize(("kind", "written"), [("reset", 0), ("dropped", 1)])
def test_a_connection_breaks_before_or_after_the_write(sandbox, kind, written):
    """No answer comes, and only dropped has carried the request out; the next is served."""
    order(sandbox, {"kind": kind})
    with pytest.raises(requests.ConnectionError):
        create(sandbox)

    assert len(sandbox.account.objects("deals")) == written
    assert create(sandbox).status_code == 201


def test_a_slow_answer_comes_late(sandbox):
    """The request is carried out and answered after `seconds`."""
    order(sandbox, {"kind": "slow", "seconds": 0.3})
    began = time.monotonic()

    assert create(sandbox).status_code == 201
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("seconds", "header"), [(None, "2"), (7, "7"), (0.5, "0.5")])
def test_a_migrating_account_says_when_to_come_back(sandbox, seconds, header):
    """477 carries Retry-After, in seconds."""
    order(sandbox, {"kind": "migrating", "seconds": seconds})

    assert create(sandbox).headers["Retry-After"] == header


@pytest.mark.parametrize(
    ("kind", "policy"), [("throttled", "TEN_SECONDLY_ROLLING"), ("daily", "DAILY")]
)
def test_a_throttled_answer_names_its_policy(sandbox, kind, policy):
    """The 429 of a fault is like that of a limit."""
    order(sandbox, {"kind": kind})

    assert create(sandbox).json()["policyName"] == policy


def test_faults_can_be_forgotten(sandbox):
    """After DELETE the account behaves well again."""
    order(sandbox, {"kind": "unavailable", "times": 9})
    requests.delete(f"{sandbox.url}/_sandbox/hubspot/faults", timeout=10)

    assert create(sandbox).status_code == 201


def test_an_unknown_fault_is_answered_with_the_known_ones(sandbox):
    """What cannot be ordered is refused with a list of what can."""
    answer = order(sandbox, {"kind": "rain"})

    assert answer.status_code == 400
    assert "lost_answer" in answer.json()["kinds"]


def test_a_fault_can_let_requests_pass_first(sandbox):
    """After two chances that pass, the third is refused."""
    order(sandbox, {"kind": "unavailable", "after": 2})

    assert [create(sandbox).status_code for _ in range(4)] == [201, 201, 503, 201]


def test_a_fault_is_aimed_at_a_path(sandbox):
    """Only requests whose path contains `where` are hit, or count as chances."""
    order(sandbox, {"kind": "unavailable", "where": "contacts"})
    assert create(sandbox).status_code == 201

    order(sandbox, {"kind": "unavailable", "where": "2026-03/deals"})
    assert create(sandbox).status_code == 503
