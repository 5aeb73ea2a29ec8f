"""What the last build saw, in ops.build_inputs, and what has to be built since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb

from cartwheel.build.inputs import project_fingerprint, read_by_models, relations
from cartwheel.build.inputs import source_fingerprints as fingerprints
from cartwheel.build.project import Project
from cartwheel.core.clock import without_zone
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import transaction

_CLOCK = "intermediate.int_clock_changes"


@dataclass(frozen=True)
class Seen:
    """The inputs of a build: the project, what the tables hold, and the time (naive UTC)."""

    project: str
    relations: dict[str, str]
    sources: dict[str, str]
    now: datetime


@dataclass(frozen=True)
class Todo:
    """What has to be built: everything, or what depends on these sources and clocks.

    why says it in words. Sources are tables as schema.name; clocks are models that hold
    something else as time passes.
    """

    everything: bool
    why: str
    sources: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to build."""
        return bool(self.everything or self.sources or self.clocks)

    def changed(self) -> list[str]:
        """dbt's unique ids of the sources and clocks."""
        ids = [f"source.cartwheel.{name}" for name in self.sources]
        return ids + [f"model.cartwheel.{name}" for name in self.clocks]


@dataclass(frozen=True)
class BuildState:
    """What a build that succeeded saw, and what its tests warned of.

    sources holds a fingerprint of each table that a stored model or a test reads, None where
    what depends on it has to be built again; due the moment at which the time alone changes a
    model; relations the tables and views that the models are. All times are naive UTC.
    """

    project: str
    relations: dict[str, str]
    sources: dict[str, str | None]
    due: dict[str, datetime]
    built_at: datetime
    warnings: dict[str, str] = field(default_factory=dict)
    synced: tuple[str, str] | None = None

    def todo(self, seen: Seen) -> Todo:
        """What has changed since, as far as it decides what the models hold."""
        if self.project != seen.project:
            return Todo(True, "the project or its settings changed")
        if not self.relations.items() <= seen.relations.items():
            return Todo(True, "tables of the models were dropped or replaced")
        if seen.now < self.built_at:
            return Todo(True, "the clock was set back")
        sources = tuple(
            name for name, former in self.sources.items() if former != seen.sources.get(name)
        )
        clocks = tuple(name for name, moment in self.due.items() if moment <= seen.now)
        return Todo(False, _why(sources, clocks), sources, clocks)


def _why(sources: Iterable[str], clocks: Iterable[str]) -> str:
    names = [name.removeprefix("raw.").replace("_", " ") for name in sources]
    return ", ".join([*names, *(["the time"] if tuple(clocks) else [])])


def look(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    variables: Mapping[str, object] | None,
) -> Seen:
    """The inputs as they are now."""
    there = relations(connection)
    return Seen(
        project_fingerprint(settings, variables),
        there,
        fingerprints(connection, read_by_models(there)),
        without_zone(settings.clock()),
    )


def read_state(connection: duckdb.DuckDBPyConnection) -> BuildState | None:
    """What the last build saw; None if there was none on which to rely."""
    try:
        rows = connection.execute(
            "select kind, name, fingerprint, due_at, seen_at from ops.build_inputs"
        ).fetchall()
        warnings = connection.execute("select test, warning from ops.build_warnings").fetchall()
    except duckdb.CatalogException:
        return None
    of: dict[str, dict[str, Any]] = {}
    for kind, name, fingerprint, due_at, _ in rows:
        of.setdefault(kind, {})[name] = due_at if kind == "clock" else fingerprint
    if "project" not in of:
        return None
    return BuildState(
        of["project"]["project"],
        of.get("relation", {}),
        of.get("source", {}),
        of.get("clock", {}),
        max(row[4] for row in rows),
        dict(warnings),
        next(iter(of.get("sync", {}).items()), None),
    )


def after_build(
    connection: duckdb.DuckDBPyConnection,
    before: BuildState | None,
    seen: Seen,
    project: Project,
    findings: Mapping[str, str | None],
) -> BuildState:
    """The state after a build that succeeded, of everything if there was none before.

    findings are the tests that ran, each with what it warns of, None where it passed.
    """
    there = relations(connection)
    due = connection.execute(
        f"select model, min(due_at) from {_CLOCK} where due_at > ? group by model", [seen.now]
    ).fetchall()
    kept = before.warnings if before else {}
    warnings = {test: words for test, words in kept.items() if test not in findings}
    warnings |= {test: words for test, words in findings.items() if words is not None}
    return BuildState(
        seen.project,
        {
            model.relation: there[model.relation]
            for model in project.models.values()
            if model.relation in there
        },
        {name: seen.sources.get(name) for name in project.watched()},
        dict(due),
        seen.now,
        warnings,
    )


def after_failure(before: BuildState, todo: Todo) -> BuildState:
    """The state after a build that did not succeed: it is to be done again."""
    return replace(
        before,
        sources={
            name: None if name in todo.sources else former
            for name, former in before.sources.items()
        },
        synced=None,
    )


def forget_state(connection: duckdb.DuckDBPyConnection) -> None:
    """Know of no build on which to rely: the next one is of everything."""
    create_ops_tables(connection, "build")
    connection.execute("delete from ops.build_inputs")


def write_state(connection: duckdb.DuckDBPyConnection, state: BuildState) -> None:
    """Remember a state in place of the former one."""
    create_ops_tables(connection, "build")
    rows: list[tuple[str, str, str | None, datetime | None]] = [
        ("project", "project", state.project, None)
    ]
    rows += [("relation", name, kind, None) for name, kind in state.relations.items()]
    rows += [("source", name, former, None) for name, former in state.sources.items()]
    rows += [("clock", name, None, moment) for name, moment in state.due.items()]
    rows += [("sync", *state.synced, None)] if state.synced else []
    with transaction(connection):
        connection.execute("delete from ops.build_inputs")
        connection.execute("delete from ops.build_warnings")
        connection.executemany(
            "insert into ops.build_inputs values (?, ?, ?, ?, ?)",
            [[*row, state.built_at] for row in rows],
        )
        if state.warnings:
            connection.executemany(
                "insert into ops.build_warnings values (?, ?)",
                [list(each) for each in state.warnings.items()],
            )
