"""What another engine built, from a lake into the warehouse, for the steps that follow."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.build.state import forget_state
from cartwheel.core.clock import machine_time, without_zone
from cartwheel.core.errors import IncompleteData, MixedStores, WarehouseError
from cartwheel.core.ops import create_reported_tables, expect_run_logs_of_this_version
from cartwheel.core.privacy import private_files
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.quarantine import past_limit, tell_quarantined
from cartwheel.core.settings import Settings
from cartwheel.core.sql import SqlFiles
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse, tables, transaction
from cartwheel.lake.contracts import promised_columns
from cartwheel.lake.layout import MARTS, Build, Built, Lake
from cartwheel.lake.sources import MEMORY
from cartwheel.step_runs import recorded

sql = SqlFiles(__file__)

COMMAND = "cartwheel lake import"
# beside the marts, what the load and the page read: the shops with their language
SHOPS = "staging.stg_shopify__shops"


@dataclass(frozen=True)
class ImportReport:
    """What was imported of a build: rows by table, and seconds.

    tables is empty where the warehouse has that build already. built_at is when it was
    finished, UTC; quarantined names the records that are not sent, a sentence each; enrolments
    is how many it adds to ops.enrolments; removed are the older builds that the lake no longer
    holds.
    """

    lake: Path
    build: str
    built_at: datetime
    tables: dict[str, int]
    enrolments: int
    quarantined: tuple[str, ...]
    removed: list[str]
    seconds: float

    def in_words(self) -> str:
        """Such as: build 2026…: 31,002 rows of 46 tables in 0.8 s."""
        if not self.tables:
            return f"the warehouse has build {self.build} already"
        return (
            f"build {self.build}: {sum(self.tables.values()):,} rows of {len(self.tables)} "
            f"tables in {self.seconds:.1f} s"
        )


def import_from_lake(
    settings: Settings, folder: Path, say: Say, watch: Watch | None = None
) -> ImportReport:
    """Replace the marts of the warehouse by those of the lake's current build.

    In one transaction: a reader sees the former marts, or all of these. Who entered an
    audience by that build is added to ops.enrolments, and nobody taken from it. Older builds
    are removed, unless the lake is a copy. The run is remembered in ops.transform_runs, and
    the next `cartwheel transform` builds everything, since DuckDB has built none of this.

    Raises WarehouseError if the lake has no build, MixedStores if it is that of other stores
    than the warehouse's, IncompleteData if files of the build are missing or damaged.
    """
    lake, begun, started = Lake(folder), time.monotonic(), machine_time()
    build = lake.current_build()
    if build is None:
        raise WarehouseError(
            f"No build of {lake.folder} was finished yet. Build the models on Spark, as "
            "engines/spark/README.md says: .venv-spark/bin/python engines/spark/build.py "
            f"--lake {lake.folder}"
        )
    with (
        recorded(settings, "transform") as noted,
        waiting(say),
        private_files(),
        open_warehouse(settings.warehouse) as connection,
    ):
        reader = Reader(connection, lake, build, watch or told_to(say))
        if not reader.has_been_read():
            with transaction(connection):
                reader.read()
                reader.log(started)
        quarantined = tuple(tell_quarantined(connection))
        report = ImportReport(
            lake=lake.folder,
            build=build.build,
            built_at=without_zone(datetime.fromisoformat(build.built_at)),
            tables=reader.rows,
            enrolments=reader.enrolments,
            quarantined=quarantined,
            removed=_without_older(lake, build, say),
            seconds=time.monotonic() - begun,
        )
        for sentence in [*past_limit(connection, settings.quarantine_limit), *quarantined]:
            say(f"quarantined: {sentence}")
        noted.detail = report.in_words()
    return report


def _without_older(lake: Lake, build: Build, say: Say) -> list[str]:
    """Remove the builds before the current one, and say where that is not possible."""
    try:
        return lake.clear_builds(build)
    except OSError as error:
        say(f"older builds stay in {lake.folder / MARTS}: {error.strerror}; remove them there")
        return []


class Reader:
    """The import of one build: rows are those of each table, by its name."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, lake: Lake, build: Build, watch: Watch
    ) -> None:
        self._connection, self._lake, self._build = connection, lake, build
        self._watch = watch
        self.rows: dict[str, int] = {}
        self.enrolments = 0

    def has_been_read(self) -> bool:
        """Whether the marts of the warehouse are those of this build: none came after it."""
        if "ops.transform_runs" not in tables(self._connection):
            return False
        expect_run_logs_of_this_version(self._connection)
        row = self._connection.execute(
            "select command, message, status from ops.transform_runs order by started_at desc"
        ).fetchone()
        return row == (COMMAND, f"build {self._build.build}", "succeeded")

    def read(self) -> None:
        """Replace each table, and forget what DuckDB built."""
        create_reported_tables(self._connection)
        expect_run_logs_of_this_version(self._connection)
        self._expect_same_stores()
        promised = promised_columns()
        wanted = [*promised, SHOPS]
        built = {f"{table.schema}.{table.table}": table for table in self._build.tables}
        if missing := [name for name in wanted if name not in built]:
            raise self._incomplete(
                f"Build {self._build.build} is of another version: it lacks {missing[0]}"
            )
        progress = Progress("", self._watch, step="import", verb="read")
        progress.begin("tables", len(wanted))
        for place, name in enumerate(wanted, 1):
            with self._files_told(name):
                if name == MEMORY:
                    self._add_to_memory(built[name], promised[name])
                else:
                    self._replace(name, built[name], promised.get(name))
            progress.advance("tables", place)
        forget_state(self._connection)

    def log(self, started: datetime) -> None:
        """Note the import among the builds of the warehouse."""
        self._connection.execute(
            "insert into ops.transform_runs (started_at, finished_at, status, passed, warned, "
            "failed, message, command) values (?, ?, 'succeeded', ?, ?, 0, ?, ?)",
            [
                *(started, machine_time(), self._build.passed, self._build.warned),
                *(f"build {self._build.build}", COMMAND),
            ],
        )

    def _expect_same_stores(self) -> None:
        """Raise MixedStores where the warehouse extracts other stores than the lake holds."""
        if "raw.shops" not in tables(self._connection):
            return
        rows = self._connection.execute("select distinct shop from raw.shops").fetchall()
        ours, export = {shop for (shop,) in rows}, self._lake.last_export()
        theirs = set(export.shops if export else ())
        if ours and ours != theirs:
            held, here = ", ".join(sorted(theirs)) or "no store", ", ".join(sorted(ours))
            raise MixedStores(
                f"The lake {self._lake.folder} holds {held}, and this warehouse {here}. Name "
                "the warehouse of the lake, or a new file for what it holds, in "
                "CARTWHEEL_WAREHOUSE; or run: cartwheel lake export --to "
                f"{self._lake.folder}"
            )

    def _replace(self, name: str, table: Built, columns: Mapping[str, str] | None) -> None:
        self._connection.execute(f"create schema if not exists {table.schema}")
        view = self._connection.execute(
            "select 1 from duckdb_views() where database_name = current_database() "
            "and schema_name = ? and view_name = ?",
            [table.schema, table.table],
        ).fetchone()
        if view:
            self._connection.execute(f"drop view {name}")
        self._connection.execute(
            sql("replace_table", table=name, columns=_cast(columns or self._found(table))),
            self._files(table),
        )
        self.rows[name] = self._whole(table, self._count(name))

    def _add_to_memory(self, table: Built, columns: Mapping[str, str]) -> None:
        """Add the rows of ops.enrolments that the warehouse does not know yet."""
        read = sql("read_build", columns=_cast(columns))
        self._whole(table, self._count(f"({read})", self._files(table)))
        if MEMORY not in tables(self._connection):
            self._connection.execute(f"create table {MEMORY} as {read}", self._files(table))
            self.enrolments = self._count(MEMORY)
            return
        before = self._count(MEMORY)
        self._connection.execute(
            sql("add_enrolments", columns=_cast(columns)), self._files(table)
        )
        self.enrolments = self._count(MEMORY) - before

    def _whole(self, table: Built, rows: int) -> int:
        """The number of rows; raise IncompleteData if it is not what the build wrote."""
        if rows != table.rows:
            raise self._incomplete(
                f"The lake has {rows:,} rows of {table.schema}.{table.table}, but build "
                f"{self._build.build} wrote {table.rows:,}"
            )
        return rows

    @contextmanager
    def _files_told(self, name: str) -> Iterator[None]:
        """Say of which table the files are missing or damaged."""
        try:
            yield
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            said = str(error).splitlines()[0]
            raise self._incomplete(
                f"The lake's files of {name} cannot be read ({said})"
            ) from error

    def _incomplete(self, what: str) -> IncompleteData:
        return IncompleteData(
            f"{what}, so nothing was imported. Copy the lake again, or build again: "
            f".venv-spark/bin/python engines/spark/build.py --lake {self._lake.folder}"
        )

    def _found(self, table: Built) -> dict[str, str]:
        """The columns of a table without a contract; times are in UTC, as everywhere here."""
        rows = self._connection.execute(
            "describe select * from read_parquet($files)", self._files(table)
        ).fetchall()
        zoned = "TIMESTAMP WITH TIME ZONE"
        return {
            name.replace('"', '""'): "timestamp" if kind == zoned else kind
            for name, kind, *_ in rows
        }

    def _files(self, table: Built) -> dict[str, str]:
        return {"files": self._lake.files_of_build(self._build, table)}

    def _count(self, source: str, values: Any = None) -> int:
        row = self._connection.execute(f"select count(*) from {source}", values).fetchone()
        return int(row[0]) if row else 0


def _cast(columns: Mapping[str, str]) -> str:
    return ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
