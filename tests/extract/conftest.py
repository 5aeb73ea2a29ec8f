"""A run against a warehouse of its own, files like Shopify's, and a small shop that serves."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cartwheel.settings import Settings
from cartwheel.warehouse import open_warehouse
from extract.manifest import Run, create_tables
from sandbox.server import Sandbox

Node = dict[str, Any]
FIRST_DAY, LAST_DAY = "2026-03-02T10:00:00Z", "2026-11-20T10:00:00Z"


def gid(kind: str, number: int) -> str:
    """A global id."""
    return f"gid://shopify/{kind}/{number}"


def money(amount: str) -> Node:
    """An amount in euros, the shop's currency and the buyer's."""
    one = {"amount": amount, "currencyCode": "EUR"}
    return {"shopMoney": one, "presentmentMoney": one}


def connection(*nodes: Node) -> Node:
    """Nodes as a connection that holds them all."""
    return {"nodes": list(nodes), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def node(of: str, tail: int, /, **fields: Any) -> Node:
    """A node with the ids that all have."""
    return {"id": gid(of, tail), "legacyResourceId": str(tail), **fields}


def order(
    number: int, lines: int, at: str = FIRST_DAY, refunds: list[Node] | None = None
) -> Node:
    """An order of so many lines, of one euro each, and the agreement that it began with."""
    line_nodes = [
        node("LineItem", number * 1000 + line, quantity=1, originalTotalSet=money("1.0"))
        for line in range(lines)
    ]
    sales = [
        {
            "__typename": "ProductSale",
            "id": gid("ProductSale", number * 1000 + line),
            "actionType": "ORDER",
            "lineType": "PRODUCT",
            "quantity": 1,
            "totalAmount": money("1.0"),
            "lineItem": {"id": gid("LineItem", number * 1000 + line)},
        }
        for line in range(lines)
    ]
    agreement = {
        "__typename": "OrderAgreement",
        "id": gid("OrderAgreement", number),
        "happenedAt": at,
        "reason": "ORDER",
        "sales": connection(*sales),
    }
    return node(
        "Order",
        number,
        name=f"#{number}",
        number=number,
        email=f"buyer{number}@shop.example",
        createdAt=at,
        processedAt=at,
        updatedAt=at,
        test=False,
        refunds=refunds or [],
        lineItems=connection(*line_nodes),
        agreements=connection(agreement),
    )


def refund(number: int, order_number: int, lines: int, at: str = FIRST_DAY) -> Node:
    """A refund with so many lines, 7 shipping lines, 6 adjustments and 8 transactions."""

    def children(of: str, count: int, /, **fields: Any) -> Node:
        return connection(*(node(of, number * 1000 + i, **fields) for i in range(count)))

    amounts = {"amountSet": money("1.0"), "taxAmountSet": money("0.0")}
    return node(
        "Refund",
        number,
        createdAt=at,
        processedAt=at,
        updatedAt=at,
        note=None,
        totalRefundedSet=money("1.0"),
        duties=None,
        refundLineItems=children(
            "RefundLineItem",
            lines,
            quantity=1,
            restockType="RETURN",
            restocked=True,
            lineItem={"id": gid("LineItem", order_number * 1000)},
            priceSet=money("1.0"),
            subtotalSet=money("1.0"),
            totalTaxSet=money("0.0"),
        ),
        refundShippingLines=children(
            "RefundShippingLine", 7, subtotalAmountSet=money("1.0"), taxAmountSet=money("0.0")
        ),
        orderAdjustments=children("OrderAdjustment", 6, reason="OTHER", **amounts),
        transactions=children(
            "OrderTransaction", 8, kind="REFUND", status="SUCCESS", amountSet=money("1.0")
        ),
    )


def write_store(folder: Path) -> Path:
    """Write the store: 3 orders with 6 lines, 1 refund, 2 products, 2 customers, 1 checkout."""
    shop = {
        "id": gid("Shop", 1),
        "name": "Corner",
        "myshopifyDomain": "corner.myshopify.com",
        "primaryDomain": {"host": "corner.example", "url": "https://corner.example"},
        "ianaTimezone": "Europe/Berlin",
        "currencyCode": "EUR",
        "enabledPresentmentCurrencies": ["EUR"],
        "taxesIncluded": True,
        "weightUnit": "KILOGRAMS",
        "createdAt": "2025-01-01T00:00:00Z",
        "updatedAt": "2025-01-01T00:00:00Z",
        "plan": {
            "publicDisplayName": "Basic",
            "partnerDevelopment": False,
            "shopifyPlus": False,
        },
        "_now": "2026-11-23T00:00:00Z",
    }
    variant = node("ProductVariant", 31, title="Small", price="1.00", updatedAt=FIRST_DAY)
    picture = {"__typename": "MediaImage", "id": gid("MediaImage", 41), "alt": None}
    address = {"id": gid("MailingAddress", 51) + "?model_name=CustomerAddress", "city": "Ulm"}
    times = {"createdAt": FIRST_DAY, "updatedAt": FIRST_DAY}
    files: dict[str, list[Node]] = {
        "products": [
            node(
                "Product",
                21,
                title="Cup",
                **times,
                variants=connection(variant),
                media=connection(picture),
            ),
            node(
                "Product", 22, title="Jug", **times, variants=connection(), media=connection()
            ),
        ],
        "customers": [
            node("Customer", 11, firstName="Ada", **times, addressesV2=connection(address)),
            node("Customer", 12, firstName="Bo", **times, addressesV2=connection()),
        ],
        "orders": [
            order(1, lines=3),
            order(2, lines=1, refunds=[refund(71, 2, lines=120)]),
            order(3, lines=2, at=LAST_DAY),
        ],
        "abandoned_checkouts": [
            node(
                "AbandonedCheckout",
                61,
                name="#C61",
                **times,
                lineItems=connection(node("AbandonedCheckoutLineItem", 62, quantity=1)),
            )
        ],
        "events": [],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.json").write_text(json.dumps(shop), encoding="utf-8")
    for name, nodes in files.items():
        text = "".join(json.dumps(found) + "\n" for found in nodes)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of one shop, whose clock stands still."""
    settings = Settings(
        warehouse=tmp_path / "warehouse.duckdb", shop="corner.myshopify.com", now=NOW
    )
    return Run(settings)


@pytest.fixture
def warehouse(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    """The run's warehouse, open, with every table of extract."""
    with open_warehouse(run.settings.warehouse) as connection:
        create_tables(connection)
        yield connection


class Deliveries:
    """Writes node lines as a bulk operation does: slashes escaped, parents by id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written = 0

    def write(self, *nodes: dict[str, Any]) -> Path:
        """A new file with one line a node."""
        self.written += 1
        path = self.folder / f"delivery-{self.written}.jsonl"
        lines = [json.dumps(node).replace("/", "\\/") for node in nodes]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    """Where test files are written."""
    return Deliveries(tmp_path)


@dataclass
class Shop:
    """The small shop, served; settings reach it, and the warehouse is the test's own."""

    url: str
    settings: Settings

    def get(self, resource: str, number: int) -> Node:
        """A node of the store, whole."""
        return self._send("GET", f"{resource}/{number}")

    def put(self, resource: str, changed: Node) -> None:
        """Change a node or add one."""
        self._send("POST", resource, changed)

    def delete(self, resource: str, number: int) -> None:
        """Remove a node from the store."""
        self._send("DELETE", f"{resource}/{number}")

    def misbehave(self, kind: str, times: int = 1, **more: Any) -> None:
        """Order a fault of sandbox/shopify/faults.py; more as in sandbox/faults.py."""
        self._send("POST", "faults", {"kind": kind, "times": times, **more})

    def behave(self) -> None:
        """Forget the faults that were ordered."""
        self._send("DELETE", "faults")

    def revoke_tokens(self) -> None:
        """End every access token that was given out."""
        self._send("DELETE", "tokens")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the warehouse."""
        with open_warehouse(self.settings.warehouse, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def _send(self, method: str, path: str, body: Node | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/_sandbox/shopify/{path}",
            data=json.dumps(body).encode() if body else None,
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None


class StandingClock:
    """A clock that moves only when someone sleeps, and notes for how long."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.now += seconds
        self.waits.append(seconds)


@pytest.fixture
def clock() -> StandingClock:
    """A clock for whoever would have to wait."""
    return StandingClock()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """Serves the small shop, with the sandbox's options, until the test ends."""
    open_sandboxes: list[Sandbox] = []

    def start(**options: Any) -> Shop:
        sandbox = Sandbox(write_store(tmp_path / "store"), **options)
        sandbox.__enter__()
        open_sandboxes.append(sandbox)
        warehouse = {"CARTWHEEL_WAREHOUSE": str(tmp_path / "warehouse.duckdb")}
        return Shop(sandbox.url, Settings.read(environ={**sandbox.env, **warehouse}))

    yield start
    for sandbox in open_sandboxes:
        sandbox.__exit__(None, None, None)


@pytest.fixture
def shop(serve: Callable[..., Shop]) -> Shop:
    """The small shop, well-behaved."""
    return serve()
