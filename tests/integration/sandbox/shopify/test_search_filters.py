"""The `query:` argument: what each filter finds."""

from __future__ import annotations

import pytest
import requests

FIND = "query ($query: String) { orders(first: 50, query: $query) { nodes { name } } }"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("id:103", "103"),
        ("id:103 OR id:105", "103 105"),
        ("(id:103 OR id:105) AND tag:vip", "103"),
        ("id:>=106", "106 107"),
        ("id:>104 id:<=106", "105 106"),
        ("name:#104", "104"),
        ("name:'#104'", "104"),
        ("email:BUYER104@shop.example", "104"),
        ("email:buyer104*", "104"),
        ("test:true", "102"),
        ("NOT test:false", "102"),
        ("-tag:vip id:<=104", "101 102 104"),
        ("tag_not:vip id:<=104", "101 102 104"),
        ("financial_status:partially_refunded", "103"),
        ("financial_status:paid,partially_refunded id:<=103", "101 102 103"),
        ("fulfillment_status:shipped id:<=102", "101 102"),
        ("status:open id:102", "102"),
        ("customer_id:22", ""),
        ("buyer105", "105"),
        ("updated_at:>='2026-11-06T12:00:00Z'", "106 107"),
        ("updated_at:>='2026-11-06T12:00:01Z'", "107"),
        ("updated_at:>='2026-11-06T13:00:00+01:00'", "106 107"),
        ("updated_at:<'2026-11-02T12:00:00Z'", "101"),
        ("updated_at:<='2026-11-02T12:00:00Z'", "101 102"),
        ("updated_at:2026-11-03", "103"),
        ("created_at:2025", "101"),
        ("created_at:<=2026-11-02", "101 102"),
        ("created_at:<=9999 id:101", "101"),
        ("created_at:<=9999-12-31 id:101", "101"),
        (
            "created_at:>='2026-11-04T10:00:00Z' AND created_at:<'2026-11-06T10:00:00Z'",
            "104 105",
        ),
    ],
)
def test_filter_finds(corner, query, found):
    """A filter finds the orders that Shopify's search syntax says."""
    rows = corner.data(FIND, query=query)["orders"]["nodes"]

    assert [row["name"] for row in rows] == [f"#{number}" for number in found.split()]


def test_unquoted_time_counts_as_its_date(corner):
    """Without quotes the time of day is ignored."""
    rows = corner.data(FIND, query="updated_at:>=2026-11-07T23:00:00Z")["orders"]["nodes"]

    assert [row["name"] for row in rows] == ["#107"]


def test_greater_than_is_greater_or_equal_on_times(corner):
    """`>` on a time finds the very moment too."""
    rows = corner.data(FIND, query="updated_at:>'2026-11-07T12:00:00Z'")["orders"]["nodes"]

    assert [row["name"] for row in rows] == ["#107"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("updated_at:>='2026-11-05T23:00:00Z'", 1),
        ("updated_at:>='2026-11-06T00:00:00Z'", 0),
        ("updated_at:<'2026-11-05T23:00:00Z'", 0),
        ("email:zoe@shop.example", 1),
    ],
)
def test_customers_are_filtered_by_whole_days(corner, query, count):
    """updated_at of customers ignores the time of day on both sides."""
    found = corner.data("query ($q: String) { customersCount(query: $q) { count } }", q=query)

    assert found["customersCount"]["count"] == count


def test_unknown_filter_is_ignored_with_a_warning(corner):
    """A filter that does not exist finds everything and is named in extensions.search."""
    answer = corner.ask(FIND, query="colour:red id:103")

    assert [row["name"] for row in answer["data"]["orders"]["nodes"]] == ["#103"]
    assert answer["extensions"]["search"][0]["warnings"][0]["field"] == "colour"


@pytest.mark.parametrize(
    "query", ["-colour:red id:103", "NOT (colour:red size:2) id:103", "colour:red OR id:103"]
)
def test_unknown_filter_is_ignored_wherever_it_stands(corner, query):
    """A filter that does not exist decides nothing when negated, grouped or after OR."""
    rows = corner.data(FIND, query=query)["orders"]["nodes"]

    assert [row["name"] for row in rows] == ["#103"]


def test_words_for_states_are_only_of_states(shopify):
    """A tag may be a word that Shopify takes for another where a state is meant."""
    change = {"id": "gid://shopify/Order/105", "tags": ["shipped"]}
    requests.post(f"{shopify.url}/_sandbox/shopify/orders", json=change, timeout=10)
    rows = shopify.data(FIND, query="tag:shipped")["orders"]["nodes"]

    assert [row["name"] for row in rows] == ["#105"]


@pytest.mark.parametrize("query", ["updated_at:>", "(id:1", "id:1)", "id:1 OR"])
def test_unreadable_filter_is_an_internal_error(corner, query):
    """A filter without a value, or with a stray parenthesis, is an internal error."""
    errors = corner.ask(FIND, query=query)["errors"]

    assert errors[0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
