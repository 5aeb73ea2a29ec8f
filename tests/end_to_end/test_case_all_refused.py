"""HubSpot takes no contact of a small store: every run says so, with its exit code too."""

from __future__ import annotations

import json

import pytest

BEHAVIOURS = "/_sandbox/hubspot/behaviours"


@pytest.fixture(scope="module")
def runs(case):
    """A sync of a store of which the account takes no contact, a load after it, and what is
    told then."""
    made = case("tip-and-gift-card")
    made.request("POST", BEHAVIOURS, {"refused_objects": ["contacts"]})
    found = {"first": made.attempt("sync", "--json"), "second": made.attempt("load", "--json")}
    found["plan"] = made.attempt("plan", "--object", "contacts", "--json")
    found["status"] = made.attempt("status", "--fail-if-older-than", "1h")
    found["total"] = made.value("select count(*) from hubspot.contacts")
    return found


@pytest.mark.parametrize("run", ["first", "second"])
def test_each_run_ends_with_3_and_counts_the_rejected(runs, run):
    """Exit code 3, a sentence that names the object, and the table counts them as rejected."""
    done, total = runs[run], runs["total"]

    assert done.returncode == 3, done.stderr
    assert f"contacts: {total} of {total} held back" in done.stderr
    told = json.loads(done.stdout)
    counts = told.get("load", told)["objects"]["contacts"]
    assert (counts["create"], counts["rejected"]) == (0, total)


def test_the_plan_lists_them_with_the_reason(runs):
    """The plan shows the same number, and HubSpot's words for each."""
    found = json.loads(runs["plan"].stdout)

    assert found["objects"]["contacts"]["rejected"] == runs["total"] == len(found["records"])
    assert {each["fate"] for each in found["records"]} == {"rejected"}
    assert all("does not take" in each["detail"] for each in found["records"])


def test_the_status_says_so(runs):
    """The status warns and, as a monitor, exits with 1."""
    done, total = runs["status"], runs["total"]

    assert done.returncode == 1
    assert f"Warning: contacts: {total} of {total} held back" in done.stdout
    assert "rejected" in done.stdout
