"""A set-up of a store and an account that works, and what tests break of it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from click.testing import CliRunner, Result

from cartwheel.cli.app import main
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.doctor.checks import Check
from cartwheel.doctor.examination import examine
from cartwheel.doctor.machine import Machine
from load.account.portal import Portal, record_portal
from sandbox.server import Sandbox
from sandbox.shopify.access.installation import ALL_SCOPES

PORTAL = 62515  # of the sandbox's account

_HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


@dataclass
class SetUp:
    """A folder with settings that reach a sandbox; machine is what the machine says.

    holders are programs that have the warehouse open.
    """

    folder: Path
    sandbox: Sandbox
    machine: Machine = field(default_factory=Machine)
    holders: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def env(self) -> Path:
        """The settings file."""
        return self.folder / "settings.env"

    @property
    def warehouse(self) -> Path:
        """The warehouse's file."""
        return self.folder / "warehouse.duckdb"

    def write(self, **changed: str) -> None:
        """Write the settings that reach the sandbox, some of them changed."""
        values = self.sandbox.env | {"CARTWHEEL_WAREHOUSE": str(self.warehouse)} | changed
        self.env.touch(0o600)
        self.env.write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    def doctor(self, *typed: str, **environ: str) -> Result:
        """`cartwheel doctor`, as it is typed."""
        arguments = ["--env", str(self.env), "doctor", *typed]
        return CliRunner(env=environ).invoke(main, arguments)

    def checks(self) -> list[Check]:
        """What the checks find."""
        report = examine(lambda: Settings.read(self.env, {}), self.env, machine=self.machine)
        return list(report.checks)

    def order(self, path: str, body: Any = None, method: str = "POST") -> None:
        """Tell the sandbox to behave in another way."""
        request = urllib.request.Request(
            f"{self.sandbox.url}/_sandbox/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        urllib.request.urlopen(request, timeout=30).close()

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse, made if there is none, with the tables of the steps."""
        with open_warehouse(self.warehouse) as connection:
            for step in ("extract", "build", "load"):
                create_ops_tables(connection, step)
            yield connection

    def belong_to(self, portal_id: int) -> None:
        """Note the account of the ledger."""
        with self.open() as connection:
            now = datetime(2026, 11, 1)
            record_portal(connection, Portal(portal_id), now, "load-1")

    def log_load(self, finished: datetime, status: str, message: str = "") -> None:
        """Note a run of the load."""
        with self.open() as connection:
            connection.execute(
                "insert into ops.load_runs values ('load-1', ?, ?, ?, 0, null, ?)",
                [finished, finished, status, message],
            )

    def hold(self) -> None:
        """Let another program have the warehouse open."""
        with self.open():
            pass
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(self.warehouse)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.holders.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"

    def end(self) -> None:
        """Let the sandbox behave again, and end the programs."""
        for holder in self.holders:
            with suppress(subprocess.TimeoutExpired):
                holder.communicate("", timeout=10)
            holder.kill()
        self.order("hubspot/behaviours", method="DELETE")
        self.order("hubspot/faults", method="DELETE")
        self.order("shopify/faults", method="DELETE")
        self.order("shopify/scopes", {"scopes": list(ALL_SCOPES), "protected_data": True})
        self.sandbox.account.currencies[:] = ["USD"]


def free_address() -> str:
    """An address of this machine where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def utc_now() -> datetime:
    """The machine's time, in UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
