"""The data tests of the models, run as dbt compiled them.

dbt spends more on each test than DuckDB does, whatever the size of the data: half of a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb

Outcome = Literal["pass", "warn", "fail", "error"]


@dataclass(frozen=True)
class DataTest:
    """A data test of dbt's, with what its yml says, in dbt's names.

    kind is the generic test's name, empty for one in a file of its own; model the first one
    that it refers to; column its column, if it is of one; one and many are words for its rows.
    stored_as is the table that keeps the rows, None if they are not kept.
    """

    name: str
    sql: str
    parents: list[str]
    kind: str = ""
    model: str = ""
    column: str = ""
    severity: str = "error"
    warn_if: str = "!= 0"
    error_if: str = "!= 0"
    fail_calc: str = "count(*)"
    limit: int | None = None
    one: str = ""
    many: str = ""
    stored_as: str | None = None

    @classmethod
    def of(cls, node: Any) -> DataTest:
        """A test as dbt compiled it."""
        config, metadata = node.config, getattr(node, "test_metadata", None)
        return cls(
            name=str(node.name),
            sql=str(node.compiled_code),
            parents=list(node.depends_on.nodes),
            kind=str(metadata.name) if metadata else "",
            model=str(node.refs[0].name) if node.refs else "",
            column=str(getattr(node, "column_name", None) or ""),
            severity=str(config.severity).lower(),
            warn_if=str(config.warn_if),
            error_if=str(config.error_if),
            fail_calc=str(config.fail_calc),
            limit=config.limit,
            one=str(config.meta.get("one", "")),
            many=str(config.meta.get("many", "")),
            stored_as=f"{node.schema}.{node.alias}" if config.store_failures else None,
        )


@dataclass(frozen=True)
class Finding:
    """The outcome of a test: how many rows it found, and DuckDB's words if it could not run."""

    test: DataTest
    outcome: Outcome
    failures: int = 0
    message: str = field(default="", repr=False)


def run_tests(
    connection: duckdb.DuckDBPyConnection, tests: Iterable[DataTest]
) -> Iterator[Finding]:
    """Run tests, one after another, and judge their rows as dbt does."""
    for test in tests:
        yield _run(connection, test)


def _run(connection: duckdb.DuckDBPyConnection, test: DataTest) -> Finding:
    rows = f"({test.sql}\n)"
    try:
        if test.stored_as:
            schema = test.stored_as.partition(".")[0]
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create or replace table {test.stored_as} as from {rows}")
            rows = test.stored_as
        if test.limit is not None:
            rows = f"(from {rows} limit {test.limit})"
        row = connection.execute(
            f"select {test.fail_calc}, {test.fail_calc} {test.warn_if}, "
            f"{test.fail_calc} {test.error_if} from {rows} as dbt_internal_test"
        ).fetchone()
    except duckdb.Error as error:
        return Finding(test, "error", message=str(error))
    failures, warns, fails = row or (0, False, False)
    outcome: Outcome = "pass"
    if fails and test.severity == "error":
        outcome = "fail"
    elif warns:
        outcome = "warn"
    return Finding(test, outcome, int(failures or 0))
