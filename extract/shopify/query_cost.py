"""What a document costs before it is sent, in points of Shopify's bucket.

Shopify does not publish its formula; this one is inferred and fits every figure that is
known (docs/reference/shopify.md#query-cost): a connection costs
`2 + floor(2 * ln(page size)) * node`, a node 1 and its nested objects; a list of objects
counts once; money, pageInfo and edges are free; a mutation costs 10 a field. Where an
answer says another figure, that one is believed.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    parse,
)

from cartwheel.core.errors import TooCostly

MUTATION = 10
CONNECTION = 2
# without a schema, money fields are recognised by their selections
MONEY = (frozenset({"shopMoney", "presentmentMoney"}), frozenset({"amount", "currencyCode"}))

Variables = Mapping[str, Any]
Branch = tuple[FieldNode, str]  # a field, and the type of the inline fragment it stands in
Size = tuple[str, tuple[tuple[str, int], ...]]  # a document, and its variables that are numbers


def price(text: str, variables: Variables) -> int:
    """The points that Shopify will ask for a document of one operation.

    Raises KeyError if it spreads a fragment that it does not define.
    """
    document = _parsed(text)
    operation = next(
        found for found in document.definitions if isinstance(found, OperationDefinitionNode)
    )
    if operation.operation is OperationType.MUTATION:
        return MUTATION * len(operation.selection_set.selections)
    return _Pricing(document, operation, variables).inside(operation.selection_set)


class Prices:
    """Prices of documents, corrected by what Shopify says; safe for several threads."""

    def __init__(self) -> None:
        self._said: dict[Size, float] = {}
        self._limits: dict[Size, float] = {}
        self._lock = threading.Lock()

    def of(self, name: str, text: str, variables: Variables) -> float:
        """The points to set aside for a document: Shopify's own figure, else the formula's.

        Raises TooCostly, without a request, if Shopify has refused this very page size.
        """
        size = _size(name, variables)
        with self._lock:
            said, limit = self._said.get(size), self._limits.get(size)
        if said is not None and limit is not None:
            raise too_costly(name, said, limit)
        return said if said is not None else price(text, variables)

    def learn(self, name: str, variables: Variables, cost: float) -> None:
        """Believe the requestedQueryCost of an answer for this document and page size."""
        with self._lock:
            self._said[_size(name, variables)] = cost

    def refused(self, name: str, variables: Variables, cost: float, limit: float) -> None:
        """Remember that this page size costs more than Shopify allows."""
        size = _size(name, variables)
        with self._lock:
            self._said[size], self._limits[size] = cost, limit


def too_costly(
    name: str, cost: float, limit: float, request_id: str | None = None
) -> TooCostly:
    """The error for a query above the limit."""
    return TooCostly(
        f"Shopify refused {name}: it costs {cost:,.0f} points and {limit:,.0f} are allowed. "
        "A smaller page costs less",
        cost=cost,
        limit=limit,
        request_id=request_id,
    )


class _Pricing:
    """The formula over one operation with its variables."""

    def __init__(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables
    ) -> None:
        self._fragments = {
            found.name.value: found
            for found in document.definitions
            if isinstance(found, FragmentDefinitionNode)
        }
        self._sizes = {
            **{
                defined.variable.name.value: int(defined.default_value.value)
                for defined in operation.variable_definitions or ()
                if isinstance(defined.default_value, IntValueNode)
            },
            **{name: value for name, value in variables.items() if isinstance(value, int)},
        }

    def inside(self, selections: SelectionSetNode) -> int:
        """The fields of an object: of types that exclude each other, the dearest counts."""
        by_type: defaultdict[str, int] = defaultdict(int)
        for field, of_type in self._fields(selections, ""):
            by_type[of_type] += self._field(field)
        own = by_type.pop("", 0)
        return own + max(by_type.values(), default=0)

    def _field(self, field: FieldNode) -> int:
        name = field.name.value
        if field.selection_set is None or name == "pageInfo" or name.startswith("__"):
            return 0
        below = {found.name.value for found, _ in self._fields(field.selection_set, "")}
        if any(below <= {*money, "__typename"} for money in MONEY):
            return 0
        if below & {"nodes", "edges"}:
            size = self._asked(field)
            steps = math.floor(2 * math.log(size)) if size > 0 else 0
            return CONNECTION + steps * self._node(field.selection_set)
        return 1 + self.inside(field.selection_set)

    def _node(self, selections: SelectionSetNode) -> int:
        """The node of a connection; asked for by nodes and by edges, it counts once."""
        prices = [0]
        for field, _ in self._fields(selections, ""):
            if field.name.value == "nodes":
                prices.append(self._field(field))
            elif field.name.value == "edges" and field.selection_set:
                prices += [
                    self._field(inner) for inner, _ in self._fields(field.selection_set, "")
                ]
        return max(prices)

    def _fields(self, selections: SelectionSetNode, of_type: str) -> Iterator[Branch]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection, of_type
                continue
            if isinstance(selection, InlineFragmentNode):
                condition, inner = selection.type_condition, selection.selection_set
            else:
                fragment = self._fragments[selection.name.value]  # type: ignore[attr-defined]
                condition, inner = fragment.type_condition, fragment.selection_set
            yield from self._fields(inner, condition.name.value if condition else of_type)

    def _asked(self, field: FieldNode) -> int:
        """The page size that a connection is asked for; 0 where none is given."""
        for argument in field.arguments:
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode) and value.name.value in self._sizes:
                    return self._sizes[value.name.value]
        return 0


@cache
def _parsed(text: str) -> DocumentNode:
    return parse(text, no_location=True)


def _size(name: str, variables: Variables) -> Size:
    numbers = [(key, value) for key, value in variables.items() if isinstance(value, int)]
    return name, tuple(sorted(numbers))
