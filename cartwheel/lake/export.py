"""raw, and what models read of ops, into a lake: what is new since the last export."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.build.inputs import source_fingerprints
from cartwheel.core.clock import machine_time, rfc3339
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.privacy import private_files
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.settings import Settings
from cartwheel.core.sql import SqlFiles
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse, transaction
from cartwheel.lake.layout import EVERY, NEWEST, Export, Exported, Lake, new_lake
from cartwheel.lake.sources import Source, sources

sql = SqlFiles(__file__)

# a table in more parts, or with more former versions than rows, is written whole
_PARTS = 100


@dataclass(frozen=True)
class ExportReport:
    """What an export added to a lake: rows by table, and seconds.

    whole are the tables of which all rows were written again; export is the number of the
    export that is to be read, that of an earlier one if nothing is new.
    """

    lake: Path
    export: int
    tables: dict[str, int]
    whole: list[str]
    seconds: float

    def in_words(self) -> str:
        """Such as: export 3: 1,204 rows of 5 tables in 2.1 s."""
        added = [rows for rows in self.tables.values() if rows]
        if not self.tables:
            return f"nothing new since export {self.export}"
        return (
            f"export {self.export}: {sum(added):,} rows of {len(added)} tables in "
            f"{self.seconds:.1f} s"
        )


def export_to_lake(
    settings: Settings, folder: Path, say: Say, watch: Watch | None = None
) -> ExportReport:
    """Write to a lake what the models read and the lake lacks.

    Of raw that is each version of a record that landed since the last export; a table from
    which versions have gone (pruned, or a person erased) is written whole, and the files
    before it are removed. Of ops it is each table that has changed. What an export wrote is
    read once all of it is whole; one that was cut off is as if it had not been.

    Raises WarehouseError if nothing has been extracted yet, OutputError if the folder is not
    one of a lake or cannot be written, AlreadyRunning while another command writes to it.
    """
    lake, begun = Lake(folder), time.monotonic()
    # before a folder or a warehouse is made
    with waiting(say), open_warehouse(settings.warehouse, read_only=True) as connection:
        sources(connection)
    with (
        waiting(say),
        private_files(),
        lake.writing(),
        open_warehouse(settings.warehouse) as connection,
    ):
        create_ops_tables(connection, "lake")
        writer = Writer(connection, lake, settings, watch or told_to(say))
        with transaction(connection):
            writer.write()
            writer.remember()
        if not lake.clear(writer.export):
            say("a build is at work; the next export removes what this one has replaced")
    return ExportReport(
        lake=lake.folder,
        export=writer.export.export,
        tables=writer.rows,
        whole=writer.whole,
        seconds=time.monotonic() - begun,
    )


class Writer:
    """One export: export is the one to be read after it, rows what it added by table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        lake: Lake,
        settings: Settings,
        watch: Watch,
    ) -> None:
        self._connection, self._lake, self._watch = connection, lake, watch
        self._settings = settings
        self._before = lake.last_export()
        self.export = self._before or Export(new_lake(), 0, "")
        self.rows: dict[str, int] = {}
        self.whole: list[str] = []
        self._fingerprints: dict[str, str] = {}
        self._compared: set[str] = set()  # tables of which the lake lacked nothing

    def write(self) -> None:
        """Write what the lake lacks, and make it what is read."""
        found = sources(self._connection)
        self._fingerprints = self._fingerprints_of(found)
        unchanged = self._unchanged()
        number = self.export.export + 1
        known = {table.name: table for table in self.export.tables}
        progress = Progress("", self._watch, step="export", verb="written")
        progress.begin("tables", len(found))
        tables = []
        for place, source in enumerate(found, 1):
            former = known.get(source.name)
            is_known = former is not None and former.columns == [*source.columns]
            if former is None or not (is_known and source.name in unchanged):
                tables.append(self._table(source, former if is_known else None, number))
            else:
                tables.append(former)
            progress.advance("tables", place)
        shops = [
            shop for (shop,) in self._rows("select distinct shop from raw.shops order by 1")
        ]
        read = _read_by_models(self._settings)
        if not self.rows and (self.export.shops, self.export.settings) == (shops, read):
            return
        self.export = Export(
            self.export.lake, number, rfc3339(machine_time()), shops, read, tables
        )
        self._lake.publish(self.export)

    def remember(self) -> None:
        """Note in ops.lake_exports what was added, and what the tables hold now."""
        now, rows = machine_time(), self.rows | dict.fromkeys(self._compared, 0)
        for table, added in rows.items():
            self._connection.execute(
                "insert into ops.lake_exports values (?, ?, ?, ?, ?, ?, ?)",
                [
                    *(self.export.lake, self.export.export, table, self._fingerprints[table]),
                    *(added, table in self.whole, now),
                ],
            )

    def _fingerprints_of(self, found: Sequence[Source]) -> dict[str, str]:
        """A hash of each table; of a history also how many versions still have their JSON."""
        hashes = source_fingerprints(self._connection, [each.name for each in found])
        for source in found:
            if source.is_history:
                (kept,) = self._one(f"select count(payload) from {source.name}")
                hashes[source.name] += f" {kept}"
        return hashes

    def _unchanged(self) -> set[str]:
        """The tables that hold what they held at their last export into this lake.

        What was exported after the lake's own last export (a copy may have been put back) is
        not in it.
        """
        last = self._rows(
            "select table_name, arg_max(fingerprint, (export, exported_at)), max(export) "
            "from ops.lake_exports where lake = ? group by table_name",
            [self.export.lake],
        )
        return {
            table
            for table, fingerprint, export in last
            if self._fingerprints.get(table) == fingerprint and export <= self.export.export
        }

    def _table(self, source: Source, former: Exported | None, number: int) -> Exported:
        """Write what the lake lacks of a table: its new rows, or all of it."""
        rows, where, is_whole = EVERY, "", True
        if source.is_versioned:
            rows = EVERY if source.is_history else NEWEST
            if former is not None and not self._lacks_too_much(source, former):
                (new,) = self._one("select count(*) from unexported")
                if not new:
                    # remembered, so that it is not compared again
                    self._compared.add(source.name)
                    return former
                where, is_whole = "where rowid in (select row_of_table from unexported)", False
        written = self._write(source, where, number)
        self.rows[source.name] = written
        if is_whole and source.is_versioned and former is not None:
            self.whole.append(source.name)
        first = number if is_whole or former is None else former.first
        return Exported(source.schema, source.table, first, number, rows, [*source.columns])

    def _lacks_too_much(self, source: Source, former: Exported) -> bool:
        """Find the rows that the lake lacks; whether it is to be written whole instead."""
        names = {
            "table": source.name,
            "version": source.version(),
            "known_version": "version" if source.is_history else "arg_max(version, export)",
            "grouped": "" if source.is_history else "group by shop, id",
            "key": "shop, id, version" if source.is_history else "shop, id",
        }
        of_lake = {
            "files": self._lake.files(former),
            "first": former.first,
            "last": former.last,
        }
        self._connection.execute(sql("read_known", **names), of_lake)
        self._connection.execute(sql("find_unexported", **names))
        (gone,) = self._one(sql("count_gone", **names))
        (held,) = self._one(f"select count(*) from {source.name}")
        (logged,) = self._one(sql("count_logged"), of_lake)
        many = self._lake.parts(former) >= _PARTS
        return bool(gone) or many or int(logged) > 2 * int(held)

    def _write(self, source: Source, where: str, number: int) -> int:
        columns = [f'{how} as "{name}"' for name, how in source.columns.items()]
        columns += [f"{source.version()} as version"] if source.is_versioned else []
        with self._lake.part(source.schema, source.table, number) as folder:
            (written,) = self._one(
                sql(
                    "write_part",
                    columns=", ".join(columns),
                    table=source.name,
                    where=where,
                    folder=folder,
                )
            )
        return int(written)

    def _one(
        self, statement: str, values: Mapping[str, object] | None = None
    ) -> tuple[Any, ...]:
        return self._connection.execute(statement, values).fetchone() or (0,)

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()


def _read_by_models(settings: Settings) -> dict[str, str]:
    """The settings that the models read, so that another engine builds by the same."""
    return {
        "CARTWHEEL_NOW": rfc3339(settings.now) if settings.now else "",
        "CARTWHEEL_QUARANTINE_LIMIT": str(settings.quarantine_limit),
    }
