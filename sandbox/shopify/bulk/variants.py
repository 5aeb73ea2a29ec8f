"""The shapes of objects that have to be looked at: for their type, for what they lack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property, partial, reduce

from sandbox.shopify.bulk.objects import PARENT, TYPENAME, Members, ObjectShape
from sandbox.shopify.bulk.shapes import (
    RAW,
    Sql,
    Structure,
    Variables,
    Write,
    merged,
    quoted,
    where,
)

OTHER = ""  # the name of all types that the schema does not know


class Choice(ObjectShape):
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


class Completed(ObjectShape):
    """An object that may lack members; `complete` writes its JSON text with them."""

    structure = RAW

    def __init__(self, inner: ObjectShape, complete: Write, variables: Variables) -> None:
        self._inner = inner
        self._complete = complete
        self._variables = variables

    def is_as_read(self, read: Structure) -> bool:
        """Never: it was read as a text."""
        del read
        return False

    def write(self, value: Sql, read: Structure) -> Sql:
        """Write the whole object."""
        del read
        return self._with(value, self._inner.write)

    def line(self, value: Sql, read: Structure, parent: Sql | None) -> Sql:
        """Write the whole object as a line."""
        del read
        return self._with(value, partial(self._inner.line, parent=parent))

    def text(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the whole object as a line with all lines beneath it."""
        del read
        return self._with(value, partial(self._inner.text, parent=parent))

    @property
    def has_lines(self) -> bool:
        """Whether there are connections within."""
        return self._inner.has_lines

    def lines(self, value: Sql, read: Structure, parent: Sql) -> Sql:
        """Give the lines of all connections within the whole object."""
        del read
        return self._with(value, partial(self._inner.lines, parent=parent))

    def _with(self, value: Sql, use: Callable[[Sql, Structure], Sql]) -> Sql:
        structure = self._inner.structure
        return self._variables.read_into(structure, self._complete(value), RAW, use)


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
