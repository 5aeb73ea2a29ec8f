"""Measure a first sync, one with nothing new, one after one order changed, one a day later.

.venv/bin/python -m bench.nothing_new                              # 1,500 orders
.venv/bin/python -m bench.nothing_new --orders 50000
.venv/bin/python -m bench.nothing_new --orders 50000 --stores 20   # a million

With several stores, the rows of all but the first are made from the first one's by SQL, and so
is the ledger: nothing is sent. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.acknowledged import NOW, RUN, acknowledge
from bench.day import change_one_order, hours_later, minutes_later
from bench.measure import Measured, generate_store, in_process, sandbox_of

if TYPE_CHECKING:
    from cartwheel.core.settings import Settings

SEED = 5
DAY = 24  # hours


@dataclass(frozen=True)
class Run:
    """A sync in a process of its own, and the processor seconds of the sandbox meanwhile."""

    name: str
    took: Measured
    sandbox: float


def main() -> None:
    """Run the syncs and print a line for each."""
    parser = argparse.ArgumentParser(description="Measure a sync with nothing new.")
    parser.add_argument(
        "--orders", type=int, default=1500, help="of a store; 1,500 unless said"
    )
    parser.add_argument("--stores", type=int, default=1, help="1 unless said")
    options = parser.parse_args()
    print(f"{options.orders * options.stores:,} orders")
    print(f"{'sync':20}{'seconds':>9}{'of it the sandbox':>19}{'MB':>8}{'written':>10}")
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        for run in syncs(Path(name), options.orders, options.stores):
            print(
                f"{run.name:20}{run.took.seconds:9.1f}{run.sandbox:19.1f}"
                f"{run.took.megabytes:8,.0f}{run.took.rows:10,}",
                flush=True,
            )


def syncs(folder: Path, orders: int, stores: int) -> Iterator[Run]:
    """The syncs, one after another."""
    in_process(generate_store, folder, orders, SEED)
    # dbt's own files stay beside the warehouse
    os.environ["DBT_TARGET_PATH"] = str(folder / "target")
    with sandbox_of(folder) as process:
        if stores == 1:
            yield _measured("first", process, folder, {})
        else:
            in_process(_step, folder, "extract", {})
            in_process(multiply, folder, stores)
            yield Run("first build", in_process(_step, folder, "transform", {}), 0.0)
            in_process(acknowledge, folder / "warehouse.duckdb")
            in_process(_step, folder, "account", {})
            yield _measured("first load", process, folder, {})
        # a generated store has a checkout that becomes abandoned within the first minute
        yield _measured("a minute later", process, folder, minutes_later(folder, 1))
        yield _measured("nothing new", process, folder, minutes_later(folder, 2))
        change_one_order(folder)
        yield _measured("one order changed", process, folder, minutes_later(folder, 3))
        yield _measured("a day later", process, folder, hours_later(folder, DAY))


def multiply(folder: Path, stores: int) -> int:
    """Give the first store's rows to others, whose persons have e-mails of their own."""
    from cartwheel.core.warehouse import open_warehouse

    with open_warehouse(folder / "warehouse.duckdb") as connection:
        connection.execute("set preserve_insertion_order = false")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name = 'raw' or (schema_name, table_name) in "
            "(('ops', 'initial_imports'), ('ops', 'sweeps'))"
        ).fetchall()
        # named as a store of another seed: a made-up one must be known as such
        shop = f"replace(shop, '-{SEED}.', '-' || n || '.')"
        for (table,) in tables:
            columns = connection.execute(f"describe {table}").fetchall()
            if "payload" in {column[0] for column in columns}:
                person = "replace(payload, '@', n || '@')"
                other = f"replace ({shop} as shop, {person} as payload)"
            else:
                other = f"replace ({shop} as shop)"
            connection.execute(
                f"insert into {table} select * exclude (n) {other} from {table}, "
                f"(select unnest(range({SEED} + 1, {SEED} + {stores}))::varchar as n)"
            )
        row = connection.execute("select count(*) from raw.orders").fetchone()
    return int(row[0]) if row else 0


def _measured(name: str, sandbox: int, folder: Path, clock: dict[str, str]) -> Run:
    before = _processor_seconds(sandbox)
    took = in_process(_step, folder, "sync", clock)
    return Run(name, took, _processor_seconds(sandbox) - before)


def _processor_seconds(process: int) -> float:
    """What a process has used by now; 0 where the system does not tell it in /proc."""
    path = Path(f"/proc/{process}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _step(folder: Path, step: str, clock: dict[str, str]) -> int:
    """Run a step over the folder's warehouse and give the number of writes, or of rows."""
    from cartwheel.core.progress import silent
    from cartwheel.core.settings import Settings

    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    settings = Settings.read(folder / "sandbox.env", environ={**warehouse, **clock})
    if step == "extract":
        from extract.run import extract

        return extract(settings).rows_landed
    if step == "transform":
        from cartwheel.transform import transform

        return transform(settings, silent).passed
    if step == "account":
        return _give_to_the_account(settings)
    from cartwheel.pipeline import sync

    report = sync(settings, silent)
    return report.load.writes if report.load else 0


def _give_to_the_account(settings: Settings) -> int:
    """Note the token's account as that of the ledger, which holds no record of it."""
    from cartwheel.core.progress import silent
    from cartwheel.core.warehouse import open_warehouse
    from load.account.portal import ask_portal, record_portal
    from load.hubspot.client import connected

    with (
        connected(settings, silent) as hubspot,
        open_warehouse(settings.warehouse) as connection,
    ):
        record_portal(connection, ask_portal(hubspot), NOW, RUN)
    return 1


if __name__ == "__main__":
    main()
