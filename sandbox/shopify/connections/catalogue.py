"""The root connections and counts: store entries filtered, ordered and paged."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from graphql import GraphQLError

from sandbox.core.clock import Clock
from sandbox.shopify.access.installation import is_visible, oldest_visible_order
from sandbox.shopify.connections import paging
from sandbox.shopify.connections.search import ByNumber, Predicate, Search, SearchSyntaxError
from sandbox.store.facts import FACTS, Node
from sandbox.store.store import Entry, Store

RESOURCE_OF_FIELD = {
    "orders": "orders",
    "customers": "customers",
    "products": "products",
    "abandonedCheckouts": "abandoned_checkouts",
    "events": "events",
}
# a part knows the root node that holds it by this field
_HOLDER_FIELD = {"Refund": "order", "ProductVariant": "product"}
# sort keys that are not a fact's name in capitals
_SORTED_BY = {
    "LOCATION": "country",
    "DESTINATION": "id",
    "RELEVANCE": "id",
    "CHECKOUT_ID": "id",
}


@dataclass
class Catalogue:
    """The store as one app sees it.

    `warnings` collects the ignored filters, for `extensions.search`.
    """

    store: Store
    clock: Clock
    scopes: frozenset[str]
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def page(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Give a root connection's page. Raises GraphQLError for arguments it refuses."""
        window = paging.Window.of(arguments)
        resource = RESOURCE_OF_FIELD[name]
        by = sorted_by(resource, arguments.get("sortKey"))
        keeps = self.filter(name, arguments.get("query"))
        entries = self._candidates(resource, by, keeps)

        def at(cursor: str, beyond: bool) -> int:
            find = bisect_right if beyond else bisect_left
            return find(
                entries, _position(resource, by, cursor), key=lambda entry: entry.sort_key(by)
            )

        def found() -> Iterator[Entry]:
            walk = window.walk(*paging.bounds(window, len(entries), at))
            return (entries[index] for index in walk if keeps(entries[index]))

        page = paging.take(found(), window)
        nodes = [self.store.node(entry) for entry in page.items]
        cursors = [_cursor(entry, resource, by) for entry in page.items]
        return paging.connection(page, nodes, cursors)

    def matching(self, name: str, query: str | None, sort_key: str | None) -> list[Entry]:
        """List all entries that a root connection has, in order."""
        resource = RESOURCE_OF_FIELD[name]
        keeps = self.filter(name, query)
        entries = self._candidates(resource, sorted_by(resource, sort_key), keeps)
        return [entry for entry in entries if keeps(entry)]

    def count(self, name: str, query: str | None, limit: int | None) -> dict[str, Any]:
        """Count what a root connection has, up to a limit (None for no limit)."""
        connection = name.removesuffix("Count")
        keeps = self.filter(connection, query)
        total = sum(map(keeps, self.store.entries(RESOURCE_OF_FIELD[connection])))
        if limit is not None and total > limit:
            return {"count": limit, "precision": "AT_LEAST"}
        return {"count": total, "precision": "EXACT"}

    def filter(self, name: str, query: str | None) -> Predicate:
        """Make the predicate of a query argument and of the app's own limits."""
        resource = RESOURCE_OF_FIELD[name]
        try:
            search = Search(FACTS[resource], query or "", self.clock.now())
        except SearchSyntaxError as error:
            raise GraphQLError(
                f"Invalid search query: {error}", extensions={"code": "INTERNAL_SERVER_ERROR"}
            ) from error
        if search.unknown:
            self.warnings.append(_warning(name, query or "", search.unknown))
        oldest = oldest_visible_order(self.scopes, self.clock)
        if resource != "orders" or oldest is None:
            return search.matches
        return lambda entry: is_visible(entry, oldest) and search.matches(entry)

    def _candidates(self, resource: str, by: str, keeps: Predicate) -> list[Entry]:
        """List what a predicate may keep, in order: all entries, unless it names them."""
        if isinstance(keeps, ByNumber):
            return self.store.numbered(resource, keeps.numbers, by)
        return self.store.entries(resource, by)

    def find(self, gid: str) -> dict[str, Any] | None:
        """Give the node of a gid, where the app may see it: no scope is checked here."""
        entry = self.store.entry(gid) or self.store.owner(gid)
        if entry is None or (
            "/Order/" in entry.gid
            and not is_visible(entry, oldest_visible_order(self.scopes, self.clock))
        ):
            return None
        return self.store.find(gid)

    def complete(self, node: Node, name: str) -> Any:
        """Look up a field that a node lacks, because it is only a reference, in the store."""
        gid = node.get("id")
        if not isinstance(gid, str):
            return None
        if _HOLDER_FIELD.get(gid.removeprefix("gid://shopify/").partition("/")[0]) == name:
            holder = self.store.owner(gid)
            return self.store.node(holder) if holder else None
        whole = self.find(gid)
        return whole.get(name) if whole else None


def sorted_by(resource: str, sort_key: str | None) -> str:
    """Give the fact that a sort key means, "id" where there is none."""
    name = _SORTED_BY.get(sort_key or "ID", (sort_key or "ID").lower())
    return name if name in FACTS[resource] else "id"


def _cursor(entry: Entry, resource: str, by: str) -> str:
    value = entry.number if by == "id" else entry.facts[by]
    if value is not None and by != "id" and FACTS[resource][by].kind in ("time", "day"):
        value = paging.stamp(value)
    return paging.write_cursor(entry.number, value)


def _position(resource: str, by: str, cursor: str) -> tuple[bool, Any, int]:
    number, text = paging.read_cursor(cursor)
    kind = "number" if by == "id" else FACTS[resource][by].kind
    value: Any = text
    try:
        if text is not None and kind in ("time", "day"):
            value = paging.unstamp(text)
        elif text is not None and kind == "number":
            value = Decimal(text)
        return (value is not None, value, int(number))
    except (ValueError, ArithmeticError, TypeError) as error:
        raise GraphQLError("Invalid cursor for current pagination sort.") from error


def _warning(name: str, query: str, unknown: list[str]) -> dict[str, Any]:
    message = "Invalid search field for this query."
    return {
        "path": [name],
        "query": query,
        "warnings": [
            {"field": filter_name, "message": message, "code": "invalid_field"}
            for filter_name in unknown
        ],
    }
