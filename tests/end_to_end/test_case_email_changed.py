"""The store of a customer whose e-mail changed, and of one whom Shopify redacted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.journey import Journey, journey
from tests.end_to_end.merchant import Merchant

pytestmark = pytest.mark.nightly

NOW = "2026-06-20T12:00:00Z"


@dataclass
class Case:
    """The store after both syncs, and HubSpot's contacts after the first one."""

    journey: Journey
    first: list[dict[str, Any]]
    plan: dict[str, Any]

    def contacts(self) -> dict[str, dict[str, Any]]:
        """HubSpot's contacts by their e-mail."""
        return {each["email"]: each for each in self.journey.hubspot_records("contacts")}


@pytest.fixture(scope="module")
def case(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A sync of the store as it was, and another of the store as it is five days later."""
    stores = shared / "cases" / "email-changed-and-redacted"
    folder = tmp_path_factory.mktemp("email-changed")
    with journey(folder, "--store", str(stores / "store_before")) as made:
        made.cartwheel("sync")
        first = made.hubspot_records("contacts")
        merchant = Merchant(made)
        merchant.wait_until(NOW)
        for resource in ("customers", "orders"):
            for line in (stores / "store" / f"{resource}.jsonl").read_text().splitlines():
                merchant.save(resource, json.loads(line))
        made.cartwheel("extract")
        made.cartwheel("transform")
        plan = json.loads(made.cartwheel("plan", "--json"))
        made.cartwheel("sync")
        yield Case(made, first, plan)


def test_the_contact_stays_one_under_the_new_email(case):
    """Customer 11 has one contact: the one that was made at first, with the new e-mail."""
    (before,) = (each for each in case.first if each["email"] == "old@case.example")

    contacts = case.contacts()

    assert {*contacts} == {"new@case.example", "kim@case.example"}
    assert contacts["new@case.example"]["id"] == before["id"]


def test_nothing_is_counted_twice(case):
    """What all contacts have spent is what the two orders were worth."""
    spent = [Decimal(each["shopify_total_spent"]) for each in case.contacts().values()]

    assert sum(spent) == 200


def test_the_plan_says_that_it_is_an_update(case):
    """The plan of the second sync creates no contact and deletes nothing."""
    found = case.plan["objects"]["contacts"]

    assert (found["create"], found["update"], found["delete"]) == (0, 1, 0)


def test_the_redacted_customer_is_named(case):
    """Customer 12 is told apart as redacted in Shopify."""
    query = "select shop, customer_id, record from hubspot.redacted_customers"

    assert case.journey.rows(query) == [("case.myshopify.com", "12", "customer 12")]


def test_plan_and_status_name_the_redacted_customer(case):
    """Who was redacted in Shopify stands in the plan and in the status."""
    named = [{"shop": "case.myshopify.com", "record": "customer 12"}]

    status = json.loads(case.journey.cartwheel("status", "--json"))

    assert case.plan["redacted"] == status["redacted"] == named


@pytest.mark.parametrize("audience", ["new_customer", "re_engagement"])
def test_the_redacted_customer_is_in_no_audience(case, audience):
    """Nobody whom Shopify has redacted is in an audience, while the other customer is."""
    rows = case.journey.rows(f"select email from workflows.{audience}")

    assert rows == [("new@case.example",)]


def test_a_third_sync_sends_nothing(case):
    """Nothing is left to be done after it: a plan has no writes."""
    assert json.loads(case.journey.cartwheel("plan", "--json"))["writes"] == 0
