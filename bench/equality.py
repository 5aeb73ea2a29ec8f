"""Whether two commits make the same tables and the same HubSpot account of the same stores.

    .venv/bin/python -m bench.equality --before 678a6fe --after HEAD
    make equality BEFORE=678a6fe

Each commit is a black box: its files are laid out and set up by its own `make setup`, its
own `cartwheel sandbox` serves a store, and its own `cartwheel sync` runs twice. Three stores:
the demo's, the real one of the shared folder, and the hostile one, which the module
tests.stores.hostile of this checkout writes for both. Compared are the columns and all rows of
every table of core, hubspot, reports and workflows, every record and association of the
sandbox's HubSpot, the exit codes, and the number of writes of the second sync. Left out are
HubSpot's own ids (a record is known by its unique property), the order of columns, and what
bench/equality.toml lists as renamed or as meant, with its reason.

With --cache DIR what a commit made of a store is kept there and not made again; only committed
work is looked at. Ends with 1 if any difference is unexplained.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from bench.outcome import SCHEMAS, Store, checked_out, sync_twice

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "stores" / "online-retail" / "store"
HOSTILE = "tests.stores.hostile"  # the module that writes it
EXCEPTIONS = Path(__file__).with_suffix(".toml")
STORES = ("demo", "real", "hostile")
SAMPLES = 3  # rows shown of a table that differs
Columns = dict[str, str]


@dataclass(frozen=True)
class Exceptions:
    """What bench/equality.toml lists: renamed tables and columns, and meant differences."""

    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    meant: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, file: Path) -> Exceptions:
        """Read the list. Raises ValueError for a meant difference without its reason."""
        listed = tomllib.loads(file.read_text(encoding="utf-8"))
        meant = listed.get("meant", [])
        for each in meant:
            if unknown := set(each) - {"table", "store", "columns", "types", "where", "why"}:
                raise ValueError(f"{file}: {', '.join(sorted(unknown))} is not known")
            if not each.get("table") or not each.get("why"):
                raise ValueError(f"{file}: a meant difference needs table and why: {each}")
        renamed = listed.get("renamed", {})
        return cls(renamed.get("tables", {}), renamed.get("columns", {}), meant)

    def of(self, store: str, table: str) -> list[Mapping[str, Any]]:
        """The meant differences of a table, by its name after, in a store."""
        return [
            each
            for each in self.meant
            if each["table"] == table and each.get("store", store) == store
        ]


@dataclass
class Compared:
    """A table on both sides: its rows, its unexplained differences, and what they are."""

    store: str
    table: str
    before: int | None
    after: int | None
    differences: int = 0
    notes: list[str] = field(default_factory=list)


def main() -> int:
    """Compare the two commits and print a line per table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", default="678a6fe", help="a commit (default: %(default)s)")
    parser.add_argument("--after", default="HEAD", help="a commit (default: %(default)s)")
    parser.add_argument("--cache", type=Path, help="keep and reuse outcomes in this folder")
    parser.add_argument("--store", action="append", choices=STORES, help="only this store")
    options = parser.parse_args()
    exceptions = Exceptions.read(EXCEPTIONS)
    with tempfile.TemporaryDirectory(prefix="cartwheel-equality-") as made:
        cache = (options.cache or Path(made)).resolve()
        cache.mkdir(parents=True, exist_ok=True)
        stores = _stores(options.store or STORES, Path(made) / "hostile")
        # both at once: a branch may move on while the first one is synced
        commits = [_commit(options.before), _commit(options.after)]
        before, after = (_outcomes(commit, stores, cache) for commit in commits)
        compared = [
            line
            for store in stores
            for line in compare(store.name, before[store.name], after[store.name], exceptions)
        ]
    _print(compared)
    return int(any(line.differences for line in compared))


def _stores(names: Sequence[str], hostile: Path) -> list[Store]:
    """The stores of these names; the hostile one is written to its folder by this checkout."""
    stores = []
    for name in names:
        if name == "demo":
            stores.append(Store(name, ("--orders", "1500", "--seed", "1"), "1500-1"))
            continue
        folder = hostile if name == "hostile" else REAL
        if name == "hostile":
            subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", HOSTILE, str(folder)], check=True, cwd=ROOT
            )
        if not folder.is_dir():
            raise SystemExit(f"There is no store at {folder}; leave it out by --store")
        content = hashlib.sha256()
        for file in sorted(folder.iterdir()):
            content.update(file.name.encode() + file.read_bytes())
        stores.append(Store(name, ("--store", str(folder)), content.hexdigest()[:12]))
    return stores


def _commit(name: str) -> str:
    found = subprocess.run(  # noqa: S603
        ["git", "-C", str(ROOT), "rev-parse", "--verify", f"{name}^{{commit}}"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    return found.stdout.strip()


def _outcomes(commit: str, stores: Sequence[Store], cache: Path) -> dict[str, Path]:
    """The file of what a commit makes of each store, made where the cache has none."""
    files = {
        store.name: cache / f"{commit[:12]}-{store.name}-{store.content}.duckdb"
        for store in stores
    }
    wanting = [store for store in stores if not files[store.name].exists()]
    if wanting:
        _say(f"{commit[:12]}: sets up")
        with checked_out(ROOT, commit, cache) as tree:
            for store in wanting:
                _say(f"{commit[:12]}: syncs the {store.name} store twice")
                sync_twice(tree, store, files[store.name])
    return files


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def compare(store: str, before: Path, after: Path, exceptions: Exceptions) -> list[Compared]:
    """Compare all tables of two outcomes of a store, in order of their names after."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{before}' as before (read_only)")
        connection.execute(f"attach '{after}' as after (read_only)")
        old = _tables(connection, "before")
        new = _tables(connection, "after")
        names = {exceptions.tables.get(name, name): name for name in old}
        return [
            _compare_table(
                connection,
                Compared(store, name, None, None),
                names.get(name),
                old.get(names.get(name, ""), {}),
                new.get(name, {}),
                exceptions,
            )
            for name in sorted({*names, *new})
        ]


def _tables(connection: duckdb.DuckDBPyConnection, side: str) -> dict[str, Columns]:
    tables: dict[str, Columns] = {}
    for table, column, data_type in connection.execute(
        "select table_schema || '.' || table_name, column_name, data_type"
        " from information_schema.columns"
        f" where table_catalog = '{side}' and table_schema in {(*SCHEMAS, 'account')}"
        " order by ordinal_position"
    ).fetchall():
        tables.setdefault(table, {})[column] = data_type
    return tables


def _compare_table(
    connection: duckdb.DuckDBPyConnection,
    line: Compared,
    old_name: str | None,
    old: Columns,
    new: Columns,
    exceptions: Exceptions,
) -> Compared:
    meant = exceptions.of(line.store, line.table)
    line.notes += [f"meant: {each['why']}" for each in meant]
    whole = any(not {"columns", "types", "where"} & set(each) for each in meant)
    renamed = exceptions.columns.get(line.table, {})
    if old_name:
        line.before = _number(connection, f"from before.{old_name}")
    if new:
        line.after = _number(connection, f"from after.{line.table}")
    if whole:
        return line
    if not old_name or not new:
        line.differences = 1 + (line.before or 0) + (line.after or 0)
        line.notes.append(f"only {'before' if old_name else 'after'}")
        return line

    left_out = {name for each in meant for name in each.get("columns", ())}
    other_type = {name for each in meant for name in each.get("types", ())}
    was = {renamed.get(name, name): (name, kind) for name, kind in old.items()}
    for name in [name for name in {**was, **new} if name not in left_out]:
        there, here = was.get(name, ("", ""))[1], new.get(name, "")
        if there != here and not (there and here and name in other_type):
            line.differences += 1
            line.notes.append(f"column {name}: {there or 'not there'} -> {here or 'gone'}")

    both = [name for name in new if name in was and name not in left_out]
    conditions = [
        f"not coalesce(({each['where']}), false)" for each in meant if "where" in each
    ]
    sides = {
        side: f"select {', '.join(columns)} from {table}"
        for side, columns, table in (
            ("was", [f'"{was[name][0]}" as "{name}"' for name in both], f"before.{old_name}"),
            ("is", [f'"{name}"' for name in both], f"after.{line.table}"),
        )
    }
    for side, query in sides.items():
        kept = f"from ({query}) where {' and '.join(conditions)}" if conditions else query
        connection.execute(f'create or replace temp view "{side}" as {kept}')
    for side, other in (("was", "is"), ("is", "was")):
        connection.execute(
            f'create or replace temp table "{side}_alone" as'
            f' from "{side}" except all from "{other}"'
        )
    alone = [_number(connection, f'from "{side}_alone"') for side in sides]
    line.differences += sum(alone)
    if any(alone):
        line.notes += _explain(connection, both)
    return line


def _explain(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> list[str]:
    """Name the columns whose values differ, and show some of the rows."""
    guilty = [
        name
        for name in columns
        if _number(connection, f'from "was_alone" select "{name}"'
                   f' except all from "is_alone" select "{name}"')
        or _number(connection, f'from "is_alone" select "{name}"'
                   f' except all from "was_alone" select "{name}"')
    ]  # fmt: skip
    shown = list(dict.fromkeys([*columns[:3], *guilty]))
    listed = ", ".join(f'"{name}"' for name in shown)
    notes = [f"differs in: {', '.join(guilty) or 'the combination of values'}"]
    for side, sign in (("was", "-"), ("is", "+")):
        rows = connection.execute(
            f'select {listed} from "{side}_alone" order by all limit {SAMPLES}'
        ).fetchall()
        notes += [
            f"{sign} " + ", ".join(f"{n}={v}" for n, v in zip(shown, row, strict=True))[:400]
            for row in rows
        ]
    return notes


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(f"select count(*) from ({query})").fetchone()
    return int(row[0]) if row else 0


def _print(compared: Sequence[Compared]) -> None:
    width = max((len(line.table) for line in compared), default=5)
    print(f"{'store':8} {'table':{width}} {'before':>9} {'after':>9} {'differences':>11}")
    for line in compared:
        rows = ["-" if n is None else f"{n:,}" for n in (line.before, line.after)]
        columns = f"{line.store:8} {line.table:{width}} {rows[0]:>9} {rows[1]:>9}"
        print(f"{columns} {line.differences:>11,}")
        for note in line.notes:
            print(f"{'':8}   {note}")
    stores = len({line.store for line in compared})
    total = sum(line.differences for line in compared)
    print(
        f"{'total':8} {f'{len(compared)} tables of {stores} stores':{width}} "
        f"{sum(line.before or 0 for line in compared):>9,} "
        f"{sum(line.after or 0 for line in compared):>9,} {total:>11,}"
    )


if __name__ == "__main__":
    sys.exit(main())
