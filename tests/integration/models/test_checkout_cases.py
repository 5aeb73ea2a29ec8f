"""What became of a checkout, and what its person bought elsewhere.

The rule: docs/data-model.md#checkouts-and-their-orders
"""

from __future__ import annotations

import pytest

from tests.integration.models.many_cases import LONDON


@pytest.mark.parametrize(
    ("checkout", "order", "at"),
    [
        pytest.param("340", "340", "2026-05-20 10:00:00", id="the next that is not cancelled"),
        pytest.param("341", None, None, id="an order before it was abandoned"),
        pytest.param("342", None, None, id="a cancelled order"),
        pytest.param("343", None, None, id="an order in another shop"),
        pytest.param("320", None, None, id="recovered itself"),
        pytest.param("346", None, None, id="nobody's"),
    ],
)
def test_recovery_by_another_order_is_told_apart(many_cases, checkout, order, at):
    """An abandoned checkout names its person's next order that was no known checkout."""
    found = many_cases(
        "select recovered_elsewhere_order_id, recovered_elsewhere_at::varchar "
        "from core.checkouts where checkout_id = ?",
        checkout,
    )

    assert found == [(order, at)]


def test_an_order_that_was_a_checkout_recovers_no_other(many_cases):
    """Buyer 300's orders after checkout 325: the recovered 320, 321 and 322 are passed over."""
    found = many_cases(
        "select recovered_elsewhere_order_id from core.checkouts where checkout_id = '325'"
    )

    assert found == [("324",)]


def test_recovery_elsewhere_changes_neither_state_nor_deal(many_cases):
    """The checkout stays abandoned, its deal open and the order's deal its own."""
    states = many_cases(
        "select checkout_state, is_open, order_id from core.checkouts where checkout_id = '340'"
    )
    found = many_cases(
        "select shopify_deal_key, dealstage from hubspot.deals "
        "where shopify_checkout_id = '340' or shopify_order_id = '340' order by 1"
    )

    assert states == [("abandoned", True, None)]
    assert found == [
        (f"{LONDON}/checkout:token340", "checkout_abandoned"),
        (f"{LONDON}/order:340", "processed"),
    ]


def test_the_delay_is_a_var(many_cases, other_vars):
    """After 28 hours a checkout is abandoned by default and pending with a delay of 48."""
    query = "select checkout_state from core.checkouts where checkout_id = '346'"

    assert (many_cases(query), other_vars(query)) == ([("abandoned",)], [("pending",)])


def test_a_recovered_checkout_carries_its_link_to_the_deal(many_cases):
    """The order's deal knows the recovery link of the checkout that it was."""
    found = many_cases(
        "select shopify_abandoned_checkout_url from hubspot.deals "
        "where shopify_order_id = '320'"
    )

    assert found == [
        ("https://shop.example/59026964593/checkouts/ac/hWNcart320/recover?key=abc&locale=en",)
    ]
