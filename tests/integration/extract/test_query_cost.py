"""What documents cost: our price against the sandbox's bill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from graphql import NonNullTypeNode, OperationDefinitionNode, parse, print_ast

from extract.shopify.documents import FOLDER, bulk_document, document
from extract.shopify.query_cost import price
from sandbox.server import Sandbox

SENT = sorted(
    path.stem
    for path in FOLDER.glob("*.graphql")
    if path.stem != "fragments" and not path.stem.endswith("_bulk")
)
SIZES = [(250, 100), (100, 50), (7, 3), (2, 2), (1, 1)]


def realistic(text: str, first: int, nested: int) -> dict[str, Any]:
    """Variables for a document, by the types that it declares."""
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    values: dict[str, Any] = {}
    for defined in operation.variable_definitions:
        name, kind = defined.variable.name.value, print_ast(defined.type).rstrip("!")
        if kind == "Int":
            values[name] = nested if name == "nested" else first
        elif name == "document":
            values[name] = bulk_document("orders", search=None, tag="test")
        elif isinstance(defined.type, NonNullTypeNode):
            value = "gid://shopify/Refund/71" if "ID" in kind else ""
            values[name] = [value] * first if kind.startswith("[") else value
    return values


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks a sandbox of its own what a document with variables costs."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "shop.json").write_text(
        '{"id": "gid://shopify/Shop/1", "myshopifyDomain": "corner.myshopify.com", '
        '"currencyCode": "EUR", "createdAt": "2025-01-01T00:00:00Z", '
        '"_now": "2026-11-23T00:00:00Z"}'
    )
    for name in ("products", "customers", "orders", "abandoned_checkouts", "events"):
        (folder / f"{name}.jsonl").touch()
    with Sandbox(folder) as sandbox, requests.Session() as session:
        grant = {
            "grant_type": "client_credentials",
            "client_id": sandbox.env["SHOPIFY_CLIENT_ID"],
            "client_secret": sandbox.env["SHOPIFY_CLIENT_SECRET"],
        }
        granted = session.post(f"{sandbox.url}/admin/oauth/access_token", data=grant).json()
        headers = {"X-Shopify-Access-Token": granted["access_token"]}

        def ask(text: str, variables: dict[str, Any]) -> int:
            url = f"{sandbox.url}/admin/api/2026-10/graphql.json"
            body: dict[str, Any] = {"query": text, "variables": variables}
            answer = session.post(url, headers=headers, json=body).json()
            refused = (answer.get("errors") or [{}])[0].get("extensions") or {}
            if refused.get("code") == "MAX_COST_EXCEEDED":
                return int(refused["cost"])
            return int(answer["extensions"]["cost"]["requestedQueryCost"])

        yield ask


@pytest.mark.parametrize("name", SENT)
def test_price_is_what_is_charged(name: str, bill: Any) -> None:
    """Every document that is sent is priced as the sandbox prices it, at every page size."""
    text = document(name)
    for first, nested in SIZES:
        variables = realistic(text, first, nested)

        assert price(text, variables) == bill(text, variables), (first, nested)
