"""Bulk operations: what is taken, what the result holds, how it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

ORDERS = """{ orders(sortKey: ID) { edges { node {
  __typename id name displayFulfillmentStatus customer { id firstName }
  total: subtotalPriceSet { shopMoney { amount } }
  refunds { id legacyResourceId }
  lineItems { edges { node { id title originalTotalSet { shopMoney { ...Money } } } } }
  agreements { nodes { __typename id ... on OrderAgreement { reason } sales { edges { node {
    __typename id quantity ... on ProductSale { lineItem { id } } } } } } }
} } } }
fragment Money on MoneyV2 { amount currencyCode }"""
LISTED = """{ orders(first: 50, sortKey: ID) { nodes {
  __typename id name displayFulfillmentStatus customer { id firstName }
  total: subtotalPriceSet { shopMoney { amount } }
  refunds { id legacyResourceId }
  lineItems(first: 50) { nodes { id title originalTotalSet { shopMoney { ...Money } } } }
  agreements(first: 1) { nodes { __typename id ... on OrderAgreement { reason }
    sales(first: 50) {
      nodes { __typename id quantity ... on ProductSale { lineItem { id } } }
    } } }
} } }
fragment Money on MoneyV2 { amount currencyCode }"""

CANCEL = """mutation ($id: ID!) {
  bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } }
}"""


def flat(nodes, parent=None):
    """The lines that pages of nodes stand for: nested connections taken out, below."""
    for node in nodes:
        below = {
            key: value
            for key, value in node.items()
            if isinstance(value, dict) and value.keys() == {"nodes"}
        }
        own = {key: value for key, value in node.items() if key not in below}
        yield {**own, "__parentId": parent} if parent else own
        for connection in below.values():
            yield from flat(connection["nodes"], node["id"])


def test_bulk_lines_are_the_nodes_of_pages(shopify):
    """A bulk result holds the same nodes, key by key, as pages of the same selection."""
    pages = shopify.data(LISTED)["orders"]["nodes"]

    assert sorted(map(str, shopify.lines(ORDERS))) == sorted(map(str, flat(pages)))


def test_children_come_after_their_parents_but_not_at_once(shopify):
    """A line's parent stands somewhere before it; other roots may stand between."""
    rows = shopify.lines(ORDERS)
    places = {row["id"]: place for place, row in enumerate(rows)}

    assert all(places[row["__parentId"]] < places[row["id"]] for row in rows[7:])
    assert [row["name"] for row in rows[:7]] == [f"#{number}" for number in range(101, 108)]


def test_grouped_children_follow_their_parent(shopify):
    """With groupObjects every order stands just before its own children."""
    query = "{ orders(sortKey: ID) { nodes { id lineItems { nodes { id } } } } }"
    run = """mutation ($query: String!) { bulkOperationRunQuery(query: $query,
      groupObjects: true) { bulkOperation { id } } }"""
    gid = shopify.data(run, query=query)["bulkOperationRunQuery"]["bulkOperation"]["id"]
    text = requests.get(shopify.finished(gid)["url"], timeout=10).text
    parents = [json.loads(row).get("__parentId") for row in text.splitlines()]

    assert parents[:5] == [None, *["gid://shopify/Order/101"] * 3, None]


def order_fault(shopify, kind, times=1):
    """Let a fault happen to the next requests or operations."""
    fault = {"kind": kind, "times": times}
    requests.post(f"{shopify.url}/_sandbox/shopify/faults", json=fault, timeout=10)


def test_five_operations_run_at_once(shopify):
    """A sixth operation is refused while five are under way."""
    order_fault(shopify, "bulk_stalled", 5)
    answers = [shopify.bulk(ORDERS) for _ in range(6)]

    assert all(answer["userErrors"] == [] for answer in answers[:5])
    assert answers[5]["userErrors"][0]["code"] == "OPERATION_IN_PROGRESS"


def test_running_operation_is_cancelled(shopify):
    """Cancelling ends a running operation as CANCELED, without a result."""
    order_fault(shopify, "bulk_stalled")
    gid = shopify.bulk(ORDERS)["bulkOperation"]["id"]
    answer = shopify.data(CANCEL, id=gid)["bulkOperationCancel"]

    assert answer == {"bulkOperation": {"status": "CANCELING"}, "userErrors": []}
    assert (shopify.finished(gid)["status"], shopify.finished(gid)["url"]) == ("CANCELED", None)


def test_cancelled_operations_are_listed_by_their_status(shopify):
    """status:canceled, in Shopify's spelling of it, finds what was cancelled."""
    order_fault(shopify, "bulk_stalled")
    gid = shopify.bulk(ORDERS)["bulkOperation"]["id"]
    shopify.data(CANCEL, id=gid)
    shopify.finished(gid)
    query = '{ bulkOperations(first: 5, query: "status:canceled") { nodes { id } } }'

    assert shopify.data(query)["bulkOperations"]["nodes"] == [{"id": gid}]


def test_result_is_as_long_as_it_says(shopify):
    """Counts are strings and agree with the file's lines, roots and bytes."""
    operation = shopify.finished(shopify.bulk(ORDERS)["bulkOperation"]["id"])
    content = requests.get(operation["url"], timeout=10).content
    rows = [json.loads(row) for row in content.splitlines()]

    assert operation["objectCount"] == str(len(rows))
    assert operation["rootObjectCount"] == str(sum("__parentId" not in row for row in rows))
    assert operation["fileSize"] == str(len(content))


def test_slashes_are_escaped(shopify):
    """Every slash in a result is written with a backslash before it."""
    operation = shopify.finished(shopify.bulk(ORDERS)["bulkOperation"]["id"])
    text = requests.get(operation["url"], timeout=10).text

    assert "gid:\\/\\/shopify\\/Order\\/101" in text
    assert text.count("/") == text.count("\\/")


def test_result_is_an_attachment_behind_its_own_token(shopify):
    """The result needs no access token but the one in its address."""
    operation = shopify.finished(shopify.bulk(ORDERS)["bulkOperation"]["id"])
    number = operation["id"].rpartition("/")[2]
    answer = requests.get(operation["url"], timeout=10)

    assert f'filename="bulk-{number}.jsonl"' in answer.headers["content-disposition"]
    bare = operation["url"].partition("?")[0]
    for query in ("", "?token=wrong", "?token=f%C3%A4lsch"):
        assert requests.get(bare + query, timeout=10).status_code == 403


def test_no_results_have_no_address(shopify):
    """An operation that finds nothing completes without a url."""
    query = "{ abandonedCheckouts { edges { node { id } } } }"
    operation = shopify.finished(shopify.bulk(query)["bulkOperation"]["id"])

    assert (operation["status"], operation["url"]) == ("COMPLETED", None)
    assert operation["objectCount"] == "0"


def test_filter_applies(shopify):
    """The query argument of a bulk query filters as it does on pages."""
    rows = shopify.lines('{ orders(query: "id:>=106") { edges { node { id } } } }')

    assert [row["id"] for row in rows] == ["gid://shopify/Order/106", "gid://shopify/Order/107"]


def test_interfaces_name_their_types(shopify):
    """Nodes of an interface carry the type that the store gives them."""
    rows = shopify.lines(
        "{ products { edges { node { id media { nodes { __typename id alt } } } } } }"
    )

    assert rows[1]["__typename"] == "Video"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ shop { name } }", "at least one connection"),
        ("{ orders { edges { node { id ", "Syntax Error"),
        ("{ orders { edges { node { nonsense } } } }", "nonsense"),
        ("query ($q: String) { orders(query: $q) { nodes { id } } }", "variables"),
        ("mutation { bulkOperationCancel(id: 1) { userErrors { message } } }", "query"),
        ("{ orders { nodes { id } } products { nodes { id } } }", "one top-level field"),
        ("{ nodes(ids: []) { id } }", "top-level node"),
        ("{ bulkOperations { nodes { id } } }", "bulkOperations"),
        (
            '{ product(id: "gid://shopify/Product/31") { id variants { nodes { id } } } }',
            "product",
        ),
        ("{ orders { nodes { name lineItems { nodes { id } } } } }", "select the 'id' field"),
        (
            "{ orders { nodes { id refunds { id refundLineItems { nodes { id } } } } } }",
            "within a list field",
        ),
        (
            "{ orders { nodes { id lineItems { nodes { id } } shippingLines { nodes { id } }"
            " agreements { nodes { id sales { nodes { id } } } } a: lineItems { nodes { id } }"
            " } } }",
            "more than 5 connections",
        ),
    ],
)
def test_invalid_bulk_query_is_refused(corner, query, message):
    """A document against the rules starts nothing and gives a user error INVALID."""
    answer = corner.bulk(query)

    assert answer["bulkOperation"] is None
    assert answer["userErrors"][0]["code"] == "INVALID"
    assert message in " ".join(error["message"] for error in answer["userErrors"])


def test_operations_are_listed_with_their_text(shopify):
    """bulkOperations lists operations by status, with the comment in their document."""
    gid = shopify.bulk(f"# mine\n{ORDERS}")["bulkOperation"]["id"]
    shopify.finished(gid)
    listing = (
        "query ($q: String) { bulkOperations(first: 5, query: $q) { nodes { id query } } }"
    )
    completed = shopify.data(listing, q="status:completed operation_type:query")

    assert [node["id"] for node in completed["bulkOperations"]["nodes"]] == [gid]
    assert completed["bulkOperations"]["nodes"][0]["query"].startswith("# mine")
    assert shopify.data(listing, q="status:running")["bulkOperations"]["nodes"] == []


def test_node_finds_a_bulk_operation(shopify):
    """node(id) answers a bulk operation as any version does."""
    gid = shopify.bulk(ORDERS)["bulkOperation"]["id"]
    query = "query ($id: ID!) { node(id: $id) { ... on BulkOperation { id type } } }"

    assert shopify.data(query, id=gid)["node"] == {"id": gid, "type": "QUERY"}


def test_ended_operation_cannot_be_cancelled(shopify):
    """Cancelling what has completed gives a user error."""
    gid = shopify.bulk(ORDERS)["bulkOperation"]["id"]
    shopify.finished(gid)
    answer = shopify.data(CANCEL, id=gid)["bulkOperationCancel"]

    assert answer["bulkOperation"]["status"] == "COMPLETED"
    assert "completed" in answer["userErrors"][0]["message"]


def test_operation_that_breaks_has_failed(shopify):
    """A node that cannot be written ends the operation as FAILED; none stays under way."""
    broken: dict[str, Any] = {"id": "gid://shopify/Order/102", "lineItems": {"nodes": 7}}
    requests.post(f"{shopify.url}/_sandbox/shopify/orders", json=broken, timeout=10)
    operations = [
        shopify.finished(shopify.bulk(ORDERS)["bulkOperation"]["id"]) for _ in range(6)
    ]

    assert {operation["status"] for operation in operations} == {"FAILED"}
    assert {operation["errorCode"] for operation in operations} == {"INTERNAL_SERVER_ERROR"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [("bulk_failed", "FAILED"), ("bulk_empty", "COMPLETED"), ("bulk_truncated", "COMPLETED")],
)
def test_ordered_fault_happens_once(shopify, kind, status):
    """A fault that was ordered spoils the next result and not the one after it."""
    whole = shopify.lines(ORDERS)
    order_fault(shopify, kind)
    spoilt = shopify.finished(shopify.bulk(ORDERS)["bulkOperation"]["id"])
    content = requests.get(spoilt["url"], timeout=10).content if spoilt["url"] else b""

    assert spoilt["status"] == status
    assert spoilt["fileSize"] is None or int(spoilt["fileSize"]) > len(content)
    assert shopify.lines(ORDERS) == whole
