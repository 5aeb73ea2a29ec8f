"""HubSpot takes no contact of a small store: every run says so, with its exit code too."""

from __future__ import annotations

import json
from collections import Counter

import pytest


@pytest.fixture(scope="module")
def total(refused):
    """How many contacts the models have."""
    return refused.journey.value("select count(*) from hubspot.contacts")


@pytest.fixture(scope="module")
def of_models(refused):
    """How many more the models quarantine."""
    return refused.journey.value("select count(*) from hubspot.quarantined_contacts")


@pytest.fixture(scope="module")
def sentence(total, of_models):
    """What each command says; those that the models held back are no news."""
    return f"contacts: {total} of {total + of_models} held back"


def test_the_sync_ends_with_3_and_says_so(refused, total, sentence):
    """Exit code 3, and a sentence that names the object."""
    assert refused.sync.returncode == 3, refused.sync.stderr
    assert total > 10
    assert sentence in refused.sync.stderr


def test_a_load_after_it_counts_them_as_rejected(refused, total, sentence):
    """Exit code 3 again, the sentence, and the table has them as rejected."""
    done = refused.journey.attempt("load", "--json")

    assert done.returncode == 3, done.stderr
    assert sentence in done.stderr
    counts = json.loads(done.stdout)["objects"]["contacts"]
    assert (counts["create"], counts["rejected"]) == (0, total)


def test_the_plan_lists_them_with_the_reason(refused, total, of_models):
    """The plan shows the same number, and HubSpot's words for each."""
    done = refused.journey.attempt("plan", "--object", "contacts", "--json")

    found = json.loads(done.stdout)
    fates = Counter(each["fate"] for each in found["records"])
    rejected = [each for each in found["records"] if each["fate"] == "rejected"]
    assert found["objects"]["contacts"]["rejected"] == total
    assert fates == {"rejected": total, "quarantined": of_models}
    assert all("does not take" in each["detail"] for each in rejected)


def test_the_status_says_so(refused, sentence):
    """The status warns and, as a monitor, exits with 1."""
    done = refused.journey.attempt("status", "--fail-if-older-than", "1h")

    assert done.returncode == 1
    assert f"Warning: {sentence}" in done.stdout
    assert "rejected" in done.stdout
