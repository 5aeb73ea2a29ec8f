"""Which documents Shopify takes as a bulk query (docs/reference/shopify.md#bulk-operations)."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    OperationType,
    SelectionSetNode,
    get_named_type,
    parse,
)

from sandbox.shopify.connections.catalogue import RESOURCE_OF_FIELD
from sandbox.shopify.schema.contract import is_connection, node_type
from sandbox.shopify.schema.selections import Document, fields_of
from sandbox.shopify.schema.validation import errors_of

MOST_CONNECTIONS = 5
DEEPEST_NESTING = 2


class BulkQueryError(ValueError):
    """The document is not a valid bulk query; the messages are what userErrors carry."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def check(text: str, version: str) -> tuple[Document, FieldNode]:
    """Read a bulk query of a version; give it and its one top-level field.

    Raises BulkQueryError with every rule that it breaks.
    """
    try:
        parsed = parse(text)
    except GraphQLError as error:
        raise BulkQueryError([f"Invalid bulk query: {error.message}"]) from error
    errors = errors_of(parsed, version)
    if errors:
        raise BulkQueryError([f"Invalid bulk query: {error.message}" for error in errors])
    document = Document(parsed)
    if len(document.operations) != 1:
        raise BulkQueryError(["Bulk queries must contain exactly one operation."])
    operation = document.operations[0]
    if operation.operation is not OperationType.QUERY:
        raise BulkQueryError(["Bulk queries must be query operations."])
    if operation.variable_definitions:
        raise BulkQueryError(["Bulk queries cannot use variables."])
    fields = [found for found, _ in document.written(operation.selection_set, "QueryRoot")]
    if len(fields) != 1:
        raise BulkQueryError(["Bulk queries must contain exactly one top-level field."])
    if fields[0].name.value in ("node", "nodes"):
        raise BulkQueryError(["Bulk queries cannot contain a top-level node or nodes field."])
    rules = _Rules(document)
    rules.walk(operation.selection_set, "QueryRoot", depth=-1, in_list=False)
    if rules.connections == 0:
        rules.broken.append("Bulk queries must contain at least one connection.")
    elif rules.connections > MOST_CONNECTIONS:
        rules.broken.append(
            f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
        )
    elif fields[0].name.value not in RESOURCE_OF_FIELD:
        rules.broken.append(
            f"The sandbox runs bulk queries over {', '.join(RESOURCE_OF_FIELD)}, not over"
            f" {fields[0].name.value}."
        )
    if rules.broken:
        raise BulkQueryError(list(dict.fromkeys(rules.broken)))
    return document, fields[0]


@dataclass
class _Rules:
    document: Document
    connections: int = 0
    broken: list[str] = field(default_factory=list)

    def walk(
        self, selections: SelectionSetNode, parent: str, depth: int, in_list: bool
    ) -> None:
        """Check a selection set; depth is that of the connection around it, -1 for none."""
        for found, owner in self.document.written(selections, parent):
            known = fields_of(owner).get(found.name.value)
            if known is None or found.selection_set is None:
                continue
            named = get_named_type(known.type)
            if is_connection(named):
                self._connection(found, node_type(known.type).name, depth + 1, in_list)
            else:
                listed = in_list or _is_list(known.type)
                self.walk(found.selection_set, named.name, depth, listed)

    def _connection(self, found: FieldNode, node: str, depth: int, in_list: bool) -> None:
        self.connections += 1
        if in_list:
            self.broken.append(
                "Queries that contain a connection field within a list field are not currently"
                f" supported: {found.name.value}."
            )
        if depth > DEEPEST_NESTING:
            self.broken.append(
                "Bulk queries cannot contain connections with a nesting depth greater than"
                f" {DEEPEST_NESTING}: {found.name.value}."
            )
        for inner in node_selections(self.document, found):
            before = self.connections
            self.walk(inner, node, depth, in_list=False)
            if self.connections > before and not self._selects_id(inner, node):
                self.broken.append(
                    "The parent 'node' field for a nested connection must select the 'id' field"
                    f" without an alias: {found.name.value}."
                )

    def _selects_id(self, selections: SelectionSetNode, node: str) -> bool:
        return any(
            found.name.value == "id" and found.alias is None
            for found, _ in self.document.written(selections, node)
        )


def node_selections(document: Document, found: FieldNode) -> list[SelectionSetNode]:
    """Give what a connection field selects of its nodes, by `edges { node }` or `nodes`."""
    sets: list[SelectionSetNode] = []
    if found.selection_set is None:
        return sets
    for inner, _ in document.written(found.selection_set, "PageInfo"):
        if inner.name.value == "nodes" and inner.selection_set:
            sets.append(inner.selection_set)
        elif inner.name.value == "edges" and inner.selection_set:
            for edge, _ in document.written(inner.selection_set, "PageInfo"):
                if edge.name.value == "node" and edge.selection_set:
                    sets.append(edge.selection_set)
    return sets


def _is_list(returned: object) -> bool:
    if isinstance(returned, GraphQLNonNull):
        return _is_list(returned.of_type)
    return isinstance(returned, GraphQLList)
