"""One case of the fault matrix, carried out: a served store, a warehouse, two runs."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.core.errors import CartwheelError
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from extract.read.bulk import Patience
from extract.run import extract
from sandbox.server import Sandbox
from tests.torture.extract.case import Case
from tests.torture.extract.rows import Key, Rows, dead_ids
from tests.torture.extract.store import Store, first_store, later_store

# each kind of record has a store of its own, so that a case reads no more than it is about
SERVED = {
    "orders": ("orders",),
    "order_agreements": ("orders",),
    "refunds": ("orders",),
    "customers": ("customers",),
    "products": ("products", "events"),
    "abandoned_checkouts": ("abandoned_checkouts",),
}
PATIENCE = Patience(first_poll=0.01, last_poll=0.05, stalled=60.0)
IMPATIENCE = replace(PATIENCE, stalled=0.3)  # where exports stand still on purpose


def hurry(seconds: float) -> None:
    """Wait as a run does between its tries, only not so long."""
    time.sleep(seconds / 500)


class Control:
    """The sandbox's controls of its Shopify."""

    def __init__(self, url: str) -> None:
        self._base = f"{url}/_sandbox/shopify"

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and give its answer's JSON."""
        request = urllib.request.Request(
            f"{self._base}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None

    def change(self, change: dict[str, Any]) -> None:
        """Make a change of the store now."""
        if "put" in change:
            self.send("POST", change["put"]["resource"], change["put"]["node"])
        else:
            gone = change["remove"]
            self.send("DELETE", f"{gone['resource']}/{gone['number']}")

    def waiting(self) -> list[Any]:
        """The faults and the scheduled changes that are still to come."""
        return [*self.send("GET", "faults"), *self.send("GET", "schedule")]


class Grounds:
    """Where trials take place: their files, and what undisturbed runs brought."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._undisturbed: dict[str, Rows] = {}
        self._begun: dict[str, Path] = {}

    def path(self, name: str) -> Path:
        """A path of which there is nothing yet."""
        self._made += 1
        return self._folder / f"{self._made}-{name}"

    def warehouse(self, case: Case) -> Path:
        """A warehouse as the case's first run finds it: none, or with an earlier store."""
        path = self.path("warehouse.duckdb")
        if case.stage == "later":
            if case.resource not in self._begun:
                self._begun[case.resource] = begun = self.path("begun.duckdb")
                with self._served(case, first_store()) as sandbox, held_open(begun):
                    run(sandbox, begun, case, via="bulk")
            shutil.copyfile(self._begun[case.resource], path)
        return path

    @contextmanager
    def served(self, case: Case) -> Iterator[Sandbox]:
        """The case's store, served, before anything is changed."""
        with self._served(case, _store(case)) as sandbox:
            yield sandbox

    @contextmanager
    def _served(self, case: Case, store: Store) -> Iterator[Sandbox]:
        with Sandbox(store.write(self.path("store"), *SERVED[case.resource])) as sandbox:
            yield sandbox

    def undisturbed(self, case: Case) -> Rows:
        """What a run brings that nothing disturbs, of the store as the case leaves it."""
        changes = case.changes()
        key = json.dumps([case.stage, SERVED[case.resource], case.sweep, changes])
        if key not in self._undisturbed:
            store = _store(case)
            for change in changes:
                store.change(change)
            warehouse = self.warehouse(case)
            with self._served(case, store) as sandbox, held_open(warehouse) as held:
                run(sandbox, warehouse, case, via="bulk")
                self._undisturbed[key] = Rows.of(held)
        return self._undisturbed[key]


def _store(case: Case) -> Store:
    return first_store() if case.stage == "first" else later_store(deletions=case.sweep)


@contextmanager
def held_open(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, open throughout: what a run opens meanwhile opens in a moment."""
    with open_warehouse(path) as connection:
        yield connection


def run(
    sandbox: Sandbox, warehouse: Path, case: Case, *, via: Any, patience: Patience = PATIENCE
) -> None:
    """Extract once from a sandbox."""
    environ = {**sandbox.env, "CARTWHEEL_WAREHOUSE": str(warehouse)}
    if case.batch:
        environ["CARTWHEEL_BATCH_SIZE"] = str(case.batch)
    settings = Settings.read(environ=environ)
    extract(settings, via=via, sweep=case.sweep, patience=patience, sleep=hurry)


@dataclass
class Trial:
    """What became of a case.

    problem is how its disturbed run ended, idle what was ordered and never happened, marked
    which rows were marked as deleted then; again are the rows after the next run.
    """

    problem: CartwheelError | None
    idle: list[Any]
    marked: set[Key]
    again: Rows


def try_out(case: Case, grounds: Grounds) -> Trial:
    """Run while the case disturbs, then again in peace; what else is raised is a bug."""
    warehouse = grounds.warehouse(case)
    problem = None
    with grounds.served(case) as sandbox, held_open(warehouse) as held:
        control = Control(sandbox.url)
        granted, cost = control.send("GET", "scopes"), control.send("GET", "cost")
        for change in case.before:
            control.change(change)
        for path, body in case.orders:
            control.send("POST", path, body)
        ordered = control.waiting()
        patience = IMPATIENCE if "bulk_stalled" in case.name else PATIENCE
        try:
            run(sandbox, warehouse, case, via=case.way, patience=patience)
        except CartwheelError as caught:
            problem = caught
        idle = [each for each in control.waiting() if each in ordered]
        marked = dead_ids(held)
        for path in ("faults", "schedule"):
            control.send("DELETE", path)
        control.send("POST", "scopes", granted)
        control.send("POST", "cost", cost)
        for change in case.between:
            control.change(change)
        run(sandbox, warehouse, case, via=case.way)
        return Trial(problem, idle, marked, Rows.of(held))
