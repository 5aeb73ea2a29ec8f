"""A bulk query compiled to one SQL statement over blocks of stored nodes.

Bulk results hold every node of a store: DuckDB writes them many times faster than a document
is executed node by node. What only the data can tell is looked at in the data: the type of
an object of an interface or a union, and whether a node lacks a field that is selected of it.
Such a node is completed, from the store or from its own fields, by a Python function that
the statement calls for it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLOutputType,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from sandbox.shopify.access.installation import SCOPE_OF_TYPE
from sandbox.shopify.bulk.objects import NEWLINE, TYPENAME, Connection, Members, ObjectShape
from sandbox.shopify.bulk.rules import node_selections
from sandbox.shopify.bulk.shapes import (
    RAW,
    Leaf,
    ListOf,
    Part,
    Shape,
    Sql,
    Variables,
    Write,
    parsed,
    quoted,
)
from sandbox.shopify.bulk.variants import Choice, Completed, by_type
from sandbox.shopify.schema.contract import contract, is_connection, node_type
from sandbox.shopify.schema.derived import Derive, among
from sandbox.shopify.schema.selections import Document, Selected, concrete_types, fields_of
from sandbox.store.blocks import CALL
from sandbox.store.facts import Node

Complete = Callable[[Node, str], Any]

_numbers = count(1)


@dataclass(frozen=True)
class Completion:
    """The function that gives nodes what they lack; statements call it by its number.

    A reference lacks what only the whole node holds, and any node what is derived from its
    other fields. `selections` are the lists of fields that are selected of some node, with
    how to derive those that are.
    """

    number: int
    complete: Complete
    selections: list[tuple[list[str], dict[str, Derive]]] = field(default_factory=list)

    def __call__(self, place: int, reference: str) -> str:
        """Give a node's JSON with all fields of a selection."""
        node = orjson.loads(reference)
        selection, derived = self.selections[place]

        def get(name: str) -> Any:
            return node[name] if name in node else self.complete(node, name)

        lacking = [name for name in selection if name not in node]
        found = {name: derived[name](get) if name in derived else get(name) for name in lacking}
        return orjson.dumps({**node, **found}).decode()

    def to(self, selection: list[str], derived: dict[str, Derive]) -> Write:
        """Give what writes a node with all that is selected of it."""
        place = len(self.selections)
        self.selections.append((selection, derived))
        names = ", ".join(map(quoted, selection))
        return lambda reference: (
            f"case when list_has_all(json_keys({reference}), [{names}]) then {reference}"
            f" else {CALL}({self.number}, {place}, {reference})::json end"
        )


@dataclass(frozen=True)
class Line:
    """How the nodes of a root connection are written."""

    nodes: ObjectShape
    completion: Completion

    def statement(self, grouped: bool) -> Sql:
        """Give a statement for a BlockQuery: all lines of a block, as UTF-8.

        Grouped, lines follow the one that they hang below; otherwise all root lines of the
        block come first. Shopify escapes every slash.
        """
        read = self.nodes.structure
        own = f"{self.nodes.line('node', read, None)} || {NEWLINE}"
        gid = "json_extract(node, '$.id')" if read == RAW else "node['id']"
        beneath = self.nodes.lines("node", read, gid)
        texts = (
            "string_agg(own || beneath, '')"
            if grouped
            else "string_agg(own, '') || string_agg(beneath, '')"
        )
        return (
            rf"select encode(replace({texts}, '/', '\/'))"
            f" from (select {own} as own, {beneath} as beneath"
            f" from (select {parsed('node', read)} as node from nodes))"
        )


class Compiler:
    """Compiles one document. `scopes` collects what its fields require."""

    def __init__(self, document: Document, complete: Complete) -> None:
        self.scopes: set[str] = set()
        self._document = document
        self._completion = Completion(next(_numbers), complete)
        self._variables = Variables()

    def line(self, found: FieldNode, parent: GraphQLNamedType) -> Line:
        """Compile a root connection; its nodes are whole, they lack nothing."""
        named = node_type(fields_of(parent)[found.name.value].type)
        sets = node_selections(self._document, found)
        return Line(self._object(sets, named, whole=True), self._completion)

    def _object(
        self, sets: list[SelectionSetNode], named: GraphQLNamedType, whole: bool = False
    ) -> ObjectShape:
        self._require(named.name)
        variants = {name: self._members(sets, name) for name in concrete_types(named)}
        lacking: dict[str, Write] = {}
        for name, members in variants.items():
            derived = among(name, members.names)
            is_reference = name in SCOPE_OF_TYPE and not whole
            if members.names and (is_reference or derived):
                lacking[name] = self._completion.to(members.names, derived)
        if is_abstract_type(named):
            choice = Choice(variants, self._members(sets, named.name))
            return Completed(choice, by_type(lacking), self._variables) if lacking else choice
        members = variants[named.name]
        if named.name not in lacking:
            return members
        return Completed(members, lacking[named.name], self._variables)

    def _members(self, sets: list[SelectionSetNode], name: str) -> Members:
        known = fields_of(contract().type_map[name])
        pairs: list[tuple[str, str, Shape]] = []
        connections: list[tuple[str, Part]] = []
        for key, selected in self._document.collect(sets, name).items():
            if selected.name == TYPENAME:
                pairs.append((key, TYPENAME, Leaf()))
                continue
            returned = known[selected.name].type
            if is_connection(get_named_type(returned)):
                connections.append((selected.name, self._connection(selected, returned)))
            else:
                pairs.append((key, selected.name, self._value(selected, returned)))
        return Members(name, pairs, connections, self._variables)

    def _connection(self, selected: Selected, returned: GraphQLOutputType) -> Connection:
        sets = [
            found
            for written in selected.written
            for found in node_selections(self._document, written)
        ]
        nodes = self._object(sets, node_type(returned))
        return Connection(selected.name, nodes, self._variables)

    def _value(self, selected: Selected, returned: GraphQLOutputType) -> Shape:
        named = get_named_type(returned)
        size = selected.arguments.get("first")
        if is_leaf_type(named) and size is None:
            return Leaf()
        shape = Leaf() if is_leaf_type(named) else self._object(selected.inner, named)
        return self._listed(shape, returned, None if size is None else int(size))

    def _listed(self, item: Shape, returned: GraphQLOutputType, size: int | None) -> Shape:
        inner = returned.of_type if isinstance(returned, GraphQLNonNull) else returned
        if not isinstance(inner, GraphQLList):
            return item
        return ListOf(self._listed(item, inner.of_type, None), self._variables, size)

    def _require(self, named: str) -> None:
        if named in SCOPE_OF_TYPE:
            self.scopes.add(SCOPE_OF_TYPE[named])
