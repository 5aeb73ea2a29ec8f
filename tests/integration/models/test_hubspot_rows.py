"""What goes to HubSpot of deals and contacts, on cases written by hand."""

from __future__ import annotations

import pytest

SHOP = "london.myshopify.com"


@pytest.mark.parametrize(
    ("checkout_id", "token"),
    [
        pytest.param("300", "token300", id="after the shop's number"),
        pytest.param("310", "short", id="after /c/"),
        pytest.param("311", "long", id="after /cn/"),
        pytest.param("312", "plain", id="at once"),
        pytest.param("314", None, id="nowhere"),
    ],
)
def test_the_token_of_a_checkout(two_shops, checkout_id, token):
    """The deal key's token is read from each shape of Shopify's recovery link."""
    found = two_shops("select token from core.checkouts where checkout_id = ?", checkout_id)

    assert found == [(token,)]


def test_a_recovered_checkout_moves_on_as_the_same_deal(two_shops):
    """The order that carries the checkout's token has its key, and the checkout has no deal."""
    found = two_shops(
        "select shopify_order_id, shopify_checkout_id, dealstage from hubspot.deals "
        "where shopify_deal_key = ?",
        f"{SHOP}/checkout:token304",
    )

    assert found == [("320", "304", "processed")]


def test_a_checkout_completed_without_an_order_loses_its_deal(two_shops):
    """It is no deal; for a day after its completion, the order may still be on the way."""
    found = two_shops(
        "select key from hubspot.tombstones where reason = 'completed without an order' "
        "order by key"
    )

    assert found == [(f"{SHOP}/checkout:token302",), (f"{SHOP}/checkout:token303",)]


def test_the_total_price_is_the_one_as_ordered(two_shops):
    """An edit changes the amount, never shopify_total_price."""
    found = two_shops(
        "select shopify_total_price::varchar from hubspot.deals where shopify_order_id = '321'"
    )

    assert found == [("10.0000",)]


def test_a_mended_email_is_not_quarantined(two_shops):
    """A customer's own record decides, not the older e-mail that a checkout still shows."""
    found = two_shops(
        "select email from hubspot.quarantined_contacts where source_id = 'checkout:313'"
    )

    assert found == []


def test_a_guests_malformed_email_is_quarantined_with_its_reason(two_shops):
    """What HubSpot would refuse is held back, with where it was found."""
    found = two_shops(
        "select source_id, reason from hubspot.quarantined_contacts where email = 'broken@'"
    )

    assert found == [("order:111", "no valid domain after the @")]
