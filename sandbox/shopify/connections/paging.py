"""Relay connections: pages over an ordered list, forwards and backwards.

Cursors are base64 JSON `{"last_id", "last_value"}` as Shopify's are; a time inside has
microseconds (docs/reference/shopify.md#cursors).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Generic, TypeVar

import orjson
from graphql import GraphQLError

Item = TypeVar("Item")
LARGEST_PAGE = 250
STAMP = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True)
class Window:
    """Which page is asked for: the paging arguments of a connection field."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None
    reverse: bool

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> Window:
        """Read the arguments of a connection field.

        Raises GraphQLError if the page size is missing, given twice or out of bounds.
        """
        first, last = arguments.get("first"), arguments.get("last")
        if first is None and last is None:
            raise GraphQLError(
                "you must provide one of first or last", extensions={"code": "BAD_REQUEST"}
            )
        if first is not None and last is not None:
            raise GraphQLError("providing both first and last is not supported")
        for name, value in (("first", first), ("last", last)):
            if value is not None and value > LARGEST_PAGE:
                raise GraphQLError(
                    f"{name} cannot exceed {LARGEST_PAGE}",
                    extensions={"code": "argumentLiteralsIncompatible"},
                )
            if value is not None and value < 0:
                raise GraphQLError(f"{name} must be greater than or equal to 0")
        return cls(
            first,
            arguments.get("after"),
            last,
            arguments.get("before"),
            bool(arguments.get("reverse")),
        )

    def walk(self, low: int, high: int) -> range:
        """Give the positions of an ascending list in the order in which to take them."""
        forwards = (self.last is None) != self.reverse
        return range(low, high) if forwards else range(high - 1, low - 1, -1)


@dataclass
class Page(Generic[Item]):
    """The items of one page in the order shown, and whether there are others beside it."""

    items: list[Item]
    has_next: bool
    has_previous: bool


def take(found: Iterable[Item], window: Window) -> Page[Item]:
    """Take a page from what lies within the cursors, walked as the window says."""
    size = window.first if window.first is not None else window.last or 0
    items = list(islice(found, size + 1))
    more = len(items) > size
    del items[size:]
    if window.first is not None:
        return Page(items, more, window.after is not None)
    return Page(items[::-1], window.before is not None, more)


def bounds(window: Window, length: int, at: Callable[[str, bool], int]) -> tuple[int, int]:
    """Give the part of an ascending list of this length that the cursors leave.

    `at(cursor, beyond)` is the position before (or beyond) the cursor's item.
    """
    lower, upper = (
        (window.before, window.after) if window.reverse else (window.after, window.before)
    )
    low = at(lower, True) if lower is not None else 0
    high = at(upper, False) if upper is not None else length
    return low, max(low, high)


def connection(page: Page[Any], nodes: Sequence[Any], cursors: Sequence[str]) -> dict[str, Any]:
    """Shape a page as a connection's value."""
    return {
        "nodes": list(nodes),
        "edges": [
            {"node": node, "cursor": cursor}
            for node, cursor in zip(nodes, cursors, strict=True)
        ],
        "pageInfo": {
            "hasNextPage": page.has_next,
            "hasPreviousPage": page.has_previous,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def nested(stored: dict[str, Any] | None, window: Window) -> dict[str, Any]:
    """Page a connection that a stored node holds whole."""
    nodes = (stored or {}).get("nodes") or []
    ids = [node.get("id") for node in nodes]

    def at(cursor: str, beyond: bool) -> int:
        gid, position = read_cursor(cursor)
        if gid is None:
            return int(position or 0) + beyond
        return ids.index(gid) + beyond if gid in ids else int(position or 0)

    def chosen() -> Iterator[int]:
        yield from window.walk(*bounds(window, len(nodes), at))

    page = take(chosen(), window)
    cursors = [write_cursor(ids[position], position) for position in page.items]
    return connection(page, [nodes[position] for position in page.items], cursors)


def write_cursor(last_id: Any, last_value: Any) -> str:
    """Make the cursor of an item."""
    value = last_value if last_value is None else str(last_value)
    return base64.b64encode(orjson.dumps({"last_id": last_id, "last_value": value})).decode()


def read_cursor(cursor: str) -> tuple[Any, str | None]:
    """Read a cursor. Raises GraphQLError if it is not one that write_cursor made."""
    try:
        read = orjson.loads(base64.b64decode(cursor, validate=True))
        return read["last_id"], read["last_value"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise GraphQLError("Invalid cursor for current pagination sort.") from error


def stamp(seconds: float) -> str:
    """Write a time as cursors hold it."""
    return datetime.fromtimestamp(seconds, UTC).strftime(STAMP)


def unstamp(text: str) -> float:
    """Read a time from a cursor. Raises ValueError if it is none."""
    return datetime.strptime(text, STAMP).replace(tzinfo=UTC).timestamp()
