"""Deals of orders and checkouts that are out of the ordinary: key, stage, amount, lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.integration.models.many_cases import LONDON


def deals(ask, where, *values):
    """Key, order, checkout and stage of the deals that a condition picks, by key."""
    return ask(
        "select shopify_deal_key, shopify_order_id, shopify_checkout_id, dealstage "
        f"from hubspot.deals where shopify_store = '{LONDON}' and ({where}) order by 1",
        *values,
    )


def tombstones(ask, *keys):
    """Key and reason of the tombstones among some deal keys, by key."""
    return ask(
        "select key, reason from hubspot.tombstones where object = 'deals' "
        "and key in (select unnest(?::varchar[])) order by key",
        [f"{LONDON}/{key}" for key in keys],
    )


@pytest.mark.parametrize(
    ("order", "key", "stage", "amount"),
    [
        pytest.param("304", "order:304", "cancelled", "0.00", id="cancelled"),
        pytest.param("305", "order:305", "cancelled", "10.00", id="voided"),
        pytest.param("306", "order:306", "processed", "25.00", id="edited"),
        pytest.param("307", "order:307", "checkout_completed", "10.00", id="born as a draft"),
        pytest.param("308", "order:308", "shipped", "10.00", id="point of sale, nobody's"),
        pytest.param("320", "checkout:hWNcart320", "processed", "10.00", id="once a checkout"),
    ],
)
def test_an_order_is_one_deal(many_cases, order, key, stage, amount):
    """Each living order is one deal with its own key, stage and current total."""
    found = many_cases(
        "select shopify_deal_key, dealstage, amount from hubspot.deals "
        "where shopify_order_id = ?",
        order,
    )

    assert found == [(f"{LONDON}/{key}", stage, Decimal(amount))]


def test_an_edit_leaves_the_price_as_ordered(many_cases):
    """The amount follows the edit, the total price stays, and the added line is there."""
    prices = many_cases(
        "select amount, shopify_total_price from hubspot.deals where shopify_order_id = '306'"
    )
    lines = many_cases(
        "select shopify_line_item_id from hubspot.line_items "
        "where shopify_deal_key = ? order by 1",
        f"{LONDON}/order:306",
    )

    assert prices == [(Decimal("25.00"), Decimal("20.00"))]
    assert lines == [("306",), ("3060",)]


def test_a_line_that_an_edit_removed_has_a_tombstone(many_cases):
    """The line item of a removed line is to be deleted."""
    found = many_cases(
        "select reason from hubspot.tombstones where key = ?", f"{LONDON}/line:3061"
    )

    assert found == [("line removed",)]


def test_a_deleted_order_leaves_a_tombstone_of_its_key(many_cases):
    """Its deal is gone, under the key that it had: its own token's."""
    assert deals(many_cases, "shopify_order_id = '301'") == []
    assert tombstones(many_cases, "checkout:checkout301") == [
        (f"{LONDON}/checkout:checkout301", "order deleted")
    ]


def test_a_deleted_order_does_not_leave_its_checkout_open(many_cases):
    """The checkout that the order once was comes back as no deal: one tombstone for both."""
    assert deals(many_cases, "shopify_checkout_id = '302'") == []
    assert tombstones(many_cases, "checkout:checkout302", "checkout-id:302") == [
        (f"{LONDON}/checkout:checkout302", "order deleted")
    ]


def test_a_test_order_and_its_checkout_are_no_deal(many_cases):
    """A test order is not synced, and completes its checkout nevertheless."""
    assert deals(many_cases, "shopify_order_id = '303' or shopify_checkout_id = '303'") == []
    assert tombstones(many_cases, "checkout:checkout303") == [
        (f"{LONDON}/checkout:checkout303", "test order")
    ]


def test_what_was_sent_of_a_test_order_is_to_be_deleted(many_cases, other_vars):
    """Its deal and its line have tombstones, which go where test orders are asked for."""
    keys = [f"{LONDON}/checkout:checkout303", f"{LONDON}/line:303"]
    query = "select key, reason, deleted_at from hubspot.tombstones where list_contains(?, key)"

    assert sorted(many_cases(query, keys)) == [(key, "test order", None) for key in keys]
    assert other_vars(query, keys) == []
    assert other_vars("select 1 from hubspot.deals where shopify_deal_key = ?", keys[0])


def test_the_reports_say_whether_test_orders_count(many_cases, other_vars):
    """What the var was when they were built, for the page."""
    query = "select distinct counts_test_orders from reports.stores"

    assert many_cases(query) == [(False,)]
    assert other_vars(query) == [(True,)]


def test_the_carts_token_joins_a_checkout_to_its_order(many_cases):
    """A link that holds the cart's token leads to the order; the deal keeps the first key."""
    found = deals(many_cases, "shopify_order_id = '320' or shopify_checkout_id = '320'")

    assert found == [(f"{LONDON}/checkout:hWNcart320", "320", "320", "processed")]


def test_an_order_that_was_known_first_keeps_its_key(many_cases):
    """Its checkout, landed later, joins the order's deal under the order's own token."""
    found = deals(many_cases, "shopify_order_id = '321' or shopify_checkout_id = '321'")

    assert found == [(f"{LONDON}/checkout:t321", "321", "321", "processed")]


def test_two_checkouts_of_one_cart_become_one_deal(many_cases):
    """The order takes the first one's key; the other's deal has a tombstone."""
    found = deals(
        many_cases, "shopify_order_id = '322' or shopify_checkout_id in ('322', '323')"
    )

    assert found == [(f"{LONDON}/checkout:hWNcart322", "322", "322", "processed")]
    assert tombstones(many_cases, "checkout-id:323") == [
        (f"{LONDON}/checkout-id:323", "replaced by the order")
    ]


def test_an_older_order_with_the_carts_token_is_not_the_checkout(many_cases):
    """A cart that was bought before the checkout began leaves it an open deal."""
    found = deals(many_cases, "shopify_order_id = '324' or shopify_checkout_id = '324'")

    assert found == [
        (f"{LONDON}/checkout:hWNcart324", None, "324", "checkout_abandoned"),
        (f"{LONDON}/checkout:t324", "324", None, "processed"),
    ]


def test_a_checkout_is_never_joined_by_guess(many_cases):
    """The same buyer, amount and minute are no token: two deals."""
    found = deals(many_cases, "shopify_order_id = '325' or shopify_checkout_id = '325'")

    assert found == [
        (f"{LONDON}/checkout:hWNcart325", None, "325", "checkout_abandoned"),
        (f"{LONDON}/order:325", "325", None, "processed"),
    ]


def test_every_deal_has_one_key(many_cases):
    """No key stands twice, and none is both alive and to be deleted."""
    twice = many_cases(
        "select shopify_deal_key from hubspot.deals group by 1 having count(*) > 1"
    )
    both = many_cases(
        "select key from hubspot.tombstones join hubspot.deals on key = shopify_deal_key"
    )

    assert (twice, both) == ([], [])
