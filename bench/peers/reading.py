"""The reading of a store from the sandbox's API: our extract, tap-shopify."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.peers.installing import ROOT, interpreter
from bench.peers.processes import Command, PeerFailed, Took, run
from bench.peers.store import Store, rows
from bench.peers.table import Line
from cartwheel.core.settings import Settings
from extract.shopify.resources import ALL

# sends what it means for *.myshopify.com to the sandbox; also that of: make peers
RUNNER = ROOT / "tests/torture/peers/run_tap_shopify.py"

TABLES = {table.name: table for resource in ALL for table in resource.tables}.values()

OURS = "reads every resource by bulk operations, checks that it is complete, and lands it"
TAP = (
    "reads the customers alone, page by page, into Singer messages in a file; lands nothing. "
    "Its orders come by bulk operations too, which it looks after once a minute: not measured"
)


def reading(store: Store) -> Iterator[Line]:
    """What our extract took for the store, and tap-shopify for its customers."""
    landed = rows(store.warehouse, *(f"raw.{each.name}" for each in TABLES))
    yield Line("Cartwheel", store.reading, landed, landed, OURS)
    customers = rows(store.warehouse, "raw.customers")
    try:
        took, found = _tap(store)
        yield Line("tap-shopify", took, customers, found, TAP)
    except PeerFailed as failed:
        yield Line("tap-shopify", None, customers, None, f"cannot run: {failed}")


def _tap(store: Store) -> tuple[Took, int]:
    """Read the customers; give what that took, and how many records came."""
    python = interpreter("tap-shopify")
    settings = Settings.read(store.folder / "sandbox.env", environ={})
    content = {
        "shop": "127",  # the runner says what domain that is in
        "client_id": settings.shopify_client_id,
        "client_secret": settings.shopify_client_secret,
        "start_date": "2024-01-01T00:00:00Z",
        "date_window_size": 400,  # days
    }
    config, catalog = store.folder / "tap.json", store.folder / "catalog.json"
    messages = store.folder / "tap.jsonl"
    config.write_text(json.dumps(content))
    tap: Command = [python, RUNNER, settings.shopify_api_url, "--config", config]
    run([*tap, "--discover"], folder=store.folder, written=catalog)
    catalog.write_text(json.dumps(only(json.loads(catalog.read_text()), "customers")))
    took = run([*tap, "--catalog", catalog], folder=store.folder, written=messages)
    return took, records(messages)


def only(catalog: dict[str, Any], stream: str) -> dict[str, Any]:
    """A Singer catalog with one of its streams selected, and no other."""
    for each in catalog["streams"]:
        for part in each["metadata"]:
            part["metadata"]["selected"] = each["stream"] == stream
    return catalog


def records(messages: Path) -> int:
    """How many records a file of Singer messages has, each counted once."""
    with messages.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return len({each["record"]["id"] for each in found if each["type"] == "RECORD"})
