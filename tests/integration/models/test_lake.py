"""A lake: what models read leaves the warehouse by exports, and marts come back by an import.

The builds here are DuckDB's marts, written as Spark writes them; tests/spark has Spark's own.
"""

from __future__ import annotations

import json
import re
import signal
import stat
import time
from dataclasses import replace
from pathlib import Path
from shutil import copy, copytree, rmtree

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import (
    AlreadyRunning,
    IncompleteData,
    MixedStores,
    OutputError,
    WarehouseError,
)
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.core.working_folders import locked
from cartwheel.lake.contracts import promised_columns
from cartwheel.lake.export import export_to_lake
from cartwheel.lake.layout import EVERY, Lake
from cartwheel.lake.marts import import_from_lake
from tests.commands import Command
from tests.integration.models.conftest import LONDON
from tests.nightly import mostly_nightly

HISTORY = "raw.orders_history"
BUILD, OLDER = "20260610T000000-00000a", "20260101T000000-0000ff"


@pytest.fixture
def settings(transformed_cases, tmp_path):
    """A copy of the warehouse of all cases, which DuckDB has built."""
    return replace(
        transformed_cases, warehouse=Path(copy(transformed_cases.warehouse, tmp_path))
    )


@pytest.fixture
def lake(tmp_path):
    """Where a lake may be made."""
    return tmp_path / "lake"


def export(settings, lake):
    """The report of an export that says nothing."""
    return export_to_lake(settings, lake, silent)


def change(settings, *statements):
    """Change the warehouse by hand."""
    with open_warehouse(settings.warehouse) as connection:
        for statement in statements:
            connection.execute(statement)


def ask(settings, query, values=None):
    """The rows of a query over the warehouse."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return connection.execute(query, values).fetchall()


def read_lake(settings, lake, table, columns="shop, id, run_id, payload"):
    """What a reader of the last whole export sees of a table of raw, in order."""
    found = Lake(lake)
    [named] = [each for each in found.last_export().tables if each.name == table]
    newest = (
        ""
        if named.rows == EVERY
        else "qualify export = max(export) over (partition by shop, id)"
    )
    return ask(
        settings,
        f"select {columns} from read_parquet($files, hive_partitioning = true, "
        "hive_types = {'export': integer}) "
        f"where export between $first and $last {newest} order by all",
        {"files": found.files(named), "first": named.first, "last": named.last},
    )


def of_raw(settings, table, columns="shop, id, run_id, payload::varchar"):
    """What the warehouse has of it."""
    return ask(settings, f"select {columns} from {table} order by all")


def land_again(settings, *, run, where):
    """Land new versions of orders, as an extract does: the former ones go into the history."""
    change(
        settings,
        f"insert into {HISTORY} select * from raw.orders where {where}",
        f"update raw.orders set run_id = '{run}', landed_at = landed_at + to_days(1), "
        f'payload = json_merge_patch(payload, \'{{"note": "{run}"}}\') where {where}',
    )


ONE = f"shop = '{LONDON}' and id = 'gid://shopify/Order/102'"


def test_an_export_adds_what_landed_since_the_last_one(settings, lake):
    """A reader sees the newest version of each record and each former one, none twice."""
    first = export(settings, lake)
    again = export(settings, lake)
    land_again(settings, run="second", where=ONE)
    second = export(settings, lake)
    land_again(settings, run="third", where=f"shop = '{LONDON}'")
    third = export(settings, lake)

    orders = len(of_raw(settings, "raw.orders", "id"))
    assert first.tables["raw.orders"] == orders > 50
    assert (again.export, again.tables) == (1, {})
    assert second.tables == {"raw.orders": 1, HISTORY: 1}
    assert third.tables["raw.orders"] == third.tables[HISTORY] > 5
    assert (second.whole, third.whole) == ([], [])
    for table in ("raw.orders", HISTORY, "raw.sales"):
        assert read_lake(settings, lake, table) == of_raw(settings, table)
    assert ask(
        settings,
        "select export, rows_added from ops.lake_exports where table_name = 'raw.orders' "
        "order by export",
    ) == [(1, orders), (2, 1), (3, third.tables["raw.orders"])]


def test_what_the_warehouse_has_forgotten_the_lake_forgets(settings, lake):
    """A table from which records or payloads have gone is written whole, the files before it
    are removed."""
    land_again(settings, run="second", where=ONE)
    export(settings, lake)
    before = {path.name for path in (lake / "raw" / "customers").iterdir()}
    change(
        settings,
        "delete from raw.customers where id = (select min(id) from raw.customers)",
        f"update {HISTORY} set payload = null",
    )

    report = export(settings, lake)

    assert sorted(report.whole) == ["raw.customers", HISTORY]
    for table in ("raw.customers", HISTORY):
        assert read_lake(settings, lake, table) == of_raw(settings, table)
    assert before == {"export=000001"}
    assert {path.name for path in (lake / "raw" / "customers").iterdir()} == {"export=000002"}


def test_what_a_build_may_read_stays_until_it_has_ended(settings, lake):
    """While one is at work, an export removes nothing, and says so; the next one does."""
    export(settings, lake)
    change(settings, "delete from raw.customers where id = (select min(id) from raw.customers)")
    said: list[str] = []

    with locked(lake / ".build.lock"):
        export_to_lake(settings, lake, said.append)

    parts = lake / "raw" / "customers"
    assert said[-1].startswith("a build is at work")
    assert {path.name for path in parts.iterdir()} == {"export=000001", "export=000002"}
    export(settings, lake)
    assert {path.name for path in parts.iterdir()} == {"export=000002"}


def test_an_export_that_is_killed_is_completed_by_the_next(settings, lake):
    """Until then the lake is read as the last whole export left it."""
    export(settings, lake)
    killed_in_the_middle(settings, lake)
    before = read_lake(settings, lake, "raw.orders")

    report = export(settings, lake)

    assert before != of_raw(settings, "raw.orders")
    assert read_lake(settings, lake, "raw.orders") == of_raw(settings, "raw.orders")
    assert report.tables["raw.orders"] > 50
    assert not list(lake.glob("**/*.part"))


def killed_in_the_middle(settings, lake):
    """Kill an export after it wrote the orders and before it wrote all."""
    for number in range(5):
        land_again(settings, run=f"run {number}", where="true")
        written = Lake(lake).last_export().export + 1
        command = Command.begin(
            ["lake", "export", "--to", str(lake)],
            lake.parent,
            {"CARTWHEEL_WAREHOUSE": str(settings.warehouse)},
        )
        orders = lake / "raw" / "orders" / f"export={written:06}"
        while command.is_running() and not orders.exists():
            time.sleep(0.001)
        command.send_signal(signal.SIGKILL)
        assert command.finish().returncode == -signal.SIGKILL
        if Lake(lake).last_export().export < written:
            assert orders.is_dir()
            return
    pytest.fail("each of five exports was over before it could be killed")


def test_an_export_that_the_warehouse_does_not_remember_is_not_repeated(settings, lake):
    """Where it was killed after the lake had it all, the next one adds no row."""
    export(settings, lake)
    change(settings, "delete from ops.lake_exports where table_name like 'raw.%'")

    report = export(settings, lake)

    assert (report.export, report.tables) == (1, {})
    assert read_lake(settings, lake, "raw.orders") == of_raw(settings, "raw.orders")


def test_a_lake_is_read_by_its_owner_alone(settings, lake):
    """Neither a folder nor a file of it is open to others, whatever the umask."""
    export(settings, lake)

    paths = [lake, *lake.rglob("*")]

    assert len(paths) > 80
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("lake/notes.txt", "holds files that are not of a lake"),
        ("s3://bucket/lake", "is an address"),
        ("la*ke", r"has a '\*'"),
    ],
)
def test_a_folder_that_cannot_be_a_lake_is_refused(settings, tmp_path, made, told):
    """It is said what is wrong with it, and nothing is written there."""
    path = tmp_path / made
    if path.suffix:
        path.parent.mkdir()
        path.write_text("mine")

    with pytest.raises(OutputError, match=told):
        export(settings, path.parent if path.suffix else Path(made))


def test_without_data_no_lake_is_made(tmp_path, lake):
    """Neither a warehouse that does not exist nor one without raw leaves a file behind."""
    nothing = Settings(warehouse=tmp_path / "nothing.duckdb")
    with pytest.raises(WarehouseError, match="There is no warehouse"):
        export(nothing, lake)
    assert list(tmp_path.iterdir()) == []

    change(nothing, "create schema other")
    with pytest.raises(WarehouseError, match=r"Nothing .* yet\. Run: cartwheel extract"):
        export(nothing, lake)
    assert not lake.exists()


def test_two_exports_do_not_write_to_a_lake_at_once(settings, lake):
    """The second says that another one is at work."""
    export(settings, lake)

    with (
        locked(lake / ".lock"),
        pytest.raises(AlreadyRunning, match="Another export to"),
    ):
        export(settings, lake)


def written_build(settings, lake):
    """Write the marts of a warehouse as a build of Spark's, where times are instants."""
    build = BUILD
    tables = []
    names = [*promised_columns(), "staging.stg_shopify__shops"]
    with open_warehouse(settings.warehouse) as connection:
        for name in names:
            schema, table = name.split(".")
            folder = lake / "marts" / build / schema / table
            folder.mkdir(parents=True)
            [(rows,)] = connection.execute(f"select count(*) from {name}").fetchall()
            columns = ", ".join(
                f'timezone(\'UTC\', "{column}") as "{column}"'
                if kind == "TIMESTAMP"
                else f'"{column}"'
                for column, kind, *_ in connection.execute(f"describe {name}").fetchall()
            )
            connection.execute(
                f"copy (select {columns} from {name}) to '{folder}/part-0.parquet'"
            )
            tables.append({"schema": schema, "table": table, "rows": rows})
    export = Lake(lake).last_export()
    current = {"lake": export.lake, "export": export.export, "build": build, "tables": tables}
    current |= {"built_at": "2026-06-10T00:00:00Z", "seconds": 1.0, "passed": 5, "warned": 1}
    (lake / "marts" / "_current.json").write_text(json.dumps(current))
    return names


def contents(settings, names):
    """The rows of each table, and its columns with their types."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return {
            name: [
                connection.execute(f"{asked} {name} {order}").fetchall()
                for asked, order in (("from", "order by all"), ("describe", ""))
            ]
            for name in names
        }


def test_an_import_gives_the_marts_that_were_built(settings, lake, tmp_path):
    """Each mart has the rows and types of the one that was exported, in another warehouse."""
    export(settings, lake)
    names = written_build(settings, lake)
    copytree(lake / "marts" / BUILD, lake / "marts" / OLDER)
    other = replace(settings, warehouse=tmp_path / "other.duckdb")

    report = import_from_lake(other, lake, silent)
    again = import_from_lake(other, lake, silent)

    assert len(names) > 40
    built, imported = contents(settings, names), contents(other, names)
    assert [name for name in names if built[name] != imported[name]] == []
    assert report.tables["hubspot.deals"] == len(built["hubspot.deals"][0]) > 50
    assert report.enrolments == len(built["ops.enrolments"][0]) > 5
    assert report.removed == [OLDER]
    assert (again.tables, again.enrolments) == ({}, 0)
    assert ask(
        other, "select status, passed, warned, failed, command from ops.transform_runs"
    ) == [("succeeded", 5, 1, 0, "cartwheel lake import")]


def test_an_import_replaces_what_duckdb_built_and_keeps_who_was_enrolled(settings, lake):
    """Rows that the build does not have are gone, enrolments are only added, and the next
    transform builds everything."""
    export(settings, lake)
    written_build(settings, lake)
    change(
        settings,
        "insert into hubspot.deals by name select 'gone' as shopify_deal_key",
        "update ops.enrolments set noted_at = '2020-01-01'",
        "delete from ops.enrolments where workflow = 're_engagement'",
        "drop view reports.sync_health",
    )

    report = import_from_lake(settings, lake, silent)

    assert ask(settings, "select 1 from hubspot.deals where shopify_deal_key = 'gone'") == []
    noted = "select count(*) from ops.enrolments where noted_at <> '2020-01-01'"
    assert ask(settings, noted) == [(report.enrolments,)]
    assert report.enrolments > 0
    assert ask(settings, "select count(*) from ops.build_inputs") == [(0,)]


def doubled(folder):
    """A file more than the build wrote."""
    copy(folder / "part-0.parquet", folder / "part-1.parquet")


def torn(folder):
    """A file of which something is missing."""
    (folder / "part-0.parquet").write_text("torn")


@pytest.mark.parametrize(
    ("damage", "told"),
    mostly_nightly(
        [(rmtree, "cannot be read"), (torn, "cannot be read"), (doubled, "rows of")], 2
    ),
)
def test_a_build_whose_files_are_not_all_there_is_not_imported(settings, lake, damage, told):
    """It is said which table it is, all marts stay as they were, and a later one succeeds."""
    export(settings, lake)
    written_build(settings, lake)
    folder = lake / "marts" / BUILD / "reports" / "top_products"
    kept = copytree(folder, lake.parent / "kept")
    damage(folder)
    change(settings, "insert into hubspot.deals by name select 'kept' as shopify_deal_key")

    with pytest.raises(IncompleteData, match=rf"{told}.*so nothing was imported") as raised:
        import_from_lake(settings, lake, silent)

    assert "reports.top_products" in str(raised.value)
    there = "select count(*) from hubspot.deals where shopify_deal_key = 'kept'"
    assert ask(settings, there) == [(1,)]
    rmtree(folder, ignore_errors=True)
    copytree(kept, folder)
    assert import_from_lake(settings, lake, silent).tables
    assert ask(settings, there) == [(0,)]


def test_a_build_that_lacks_a_mart_is_not_imported(settings, lake):
    """It was made by another version of the models; which table is missing is said."""
    export(settings, lake)
    written_build(settings, lake)
    current = lake / "marts" / "_current.json"
    build = json.loads(current.read_text())
    build["tables"] = [each for each in build["tables"] if each["table"] != "line_items"]
    current.write_text(json.dumps(build))

    with pytest.raises(IncompleteData, match=r"another version: it lacks hubspot\.line_items"):
        import_from_lake(settings, lake, silent)


def test_the_commands_print_what_they_did(settings, lake):
    """A line with the numbers and what to type next, or with --json the report."""
    environ = {"CARTWHEEL_WAREHOUSE": str(settings.warehouse)}

    def lake_command(*arguments):
        done = CliRunner(env=environ).invoke(main, ["lake", *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    told = lake_command("export", "--to", str(lake))
    written_build(settings, lake)
    found = json.loads(lake_command("import", "--from", str(lake), "--json"))

    assert re.match(r"export 1: [\d,]+ rows of \d\d tables in", told)
    assert found["build"] == BUILD
    assert found["tables"]["core.orders"] > 20


def test_a_lake_of_other_stores_is_not_imported(settings, lake):
    """Their deals would go to the account of this warehouse."""
    export(settings, lake)
    written_build(settings, lake)
    change(settings, "update raw.shops set shop = 'other.myshopify.com'")

    with pytest.raises(MixedStores, match=r"this warehouse other\.myshopify\.com"):
        import_from_lake(settings, lake, silent)


def test_a_lake_without_a_build_says_how_to_make_one(settings, lake):
    """The command that builds on Spark is named."""
    export(settings, lake)

    with pytest.raises(WarehouseError, match=r"engines/spark/build\.py --lake"):
        import_from_lake(settings, lake, silent)
