"""The three campaigns, from Shopify to what people find in their mailboxes.

By day tests/integration/models/test_enrolments.py says who enters a workflow and when, and
tests/integration/load/workflows what HubSpot makes of it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.end_to_end.campaigns import START, Campaigns, live_through
from tests.end_to_end.journey import journey
from tests.end_to_end.merchant import Merchant

pytestmark = pytest.mark.nightly

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CART = ["You left something in your cart", "A last reminder of your cart"]
WELCOME = [
    "Thank you for your first order",
    "Any questions about your order?",
    "Something else you may like",
]


@pytest.fixture(scope="module")
def campaigns(tmp_path_factory):
    """The store after all of it; the outbox holds every e-mail."""
    folder = tmp_path_factory.mktemp("campaigns")
    options = ["--store", str(folder / "store"), "--orders", "150", "--seed", "11"]
    with journey(folder, *options) as road:
        lived = Campaigns(road, Merchant(road))
        live_through(lived)
        yield lived


def test_abandoned_cart_is_mailed_with_the_first_sync_after_24_hours(campaigns):
    """And again two days later, if it is still left."""
    mails = campaigns.mails("stays", "abandoned_checkout")

    assert mails == [(START + 25 * HOUR, CART[0]), (START + 25 * HOUR + 2 * DAY, CART[1])]


def test_recovered_cart_is_not_mailed_again(campaigns):
    """It had its first reminder, and no second one."""
    assert campaigns.mails("recovers", "abandoned_checkout") == [(START + 25 * HOUR, CART[0])]


@pytest.mark.parametrize("name", ["elsewhere", "silent", "withdraws"])
def test_no_reminder_after_another_purchase_or_without_consent(campaigns, name):
    """Not after a purchase elsewhere, not without consent, nor if it is withdrawn by then."""
    assert campaigns.mails(name, "abandoned_checkout") == []


@pytest.mark.parametrize("name", ["first", "first-deleted"])
def test_first_purchase_is_welcomed_once(campaigns, name):
    """Edited and cancelled, or deleted, and another order after it: one first welcome."""
    subjects = [subject for _, subject in campaigns.mails(name, "new_customer")]

    assert subjects.count(WELCOME[0]) == 1


def test_purchases_without_consent_are_not_welcomed(campaigns):
    """Nobody is mailed who did not agree."""
    assert campaigns.mails("first-silent", "new_customer") == []


def test_consent_given_later_welcomes_nobody_for_an_old_order(campaigns):
    """Forty days after the first purchase a welcome would be odd."""
    assert campaigns.mails("late", "new_customer") == []


def test_plain_text_shows_the_cart_as_well(campaigns):
    """Its contact is written before its deal enters the workflow."""
    sent = campaigns.road.request("GET", "/_sandbox/outbox")["results"]
    first = next(each for each in sent if each["to"] == "stays@campaign.example")

    assert "Back to my cart: https://northwind.example/checkouts/" in first["text"]


def test_welcomes_follow_each_other_after_three_and_seven_days(campaigns):
    """Of a purchase that nothing happens to."""
    mails = campaigns.mails("elsewhere", "new_customer")

    came = START + 25 * HOUR
    assert mails == list(zip([came, came + 3 * DAY, came + 10 * DAY], WELCOME, strict=True))


def test_lapsed_customer_is_won_back_once_per_lapse(campaigns):
    """In the first silence, and in the next after a purchase; it ends with the purchase."""
    times = [moment for moment, _ in campaigns.mails("lapsed", "re_engagement")]

    assert times == [START + 25 * HOUR, START + 30 * HOUR + 91 * DAY]


def test_lapsed_customer_who_stays_away_gets_all_three(campaigns):
    """After a week, and two weeks later; and none in the months after."""
    times = [moment for moment, _ in campaigns.mails("lapsed-stays", "re_engagement")]

    came = START + 25 * HOUR
    assert times == [came, came + 7 * DAY, came + 21 * DAY]


def test_lapsed_customer_without_consent_is_left_alone(campaigns):
    """Nobody is mailed who did not agree."""
    assert campaigns.mails("lapsed-silent", "re_engagement") == []


def test_mail_shows_what_is_in_the_cart(campaigns):
    """Items, total and the link that brings the cart back."""
    html = campaigns.html("stays")

    assert "Juniper Shirt No. 29" in html
    assert "$252.30" in html
    assert "https://northwind.example/checkouts/" in html


def test_nobody_of_the_store_is_mailed_without_consent(campaigns):
    """Of all people of the store, only those that agreed are in the outbox."""
    sent = campaigns.road.request("GET", "/_sandbox/outbox")["results"]
    agreed = {
        row[0]
        for row in campaigns.road.rows("select email from core.people where accepts_marketing")
    }

    assert {each["to"] for each in sent} - agreed == set()
    assert not [each for each in sent if "error" in each]


def test_nobody_gets_an_email_of_a_workflow_twice_for_a_cause(campaigns):
    """A deal gets each e-mail once; a contact once per silence."""
    sent = campaigns.road.request("GET", "/_sandbox/outbox")["results"]
    of_deals = [
        (each["recordId"], each["emailId"])
        for each in sent
        if each["flowId"] != campaigns.flows["re_engagement"]
    ]

    assert len(set(of_deals)) == len(of_deals)
