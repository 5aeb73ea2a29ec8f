"""What documents cost: our price against published figures."""

from __future__ import annotations

import re

import pytest

from cartwheel.core.errors import TooCostly
from extract.shopify.query_cost import Prices, price


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ customers(first: 100) { nodes { id } } }", 11),
        ("{ customers(first: 200) { nodes { id } } }", 12),
        ("{ product(id: 1) { variants(first: 250) { nodes { media { id } } } } }", 25),
        ("{ shop { name } }", 1),
        ('mutation { bulkOperationRunQuery(query: "") { bulkOperation { id } } }', 10),
    ],
)
def test_price_is_as_published(text: str, points: int) -> None:
    """The figures of docs/reference/shopify.md#query-cost come out."""
    assert price(text, {}) == points


@pytest.mark.shared
def test_prices_agree_with_the_reference(shared) -> None:
    """The reference's documents cost what it estimates for them."""
    folder = shared / "reference/shopify-queries"
    text = (folder / "VALIDATION.txt").read_text()
    stated = dict(re.findall(r"^(\S+).*est\.cost\(first=250\)=(\d+)", text, re.MULTILINE))
    sizes = {"first": 250, "lineItemsFirst": 50, "addressesFirst": 10}
    # the reference does not say which nested sizes these two were estimated with
    for name in stated.keys() - {"products_page.graphql", "order_refunds_page.graphql"}:
        assert price((folder / name).read_text(), sizes) == int(stated[name]), name


def test_of_types_that_exclude_each_other_the_dearest_counts() -> None:
    """An object of an abstract type costs as much as the dearest of its fragments."""
    text = "{ a { id ... on B { c { id } d { id } } ... on E { f { id } } g { id } } }"

    assert price(text, {}) == 4


def test_money_and_page_information_are_free() -> None:
    """Money, in a bag or not, and pageInfo cost nothing."""
    text = """{ orders(first: 10) {
      nodes { total { shopMoney { amount } } tip { amount currencyCode } }
      pageInfo { endCursor }
    } }"""

    assert price(text, {}) == 2 + 4 * 1


def test_default_of_a_variable_is_the_page_size() -> None:
    """A page size that is left to the document's default is known."""
    text = "query ($first: Int = 100) { orders(first: $first) { nodes { id } } }"

    assert price(text, {}) == 11
    assert price(text, {"first": 200}) == 12


def test_what_shopify_says_is_believed() -> None:
    """A figure of Shopify's own holds for that document and page size, and no other."""
    prices, text = Prices(), "query ($first: Int) { orders(first: $first) { nodes { id } } }"

    prices.learn("page", {"first": 100, "filter": "a"}, 102.0)

    assert prices.of("page", text, {"first": 100, "filter": "b"}) == 102.0
    assert prices.of("page", text, {"first": 200, "filter": "b"}) == 12


def test_page_that_was_refused_is_not_priced_again() -> None:
    """A page size that Shopify found too costly is refused from then on, with its figures."""
    prices, text = Prices(), "query ($first: Int) { orders(first: $first) { nodes { id } } }"
    prices.refused("page", {"first": 250}, 1002.0, 1000.0)

    with pytest.raises(TooCostly, match="1,002 points and 1,000 are allowed") as refusal:
        prices.of("page", text, {"first": 250})

    assert (refusal.value.cost, refusal.value.limit) == (1002.0, 1000.0)
    assert prices.of("page", text, {"first": 125}) == 2 + 9
