"""The schema that the sandbox serves: our subset of Admin API 2026-10, ready to execute."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    ListTypeNode,
    NonNullTypeNode,
    TypeNode,
    build_ast_schema,
    get_named_type,
    parse,
)

SOURCE = Path(__file__).with_name("schema.graphql")


def _nullable(node: TypeNode) -> TypeNode:
    if isinstance(node, NonNullTypeNode):
        return _nullable(node.type)
    if isinstance(node, ListTypeNode):
        node.type = _nullable(node.type)
    return node


def _document() -> DocumentNode:
    return parse(SOURCE.read_text(encoding="utf-8"), no_location=True)


@cache
def contract() -> GraphQLSchema:
    """Give the schema as Shopify states it, to validate documents against."""
    return build_ast_schema(_document(), assume_valid=True)


def lenient() -> GraphQLSchema:
    """Give a new schema to execute with.

    A stored node may lack a key or hold a value that the schema does not know (a newer
    Shopify does the same): no field is non-null, and enums pass their values through.
    """
    document = _document()
    for definition in document.definitions:
        for field in getattr(definition, "fields", ()):
            if isinstance(field, FieldDefinitionNode):
                field.type = _nullable(field.type)
    schema = build_ast_schema(document, assume_valid=True)
    for named in schema.type_map.values():
        if isinstance(named, GraphQLEnumType) and not named.name.startswith("__"):
            named.serialize = _unchanged  # type: ignore[method-assign,assignment]  # lets all pass
    return schema


def _unchanged(output_value: object) -> object:
    return output_value


def node_type(returned: GraphQLOutputType) -> GraphQLNamedType:
    """Give the type of a field's things: of the nodes where the field is a connection."""
    named = get_named_type(returned)
    if isinstance(named, GraphQLObjectType) and is_connection(named):
        node: GraphQLNamedType = get_named_type(named.fields["nodes"].type)
        return node
    return named


def is_connection(named: GraphQLNamedType) -> bool:
    """Say whether a type is a connection."""
    return isinstance(named, GraphQLObjectType) and named.name.endswith("Connection")
