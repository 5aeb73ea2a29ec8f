"""The shapes of objects: of one type, of several, with what they lack; and connections."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property, partial, reduce

from sandbox.shopify.shapes import (
    RAW,
    Leaf,
    Part,
    Shape,
    Sql,
    Structure,
    Variables,
    Write,
    merged,
    quoted,
    where,
)

TYPENAME = "__typename"
PARENT = "__parentId"
NEWLINE = "chr(10)"
OTHER = ""  # the name of all types that the schema does not know


class Thing(Shape):
    """The shape of an object."""

    @abstractmethod
    def line(self, value: Sql, read: Structure, parent: Sql | None) -> Sql:
        """Write an object that is not null as JSON text, with its line's parent last."""

    def text(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the object as a line with all lines beneath it, as one text."""
        own = f"{self.line(value, read, parent)} || {NEWLINE}"
        gid = f"{value}['id']"
        return f"{own} || {self.lines(value, read, gid)}" if self.has_lines else own


class Members(Thing):
    """An object of one type: its response keys, each with the stored name and a shape.

    Connections among them are no members of what is written: their nodes are lines.
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
        if self.has_lines:
            found.setdefault("id", RAW)  # lines beneath name it
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


class Choice(Thing):
    """An object of an interface or a union: by its type, or `other` if that is unknown."""

    def __init__(self, variants: Mapping[str, Members], other: Members) -> None:
        self._variants = {**variants, OTHER: other}

    @cached_property
    def structure(self) -> Structure:
        """What any type needs, and what tells the type."""
        wanted = [members.structure for members in self._variants.values()]
        telling = {TYPENAME: "VARCHAR", "id": RAW}
        return reduce(merged, [found for found in wanted if found != RAW], telling)

    def is_as_read(self, read: Structure) -> bool:
        """Never: its type was read too."""
        del read
        return False

    def write(self, value: Sql, read: Structure) -> Sql:
        """Write the members of its type."""
        return where(f"{value} is not null", f"{self.line(value, read, None)}::json")

    def line(self, value: Sql, read: Structure, parent: Sql | None) -> Sql:
        """Write the members of its type, text by text, and the parent."""
        typename = _typename(value)
        texts = [
            self._of(types, typename, f"'\"{key}\":' || {text}")
            for (key, text), types in _in_one_order(
                {
                    name: members.texts_of(value, read, typename)
                    for name, members in self._variants.items()
                }
            )
        ]
        if parent is not None:
            texts.append(f"'\"{PARENT}\":' || {parent}")
        return f"concat('{{', concat_ws(',', {', '.join(texts) or 'null'}), '}}')"

    @property
    def has_lines(self) -> bool:
        """Whether there are connections within."""
        return any(members.has_lines for members in self._variants.values())

    def lines(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the lines of all connections that its type has."""
        types: dict[Sql, list[str]] = {}
        for name, members in self._variants.items():
            types.setdefault(members.lines(value, read, parent), []).append(name)
        found = [
            f"coalesce({self._of(names, _typename(value), lines)}, '')"
            for lines, names in types.items()
        ]
        return " || ".join(found)

    def _of(self, types: Sequence[str], typename: Sql, value: Sql) -> Sql:
        """Write a value, or null where it is of another type than these."""
        if len(types) == len(self._variants):
            return value
        if OTHER not in types:
            return where(f"{typename} in ({', '.join(map(quoted, types))})", value)
        others = ", ".join(quoted(name) for name in self._variants if name not in types)
        return where(f"coalesce({typename} not in ({others}), true)", value)


class Completed(Thing):
    """An object that may lack members; `complete` writes its JSON text with them."""

    structure = RAW

    def __init__(self, thing: Thing, complete: Write, variables: Variables) -> None:
        self._thing = thing
        self._complete = complete
        self._variables = variables

    def is_as_read(self, read: Structure) -> bool:
        """Never: it was read as a text."""
        del read
        return False

    def write(self, value: Sql, read: Structure) -> Sql:
        """Write the whole object."""
        del read
        return self._with(value, self._thing.write)

    def line(self, value: Sql, read: Structure, parent: Sql | None) -> Sql:
        """Write the whole object as a line."""
        del read
        return self._with(value, partial(self._thing.line, parent=parent))

    def text(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the whole object as a line with all lines beneath it."""
        del read
        return self._with(value, partial(self._thing.text, parent=parent))

    @property
    def has_lines(self) -> bool:
        """Whether there are connections within."""
        return self._thing.has_lines

    def lines(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the lines of all connections within the whole object."""
        del read
        return self._with(value, partial(self._thing.lines, parent=parent))

    def _with(self, value: Sql, use: Callable[[Sql, Structure], Sql]) -> Sql:
        structure = self._thing.structure
        return self._variables.read_into(structure, self._complete(value), RAW, use)


class Connection(Part):
    """A connection, stored whole; its nodes are lines."""

    has_lines = True

    def __init__(self, name: str, nodes: Thing, variables: Variables) -> None:
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


def by_type(complete: Mapping[str, Write]) -> Write:
    """Write a JSON text as the function for its type does, as it is if there is none."""

    def write(value: Sql) -> Sql:
        name, gid = (f"json_extract_string({value}, '$.{key}')" for key in (TYPENAME, "id"))
        cases = " ".join(
            f"when {quoted(name)} then {completed(value)}"
            for name, completed in complete.items()
        )
        return f"case coalesce({name}, split_part({gid}, '/', 4)) {cases} else {value} end"

    return write


def _typename(value: Sql) -> Sql:
    """Tell the type of an object: its `__typename`, else the type in its gid."""
    return f"coalesce({value}['{TYPENAME}'], split_part({value}['id'], '/', 4))"


def _json(written: Sql, shape: Shape) -> Sql:
    return written if isinstance(shape, Leaf) else f"to_json({written})::varchar"


def _in_one_order(
    texts: Mapping[str, Sequence[tuple[str, Sql]]],
) -> list[tuple[tuple[str, Sql], list[str]]]:
    """Put the texts of all types into one order that is right for each of them.

    Every text is given with the types that have it.
    """
    order: list[tuple[tuple[str, Sql], list[str]]] = []
    for name, own in texts.items():
        known = [text for text, _ in order]
        longer = []
        for kind, start, end, at, to in SequenceMatcher(
            None, known, own, autojunk=False
        ).get_opcodes():
            also = [name] if kind == "equal" else []
            longer += [(text, [*types, *also]) for text, types in order[start:end]]
            if not also:
                longer += [(text, [name]) for text in own[at:to]]
        order = longer
    return order


def _object(pairs: Sequence[tuple[str, Sql]]) -> Sql:
    if not pairs:
        return "'{}'::json"
    if len({key.casefold() for key, _ in pairs}) < len(pairs):
        # a struct takes names that differ in case alone as one
        return f"json_object({', '.join(f'{quoted(key)}, {value}' for key, value in pairs)})"
    return f"{{{', '.join(f'{quoted(key)}: {value}' for key, value in pairs)}}}"
