"""#1046: an order of 100 was cancelled before it was paid, and its authorization voided."""

from __future__ import annotations

from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def synced(synced_case):
    """The store after one sync."""
    return synced_case("cancelled-before-payment")


def test_the_deal_is_cancelled_and_worth_nothing(synced):
    """The deal in HubSpot stands in the stage cancelled; amount and net amount are 0."""
    [deal] = synced.hubspot_records("deals")

    assert deal["dealstage"] == "cancelled"
    assert Decimal(deal["amount"]) == 0
    assert Decimal(deal["shopify_net_amount"]) == 0
