"""The models of one store: ours on DuckDB, Fivetran's dbt_shopify on Postgres."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.peers.installing import interpreter
from bench.peers.postgres import DATABASE, USER, Server, server
from bench.peers.processes import Command, PeerFailed, Took, run
from bench.peers.store import Store, ours
from bench.peers.table import Line
from cartwheel.core.sql import SqlFiles

sql = SqlFiles(__file__)

# what dbt builds on both sides: everything but the tests
BUILD = ("build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
PACKAGES = {
    "fivetran/shopify": "1.8.0",
    "fivetran/fivetran_utils": "0.4.10",
    "dbt-labs/spark_utils": "0.3.3",
    "dbt-labs/dbt_utils": "1.3.3",
}
TYPES = {"double": "double precision", "varchar": "text"}

OURS = (
    "starts from raw JSON, which it parses; sales ledger, people across stores, HubSpot's "
    "objects, reports, audiences; without tests"
)
FIVETRAN = (
    "starts from typed tables; staging, orders, lines, customers, products, discounts, daily "
    "shop, inventory (empty here); without tests and metafields; CPU s and MB are dbt's and "
    "the server's"
)


def models(store: Store, packages: Path | None) -> Iterator[Line]:
    """Build the models of the store with both; packages are those of Fivetran, on disk."""
    settings = store.folder / "sandbox.env"
    took = ours(store.folder, settings, store.warehouse, "dbt", *BUILD)
    yield Line("Cartwheel", took, store.orders, _orders(store.warehouse), OURS)
    name = "dbt_shopify on Postgres"
    try:
        took, found = _fivetran(store, packages)
        yield Line(name, took, store.orders, found, FIVETRAN)
    except PeerFailed as failed:
        yield Line(name, None, store.orders, None, f"cannot run: {failed}")


def _orders(warehouse: Path) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.execute("select count(*) from core.orders").fetchone()
    return row[0] if row else 0


def _fivetran(store: Store, packages: Path | None) -> tuple[Took, int]:
    """Fill a Postgres with typed tables and build the models; what that build took."""
    python = interpreter("dbt-shopify")
    dbt = python.parent / "dbt"
    with server() as postgres:
        project = write_project(store.folder / "dbt_shopify", postgres.folder)
        if packages is None:
            run([dbt, "deps"], folder=project)
        else:
            copy_packages(packages, project / "dbt_packages")
        tables = store.folder / "typed"
        write_tables(store.warehouse, tables)
        with postgres.running():
            fill = [python, Path(__file__).parent / "run_fill_postgres.py"]
            run([*fill, postgres.folder, DATABASE, tables], folder=project)
        with postgres.running():
            took = run([dbt, *BUILD], folder=project)
        if postgres.took:
            took = took.plus(postgres.took)
        return took, _built(postgres, python, project)


def _built(postgres: Server, python: Path, project: Path) -> int:
    """How many orders dbt_shopify has made."""
    counted = project / "counted"
    code = (
        "import psycopg2, sys; cursor = psycopg2.connect(host=sys.argv[1], dbname=sys.argv[2], "
        "user=sys.argv[3]).cursor(); "
        "cursor.execute('select count(*) from built_shopify.shopify__orders'); "
        "print(cursor.fetchone()[0])"
    )
    with postgres.running():
        command: Command = [python, "-c", code, postgres.folder, DATABASE, USER]
        run(command, folder=project, written=counted)
    return int(counted.read_text())


def write_project(folder: Path, socket: Path) -> Path:
    """Write a dbt project that has nothing but Fivetran's packages; give its folder."""
    folder.mkdir()
    project = {
        "name": "peers",
        "version": "1.0.0",
        "profile": "peers",
        "flags": {"send_anonymous_usage_stats": False},
        "vars": {
            "shopify_schema": "shopify",
            "shopify_using_metafield": False,
            "fivetran__remove_empty_table_warnings": True,
        },
    }
    output = {
        "type": "postgres",
        "host": str(socket),
        "port": 5432,
        "user": USER,
        "password": "",
        "dbname": DATABASE,
        "schema": "built",
        "threads": os.cpu_count() or 1,
    }
    profile = {"peers": {"target": "peers", "outputs": {"peers": output}}}
    listed = [{"package": name, "version": version} for name, version in PACKAGES.items()]
    # JSON is YAML
    (folder / "dbt_project.yml").write_text(json.dumps(project))
    (folder / "profiles.yml").write_text(json.dumps(profile))
    (folder / "packages.yml").write_text(json.dumps({"packages": listed}))
    return folder


def copy_packages(packages: Path, into: Path) -> None:
    """Copy what dbt deps would have installed from a folder that has a folder for each.

    Raises PeerFailed if one is missing.
    """
    for package in PACKAGES:
        name = package.partition("/")[2]
        if not (packages / name / "dbt_project.yml").is_file():
            raise PeerFailed(f"{packages / name} is not a dbt package. Put {package} there")
        shutil.copytree(packages / name, into / name)


def write_tables(warehouse: Path, folder: Path) -> None:
    """Write the typed tables of a landed store: a CSV file each, and schema.sql."""
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as landed (read_only)")
        connection.execute(sql.text("typed_tables"))
        found = connection.execute(
            "select table_name, list(column_name order by column_index), "
            "list(lower(data_type) order by column_index) "
            "from duckdb_columns() where schema_name = 'shopify' group by all order by all"
        ).fetchall()
        statements = ["create schema shopify"]
        for table, names, kinds in found:
            columns = ", ".join(
                f'"{name}" {TYPES.get(kind, kind)}'
                for name, kind in zip(names, kinds, strict=True)
            )
            statements.append(f'create table shopify."{table}" ({columns})')
            connection.execute(
                f"copy shopify.\"{table}\" to '{folder / table}.csv' "
                "(header false, nullstr '\\N')"
            )
    (folder / "schema.sql").write_text(";\n".join(statements))
