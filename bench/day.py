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
    now = datetime.fromisoformat(_settings(folder)["CARTWHEEL_NOW"])
    return {"CARTWHEEL_NOW": (now + timedelta(hours=hours)).isoformat()}


def touch(folder: Path) -> None:
    """Give one of a hundred records of each kind another note, as a merchant's day does."""
    url = _settings(folder)["SHOPIFY_API_URL"]
    for resource in TOUCHED:
        with (folder / "store" / f"{resource}.jsonl").open("rb") as nodes:
            for number, node in enumerate(nodes):
                if number % CHANGED == 0:
                    body = {"id": json.loads(node)["id"], "tags": ["bench"]}
                    address = f"{url}/_sandbox/shopify/{resource}"
                    requests.post(address, json=body, timeout=60).raise_for_status()


def _settings(folder: Path) -> dict[str, str]:
    lines = (folder / "sandbox.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)
