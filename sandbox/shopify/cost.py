"""What a query costs, and the bucket of points that pays for it.

Formula (inferred, reference/shopify.md, section 4, "Throttling"): a connection costs
`2 + floor(2 * ln(page size)) * node`, a node 1 and its nested objects; a list of objects
counts once; money, edges and pageInfo are free; a mutation costs 10.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from sandbox.shopify.schema import contract, is_connection

MUTATION_COST = 10
MOST_PER_QUERY = 1000
_FREE = {"MoneyBag", "MoneyV2", "PageInfo"}


@dataclass
class Pricing:
    """Prices the operations of one document with these variables."""

    document: DocumentNode
    variables: dict[str, Any]

    def price(
        self, operation: OperationDefinitionNode, returned: dict[str, Any] | None = None
    ) -> int:
        """Give the requested cost, or with the returned data the actual cost."""
        schema = contract()
        if operation.operation is OperationType.MUTATION:
            return MUTATION_COST * len(operation.selection_set.selections)
        assert schema.query_type is not None  # noqa: S101 - the schema file states it
        total = 0
        for field, parent in self._fields(operation.selection_set, schema.query_type.name):
            key = field.alias.value if field.alias else field.name.value
            total += self._field(
                field, parent, _UNKNOWN if returned is None else returned.get(key)
            )
        return total

    def _field(self, field: FieldNode, parent: str, value: Any = None) -> int:
        if field.selection_set is None or field.name.value.startswith("__") or value is None:
            return 0
        owner = contract().type_map[parent]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - validated
        named = get_named_type(owner.fields[field.name.value].type)
        if named.name in _FREE:
            return 0
        if is_connection(named):
            size = _size(value) if value is not _UNKNOWN else self._asked(field)
            steps = math.floor(2 * math.log(size)) if size > 0 else 0
            return 2 + steps * self._node(field.selection_set, named.name)
        return 1 + self._inside(field.selection_set, named.name)

    def _node(self, selections: SelectionSetNode, connection: str) -> int:
        prices = [0]
        for field, parent in self._fields(selections, connection):
            if field.selection_set is None:
                continue
            if field.name.value == "edges":
                edge = connection.removesuffix("Connection") + "Edge"
                for inner, owner in self._fields(field.selection_set, edge):
                    prices.append(self._field(inner, owner, _UNKNOWN))
            elif field.name.value == "nodes":
                prices.append(self._field(field, parent, _UNKNOWN))
        return max(prices)

    def _inside(self, selections: SelectionSetNode, named: str) -> int:
        base, variants = 0, [0]
        by_type: dict[str, int] = {}
        for field, parent in self._fields(selections, named):
            price = self._field(field, parent, _UNKNOWN)
            if parent == named:
                base += price
            else:
                by_type[parent] = by_type.get(parent, 0) + price
        variants.extend(by_type.values())
        return base + max(variants)

    def _fields(
        self, selections: SelectionSetNode, parent: str
    ) -> Iterator[tuple[FieldNode, str]]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection, parent
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                yield from self._fields(
                    selection.selection_set, condition.name.value if condition else parent
                )
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragment(selection.name.value)
                yield from self._fields(
                    fragment.selection_set, fragment.type_condition.name.value
                )

    def _fragment(self, name: str) -> FragmentDefinitionNode:
        return next(
            definition
            for definition in self.document.definitions
            if isinstance(definition, FragmentDefinitionNode) and definition.name.value == name
        )

    def _asked(self, field: FieldNode) -> int:
        for argument in field.arguments:
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    given = self.variables.get(value.name.value)
                    if given is not None:
                        return int(given)
        return 0


_UNKNOWN = object()


def _size(connection: Any) -> int:
    rows = connection.get("nodes", connection.get("edges")) if connection else None
    return len(rows) if isinstance(rows, list) else 1


class Bucket:
    """Points that fill up with real time: full at first, `rate` a second, never past full."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate = rate
        self.size = size
        self._points = size
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self, points: float) -> bool:
        """Take points; take none and give False if there are too few."""
        with self._lock:
            self._fill()
            if self._points < points:
                return False
            self._points -= points
            return True

    def give_back(self, points: float) -> None:
        """Return what was taken and not needed."""
        with self._lock:
            self._points = min(self.size, self._points + points)

    def status(self) -> dict[str, float]:
        """State the bucket as `extensions.cost.throttleStatus` does."""
        with self._lock:
            self._fill()
            return {
                "maximumAvailable": self.size,
                "currentlyAvailable": int(self._points),
                "restoreRate": self.rate,
            }

    def _fill(self) -> None:
        now = time.monotonic()
        self._points = min(self.size, self._points + (now - self._at) * self.rate)
        self._at = now
