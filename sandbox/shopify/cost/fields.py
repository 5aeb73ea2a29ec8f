"""The cost of each field, as the header `Shopify-GraphQL-Cost-Debug: 1` asks for it.

Leaves come before what holds them, as in Shopify's answers; that `requestedChildrenCost` is
the cost of one node where the field is a connection is inferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    get_named_type,
)

from sandbox.shopify.cost.pricing import CONNECTION_COST, FREE, MUTATION_COST, UNKNOWN, Pricing
from sandbox.shopify.schema.contract import contract, is_connection


def cost_fields(pricing: Pricing, operation: OperationDefinitionNode) -> list[dict[str, Any]]:
    """List the fields of an operation with their costs; a mutation's are its root fields."""
    if operation.operation is OperationType.MUTATION:
        return [
            _entry([_key(field)], MUTATION_COST, MUTATION_COST, 0)
            for field, _ in pricing.fields(operation.selection_set, "Mutation")
        ]
    return [
        entry
        for field, parent in pricing.fields(operation.selection_set, "QueryRoot")
        for entry in _walk(pricing, field, parent, [])
    ]


def _walk(
    pricing: Pricing, field: FieldNode, parent: str, above: list[str]
) -> Iterator[dict[str, Any]]:
    path = [*above, _key(field)]
    if field.selection_set is None or field.name.value.startswith("__"):
        yield _entry(path, 0, 0, None)
        return
    owner = contract().type_map[parent]
    assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - validated
    named = get_named_type(owner.fields[field.name.value].type)
    for inner, inner_parent in pricing.fields(field.selection_set, named.name):
        yield from _walk(pricing, inner, inner_parent, path)
    if named.name in FREE:
        yield _entry(path, 0, 0, 0)
    elif is_connection(named):
        total = pricing.field(field, parent, UNKNOWN)
        children = pricing.node(field.selection_set, named.name)
        yield _entry(path, CONNECTION_COST, total, children)
    else:
        own = 0 if named.name.endswith("Edge") else 1
        children = pricing.inside(field.selection_set, named.name)
        yield _entry(path, own, own + children, children)


def _key(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value


def _entry(path: list[str], own: int, total: int, children: int | None) -> dict[str, Any]:
    return {
        "path": path,
        "definedCost": own,
        "requestedTotalCost": total,
        "requestedChildrenCost": children,
    }
