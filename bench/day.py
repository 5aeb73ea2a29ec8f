"""What a day brings to a store that is measured: the clock moves, some records change."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import requests

CHANGED = 100  # one of so many records changes
TOUCHED = ("orders", "customers", "products")


def hours_later(folder: Path, hours: int) -> dict[str, str]:
    """The run's clock moved on: what has landed before is older than what lands then."""
    return minutes_later(folder, 60 * hours)


def minutes_later(folder: Path, minutes: int) -> dict[str, str]:
    """The same by minutes: hardly anything grows older meanwhile."""
    now = datetime.fromisoformat(_settings(folder)["CARTWHEEL_NOW"])
    return {"CARTWHEEL_NOW": (now + timedelta(minutes=minutes)).isoformat()}


def touch(folder: Path) -> None:
    """Give one of a hundred records of each kind another note, as a merchant's day does."""
    url = url_of(folder)
    for resource in TOUCHED:
        with (folder / "store" / f"{resource}.jsonl").open("rb") as nodes:
            for number, node in enumerate(nodes):
                if number % CHANGED == 0:
                    body = {"id": json.loads(node)["id"], "tags": ["bench"]}
                    address = f"{url}/_sandbox/shopify/{resource}"
                    requests.post(address, json=body, timeout=60).raise_for_status()


def change_one_order(folder: Path) -> None:
    """Give the store's first order another note."""
    with (folder / "store" / "orders.jsonl").open("rb") as nodes:
        body = {"id": json.loads(nodes.readline())["id"], "note": "bench"}
    address = f"{url_of(folder)}/_sandbox/shopify/orders"
    requests.post(address, json=body, timeout=60).raise_for_status()


def url_of(folder: Path) -> str:
    """The sandbox's address."""
    return _settings(folder)["SHOPIFY_API_URL"]


def _settings(folder: Path) -> dict[str, str]:
    lines = (folder / "sandbox.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)
