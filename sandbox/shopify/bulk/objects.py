"""The shapes of objects of one type and of connections, whose nodes are lines."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property, partial

from sandbox.shopify.bulk.shapes import (
    RAW,
    Leaf,
    Part,
    Shape,
    Sql,
    Structure,
    Variables,
    merged,
    quoted,
    where,
)

TYPENAME = "__typename"
PARENT = "__parentId"
NEWLINE = "chr(10)"


class ObjectShape(Shape):
    """The shape of an object."""

    @abstractmethod
    def line(self, value: Sql, read: Structure, parent: Sql | None) -> Sql:
        """Write an object that is not null as JSON text, with its line's parent last."""

    def text(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the object as a line with all lines beneath it, as one text.

        Its id is selected where there are lines beneath: rules.py sees to that.
        """
        own = f"{self.line(value, read, parent)} || {NEWLINE}"
        gid = f"{value}['id']"
        return f"{own} || {self.lines(value, read, gid)}" if self.has_lines else own


class Members(ObjectShape):
    """An object of one type: its response keys, each with the stored name and a shape.

    Connections among them are not members of what is written: their nodes are lines.
    """

    def __init__(
        self,
        typename: str,
        pairs: Sequence[tuple[str, str, Shape]],
        connections: Sequence[tuple[str, Part]],
        variables: Variables,
    ) -> None:
        self._typename = quoted(typename)
        self._pairs = pairs
        self._variables = variables
        own = [(name, shape) for _, name, shape in pairs if name != TYPENAME]
        self._read: list[tuple[str, Part]] = [*own, *connections]
        self._has_connections = bool(connections)

    @cached_property
    def names(self) -> list[str]:
        """The stored names that are wanted, each once."""
        return list(dict.fromkeys(name for name, _ in self._read))

    @cached_property
    def structure(self) -> Structure:
        """What is wanted of each name; a text where nothing is."""
        found: dict[str, Structure] = {}
        for name, part in self._read:
            found[name] = merged(found.get(name, part.structure), part.structure)
        return found or RAW

    def is_as_read(self, read: Structure) -> bool:
        """If exactly its members were read, under the same keys in the same order."""
        if self._has_connections or not isinstance(read, dict):
            return False
        return list(read) == [key for key, _, _ in self._pairs] and all(
            key == name and shape.is_as_read(read[name]) for key, name, shape in self._pairs
        )

    def write(self, value: Sql, read: Structure) -> Sql:
        """Write its members."""
        if self.is_as_read(read):
            return value
        return where(f"{value} is not null", _object(self._written(value, read)))

    def line(self, value: Sql, read: Structure, parent: Sql | None) -> Sql:
        """Write its members and the parent."""
        pairs = self._written(value, read)
        if parent is not None:
            pairs.append((PARENT, parent))
        return f"to_json({_object(pairs)})::varchar"

    def texts_of(self, value: Sql, read: Structure, typename: Sql) -> list[tuple[str, Sql]]:
        """Give every response key with the JSON text of what is written for it."""
        shapes = [shape for _, _, shape in self._pairs]
        return [
            (key, f"coalesce({_json(written, shape)}, 'null')")
            for (key, written), shape in zip(
                self._written(value, read, typename), shapes, strict=True
            )
        ]

    def _written(
        self, value: Sql, read: Structure, typename: Sql | None = None
    ) -> list[tuple[str, Sql]]:
        return [
            (
                key,
                f"to_json({typename or self._typename})"
                if name == TYPENAME
                else self._member(value, read, name, shape, shape.write),
            )
            for key, name, shape in self._pairs
        ]

    @cached_property
    def has_lines(self) -> bool:
        """Whether there are connections within."""
        return any(part.has_lines for _, part in self._read)

    def lines(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the lines of all connections within."""
        found = [
            self._member(value, read, name, part, partial(part.lines, parent=parent))
            for name, part in self._read
            if part.has_lines
        ]
        return " || ".join(found) or "''"

    def _member(
        self,
        value: Sql,
        read: Structure,
        name: str,
        part: Part,
        use: Callable[[Sql, Structure], Sql],
    ) -> Sql:
        member = f"{value}[{quoted(name)}]"
        return self._variables.read_into(part.structure, member, read[name], use)


class Connection(Part):
    """A connection, stored whole; its nodes are lines."""

    has_lines = True

    def __init__(self, name: str, nodes: ObjectShape, variables: Variables) -> None:
        self._unreadable = quoted(f"{name} holds no list of nodes")
        self._nodes = nodes
        self._variables = variables

    @cached_property
    def structure(self) -> Structure:
        """Its nodes."""
        return {"nodes": [self._nodes.structure]}

    def lines(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give its nodes as lines, each before those beneath it."""
        nodes, form = f"{value}['nodes']", read["nodes"][0]
        texts = self._variables.each(
            nodes,
            lambda node: self._variables.read_into(
                self._nodes.structure, node, form, partial(self._nodes.text, parent=parent)
            ),
        )
        return (
            f"case when {value} is not null and {nodes} is null"
            f" then error({self._unreadable}) else '' end"
            f" || coalesce(list_aggregate({texts}, 'string_agg', ''), '')"
        )


def _json(written: Sql, shape: Shape) -> Sql:
    return written if isinstance(shape, Leaf) else f"to_json({written})::varchar"


def _object(pairs: Sequence[tuple[str, Sql]]) -> Sql:
    if not pairs:
        return "'{}'::json"
    if len({key.casefold() for key, _ in pairs}) < len(pairs):
        # a struct takes names that differ in case alone as one
        return f"json_object({', '.join(f'{quoted(key)}, {value}' for key, value in pairs)})"
    return f"{{{', '.join(f'{quoted(key)}: {value}' for key, value in pairs)}}}"
