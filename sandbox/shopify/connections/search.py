"""Shopify's search syntax: a filter string becomes a predicate over store entries.

Grammar: terms joined by AND (also when nothing stands between them) or OR, parentheses,
`-` or `NOT` before a term, `field:value` with `:`, `:<`, `:<=`, `:>`, `:>=`, quoted values,
`*` at a value's end for any rest. AND binds tighter than OR.
Facts: docs/reference/shopify.md#search
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sandbox.shopify.connections.comparison import matcher
from sandbox.store.facts import Fact
from sandbox.store.store import Entry

Predicate = Callable[[Entry], bool]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<negation>-|NOT\s+)(?=[^\s)])
      | (?P<joint>AND|OR)(?=[\s(]|$)
      | (?:(?P<field>[\w.]+):\s*(?P<comparator><=|>=|<|>)?\s*)?
        (?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s()'"]+)|(?=\)|\s|$))
    )""",
    re.VERBOSE,
)
_ANYWHERE = ("name", "title", "email", "first_name", "last_name", "sku", "handle")


@dataclass(frozen=True)
class ByNumber:
    """The predicate of `id:1 OR id:2`: such entries are looked up, not searched for."""

    numbers: frozenset[int]

    def __call__(self, entry: Entry) -> bool:
        return entry.number in self.numbers


class SearchSyntaxError(ValueError):
    """The filter cannot be read."""


class Search:
    """A filter string read for one resource, whose filters are the names of its facts.

    `matches` is the predicate, `unknown` the names of filters that the resource does not
    have: Shopify ignores those terms and says so in `extensions.search`.
    """

    def __init__(self, facts: Mapping[str, Fact], text: str, now: datetime) -> None:
        self.unknown: list[str] = []
        self._facts = facts
        self._now = now
        self._tokens = list(_tokens(text))
        self._at = 0
        self.matches: Predicate = self._either() if self._tokens else _ignored
        if self._at < len(self._tokens):
            raise SearchSyntaxError(f"unexpected `)` in the query {text!r}")

    def _peek(self) -> str | None:
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        return token["paren"] or token["joint"] or "term"

    def _either(self) -> Predicate:
        choices = [self._every()]
        while self._peek() == "OR":
            self._at += 1
            choices.append(self._every())
        named = [choice.numbers for choice in choices if isinstance(choice, ByNumber)]
        if len(named) == len(choices):
            return ByNumber(frozenset().union(*named))
        return _joined(choices, any)

    def _every(self) -> Predicate:
        parts = [self._term()]
        while self._peek() in ("AND", "term", "("):
            if self._peek() == "AND":
                self._at += 1
            parts.append(self._term())
        return _joined(parts, all)

    def _term(self) -> Predicate:
        kind = self._peek()
        if kind not in ("term", "("):
            raise SearchSyntaxError("a term is missing at the end of the query or a group")
        token = self._tokens[self._at]
        self._at += 1
        if token["negation"]:
            return _negated(self._term())
        if kind == "(":
            inner = self._either()
            if self._peek() != ")":
                raise SearchSyntaxError("a `)` is missing in the query")
            self._at += 1
            return inner
        quoted = token["single"] if token["single"] is not None else token["double"]
        value = token["bare"] or "" if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        return self._comparison(token["field"], token["comparator"], value, quoted is not None)

    def _comparison(
        self, field: str | None, comparator: str | None, value: str, quoted: bool
    ) -> Predicate:
        facts = self._facts
        if field is None:
            names = [name for name in _ANYWHERE if name in facts]
            wanted = value.casefold()
            return lambda entry: any(
                wanted in str(entry.facts[name] or "").casefold() for name in names
            )
        if field == "tag_not":
            return _negated(self._comparison("tag", comparator, value, quoted))
        if field != "id" and field not in facts:
            self.unknown.append(field)
            return _ignored
        if not value:
            raise SearchSyntaxError(f"the filter {field} has no value")
        if field == "id" and not comparator and value.isdecimal():
            return ByNumber(frozenset({int(value)}))
        kind = "number" if field == "id" else facts[field].kind
        test = matcher(kind, comparator or "", value, quoted, self._now)
        if field == "id":
            return lambda entry: test(entry.number)
        return lambda entry: test(entry.facts[field])


def _ignored(entry: Entry) -> bool:
    """Decides nothing: what joins or negates it leaves it out."""
    del entry
    return True


def _negated(inner: Predicate) -> Predicate:
    return inner if inner is _ignored else lambda entry: not inner(entry)


def _joined(parts: list[Predicate], of: Callable[[Iterable[bool]], bool]) -> Predicate:
    telling = [part for part in parts if part is not _ignored]
    if len(telling) < 2:
        return telling[0] if telling else _ignored
    return lambda entry: of(part(entry) for part in telling)


def _tokens(text: str) -> Iterator[dict[str, str | None]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found or found.end() == at:
            raise SearchSyntaxError(f"the query cannot be read from {text[at : at + 20]!r} on")
        yield found.groupdict()
        at = found.end()
