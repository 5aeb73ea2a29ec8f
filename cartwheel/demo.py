"""The demo: a sandbox in its own process, an empty warehouse, and a sync."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cartwheel.core.errors import CartwheelError, WarehouseError
from cartwheel.core.progress import Say, Watch, labelled
from cartwheel.core.settings import Settings
from cartwheel.core.shop_name import is_made_up
from cartwheel.core.warehouse import open_warehouse, tables
from cartwheel.pipeline import SyncReport, sync
from cartwheel.step_runs import path_of
from dashboard.page import DashboardReport, write_dashboard

START_TIMEOUT = 120.0
DEMO_ORDERS, DEMO_SEED = 1500, 1


@contextmanager
def demo_sandbox(orders: int, seed: int) -> Iterator[Path]:
    """Run `cartwheel sandbox` on a free port and yield the settings file it wrote.

    Raises CartwheelError with the sandbox's own words if it ends before it listens.
    """
    with tempfile.TemporaryDirectory(prefix="cartwheel-demo-") as folder:
        env_file, log = Path(folder) / "demo.env", Path(folder) / "sandbox.log"
        command = [sys.executable, "-m", "cartwheel", "sandbox", "--port", "0"]
        command += ["--orders", str(orders), "--seed", str(seed), "--write-env", str(env_file)]
        with log.open("w") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own command
        try:
            _wait_for(env_file, process, log)
            yield env_file
        finally:
            process.terminate()
            process.wait(timeout=30)


def make_room(warehouse: Path) -> None:
    """Remove an earlier demo's warehouse.

    Raises WarehouseError if the file holds any other shop's data.
    """
    check_room(warehouse)
    warehouse.unlink(missing_ok=True)
    warehouse.with_name(warehouse.name + ".wal").unlink(missing_ok=True)
    path_of(warehouse).unlink(missing_ok=True)


def check_room(warehouse: Path) -> None:
    """Raise WarehouseError if a demo would replace any other shop's data."""
    if not warehouse.exists():
        return
    with open_warehouse(warehouse, read_only=True) as connection:
        present, rows = tables(connection), []
        if "raw.shops" in present:
            rows = connection.execute("select distinct shop from raw.shops").fetchall()
    others = sorted(shop for (shop,) in rows if not is_made_up(shop))
    if others or (present and "raw.shops" not in present):
        raise WarehouseError(
            f"{warehouse} holds data of {', '.join(others) or 'something else'}, which the "
            "demo would replace. Give the demo a file of its own: "
            "CARTWHEEL_WAREHOUSE=demo.duckdb cartwheel demo"
        )


def _wait_for(env_file: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not env_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise CartwheelError(
                f"The sandbox did not start: {log.read_text().strip()[-2000:]}. "
                "Try it alone with: cartwheel sandbox --orders 100"
            )
        time.sleep(0.05)


@dataclass(frozen=True)
class DemoReport:
    """What the demo built, and in how many seconds."""

    sync: SyncReport
    dashboard: DashboardReport
    warehouse: Path
    seconds: float


def demo(
    warehouse: Path,
    page: Path,
    say: Say,
    *,
    orders: int = DEMO_ORDERS,
    seed: int = DEMO_SEED,
    watch: Watch | None = None,
) -> DemoReport:
    """Run the pipeline end to end on a generated store, against the sandbox's two APIs.

    Starts a new warehouse at the given path, once the sandbox listens; raises
    WarehouseError rather than replace one that holds another shop's data. watch is told how
    far each step is.
    """
    clock, say_of_sandbox = time.monotonic(), labelled(say, "sandbox")
    check_room(warehouse)
    say_of_sandbox(f"generating a store with {orders:,} orders (seed {seed})")
    with demo_sandbox(orders, seed) as env_file:
        # the demo's own settings alone: the environment may name a real account
        settings = Settings.read(env_file, environ={"CARTWHEEL_WAREHOUSE": str(warehouse)})
        say_of_sandbox(f"Shopify and HubSpot listen at {settings.shopify_api_url}")
        make_room(warehouse)
        synced = sync(settings, say, watch=watch)
    labelled(say, "dashboard")(f"writing the reports to {page}")
    drawn = write_dashboard(warehouse, page)
    return DemoReport(synced, drawn, warehouse, time.monotonic() - clock)
