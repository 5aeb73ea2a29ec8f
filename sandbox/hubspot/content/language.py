"""HubL as far as the sandbox speaks it: what a template may say, checked and compiled.

HubL grew out of Jinja, so that Jinja parses it; what Jinja knows and HubL does not is refused.
Facts: HubSpot's published references of HubL, its filters, functions and tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import ChainableUndefined, Template, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from sandbox.hubspot.content.filters import KNOWN, TESTS
from sandbox.hubspot.core.problems import Problem

CRM_FUNCTIONS = ("crm_associations", "crm_object", "crm_objects")
FUNCTIONS = {*CRM_FUNCTIONS, "personalization_token", "range", "namespace", "caller"}
METHODS = {"items", "keys", "values", "get", "append", "update", "cycle"}
SHARED_TESTS = {
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "in", "iterable", "lower",
    "mapping", "none", "number", "odd", "sameas", "sequence", "string", "undefined", "upper",
}  # fmt: skip
NOT_HUBL = {
    nodes.With: "with",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.FilterBlock: "filter",
    nodes.Extends: "extends",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
}
PLACER = "_place_module"  # the name by which a template reaches the mail that is rendered


class Placed(NamedTuple):
    """A module that a template places: its name in it, its path, and the fields it sets."""

    name: str
    path: str
    fields: frozenset[str]


class Script(NamedTuple):
    """What a template says, as far as somebody else must know it."""

    placed: tuple[Placed, ...]
    crm_calls: int
    printed: frozenset[str]  # names, with their members: site_settings.company_name


class ModuleTag(Extension):
    """{% module "name" path="/folder/x.module", field=value %}."""

    tags = {"module"}  # noqa: RUF012  the base class declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the tag; name and path must be literal text."""
        line = next(parser.stream).lineno
        name = parser.parse_expression()
        pairs: list[nodes.Pair] = []
        while parser.stream.current.type != "block_end":
            parser.stream.skip_if("comma")
            key = parser.stream.expect("name").value
            parser.stream.expect("assign")
            pairs.append(nodes.Pair(nodes.Const(key), parser.parse_expression()))
        path = next((each.value for each in pairs if _constant(each.key) == "path"), None)
        if not isinstance(_constant(name), str) or not isinstance(_constant(path), str):
            parser.fail("A module has a name and a path, both as text", line)
        call = self.call_method("place", [nodes.ContextReference(), name, nodes.Dict(pairs)])
        return nodes.Output([call], lineno=line)

    @staticmethod
    def place(context: Context, name: str, parameters: Mapping[str, Any]) -> str:
        """Render a module where its tag stands."""
        placed: str = context.resolve(PLACER)(name, parameters)
        return placed


def _printed(value: object) -> object:
    """What HubL prints of a value: nothing of none, and true and false in lower case."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


class Language(SandboxedEnvironment):
    """Jinja, with HubL's filters, tags and habits, and without what HubL does not have."""

    def __init__(self) -> None:
        super().__init__(
            autoescape=False,  # as in HubSpot: who prints a text escapes it
            undefined=ChainableUndefined,
            finalize=_printed,
            keep_trailing_newline=True,
            extensions=[ModuleTag, "jinja2.ext.do"],
        )
        self.filters = dict(KNOWN)
        shared = {name: self.tests[name] for name in SHARED_TESTS}
        self.tests = {**shared, **TESTS}
        self.globals = {name: self.globals[name] for name in ("range", "namespace")}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A member by its name; an object's own members go before its methods."""
        if isinstance(obj, dict):
            try:
                return obj[attribute]
            except KeyError:
                pass
        return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for place, call in enumerate(_crm_calls(tree)):
            # each tells which call of its template it is, since each may be made ten times
            site = nodes.Keyword("_site", nodes.Const(place), lineno=call.lineno)
            site.set_environment(self)
            call.kwargs.append(site)
        return tree


LANGUAGE = Language()


@lru_cache(maxsize=1024)
def compiled(source: str) -> Template:
    """A template that renders; raises jinja2's TemplateSyntaxError."""
    return LANGUAGE.from_string(source)


@lru_cache(maxsize=1024)
def read_script(source: str) -> Script:
    """What a template says. Raises Problem 400 with each fault that HubL would find."""
    try:
        tree = LANGUAGE.parse(source)
        compiled(source)
    except TemplateSyntaxError as error:
        raise _invalid([(error.message or "Syntax error", error.lineno)]) from None
    except RecursionError:
        raise _invalid([("Nested too deeply", 1)]) from None
    if found := sorted(set(_faults(tree)), key=lambda fault: fault[1]):
        raise _invalid(found)
    calls = sum(1 for _ in _crm_calls(tree))
    return Script(tuple(_placed(tree)), calls, frozenset(_names(tree)))


def _faults(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    for kind, tag in NOT_HUBL.items():
        for node in tree.find_all(kind):
            yield f"'{tag}' is not a tag that the sandbox has", node.lineno
    for loop in tree.find_all(nodes.For):
        if loop.test or loop.recursive:
            yield "A loop of HubL has neither a condition nor is it recursive", loop.lineno
    for call in tree.find_all(nodes.Call):
        called = call.node
        if isinstance(called, nodes.Name) and called.name not in FUNCTIONS | macros:
            yield f"Could not resolve function '{called.name}'", call.lineno
        elif isinstance(called, nodes.Getattr) and called.attr not in METHODS:
            yield f"'{called.attr}' is not a method that HubL has", call.lineno


def _invalid(faults: list[tuple[str, int]]) -> Problem:
    return Problem(
        400,
        "VALIDATION_ERROR",
        f"HubL is not valid: {faults[0][0]} (line {faults[0][1]})",
        errors=[
            {"message": message, "context": {"line": [str(line)]}} for message, line in faults
        ],
    )


def _crm_calls(tree: nodes.Template) -> Iterator[nodes.Call]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in CRM_FUNCTIONS:
            yield call


def _placed(tree: nodes.Template) -> Iterator[Placed]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.ExtensionAttribute):
            given = {
                str(_constant(pair.key)): pair.value
                for pair in call.args[2].iter_child_nodes()
                if isinstance(pair, nodes.Pair)
            }
            path = str(_constant(given.pop("path")))
            yield Placed(str(_constant(call.args[1])), path, frozenset(given))


def _names(tree: nodes.Template) -> Iterator[str]:
    for output in tree.find_all(nodes.Output):
        for name in output.find_all(nodes.Name):
            yield name.name
        for member in output.find_all(nodes.Getattr):
            if isinstance(member.node, nodes.Name):
                yield f"{member.node.name}.{member.attr}"


def _constant(node: nodes.Node | None) -> object:
    return node.value if isinstance(node, nodes.Const) else None
