"""Faults of single GraphQL requests: what a client sees of each."""

from __future__ import annotations

import time

import pytest
import requests

SHOP = "query Shop { shop { name } }"
ORDERS = "query OrdersPage { orders(first: 2) { nodes { name email } } ordersCount { count } }"
BULK = "# cartwheel 7c1e orders\n{ orders { edges { node { id } } } }"
OPERATIONS = "{ bulkOperations(first: 5) { nodes { query } } }"


@pytest.mark.parametrize(
    ("kind", "status"), [("unavailable", 503), ("too_many_requests", 429), ("no_json", 200)]
)
def test_request_is_refused_and_the_next_is_answered(shopify, kind, status):
    """A refusal comes without data, once, and carries a request id as every answer does."""
    shopify.misbehave(kind)
    refused, answered = shopify.post(SHOP), shopify.post(SHOP)

    assert refused.status_code == status
    assert "Corner shop" not in refused.text
    assert refused.headers["X-Request-Id"]
    assert answered.json()["data"] == {"shop": {"name": "Corner shop"}}


def test_too_many_requests_says_when_to_come_back(shopify):
    """429 carries Retry-After in seconds, as ordered or else 2, with decimals as Shopify."""
    shopify.misbehave("too_many_requests", seconds=0.5)
    shopify.misbehave("too_many_requests")
    waits = [shopify.post(SHOP).headers["Retry-After"] for _ in range(2)]

    assert waits == ["0.5", "2.0"]


def test_no_json_is_a_page(shopify):
    """A page instead of an answer is HTML that no JSON reader takes."""
    shopify.misbehave("no_json")
    answer = shopify.post(SHOP)

    assert answer.headers["Content-Type"].startswith("text/html")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_reset_ends_the_connection_without_an_answer(shopify):
    """The connection is reset before anything was done or answered."""
    shopify.misbehave("reset")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        shopify.bulk(BULK)

    assert shopify.data(OPERATIONS)["bulkOperations"]["nodes"] == []


def test_lost_reply_leaves_the_mutation_done(shopify):
    """The connection is reset after the bulk operation was started."""
    shopify.misbehave("lost_reply")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        shopify.bulk(BULK)

    assert shopify.data(OPERATIONS)["bulkOperations"]["nodes"] == [{"query": BULK}]


def test_cut_short_breaks_off_in_the_body(shopify):
    """Headers and the first half of the body come, then the connection ends."""
    whole = shopify.post(ORDERS).content
    shopify.misbehave("cut_short")
    answer = requests.post(
        f"{shopify.url}/admin/api/2026-10/graphql.json",
        json={"query": ORDERS},
        headers={"X-Shopify-Access-Token": shopify.token},
        timeout=10,
        stream=True,
    )
    received = b""
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):  # noqa: PT012 - what came before counts
        for chunk in answer.iter_content(1):
            received += chunk

    assert answer.status_code == 200
    assert 0 < len(received) < int(answer.headers["Content-Length"])
    assert received == whole[: len(received)]


def test_slow_answer_comes_late_and_whole(shopify):
    """An answer comes as many seconds later as were ordered."""
    shopify.misbehave("slow", seconds=0.4)
    began = time.monotonic()
    answer = shopify.data(SHOP)

    assert time.monotonic() - began >= 0.4
    assert answer["shop"]["name"] == "Corner shop"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("throttled", "THROTTLED"), ("internal_error", "INTERNAL_SERVER_ERROR")],
)
def test_graphql_error_has_no_data(shopify, kind, code):
    """HTTP 200 with an error's code and no data at all."""
    shopify.misbehave(kind)
    answer = shopify.post(SHOP)

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert "data" not in answer.json()


def test_partial_data_lacks_the_first_root_field(shopify):
    """The first root field is null, an error has its path, the other fields are there."""
    shopify.misbehave("partial_data")
    answer = shopify.ask(ORDERS)

    assert answer["data"] == {"orders": None, "ordersCount": {"count": 7}}
    assert [error["path"] for error in answer["errors"]] == [["orders"]]


def test_access_denied_hides_protected_fields(shopify):
    """Protected fields are null, each with an ACCESS_DENIED error of its path."""
    shopify.misbehave("access_denied")
    answer = shopify.ask(ORDERS)

    assert answer["data"]["orders"]["nodes"] == [
        {"name": "#101", "email": None},
        {"name": "#102", "email": None},
    ]
    assert [error["path"] for error in answer["errors"]] == [
        ["orders", "nodes", 0, "email"],
        ["orders", "nodes", 1, "email"],
    ]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"ACCESS_DENIED"}


def test_access_denied_waits_for_a_request_with_protected_fields(shopify):
    """A request that asks for none is answered, and the fault stays ordered."""
    shopify.misbehave("access_denied")
    shopify.data(SHOP)

    assert "errors" in shopify.ask(ORDERS)


def test_fault_hits_only_what_it_is_aimed_at(shopify):
    """A document without the text passes, one with it is hit."""
    shopify.misbehave("unavailable", where="OrdersPage")
    statuses = [shopify.post(document).status_code for document in (SHOP, ORDERS, ORDERS)]

    assert statuses == [200, 503, 200]


def test_start_of_a_bulk_operation_is_aimed_at_by_its_query(shopify):
    """The bulk query among the variables of the mutation counts as its text."""
    shopify.misbehave("unavailable", where="7c1e orders")

    assert shopify.post(SHOP).status_code == 200
    mutation = "mutation ($q: String!) { bulkOperationRunQuery(query: $q) { __typename } }"
    assert shopify.post(mutation, {"q": BULK}).status_code == 503


def test_fault_lets_chances_pass_first(shopify):
    """After two matching requests the third and the fourth are hit; others do not count."""
    shopify.misbehave("unavailable", where="OrdersPage", after=2, times=2)
    documents = (ORDERS, SHOP, ORDERS, SHOP, ORDERS, ORDERS, ORDERS)
    statuses = [shopify.post(document).status_code for document in documents]

    assert statuses == [200, 200, 200, 200, 503, 503, 200]


def test_faults_still_to_happen_are_shown(shopify):
    """GET lists what has not happened yet, with how often; DELETE empties the list."""
    shopify.misbehave("unavailable", times=2)
    shopify.misbehave("slow", where="OrdersPage", seconds=3)
    shopify.post(SHOP)
    pending = shopify.control("faults", method="GET").json()
    shopify.control("faults", method="DELETE")

    assert [(fault["kind"], fault["times"], fault["where"]) for fault in pending] == [
        ("unavailable", 1, ""),
        ("slow", 1, "OrdersPage"),
    ]
    assert shopify.control("faults", method="GET").json() == []


@pytest.mark.parametrize("wrong", [{"were": "OrdersPage"}, {"after": -1}, {"seconds": "soon"}])
def test_fault_that_is_misspelt_is_refused(shopify, wrong):
    """What a fault does not take is refused by name; nothing is ordered."""
    answer = shopify.control("faults", {"kind": "unavailable", **wrong})

    assert answer.status_code == 400
    assert shopify.post(SHOP).status_code == 200
