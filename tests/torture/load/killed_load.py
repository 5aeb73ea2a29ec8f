"""A load in a process of its own, over real HTTP, that is killed at some moment."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware

from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from sandbox.core.clock import stamp
from sandbox.core.listening import running
from sandbox.core.request_log import RequestLog, RequestLogMiddleware
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes
from tests.torture.load.witness import Witness, WitnessMiddleware

ROOT = Path(__file__).resolve().parents[3]
TOKEN, LONGEST = "pat-test", 120.0

_LOAD = """
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from load.run import load

settings = Settings.read()
print("begun", flush=True)
load(settings, silent)
"""


@dataclass
class Served:
    """An account whose API is served: its settings, what was asked, what was carried out."""

    account: Account
    settings: Settings
    log: RequestLog
    witness: Witness = field(default_factory=Witness)

    @contextmanager
    def load(self) -> Iterator[subprocess.Popen[str]]:
        """A load of the warehouse in a process of its own, which has just begun."""
        folder = self.settings.warehouse.parent
        ours = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        environ |= {
            "PYTHONPATH": str(ROOT),
            "CARTWHEEL_WAREHOUSE": str(self.settings.warehouse),
            "CARTWHEEL_NOW": stamp(self.settings.clock()),
            "HUBSPOT_ACCESS_TOKEN": TOKEN,
            "HUBSPOT_API_URL": self.settings.hubspot_api_url,
        }
        process = subprocess.Popen(
            [sys.executable, "-c", _LOAD],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout
            self.witness.process = process.pid
            assert process.stdout.readline() == "begun\n"
            yield process
        finally:
            self.witness.process = 0
            process.kill()
            process.communicate()

    def whole(self) -> float:
        """Load to the end; give the seconds that it took."""
        with self.load() as process:
            began = time.monotonic()
            assert process.wait(LONGEST) == 0
            return time.monotonic() - began

    def killed_after(self, seconds: float) -> bool:
        """Load, and kill it after so long; False if it had ended by then."""
        with self.load() as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                return process.wait() == -9
            return False

    def killed_at_write(self, number: int) -> bool:
        """Load, and kill it when HubSpot has carried out so many writes, the last unheard."""
        self.witness.fatal = number
        with self.load() as process:
            return process.wait(LONGEST) == -9 and self.witness.killed

    def unheard(self) -> int:
        """How many writes were carried out that the ledger does not know of."""
        known = self.asked(
            "select request_id from ops.hubspot_writes "
            "union select request_id from ops.hubspot_journal"
        )
        return len(set(self.witness.carried_out) - {row[0] for row in known})

    def unfolded(self) -> bool:
        """Whether the ledger's journal holds anything that is not folded."""
        return self.asked("select 1 from ops.hubspot_journal limit 1") != []

    def done(self) -> dict[str, dict[str, int]]:
        """What the last load that ended did, per object, in the plan's words."""
        ((objects,),) = self.asked(
            "select objects from ops.load_runs order by started_at desc limit 1"
        )
        return dict(orjson.loads(objects))

    def cleared(self) -> set[str]:
        """The objects of which any load cleared a property."""
        query = "select distinct object from ops.hubspot_written_properties where new = ''"
        return {row[0] for row in self.asked(query)}

    def asked(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query of the warehouse."""
        with open_warehouse(self.settings.warehouse, read_only=True) as connection:
            return connection.execute(query).fetchall()


@contextmanager
def served(account: Account, settings: Settings) -> Iterator[Served]:
    """Serve an account; settings are those of a load, but for the address."""
    log, witness = RequestLog(), Witness()
    app = Starlette(
        routes=routes(account),
        middleware=[
            Middleware(WitnessMiddleware, witness=witness),
            Middleware(RequestLogMiddleware, log=log),
        ],
    )
    with running(app) as url:
        yield Served(account, replace(settings, hubspot_api_url=url), log, witness)
