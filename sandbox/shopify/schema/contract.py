"""The schema that the sandbox serves: our subset of the Admin API, version by version.

`schema.graphql` states the fields of all versions together. `@since` and `@until` name the
first version that has a definition and the first that has it no longer; what carries neither
is in every version.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DirectiveDefinitionNode,
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

from sandbox.shopify.schema.versions import had_by

SOURCE = Path(__file__).with_name("schema.graphql")
_BOUNDS = ("since", "until")


def _nullable(node: TypeNode) -> TypeNode:
    if isinstance(node, NonNullTypeNode):
        return _nullable(node.type)
    if isinstance(node, ListTypeNode):
        node.type = _nullable(node.type)
    return node


def _document(version: str | None) -> DocumentNode:
    document = parse(SOURCE.read_text(encoding="utf-8"), no_location=True)
    document.definitions = tuple(
        definition
        for definition in _of_version(document.definitions, version)
        if not (
            isinstance(definition, DirectiveDefinitionNode) and definition.name.value in _BOUNDS
        )
    )
    for definition in document.definitions:
        for parts in ("fields", "values"):
            if hasattr(definition, parts):
                setattr(definition, parts, _of_version(getattr(definition, parts), version))
    return document


def _of_version(nodes: Iterable[Any], version: str | None) -> tuple[Any, ...]:
    return tuple(node for node in nodes if version is None or had_by(version, **_bounds(node)))


def _bounds(node: Any) -> dict[str, str]:
    return {
        directive.name.value: directive.arguments[0].value.value
        for directive in getattr(node, "directives", None) or ()
        if directive.name.value in _BOUNDS
    }


@cache
def contract(version: str | None = None) -> GraphQLSchema:
    """Give the schema of a version as Shopify states it, to validate documents against.

    Without a version it is that of all versions together: what a document means that was
    found valid against one of them.
    """
    return build_ast_schema(_document(version), assume_valid=True)


def lenient(version: str) -> GraphQLSchema:
    """Give a new schema of a version to execute with.

    A stored node may lack a key or hold a value that the schema does not know (a newer
    Shopify does the same): no field is non-null, and enums pass their values through.
    """
    document = _document(version)
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
