"""What queries cost, what happens when points or scopes are missing."""

from __future__ import annotations

import re

import pytest
from graphql import OperationDefinitionNode, parse

from sandbox.shopify.cost.pricing import Pricing

ORDERS = "query ($first: Int!) { orders(first: $first) { nodes { id customer { id } } } }"


def test_answer_states_its_cost(shopify):
    """extensions.cost holds the asked and the real cost and the bucket."""
    cost = shopify.ask(ORDERS, first=250)["extensions"]["cost"]

    assert cost["requestedQueryCost"] == 2 + 11 * 2
    assert cost["actualQueryCost"] == 2 + 3 * 2
    assert cost["throttleStatus"]["maximumAvailable"] == 20000


@pytest.mark.shared
def test_costs_agree_with_the_reference(shared):
    """Our formula gives the estimates that the reference's documents were measured with."""
    folder = shared / "reference/shopify-queries"
    text = (folder / "VALIDATION.txt").read_text()
    stated = dict(re.findall(r"^(\S+).*est\.cost\(first=250\)=(\d+)", text, re.MULTILINE))
    sizes = {"first": 250, "lineItemsFirst": 50, "addressesFirst": 10}
    # the reference does not say which nested sizes these two were estimated with
    for name in stated.keys() - {"products_page.graphql", "order_refunds_page.graphql"}:
        document = parse((folder / name).read_text())
        operation = document.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)
        assert Pricing(document, sizes).price(operation) == int(stated[name]), name


def test_empty_bucket_throttles(serve):
    """Too few points give THROTTLED with HTTP 200, no data and the bucket's state."""
    shopify = serve(shopify_rate=0.001, shopify_bucket=20.0)
    answer = shopify.post(ORDERS, {"first": 250})

    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in answer.json()
    assert answer.json()["extensions"]["cost"]["actualQueryCost"] is None


def test_points_come_back(serve):
    """What a query did not need returns to the bucket at once."""
    shopify = serve(shopify_rate=0.001, shopify_bucket=24.0)
    cost = shopify.ask(ORDERS, first=250)["extensions"]["cost"]

    assert cost["throttleStatus"]["currentlyAvailable"] == 24 - cost["actualQueryCost"]


def test_too_costly_query_is_refused(shopify):
    """More than 1,000 points is refused before it runs."""
    document = """{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id
      product { id } variant { id } taxLines { title } customAttributes { key }
      discountAllocations { allocatedAmountSet { shopMoney { amount } } } sellingPlan { name }
      weight { value } } } } } }"""
    error = shopify.ask(document)["errors"][0]

    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["maxCost"] == 1000


@pytest.mark.parametrize(
    ("query", "scope"),
    [
        ("{ orders(first: 1) { nodes { id } } }", "read_orders"),
        ("{ ordersCount { count } }", "read_orders"),
        ("{ abandonedCheckouts(first: 1) { nodes { id } } }", "read_orders"),
        ('{ customer(id: "gid://shopify/Customer/21") { id } }', "read_customers"),
        ('{ node(id: "gid://shopify/Product/31") { id } }', "read_products"),
        ("{ shopLocales { locale } }", "read_locales"),
    ],
)
def test_missing_scope_is_named(serve, query, scope):
    """A field without its scope is null, and ACCESS_DENIED names the scope."""
    answer = serve(shopify_scopes=("read_locations",)).ask(query)

    assert set(answer["data"].values()) == {None}
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert scope in answer["errors"][0]["message"]


def test_a_shop_without_languages_of_its_own_has_english(serve):
    """English is its primary language, and published."""
    shown = "shopLocales(published: true) { name }"

    answer = serve().ask(f"{{ all: shopLocales {{ locale primary }} shown: {shown} }}")

    assert answer["data"] == {
        "all": [{"locale": "en", "primary": True}],
        "shown": [{"name": "English"}],
    }


def test_bulk_without_scope_fails(serve):
    """A bulk query over what the app may not read ends FAILED with ACCESS_DENIED."""
    shopify = serve(shopify_scopes=("read_orders",))
    query = "{ orders { edges { node { id customer { id } } } } }"
    operation = shopify.finished(shopify.bulk(query)["bulkOperation"]["id"])

    assert (operation["status"], operation["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_old_orders_vanish_without_read_all_orders(serve):
    """Orders older than 60 days are not listed, counted or found without the scope."""
    shopify = serve(shopify_scopes=("read_orders",))
    found = shopify.data(
        "{ orders(first: 50) { nodes { name } } ordersCount { count }"
        ' old: order(id: "gid://shopify/Order/101") { id } }'
    )

    assert "#101" not in [node["name"] for node in found["orders"]["nodes"]]
    assert found["ordersCount"]["count"] == 6
    assert found["old"] is None


def test_installation_lists_the_scopes(serve):
    """currentAppInstallation names what the app was granted."""
    found = serve(shopify_scopes=("read_orders",)).data(
        "{ currentAppInstallation { accessScopes { handle } } }"
    )

    assert found["currentAppInstallation"]["accessScopes"] == [{"handle": "read_orders"}]
