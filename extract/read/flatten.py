"""Flattens the nodes of pages to lines like a bulk operation's, and completes them.

A bulk operation writes each node of a connection on a line of its own, with __parentId;
so does this, so that both ways in land the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extract.shopify.client import Shopify
from extract.shopify.resources import Resource, Table

Node = dict[str, Any]


@dataclass(frozen=True)
class Position:
    """A node's place: its table, the nearest id above it that Shopify can look up, and the
    cursor before it in its connection (None for the first)."""

    table: str
    owner: str
    behind: str | None = None


def flatten(shopify: Shopify, resource: Resource, root: Node) -> Iterator[Node]:
    """Yield a root node and everything below it, parents before children, to the last page.

    Takes the connections out of the nodes that it is given.
    """
    yield from _flat(shopify, resource, root, Position("", root["id"]))


def _flat(shopify: Shopify, resource: Resource, node: Node, place: Position) -> Iterator[Node]:
    parent_id = node.pop("__parentId", None)
    below = [(table, node.pop(table.field)) for table in resource.below(place.table)]
    yield node if parent_id is None else {**node, "__parentId": parent_id}
    for table, found in below:
        owner = place.owner if table.below_no_node else node["id"]
        nodes = enumerate(
            _nodes(shopify, table, found, Position(table.name, owner, place.behind))
        )
        for position, (child, behind) in nodes:
            child["id"] = child["id"] or _synthetic_id(table, node["id"], position)
            child["__parentId"] = node["id"]
            yield from _flat(shopify, resource, child, Position(table.name, owner, behind))


def _nodes(
    shopify: Shopify, table: Table, found: Any, place: Position
) -> Iterator[tuple[Node, str | None]]:
    """All nodes of a connection, or of a plain list, each with the cursor before it."""
    if isinstance(found, list):
        yield from ((node, None) for node in found)
        return
    behind: str | None = None
    while True:
        for edge in _edges(found):
            yield edge["node"], behind
            behind = edge.get("cursor")
        if not found["pageInfo"]["hasNextPage"]:
            return
        variables = {"id": place.owner, "after": found["pageInfo"]["endCursor"]}
        if table.below_no_node:
            variables["agreement"] = place.behind
        rest = _rest(shopify.query(f"{table.name}_rest", variables), table)
        if rest is None:
            return  # deleted while it was read: the sweep finds it
        found = rest


def _edges(connection: Node) -> list[Node]:
    if "edges" in connection:
        edges: list[Node] = connection["edges"]
        return edges
    return [{"node": node} for node in connection["nodes"]]


def _rest(data: Node, table: Table) -> Node | None:
    """The connection in the answer to a rest document; None if its parent was deleted."""
    (parent,) = data.values()
    if parent and table.below_no_node:
        (siblings,) = parent.values()
        parent = next(iter(siblings["nodes"]), None)
    return parent[table.field] if parent else None


def _synthetic_id(table: Table, parent_id: str, position: int) -> str:
    """An id for a refund's line, the only node whose id may be null by the schema."""
    kind = table.kinds[0] if table.kinds else table.name
    return f"gid://shopify/{kind}/{parent_id.rsplit('/', 1)[-1]}-{position}"
