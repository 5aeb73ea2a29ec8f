"""A run against a warehouse of its own, files like Shopify's, and a small shop that serves."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any
from urllib.parse import urljoin

import duckdb
import pytest

from cartwheel.core.http import Http
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from extract.land.run_log import Run
from extract.land.tables import create_tables
from extract.read.bulk import Patience
from extract.run import extract
from extract.shopify.auth import Token
from extract.shopify.resources import ALL
from sandbox.server import Sandbox
from sandbox.store.facts import tail
from tests.clock import StandingClock
from tests.integration.extract.nodes import Node, write_store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HURRIED = Patience(first_poll=0.01, last_poll=0.05, stalled=2.0)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run of one shop, whose clock stands still."""
    settings = Settings(
        warehouse=tmp_path / "warehouse.duckdb", shop="corner.myshopify.com", now=NOW
    )
    return Run(settings)


@pytest.fixture
def warehouse(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    """The run's warehouse, open, with every table of extract."""
    with open_warehouse(run.settings.warehouse) as connection:
        create_tables(connection)
        yield connection


class Deliveries:
    """Writes node lines as a bulk operation does: slashes escaped, parents by id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written = 0

    def write(self, *nodes: dict[str, Any]) -> Path:
        """A new file with one line a node."""
        self.written += 1
        path = self.folder / f"delivery-{self.written}.jsonl"
        lines = [json.dumps(node).replace("/", "\\/") for node in nodes]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    """Where test files are written."""
    return Deliveries(tmp_path)


@dataclass
class Shop:
    """The small shop, served; settings reach it, and the warehouse is the test's own."""

    url: str
    settings: Settings

    def get(self, resource: str, number: int) -> Node:
        """A node of the store, whole."""
        return self._send("GET", f"{resource}/{number}")

    def put(self, resource: str, changed: Node) -> None:
        """Change a node or add one."""
        self._send("POST", resource, changed)

    def delete(self, resource: str, number: int) -> None:
        """Remove a node from the store."""
        self._send("DELETE", f"{resource}/{number}")

    def misbehave(self, kind: str, times: int = 1, **more: Any) -> None:
        """Order a fault of sandbox/shopify/graphql/faults.py; more as Fault has it."""
        self._send("POST", "faults", {"kind": kind, "times": times, **more})

    def behave(self) -> None:
        """Forget the faults that were ordered."""
        self._send("DELETE", "faults")

    def grant(self, *scopes: str) -> None:
        """Change the scopes that the app was granted."""
        self._send("POST", "scopes", {"scopes": list(scopes)})

    def revoke_tokens(self) -> None:
        """End every access token that was given out."""
        self._send("DELETE", "tokens")

    def schedule(self, where: str, *changes: Node, after: int = 0) -> None:
        """Let changes (shopify/control/changes.py) come before a request with this text."""
        self._send("POST", "schedule", {"where": where, "after": after, "do": list(changes)})

    def look_out_for(self, where: str) -> None:
        """Note whether a request with this text comes from now on: see was_asked."""
        self.schedule(where, {"clock": f"{self.settings.clock():%Y-%m-%dT%H:%M:%SZ}"})

    def was_asked(self, where: str) -> bool:
        """Whether a request with this text came since look_out_for."""
        waiting = self._send("GET", "schedule")
        return all(step["where"] != where for step in waiting)

    def requests(self) -> list[Node]:
        """The requests to Shopify that were answered."""
        return list(self._send("GET", "../requests?api=shopify"))

    def wait(self, **span: int) -> None:
        """Let time pass, here and at Shopify, as timedelta says it."""
        now = self.settings.clock() + timedelta(**span)
        self.settings = replace(self.settings, now=now)
        self._send("POST", "../clock", {"now": now.isoformat()})

    def elsewhere(self) -> Shop:
        """The same shop, to be read into another warehouse."""
        path = self.settings.warehouse.with_name("elsewhere.duckdb")
        return Shop(self.url, replace(self.settings, warehouse=path))

    def in_parts(self, size: int) -> Shop:
        """The same shop, so many records of it landed at once."""
        return Shop(self.url, replace(self.settings, batch_size=size))

    def ask(self, query: str) -> Node:
        """The data of a GraphQL query of the test's own."""
        settings = self.settings
        http = Http("Shopify", self.url)
        answer = http.send(
            "POST",
            f"/admin/api/{settings.shopify_api_version}/graphql.json",
            headers={"X-Shopify-Access-Token": Token(settings, http).value()},
            json={"query": query},
        )
        data: Node = answer.json()["data"]
        return data

    def landed(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of raw that is no history, without its payload and the run's own facts."""
        columns = "id, parent_id, payload_hash, updated_at, deleted_at is not null"
        return {
            table.name: self.rows(f"select {columns} from raw.{table.name} order by all")
            for resource in ALL
            for table in resource.tables
        }

    def living(self, table: str) -> list[int]:
        """The numbers in the ids of what is held and not deleted, in order."""
        query = f"select id from raw.{table} where deleted_at is null"
        return sorted(tail(row[0]) for row in self.rows(query))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the warehouse."""
        with open_warehouse(self.settings.warehouse, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def _send(self, method: str, path: str, body: Node | None = None) -> Any:
        request = urllib.request.Request(
            urljoin(f"{self.url}/_sandbox/shopify/", path),
            data=json.dumps(body).encode() if body else None,
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None


@pytest.fixture
def clock() -> StandingClock:
    """A clock for whoever would have to wait."""
    return StandingClock()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """Serves the small shop or another store, with the sandbox's options, until the end."""
    open_sandboxes: list[Sandbox] = []

    def start(store: Path | None = None, **options: Any) -> Shop:
        sandbox = Sandbox(store or write_store(tmp_path / "store"), **options)
        sandbox.__enter__()
        open_sandboxes.append(sandbox)
        warehouse = {"CARTWHEEL_WAREHOUSE": str(tmp_path / "warehouse.duckdb")}
        return Shop(sandbox.url, Settings.read(environ={**sandbox.env, **warehouse}))

    yield start
    for sandbox in open_sandboxes:
        sandbox.__exit__(None, None, None)


@pytest.fixture
def shop(serve: Callable[..., Shop]) -> Shop:
    """The small shop, well-behaved."""
    return serve()


@pytest.fixture(scope="session")
def landed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the small shop after its first extract."""
    folder = tmp_path_factory.mktemp("landed")
    with Sandbox(write_store(folder / "store")) as sandbox:
        path = folder / "warehouse.duckdb"
        environ = {**sandbox.env, "CARTWHEEL_WAREHOUSE": str(path)}
        extract(Settings.read(environ=environ))
    return path


@pytest.fixture
def first_extract(shop: Shop, landed_once: Path) -> None:
    """The shop was extracted once, as it is served at first."""
    copy(landed_once, shop.settings.warehouse)
