"""Pages of nodes: cursors, both directions, nested connections, counts, single nodes."""

from __future__ import annotations

import base64
import json

import pytest

NAMES = """query ($first: Int, $after: String, $last: Int, $before: String, $reverse: Boolean,
    $sort: OrderSortKeys, $query: String) {
  orders(first: $first, after: $after, last: $last, before: $before, reverse: $reverse,
      sortKey: $sort, query: $query) {
    edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


def names(connection):
    """The order names of a page."""
    return [edge["node"]["name"] for edge in connection["edges"]]


@pytest.mark.parametrize("sort", ["UPDATED_AT", "ID", "CUSTOMER_NAME", "TOTAL_PRICE"])
@pytest.mark.parametrize("reverse", [False, True])
def test_pages_give_every_node_once(corner, sort, reverse):
    """Walking the pages by endCursor gives all orders once, in one order."""
    found, after = [], None
    while True:
        page = corner.data(NAMES, first=3, after=after, sort=sort, reverse=reverse)["orders"]
        found += names(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    expected = [f"#{number}" for number in range(101, 108)]
    assert found == (expected[::-1] if reverse else expected)


def test_pages_go_backwards(corner):
    """`last` and `before` give the nodes that stand before a cursor, in order."""
    last = corner.data(NAMES, last=2, sort="ID")["orders"]
    before = corner.data(NAMES, last=2, before=last["pageInfo"]["startCursor"], sort="ID")[
        "orders"
    ]

    assert names(last) == ["#106", "#107"]
    assert names(before) == ["#104", "#105"]
    assert before["pageInfo"]["hasPreviousPage"]


def test_cursor_holds_id_and_microseconds(corner):
    """A cursor is base64 JSON with the last id and the last value of the sort key."""
    page = corner.data(NAMES, first=1, sort="UPDATED_AT")["orders"]

    assert json.loads(base64.b64decode(page["edges"][0]["cursor"])) == {
        "last_id": 101,
        "last_value": "2025-11-01 12:00:00.000000",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "you must provide one of first or last"),
        ({"first": 251}, "first cannot exceed 250"),
        ({"first": -1}, "first must be greater than or equal to 0"),
        ({"first": 1, "after": "nonsense"}, "Invalid cursor"),
    ],
)
def test_page_arguments_are_checked(corner, arguments, message):
    """A missing or too large page size and a foreign cursor are refused."""
    assert message in corner.ask(NAMES, **arguments)["errors"][0]["message"]


def test_nested_connection_is_truncated_and_drained(corner):
    """`first` of a nested connection really truncates; its endCursor leads to the rest."""
    document = """query ($after: String) { order(id: "gid://shopify/Order/102") {
      lineItems(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
    } }"""
    first = corner.data(document)["order"]["lineItems"]
    rest = corner.data(document, after=first["pageInfo"]["endCursor"])["order"]["lineItems"]

    assert [node["id"][-1] for node in first["nodes"]] == ["1", "2"]
    assert first["pageInfo"]["hasNextPage"]
    assert [node["id"][-1] for node in rest["nodes"]] == ["3"]
    assert not rest["pageInfo"]["hasNextPage"]


def test_missing_keys_are_null_or_empty(corner):
    """What a stored node lacks is null, and an empty page where a connection is asked."""
    found = corner.data(
        '{ order(id: "gid://shopify/Order/102") { note totalPriceSet { shopMoney { amount } }'
        " shippingLines(first: 1) { nodes { id } pageInfo { hasNextPage } } } }"
    )["order"]

    assert found == {
        "note": None,
        "totalPriceSet": None,
        "shippingLines": {"nodes": [], "pageInfo": {"hasNextPage": False}},
    }


def test_unknown_enum_value_passes_through(corner):
    """A status that the schema does not know comes as it is stored."""
    found = corner.data('{ order(id: "gid://shopify/Order/104") { displayFulfillmentStatus } }')

    assert found["order"]["displayFulfillmentStatus"] == "TELEPORTED"


def test_reference_is_completed_from_the_store(corner):
    """An order holds only its customer's id; other fields come from the customer."""
    found = corner.data('{ order(id: "gid://shopify/Order/102") { customer { firstName } } }')

    assert found["order"]["customer"]["firstName"] == "Zoë"


def test_refund_is_found_with_its_order(corner):
    """refund(id) gives a refund that lies within an order, and leads back to it."""
    found = corner.data(
        '{ refund(id: "gid://shopify/Refund/1031") { legacyResourceId order { name }'
        " refundLineItems(first: 1) { nodes { quantity } pageInfo { hasNextPage } } } }"
    )["refund"]

    assert found["order"] == {"name": "#103"}
    assert found["refundLineItems"]["pageInfo"]["hasNextPage"]


def test_nodes_answers_null_for_what_is_gone(corner):
    """nodes(ids) gives each node's type in the order asked, null where there is none."""
    ids = [
        "gid://shopify/Order/102",
        "gid://shopify/Order/9",
        "gid://shopify/ProductVariant/41",
    ]
    found = corner.data("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)

    assert found["nodes"] == [
        {"__typename": "Order", "id": ids[0]},
        None,
        {"__typename": "ProductVariant", "id": ids[2]},
    ]


def test_counts_have_a_limit(corner):
    """A count stops at its limit and says so."""
    found = corner.data(
        "{ all: ordersCount(limit: null) { count precision }"
        " some: ordersCount(limit: 5) { count precision } }"
    )

    assert found == {
        "all": {"count": 7, "precision": "EXACT"},
        "some": {"count": 5, "precision": "AT_LEAST"},
    }


def test_abandoned_checkouts_cannot_be_sorted_by_update(corner):
    """AbandonedCheckoutSortKeys has no UPDATED_AT."""
    answer = corner.ask(
        "{ abandonedCheckouts(first: 1, sortKey: UPDATED_AT) { nodes { id } } }"
    )

    assert "UPDATED_AT" in answer["errors"][0]["message"]
