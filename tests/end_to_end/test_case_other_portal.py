"""The token belongs to another portal than the one that the ledger was filled from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.journey import journey

pytestmark = pytest.mark.nightly

OTHER = "4711"
STORE = Path("cases") / "tip-and-gift-card" / "store"
STRANGERS = 20


@pytest.fixture(scope="module")
def synced(case):
    """A store after one sync with its own account."""
    made = case("tip-and-gift-card")
    made.cartwheel("sync")
    return made


@pytest.fixture(scope="module")
def other(shared, tmp_path_factory):
    """Another account, with strangers under the ids that the ledger knows."""
    folder = tmp_path_factory.mktemp("other")
    with journey(folder, "--store", str(shared / STORE), "--portal", OTHER) as made:
        for number in range(STRANGERS):
            person = {"properties": {"email": f"stranger{number}@case.example"}}
            made.request("POST", "/_sandbox/hubspot/objects/contacts", person)
        yield made


@pytest.mark.parametrize("command", [["plan", "--refresh"], ["load"], ["setup"], ["sync"]])
def test_it_is_refused_before_anything_is_written(synced, other, command):
    """Exit code 4, both portals and the ways on; no record there is touched, none of ours is
    marked as deleted."""
    before = other.hubspot_records("contacts")
    ledger = "from ops.hubspot_records order by all"
    known = synced.rows(ledger)
    other.request("DELETE", "/_sandbox/requests")

    done = synced.attempt(*command, HUBSPOT_API_URL=other.url, HUBSPOT_ACCESS_TOKEN=other.token)

    assert done.returncode == 4, done.stdout + done.stderr
    own = str(synced.value("select portal_id from ops.hubspot_account"))
    for part in (OTHER, own, "cartwheel account move", "CARTWHEEL_WAREHOUSE"):
        assert part in done.stderr
    assert other.writes() == []
    assert other.hubspot_records("contacts") == before
    assert synced.rows(ledger) == known


def test_a_move_fills_the_other_portal_and_leaves_strangers_alone(synced, other):
    """After `account move` a sync creates everything there beside the strangers."""
    there = {"HUBSPOT_API_URL": other.url, "HUBSPOT_ACCESS_TOKEN": other.token}
    before = other.hubspot_records("contacts")

    moved = synced.attempt("account", "move", **there)
    done = synced.attempt("sync", **there)

    assert (moved.returncode, done.returncode) == (0, 0), moved.stderr + done.stderr
    after = other.hubspot_records("contacts")
    assert [each for each in after if each in before] == before
    assert len(other.hubspot_records("deals")) == len(synced.hubspot_records("deals")) > 0
