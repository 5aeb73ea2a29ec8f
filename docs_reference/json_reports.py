"""The page of what --json prints: the keys of each report, with the kinds of their values."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from cartwheel.doctor.checks import Report as DoctorReport
from cartwheel.extract_shops import ShopsReport
from cartwheel.pipeline import SyncReport
from cartwheel.status import Redacted, Status
from cartwheel.transform import TransformReport
from docs_reference.markdown import escaped, page, table
from extract.report import ExtractReport
from load.account.move import AccountReport
from load.plan.held_back import HeldBack, Reason
from load.plan.omitted_properties import OmittedProperty
from load.plan.plan import Counts
from load.run import LoadReport
from load.setup.report import SetupReport
from quality.gate import CheckReport

PATH = "reference/json.md"
PLAN: dict[str, Any] = {
    "objects": dict[str, Counts],
    "writes": int,
    "adopted": int,
    "held_back": list[Reason],
    "omitted": list[OmittedProperty],
    "redacted": list[Redacted],
    "records": list[HeldBack],
}
"""The keys of `cartwheel plan --json`; the last with --object alone."""

REPORTS: dict[str, tuple[type, ...]] = {
    "extract": (ExtractReport, ShopsReport),
    "transform": (TransformReport,),
    "check": (CheckReport,),
    "setup": (SetupReport,),
    "load": (LoadReport,),
    "sync": (SyncReport,),
    "status": (Status,),
    "account": (AccountReport,),
    "doctor": (DoctorReport,),
}
KINDS = {str: "text", bool: "true or false", int: "number", float: "number"}
KINDS |= {datetime: "time", Decimal: "money, as text", Path: "path", Any: "any"}


def json_page() -> str:
    """Each command's report, then every kind of object that stands in one."""
    return page(
        "What --json prints",
        "the reports of the code",
        "The report of a command is one line of JSON on stdout, printed also where the command "
        "ends with another code than 0 after its work; nothing is printed where an error "
        "stopped it.",
        "**Promised** are the keys below and the kinds of their values: none goes or changes "
        "its meaning without a line in the CHANGELOG. New keys may come with any version, so "
        "ignore those that you do not know. Not promised is the wording of texts for people: "
        "`said`, `fix`, `warnings`, `alarms`, `message`, `detail`, `reason` and `example`.",
        "A time is in UTC by RFC 3339, such as `2026-11-30T20:50:25Z`; an amount of money is "
        "text, so that no cent is lost; an object “by name” has the name as its key. The "
        "descriptions are those of the code, where None is what JSON calls `null`.",
        table(["command", "prints"], _commands()),
        "Where nothing was new, `check`, `setup` and `load` of a sync are `null`. The other "
        "commands with `--json` print what their tables show; their keys are not promised.",
        "## The plan",
        "`records`, the records that are held back, stands there with `--object` alone.",
        table(["key", "value"], ((f"`{key}`", kind(of)) for key, of in PLAN.items())),
        *_sections(),
    )


def kind(hint: Any) -> str:
    """What a value is, with a link to what stands in it."""
    if hint in KINDS:
        return KINDS[hint]
    arguments = [each for each in get_args(hint) if each is not Ellipsis]
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return " or ".join("null" if each is type(None) else kind(each) for each in arguments)
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in arguments)
    if origin and issubclass(origin, Mapping):
        return f"by name: {kind(arguments[1])}"
    if origin and issubclass(origin, Sequence):
        return f"list of {kind(arguments[0])}"
    return f"[{hint.__name__}](#{hint.__name__.lower()})"


def keys(report: type) -> dict[str, Any]:
    """The keys of a report with the types of their values."""
    hints = get_type_hints(report)
    if dataclasses.is_dataclass(report):
        return {each.name: hints[each.name] for each in dataclasses.fields(report)}
    return hints


def _commands() -> Iterator[tuple[str, str]]:
    yield "`cartwheel plan`", "[the counts of a plan](#the-plan)"
    for command, reports in REPORTS.items():
        several = " where one store was read, else " if command == "extract" else " or "
        yield f"`cartwheel {command}`", several.join(map(kind, reports))


def _sections() -> Iterator[str]:
    for report in sorted(_reached(), key=lambda each: each.__name__):
        yield f"### {report.__name__}"
        yield escaped(" ".join((inspect.getdoc(report) or "").split()))
        yield table(
            ["key", "value"], ((f"`{key}`", kind(of)) for key, of in keys(report).items())
        )


def _reached() -> set[type]:
    """The classes that stand in a report, and the reports."""
    found: set[type] = set()
    to_see: list[Any] = [each for reports in REPORTS.values() for each in reports]
    to_see += PLAN.values()
    while to_see:
        hint = to_see.pop()
        to_see += get_args(hint)
        if isinstance(hint, type) and hint not in found and _is_ours(hint):
            found.add(hint)
            to_see += keys(hint).values()
    return found


def _is_ours(hint: type) -> bool:
    return dataclasses.is_dataclass(hint) or hasattr(hint, "_fields")
