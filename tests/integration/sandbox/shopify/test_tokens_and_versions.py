"""Tokens, the served version, and what a request needs to be answered at all."""

from __future__ import annotations

import pytest
import requests

SHOP = "{ shop { name } }"
STABLE = ("2026-01", "2026-04", "2026-07", "2026-10")
# read from Shopify's introspections of the four versions
GATES = [
    ("{ orders(first: 1) { nodes { cartToken } } }", STABLE[2:]),
    ("{ orders(first: 1) { nodes { checkoutToken } } }", STABLE[2:]),
    ("{ orders(first: 1) { nodes { attribution { handle } } } }", STABLE[2:]),
    (
        "{ orders(first: 1) { nodes { lineItems(first: 1) { nodes { weight { unit } } } } } }",
        STABLE[2:],
    ),
    (
        "{ customers(first: 1) { nodes {"
        " defaultPhoneNumber { smsMarketingConsent { state } } } } }",
        STABLE[3:],
    ),
    (
        "{ customers(first: 1) { nodes { defaultPhoneNumber { marketingState } } } }",
        STABLE,
    ),
    (
        "{ orders(first: 1) { nodes { lineItems(first: 1) { nodes {"
        " fulfillmentService { permitsSkuSharing } } } } } }",
        STABLE[:1],
    ),
]


def test_client_credentials_give_a_token_for_a_day(shopify):
    """The grant answers a token, its scopes and 86,399 seconds."""
    answer = shopify.grant().json()

    assert answer["expires_in"] == 86399
    assert "read_orders" in answer["scope"].split(",")
    assert shopify.post(SHOP, token=answer["access_token"]).status_code == 200


@pytest.mark.parametrize("secret", ["wrong", "fälsch"])
def test_wrong_secret_is_refused(shopify, secret):
    """A wrong client secret gives 400 and no token, whatever its letters."""
    answer = shopify.grant(client_secret=secret)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_client"


def test_wrong_token_gives_401(shopify):
    """A wrong token is answered 401 with Shopify's words."""
    answer = shopify.post(SHOP, token="shpat_wrong")

    assert answer.status_code == 401
    assert "Invalid API key or access token" in answer.json()["errors"]


def test_ended_token_gives_401(shopify):
    """A token that was ended is refused, and a new grant works again."""
    requests.delete(f"{shopify.url}/_sandbox/shopify/tokens", timeout=10)

    assert shopify.post(SHOP).status_code == 401
    assert shopify.post(SHOP, token=shopify.grant().json()["access_token"]).status_code == 200


def test_served_version_is_told(shopify):
    """The header names the version; one that cannot be had falls forward to the oldest."""
    versions = {
        asked: shopify.post(SHOP, version=asked).headers["X-Shopify-API-Version"]
        for asked in ("2026-10", "2026-07", "2024-01", "nonsense")
    }

    assert versions == {
        "2026-10": "2026-10",
        "2026-07": "2026-07",
        "2024-01": "2026-01",
        "nonsense": "2026-01",
    }


@pytest.mark.parametrize(("document", "having"), GATES)
def test_field_is_valid_in_the_versions_that_have_it(corner, document, having):
    """A field that came later, or was removed, is refused by the other versions."""
    valid = {
        version
        for version in STABLE
        if "errors" not in corner.post(document, version=version).json()
    }

    assert valid == set(having)


def test_fallen_forward_version_refuses_in_shopifys_words(shopify):
    """An expired version has the schema of the oldest one that can be had."""
    answer = shopify.post(
        "query Tokens { orders(first: 1) { nodes { token: cartToken } } }", version="2025-07"
    )

    assert answer.headers["X-Shopify-API-Version"] == "2026-01"
    assert answer.status_code == 200
    assert answer.json() == {
        "errors": [
            {
                "message": "Field 'cartToken' doesn't exist on type 'Order'",
                "locations": [{"line": 1, "column": 43}],
                "path": ["query Tokens", "orders", "nodes", "token"],
                "extensions": {
                    "code": "undefinedField",
                    "typeName": "Order",
                    "fieldName": "cartToken",
                },
            }
        ]
    }


def test_bulk_query_is_of_the_version_that_runs_it(shopify):
    """A bulk query with a later field is refused in an older version, and taken in a newer."""
    inner = "{ orders { edges { node { id cartToken } } } }"
    document = f"""mutation {{
      bulkOperationRunQuery(query: "{inner}") {{
        bulkOperation {{ id }} userErrors {{ code message }}
      }}
    }}"""
    older, newer = (
        shopify.post(document, version=version).json()["data"]["bulkOperationRunQuery"]
        for version in ("2026-04", "2026-07")
    )

    assert older["bulkOperation"] is None
    assert older["userErrors"] == [
        {
            "code": "INVALID",
            "message": "Invalid bulk query: Field 'cartToken' doesn't exist on type 'Order'",
        }
    ]
    assert newer["userErrors"] == []


def test_introspection_shows_the_versions_own_schema(shopify):
    """An older version does not show a type that came later."""
    document = '{ __type(name: "OrderAttribution") { name } }'
    shown = {
        version: shopify.post(document, version=version).json()["data"]["__type"]
        for version in ("2026-04", "2026-07")
    }

    assert shown == {"2026-04": None, "2026-07": {"name": "OrderAttribution"}}


def test_every_answer_has_a_request_id(shopify):
    """Two answers carry two request ids."""
    assert len({shopify.post(SHOP).headers["X-Request-Id"] for _ in range(2)}) == 2


def test_body_without_query_gives_400(shopify):
    """A body without a query is a bad request."""
    assert shopify.post(None).status_code == 400


@pytest.mark.parametrize("variables", [[1], "first"])
def test_variables_that_are_no_object_give_400(shopify, variables):
    """Variables in a list or a string are a bad request."""
    assert shopify.post(SHOP, variables).status_code == 400


def test_unknown_field_is_named(shopify):
    """A field that does not exist is a GraphQL error that names it, with HTTP 200."""
    answer = shopify.post("{ shop { nonsense } }")

    assert answer.status_code == 200
    assert "nonsense" in answer.json()["errors"][0]["message"]
