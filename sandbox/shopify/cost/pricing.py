"""What a query costs, by either of two models.

Formula (inferred, docs/reference/shopify.md#query-cost): a connection costs
`2 + floor(2 * ln(page size)) * node`, a node 1 and its nested objects; a list of objects
counts once; money, edges and pageInfo are free; a mutation costs 10. By the linear model,
which Shopify's documents described before, a connection costs `2 + page size * node`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
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

from sandbox.shopify.schema.contract import contract, is_connection

MUTATION_COST = 10
MOST_PER_QUERY = 1000
CONNECTION_COST = 2
UNKNOWN: Any = object()  # the value of a field that has not been executed
FREE = {"MoneyBag", "MoneyV2", "PageInfo"}


def _logarithmic(size: int) -> int:
    return math.floor(2 * math.log(size)) if size > 0 else 0


def _linear(size: int) -> int:
    return size


MODELS: dict[str, Callable[[int], int]] = {"logarithmic": _logarithmic, "linear": _linear}


@dataclass
class Pricing:
    """Prices the operations of one document with these variables, by a model of MODELS."""

    document: DocumentNode
    variables: dict[str, Any]
    model: str = "logarithmic"

    def price(
        self, operation: OperationDefinitionNode, returned: dict[str, Any] | None = None
    ) -> int:
        """Give the requested cost, or with the returned data the actual cost."""
        schema = contract()
        if operation.operation is OperationType.MUTATION:
            return MUTATION_COST * len(operation.selection_set.selections)
        assert schema.query_type is not None  # noqa: S101 - the schema file states it
        total = 0
        for field, parent in self.fields(operation.selection_set, schema.query_type.name):
            key = field.alias.value if field.alias else field.name.value
            total += self.field(
                field, parent, UNKNOWN if returned is None else returned.get(key)
            )
        return total

    def field(self, field: FieldNode, parent: str, value: Any) -> int:
        """Give the cost of one field of a type, of what it returned where that is known."""
        if field.selection_set is None or field.name.value.startswith("__") or value is None:
            return 0
        owner = contract().type_map[parent]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - validated
        named = get_named_type(owner.fields[field.name.value].type)
        if named.name in FREE:
            return 0
        if is_connection(named):
            size = _size(value) if value is not UNKNOWN else self._asked(field)
            times = MODELS[self.model](size)
            return CONNECTION_COST + times * self.node(field.selection_set, named.name)
        return 1 + self.inside(field.selection_set, named.name)

    def node(self, selections: SelectionSetNode, connection: str) -> int:
        """Give the cost of one node of a connection."""
        prices = [0]
        for field, parent in self.fields(selections, connection):
            if field.selection_set is None:
                continue
            if field.name.value == "edges":
                edge = connection.removesuffix("Connection") + "Edge"
                for inner, owner in self.fields(field.selection_set, edge):
                    prices.append(self.field(inner, owner, UNKNOWN))
            elif field.name.value == "nodes":
                prices.append(self.field(field, parent, UNKNOWN))
        return max(prices)

    def inside(self, selections: SelectionSetNode, named: str) -> int:
        """Give the cost of what is selected of an object: of its dearest concrete type."""
        base, variants = 0, [0]
        by_type: dict[str, int] = {}
        for field, parent in self.fields(selections, named):
            price = self.field(field, parent, UNKNOWN)
            if parent == named:
                base += price
            else:
                by_type[parent] = by_type.get(parent, 0) + price
        variants.extend(by_type.values())
        return base + max(variants)

    def fields(
        self, selections: SelectionSetNode, parent: str
    ) -> Iterator[tuple[FieldNode, str]]:
        """Give the fields of a selection, fragments opened, each with its type."""
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection, parent
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                yield from self.fields(
                    selection.selection_set, condition.name.value if condition else parent
                )
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self._fragment(selection.name.value)
                yield from self.fields(
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


def _size(connection: Any) -> int:
    rows = connection.get("nodes", connection.get("edges")) if connection else None
    return len(rows) if isinstance(rows, list) else 1
