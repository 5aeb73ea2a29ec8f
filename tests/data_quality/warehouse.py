"""The warehouse that the cases look at, read once and never written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from cartwheel.build.data_tests import DataTest, run_tests
from cartwheel.build.found_rows import tell_rows
from cartwheel.build.inputs import project_fingerprint
from cartwheel.build.project import read_project
from cartwheel.core.clock import without_zone
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from quality.finding import Finding
from quality.gate import judge_warehouse
from quality.suite import read_suites

SHOWN = 20  # rows that a case shows


class OddValues(UserWarning):
    """A warning of the gate or of dbt's tests: the load goes on."""


@contextmanager
def _warnings_of_libraries_apart() -> Iterator[None]:
    """Leave -W error to what we warn of.

    Great Expectations also turns warnings into lines of a log when it is imported, which ends
    with the block.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@dataclass
class Warehouse:
    """A warehouse, and what is found in it."""

    settings: Settings

    @cached_property
    def findings(self) -> list[Finding]:
        """What the gate finds, as `cartwheel check` does; nothing is kept."""
        now = without_zone(self.settings.clock())
        with _warnings_of_libraries_apart():
            return judge_warehouse(self.settings, read_suites(), now)[0]

    @cached_property
    def identities(self) -> dict[str, DataTest]:
        """dbt's data tests by name, compiled as in the last build, or else by dbt now."""
        fingerprint = project_fingerprint(self.settings, None)
        with _warnings_of_libraries_apart():
            tests = read_project(self.settings, fingerprint, None).tests
        # the tables that keep rows belong to a build
        return {test.name: replace(test, stored_as=None) for test in tests}

    def judge(self, name: str) -> tuple[str, str]:
        """The outcome of a test of dbt's, and its rows in words."""
        with open_warehouse(self.settings.warehouse, read_only=True) as connection:
            [found] = run_tests(connection, [self.identities[name]])
            return found.outcome, "" if found.outcome == "pass" else tell_rows(
                connection, found
            )

    def ask(self, query: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The rows of a query."""
        with open_warehouse(self.settings.warehouse, read_only=True) as connection:
            cursor = connection.execute(query, [*values])
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def expect_no_rows(self, query: str) -> None:
        """Fail, and show the first rows, if a query gives any."""
        rows = self.ask(query)
        if rows:
            lines = [
                ", ".join(f"{name} {value}" for name, value in row.items())
                for row in rows[:SHOWN]
            ]
            more = [f"and {len(rows) - SHOWN:,} more"] if len(rows) > SHOWN else []
            pytest.fail("\n".join([f"{len(rows):,} rows fail:", *lines, *more]), pytrace=False)


def singular_tests(root: Path) -> list[str]:
    """The names of dbt's tests that are files of their own, where nothing can be compiled."""
    found = root.glob("dbt_project/tests/*/*.sql")
    return sorted(path.stem for path in found if path.parent.name != "generic")
