"""Refunds with their lines, which no bulk operation can give: page by page, by order id.

What is to do follows from the warehouse alone: the refunds that orders list against
those that are held, so that a run that was killed in between is made good by the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract.client import Shopify
from extract.manifest import Connection, Reading, Run
from extract.statements import statement

ORDERS_A_PAGE, NESTED = 50, 50  # about 400 points of the 1,000 that one query may cost
IN_FLIGHT = 3

Node = dict[str, Any]
# each connection of a refund, and the document that reads the rest of it
CONNECTIONS = {
    "refundLineItems": "refund_line_items_rest",
    "refundShippingLines": "refund_shipping_lines_rest",
    "orderAdjustments": "order_adjustments_rest",
    "transactions": "refund_transactions_rest",
}


@dataclass(frozen=True)
class RefundPages:
    """The spooled refunds: how many lines, and what reading them took."""

    lines: int
    reading: Reading


def orders_to_read(connection: Connection, run: Run, since: datetime | None) -> list[str]:
    """The ids of orders whose refunds are not those held.

    Considers the orders landed at or after since (UTC), None for all of them.
    """
    connection.execute("set variable shop = ?", [run.shop])
    connection.execute("set variable since = ?::timestamp", [since])
    return [row[0] for row in connection.execute(statement("refunds_to_do")).fetchall()]


def fetch_refunds(shopify: Shopify, order_ids: list[str], spool: Path) -> RefundPages:
    """Write the refunds of these orders to spool, as flat as a bulk operation would.

    A line with just its id for each order, one for each refund and for each node of a
    refund's connections, drained to the end.
    """
    started_at, sent = datetime.now(UTC), shopify.requests_sent
    pages = [
        order_ids[start : start + ORDERS_A_PAGE]
        for start in range(0, len(order_ids), ORDERS_A_PAGE)
    ]
    lines = 0
    with ThreadPoolExecutor(IN_FLIGHT) as pool, spool.open("w", encoding="utf-8") as file:
        for orders in pool.map(lambda ids: _orders(shopify, ids), pages):
            for order in orders:
                for node in _flat(shopify, order):
                    file.write(
                        json.dumps(node, ensure_ascii=False, separators=(",", ":")) + "\n"
                    )
                    lines += 1
    reading = Reading(started_at, shopify.requests_sent - sent, spool.stat().st_size)
    return RefundPages(lines, reading)


def _orders(shopify: Shopify, order_ids: list[str]) -> list[Node]:
    search = " OR ".join(f"id:{id_.rsplit('/', 1)[-1]}" for id_ in order_ids)
    found: list[Node] = []
    after = None
    while True:
        variables = {"filter": search, "first": ORDERS_A_PAGE, "after": after, "nested": NESTED}
        page = shopify.query("refunds_page", variables)["orders"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _flat(shopify: Shopify, order: Node) -> Iterator[Node]:
    yield {"id": order["id"]}
    for refund in order["refunds"]:
        scalars = {name: value for name, value in refund.items() if name not in CONNECTIONS}
        yield {**scalars, "__parentId": order["id"]}
        for field, rest in CONNECTIONS.items():
            for position, node in enumerate(_drained(shopify, refund, field, rest)):
                yield {**node, "id": node["id"] or _made_up(refund, position)} | {
                    "__parentId": refund["id"]
                }


def _drained(shopify: Shopify, refund: Node, field: str, rest: str) -> Iterator[Node]:
    connection = refund[field]
    while True:
        yield from connection["nodes"]
        if not connection["pageInfo"]["hasNextPage"]:
            return
        variables = {"id": refund["id"], "after": connection["pageInfo"]["endCursor"]}
        connection = shopify.query(rest, variables)["refund"][field]


def _made_up(refund: Node, position: int) -> str:
    """An id for a refund's line, the only node here whose id the schema lets be null."""
    return f"gid://shopify/RefundLineItem/{refund['id'].rsplit('/', 1)[-1]}-{position}"
