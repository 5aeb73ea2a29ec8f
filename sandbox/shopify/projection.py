"""A bulk query compiled to plain functions over stored nodes.

Bulk results hold every node of a store: a function per selection, made once, is many times
faster than executing the document node by node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLNamedType,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from sandbox.shopify.access import SCOPE_OF_TYPE
from sandbox.shopify.bulk_rules import node_selections
from sandbox.shopify.derived import Derive, among
from sandbox.shopify.schema import contract, is_connection, node_type
from sandbox.shopify.selections import Document, Selected, concrete_types, fields_of
from sandbox.store_facts import Node

Project = Callable[[Any], Any]
Complete = Callable[[Node, str], Any]


@dataclass
class Shape:
    """How nodes of one concrete type are written: their own line, then their children's.

    Each child is the path of keys to its connection and how its nodes are written; `whole`
    adds what is derived from a node to it.
    """

    project: Project
    children: list[tuple[list[str], Line]]
    whole: Callable[[Node], Node]


@dataclass
class Line:
    """How the nodes of one connection are written, by `__typename` where it varies."""

    shapes: dict[str, Shape]
    fallback: Shape

    def write(self, node: Node, parent: str | None = None) -> Iterator[dict[str, Any]]:
        """Give the lines of a node: itself, then all nodes of its connections."""
        shape = self.fallback
        if self.shapes:
            shape = self.shapes.get(node.get("__typename") or _gid_type(node), shape)
        node = shape.whole(node)
        line = shape.project(node)
        if parent is not None:
            line["__parentId"] = parent
        yield line
        for path, below in shape.children:
            connection: Any = node
            for key in path:
                connection = (connection or {}).get(key)
            for child in (connection or {}).get("nodes") or ():
                yield from below.write(child, node.get("id"))


@dataclass
class Compiler:
    """Compiles one document. `scopes` collects what its fields require."""

    document: Document
    complete: Complete
    scopes: set[str] = field(default_factory=set)

    def line(self, found: FieldNode, parent: GraphQLNamedType) -> Line:
        """Compile a connection field."""
        named = node_type(fields_of(parent)[found.name.value].type)
        return self._line(node_selections(self.document, found), named)

    def _line(self, sets: list[SelectionSetNode], named: GraphQLNamedType) -> Line:
        self._require(named.name)
        fallback = self._shape(sets, named.name)
        if not is_abstract_type(named):
            return Line({}, fallback)
        names = concrete_types(named)
        return Line({name: self._shape(sets, name) for name in names}, fallback)

    def _shape(self, sets: list[SelectionSetNode], concrete: str) -> Shape:
        children: list[tuple[list[str], Line]] = []
        self._find_children(sets, concrete, [], children)
        whole = self._whole(sets, concrete)
        return Shape(self._object(sets, concrete, linked=False), children, whole or _same)

    def _whole(
        self, sets: list[SelectionSetNode], concrete: str
    ) -> Callable[[Node], Node] | None:
        selected = self.document.collect(sets, concrete).values()
        derived = among(concrete, (each.name for each in selected))
        return _deriving(derived, self.complete) if derived else None

    def _find_children(
        self,
        sets: list[SelectionSetNode],
        concrete: str,
        path: list[str],
        children: list[tuple[list[str], Line]],
    ) -> None:
        known = fields_of(contract().type_map[concrete])
        for selected in self.document.collect(sets, concrete).values():
            if not selected.inner or selected.name not in known:
                continue
            returned = known[selected.name].type
            named = get_named_type(returned)
            below = [*path, selected.name]
            if is_connection(named):
                inner = node_selections(self.document, selected.field)
                children.append((below, self._line(inner, node_type(returned))))
            elif not is_abstract_type(named):
                self._find_children(selected.inner, named.name, below, children)

    def _object(
        self, sets: list[SelectionSetNode], concrete: str, linked: bool = True
    ) -> Project:
        named = contract().type_map[concrete]
        known = fields_of(named)
        plain: list[tuple[str, str, Project | None]] = []
        typename: str | None = None
        for key, selected in self.document.collect(sets, concrete).items():
            if selected.name == "__typename":
                typename = key
            elif is_connection(get_named_type(known[selected.name].type)):
                continue
            plain.append((key, selected.name, self._value(selected, known)))
        if linked and concrete in SCOPE_OF_TYPE:
            project = _completing(plain, concrete, typename, self.complete)
        elif typename is None:
            project = _picking(plain)
        else:
            project = _naming(_picking(plain), typename, concrete)
        whole = self._whole(sets, concrete) if linked else None
        return _after(whole, project) if whole else project

    def _value(self, selected: Selected, known: dict[str, Any]) -> Project | None:
        if selected.name == "__typename":
            return None
        named = get_named_type(known[selected.name].type)
        self._require(named.name)
        project = None if is_leaf_type(named) else self._composite(selected.inner, named)
        size = selected.arguments.get("first")
        if size is not None:
            whole, count = project or _same, int(size)
            return lambda value: whole(value[:count] if isinstance(value, list) else value)
        return project

    def _composite(self, sets: list[SelectionSetNode], named: GraphQLNamedType) -> Project:
        if not is_abstract_type(named):
            return _each(self._object(sets, named.name))
        by_name = {name: self._object(sets, name) for name in concrete_types(named)}
        other = (
            self._object(sets, named.name)
            if fields_of(named)
            else _naming(_picking([]), "__typename", named.name)
        )

        def project(value: Node) -> Any:
            name = value.get("__typename") or _gid_type(value)
            return by_name.get(name, other)(value)

        return _each(project)

    def _require(self, named: str) -> None:
        if named in SCOPE_OF_TYPE:
            self.scopes.add(SCOPE_OF_TYPE[named])


def _same(value: Any) -> Any:
    return value


def _gid_type(node: Node) -> str:
    gid = node.get("id") or ""
    return str(gid).removeprefix("gid://shopify/").partition("/")[0]


def _each(project: Project) -> Project:
    def apply(value: Any) -> Any:
        if value is None:
            return None
        return [apply(item) for item in value] if isinstance(value, list) else project(value)

    return apply


def _after(whole: Callable[[Node], Node], project: Project) -> Project:
    return lambda node: project(whole(node))


def _deriving(derived: dict[str, Derive], complete: Complete) -> Callable[[Node], Node]:
    def whole(node: Node) -> Node:
        def get(name: str) -> Any:
            return node[name] if name in node else complete(node, name)

        made = {name: make(get) for name, make in derived.items() if name not in node}
        return {**node, **made}

    return whole


def _picking(plain: list[tuple[str, str, Project | None]]) -> Project:
    def project(node: Node) -> dict[str, Any]:
        return {
            key: node.get(name) if inner is None else inner(node.get(name))
            for key, name, inner in plain
        }

    return project


def _naming(project: Project, key: str, concrete: str) -> Project:
    def named(node: Node) -> dict[str, Any]:
        found: dict[str, Any] = project(node)
        found[key] = node.get("__typename") or concrete
        return found

    return named


def _completing(
    plain: list[tuple[str, str, Project | None]],
    concrete: str,
    typename: str | None,
    complete: Complete,
) -> Project:
    def project(node: Node) -> dict[str, Any]:
        found = {}
        for key, name, inner in plain:
            value = node[name] if name in node else complete(node, name)
            found[key] = value if inner is None else inner(value)
        if typename is not None:
            found[typename] = concrete
        return found

    return project
