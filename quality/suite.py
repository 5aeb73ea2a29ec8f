"""The suites: what is expected of a table's rows and of its figures (quality/suites)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import yaml

from cartwheel.core.errors import SettingsError
from quality.conditions import AGGREGATES, CONDITIONS, QUERY, ROW_COUNT

SUITES = Path(__file__).parent / "suites"
Severity = Literal["critical", "warning", "info"]
SEVERITIES = ("critical", "warning", "info")

_TYPES = {*CONDITIONS, *AGGREGATES, QUERY, ROW_COUNT}


@dataclass(frozen=True)
class Expectation:
    """An expectation of a table's rows, in Great Expectations' words.

    type and kwargs are its own; severity says whether a failure stops the load (critical),
    warns, or is only shown (info). notes are for the person who must act.
    """

    name: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    notes: str


@dataclass(frozen=True)
class Figure:
    """A figure of a table that is compared with its own earlier runs.

    query gives rows of part (a store, or '' for all), value, and judged: how many rows the
    value rests on, or null where it is such a number itself. It may lie within times the median
    of earlier runs, or within so many points of it. Nothing is judged with fewer rows or
    earlier runs than enough says. when names a table without which it is not measured.
    """

    name: str
    query: str
    severity: Severity
    notes: str
    times: tuple[float, float] | None = None
    points: float | None = None
    enough: Mapping[str, int] = field(default_factory=lambda: {"rows": 100, "runs": 5})
    when: str = ""


@dataclass(frozen=True)
class Suite:
    """What is expected of one table; several may be about the same one.

    key is SQL that names a row and holds nothing of a person. columns are further columns, by
    their SQL. Of a text only its shape is shown, unless its column is listed as shown; where
    rows_are_persons that goes for every value.
    """

    file: str
    table: str
    key: str
    expectations: tuple[Expectation, ...]
    figures: tuple[Figure, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    rows_are_persons: bool = False

    @property
    def names(self) -> list[str]:
        """The names of its expectations, and of its figures."""
        return [
            *(each.name for each in self.expectations),
            *(each.name for each in self.figures),
        ]

    @property
    def batch(self) -> str:
        """The rows under judgement, as SQL after `from`."""
        if not self.columns:
            return self.table
        further = "".join(f", {sql} as {name}" for name, sql in self.columns.items())
        return f"(select *{further} from {self.table})"


def read_suites(folder: Path = SUITES) -> list[Suite]:
    """Every suite of a folder, in the order of the files' names.

    Raises SettingsError if a file is not a suite, or has a name that another file has for the
    same table, naming the file and what to change.
    """
    suites: list[Suite] = []
    for path in sorted(folder.glob("*.yml")):
        suite = _suite(path)
        for other in (each for each in suites if each.table == suite.table):
            if twice := sorted({*suite.names} & {*other.names}):
                raise _trouble(path, f"{twice[0]} is a name in {other.file} too")
        suites.append(suite)
    return suites


def _suite(path: Path) -> Suite:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError) as error:
        raise _trouble(path, f"it cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict):
        raise _trouble(path, "it is not a mapping with table, key and expectations")
    expectations: list[Expectation] = _entries(path, found, "expectations", Expectation)
    figures: list[Figure] = _entries(path, found, "figures", Figure)
    known = {each.name for each in fields(Suite)} - {"file"}
    if wrong := [*sorted(found.keys() - known), *sorted({"table", "key"} - found.keys())]:
        raise _trouble(path, f"{wrong[0]} is not an entry of a suite, or is missing")
    for each in expectations:
        if each.type not in _TYPES:
            raise _trouble(
                path,
                f"{each.name}: {each.type} is not a type that the gate can ask DuckDB for. "
                f"Take one of {', '.join(sorted(_TYPES))}",
            )
    for figure in figures:
        if (figure.times is None) == (figure.points is None):
            raise _trouble(path, f"{figure.name}: a figure has either times or points")
    suite = Suite(
        path.name,
        str(found["table"]),
        str(found["key"]),
        tuple(expectations),
        tuple(figures),
        found.get("columns") or {},
        tuple(found.get("shown") or ()),
        bool(found.get("rows_are_persons")),
    )
    if twice := sorted(name for name in suite.names if suite.names.count(name) > 1):
        raise _trouble(path, f"{twice[0]} is the name of an expectation and of a figure")
    return suite


def _is_expectation(entry: dict[str, Any]) -> bool:
    """Whether an entry has what expectations have and figures have not."""
    return not {"type", "kwargs"}.isdisjoint(entry)


def _entries(path: Path, found: dict[str, Any], section: str, kind: type[Any]) -> list[Any]:
    entries = []
    for name, entry in (found.get(section) or {}).items():
        known = {each.name for each in fields(kind)}
        if not isinstance(entry, dict) or (wrong := sorted(entry.keys() - known)):
            said = f"{wrong[0]} is not an entry" if isinstance(entry, dict) else "is empty"
            if isinstance(entry, dict) and section == "figures" and _is_expectation(entry):
                said += " of a figure; an expectation stands under expectations"
            raise _trouble(path, f"{name}: {said}")
        if entry.get("severity") not in SEVERITIES:
            raise _trouble(path, f"{name}: severity is one of {', '.join(SEVERITIES)}")
        try:
            entries.append(kind(**{**entry, "name": str(name)}))
        except TypeError as error:
            missing = str(error).rpartition(": ")[2]
            raise _trouble(path, f"{name} lacks {missing}") from error
    return entries


def _trouble(path: Path, said: str) -> SettingsError:
    return SettingsError(
        f"The suite {path} cannot be used: {said}. Correct the file (docs/quality.md), then "
        "run: cartwheel check"
    )
