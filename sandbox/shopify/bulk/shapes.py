"""SQL that reads stored JSON into structs and writes them in another shape.

`from_json` reads a text once, into a struct of what is wanted and no more. Its leaves stay
JSON texts, so that values pass through as they are, whatever their type. A shape knows the
structure that it needs, and the SQL of what `to_json` shall write of a value that was read
into it, or into one that holds more: `read` in what follows.

A CASE copies, for every column that a branch refers to, all that is in it, and a struct is
one column: `where` takes its place wherever a branch would refer to a wide struct.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any

Sql = str
Structure = Any  # as from_json takes it: "JSON", {name: structure} or [structure]
Write = Callable[[Sql], Sql]

RAW = "JSON"


def quoted(value: str) -> Sql:
    """Write a text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def where(condition: Sql, value: Sql) -> Sql:
    """Write a value, or null where a condition is not true."""
    return f"[{value}][({condition})::int]"


def parsed(value: Sql, structure: Structure) -> Sql:
    """Read a JSON text into a structure."""
    return value if structure == RAW else f"from_json({value}, {quoted(json.dumps(structure))})"


def merged(one: Structure, other: Structure) -> Structure:
    """Give the structure that holds what both do; a text where their kinds differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = {name: merged(one[name], other[name]) for name in one.keys() & other.keys()}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    return one if one == other else RAW


class Variables:
    """Names for parts of an expression: the parameters of lambdas, one inside another."""

    def __init__(self) -> None:
        self._depth = 0

    def each(self, values: Sql, write: Write) -> Sql:
        """Write every value of a list."""
        name, body = self._bound(write)
        return f"list_transform({values}, lambda {name}: {body})"

    def let(self, value: Sql, write: Write) -> Sql:
        """Write a value that is to be computed once, though it may be used many times."""
        name, body = self._bound(write)
        if body.count(name) == 1:
            return body.replace(name, value)
        return f"list_transform([{value}], lambda {name}: {body})[1]"

    def read_into(
        self,
        structure: Structure,
        value: Sql,
        read: Structure,
        use: Callable[[Sql, Structure], Sql],
    ) -> Sql:
        """Use a value, read into a structure first if it still is a text."""
        if read == RAW != structure:
            return self.let(parsed(value, structure), lambda inner: use(inner, structure))
        return use(value, read)

    def _bound(self, write: Write) -> tuple[Sql, Sql]:
        self._depth += 1
        name = f'"value {self._depth}"'  # no name of GraphQL has a space
        body = write(name)
        self._depth -= 1
        return name, body


class Part(ABC):
    """Something selected: what it is read into, and the lines that it makes."""

    @property
    @abstractmethod
    def structure(self) -> Structure:
        """What the value is to be read into."""

    @property
    def has_lines(self) -> bool:
        """Whether there are connections within: their nodes are lines."""
        return False

    def lines(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give all those lines as one text; parent is the id of the line above them."""
        del value, read, parent
        return "''"


class Shape(Part):
    """How one value is read and written."""

    @abstractmethod
    def is_as_read(self, read: Structure) -> bool:
        """Say whether a value is written just as it was read."""

    @abstractmethod
    def write(self, value: Sql, read: Structure) -> Sql:
        """Write a value; null of null."""


class Leaf(Shape):
    """A value that passes through."""

    structure = RAW

    def is_as_read(self, read: Structure) -> bool:
        """Always."""
        return bool(read == RAW)

    def write(self, value: Sql, read: Structure) -> Sql:
        """Give the value."""
        del read
        return value


class ListOf(Shape):
    """A plain list, of which the first `size` are written, or all."""

    def __init__(self, item: Shape, variables: Variables, size: int | None) -> None:
        self._item = item
        self._variables = variables
        self._size = size

    @cached_property
    def structure(self) -> Structure:
        """A list of what its items are read into."""
        return [self._item.structure]

    def is_as_read(self, read: Structure) -> bool:
        """If all are written, each as it was read."""
        return self._size is None and self._item.is_as_read(read[0])

    def write(self, value: Sql, read: Structure) -> Sql:
        """Write every item."""
        part = value if self._size is None else f"{value}[1:{self._size}]"
        if self._item.is_as_read(read[0]):
            return part
        return self._variables.each(
            part,
            lambda item: self._variables.read_into(
                self._item.structure, item, read[0], self._item.write
            ),
        )
