"""A journey: a sandbox in a process of its own, a warehouse, and the cartwheel command."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from dotenv import dotenv_values

from cartwheel.core.warehouse import open_warehouse
from tests.commands import Command

ROOT = Path(__file__).resolve().parents[2]
SLOT = Path(mkdtemp(prefix="cartwheel-journeys-"))
atexit.register(rmtree, SLOT, ignore_errors=True)


@dataclass
class Journey:
    """One store on its way; paths and the sandbox's address."""

    folder: Path
    env_file: Path
    warehouse: Path
    url: str
    token: str

    def cartwheel(self, *arguments: str) -> str:
        """What the cartwheel command prints, run as a person would with these settings."""
        done = self.attempt(*arguments)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def attempt(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """The cartwheel command, run with more settings in its environment, may fail."""
        return self.started(*arguments, **settings).finish()

    def started(self, *arguments: str, **settings: str) -> Command:
        """The cartwheel command, begun.

        While it runs, the warehouse stands where those of all journeys of this process do:
        for another path dbt would parse the whole project anew.
        """
        move_warehouse(self.warehouse, SLOT)
        in_slot = SLOT / self.warehouse.name
        environ = own_environment() | {"CARTWHEEL_WAREHOUSE": str(in_slot), **settings}
        command = Command.begin(["--env", str(self.env_file), *arguments], self.folder, environ)
        command.afterwards = partial(move_warehouse, in_slot, self.warehouse.parent)
        return command

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query over the warehouse."""
        with open_warehouse(self.warehouse, read_only=True) as connection:
            return connection.execute(sql, parameters or []).fetchall()

    def value(self, sql: str, parameters: list[Any] | None = None) -> Any:
        """The only value of a query."""
        return self.rows(sql, parameters)[0][0]

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the sandbox, as HubSpot or through its control routes."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def hubspot_records(self, object_type: str) -> list[dict[str, str | None]]:
        """The properties of every living record of the sandbox's HubSpot, and its "id"."""
        found = self.request("GET", f"/_sandbox/hubspot/objects/{object_type}")
        return [record["properties"] | {"id": record["id"]} for record in found]

    def writes(self) -> list[dict[str, Any]]:
        """The write requests that HubSpot has seen since the log was last cleared."""
        seen = self.request("GET", "/_sandbox/requests?api=hubspot")
        return [request for request in seen if request["write"]]


@contextmanager
def journey(folder: Path, *sandbox_options: str) -> Iterator[Journey]:
    """Start `cartwheel sandbox` as the issue tells, and yield the journey it makes possible."""
    env_file = folder / "s.env"
    options = [*sandbox_options, "--port", "0", "--write-env", str(env_file)]
    sandbox = Command.begin(["sandbox", *options], folder, own_environment())
    try:
        deadline = time.monotonic() + 120
        while not env_file.exists():
            assert sandbox.is_running(), sandbox.finish()
            assert time.monotonic() < deadline, "the sandbox did not start in 120 s"
            time.sleep(0.02)
        env = dotenv_values(env_file)
        yield Journey(
            folder,
            env_file,
            folder / "warehouse.duckdb",
            str(env["HUBSPOT_API_URL"]),
            str(env["HUBSPOT_ACCESS_TOKEN"]),
        )
    finally:
        sandbox.send_signal(signal.SIGTERM)
        sandbox.finish(30)


def move_warehouse(warehouse: Path, folder: Path) -> None:
    """Move a warehouse, and what belongs to it, into another folder."""
    for path in warehouse.parent.glob(f"{warehouse.name}*"):
        path.rename(folder / path.name)


def own_environment() -> dict[str, str]:
    """The environment without settings of ours."""
    ours = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
