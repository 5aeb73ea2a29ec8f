"""Who is in an audience, until when, and whether they can be mailed.

The rule: docs/reference/rules.md#audiences
"""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.integration.models.orders_by_hand import LONDON, TOKYO, Order, Sale
from tests.stores.store import Node

LEFT, LATER = "2026-05-01T10:00:00Z", "2026-05-20T10:00:00Z"
PEOPLE = {
    "left": 1,
    "bought later": 2,
    "bought within the day": 3,
    "bought before": 4,
    "bought and cancelled": 5,
    "bought in another shop": 6,
    "tried": 7,
}
CONSENTS = {11: "SUBSCRIBED", 12: "UNSUBSCRIBED", 13: "SUBSCRIBED"}


@pytest.fixture(scope="module")
def audiences(build):
    """A shop in which everybody left a checkout on 1 May at ten, and some bought otherwise."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        raw.shop(TOKYO, "Asia/Tokyo", "JPY", "2025-06-01T00:00:00Z")
        for number in PEOPLE.values():
            raw.customer(number, f"{number}@example.com")
            of = {"customer": {"id": f"gid://shopify/Customer/{number}"}}
            raw.checkout(number, LEFT, **of)
        bought: list[tuple[int, str, Node]] = [
            (2, LATER, {}),
            (2, "2026-05-25T10:00:00Z", {}),
            (3, "2026-05-01T20:00:00Z", {}),
            (4, "2026-05-01T09:00:00Z", {}),
            (5, LATER, {"cancelledAt": LATER}),
            (7, LATER, {"test": True}),
        ]
        for position, (customer, at, fields) in enumerate(bought):
            of = {"customer": {"id": f"gid://shopify/Customer/{customer}"}}
            Order(100 + position, at, Sale("PRODUCT", "10.00"), **of, **fields).land(raw)
        elsewhere = {"shop": TOKYO, "email": "6@example.com"}
        Order(200, LATER, Sale("PRODUCT", "900"), **elsewhere).land(raw)
        for number, consent in CONSENTS.items():
            email = None if number == 13 else f"{number}@example.com"
            raw.customer(number, email, consent={"marketingState": consent})
            of = {"customer": {"id": f"gid://shopify/Customer/{number}"}}
            raw.checkout(number, LEFT, **of)
            first = "2026-01-01T10:00:00Z"
            Order(300 + number, first, Sale("PRODUCT", "10.00"), **of).land(raw)

    return build(fill)


@pytest.mark.parametrize(
    ("who", "enrolled", "left_at", "reason"),
    [
        ("left", True, None, "left for 24 hours"),
        ("bought later", False, datetime(2026, 5, 20, 10), "bought since"),
        ("bought before", True, None, "left for 24 hours"),
        ("bought and cancelled", True, None, "left for 24 hours"),
        ("bought in another shop", True, None, "left for 24 hours"),
        ("tried", True, None, "left for 24 hours"),
    ],
)
def test_who_bought_since_leaves_the_abandoned_checkouts(
    audiences, who, enrolled, left_at, reason
):
    """With the first order that counts, in that shop, after the checkout was begun."""
    assert audiences(
        "select is_enrolled, left_at, reason from workflows.abandoned_checkout"
        " where checkout_id = ?",
        str(PEOPLE[who]),
    ) == [(enrolled, left_at, reason)]


def test_who_bought_within_the_delay_never_enters(audiences):
    """A day later, when the checkout counts as abandoned, there is nothing to remind of."""
    assert (
        audiences(
            "select * from workflows.abandoned_checkout where checkout_id = ?",
            str(PEOPLE["bought within the day"]),
        )
        == []
    )


def test_the_deal_says_since_when_while_it_is_enrolled(audiences):
    """shopify_abandoned_since, by which HubSpot enrols, is there for the enrolled alone."""
    found = audiences(
        "select shopify_checkout_id from hubspot.deals"
        " where shopify_checkout_id is not null and shopify_abandoned_since is not null"
    )

    gone = {str(PEOPLE["bought later"]), str(PEOPLE["bought within the day"])}
    everybody = {str(number) for number in (*PEOPLE.values(), *CONSENTS)}
    assert {checkout for (checkout,) in found} == everybody - gone


@pytest.mark.parametrize("audience", ["abandoned_checkout", "new_customer", "re_engagement"])
@pytest.mark.parametrize(
    ("who", "can", "why"),
    [
        (f"{11}@example.com", True, None),
        (f"{12}@example.com", False, "no consent to e-mail marketing"),
        (f"{LONDON}/customer:13", False, "no valid e-mail"),
    ],
    ids=["consent", "no consent", "no e-mail"],
)
def test_each_row_says_whether_it_can_be_mailed(audiences, audience, who, can, why):
    """Each audience tells for each person whether marketing e-mails may go, and why not."""
    assert audiences(
        f"select can_be_mailed, why_not_mailable from workflows.{audience}"
        " where person_key = ?",
        who,
    ) == [(can, why)]


def test_an_open_checkout_has_the_persons_consent(audiences):
    """shopify_buyer_accepts_marketing of a checkout's deal is the customer's."""
    found = audiences(
        "select shopify_checkout_id, shopify_buyer_accepts_marketing from hubspot.deals"
        " where shopify_checkout_id in ('11', '12', '13') order by 1"
    )

    assert found == [("11", True), ("12", False), ("13", True)]


def test_what_is_not_fulfilled_says_so(audiences):
    """shopify_fulfillment_status is unfulfilled where Shopify has none; a checkout has none."""
    assert audiences(
        "select distinct shopify_order_id is not null, shopify_fulfillment_status"
        " from hubspot.deals order by 1"
    ) == [(False, None), (True, "unfulfilled")]
