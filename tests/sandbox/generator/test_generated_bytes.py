"""What a seed means."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.generator import generate

FILES = (
    "abandoned_checkouts.jsonl",
    "customers.jsonl",
    "events.jsonl",
    "ledger.json",
    "orders.jsonl",
    "products.jsonl",
    "shop.json",
)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_seed_gives_same_bytes(tmp_path):
    """Two stores of one size and seed are equal, byte for byte."""
    generate(tmp_path / "one", orders=120, seed=3)
    generate(tmp_path / "two", orders=120, seed=3)

    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


def test_another_process_gives_same_bytes(tmp_path):
    """Neither the process nor its string hashing has a say in the store."""
    generate(tmp_path / "here", orders=60, seed=4)
    command = [sys.executable, "-m", "sandbox.generator", str(tmp_path / "there")]
    subprocess.run(
        [*command, "--orders", "60", "--seed", "4"],
        check=True,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
    )

    assert _contents(tmp_path / "here") == _contents(tmp_path / "there")


def test_another_seed_gives_another_store(tmp_path):
    """The seed decides."""
    generate(tmp_path / "one", orders=60, seed=1)
    generate(tmp_path / "two", orders=60, seed=2)

    first, second = _contents(tmp_path / "one"), _contents(tmp_path / "two")
    assert first["orders.jsonl"] != second["orders.jsonl"]


@pytest.mark.parametrize("count", [1, 2, 7, 50])
def test_small_stores_have_every_file_and_order(tmp_path, count):
    """A store of any size has all its files, and exactly so many orders."""
    generate(tmp_path, orders=count, seed=1)

    assert tuple(_contents(tmp_path)) == FILES
    assert len((tmp_path / "orders.jsonl").read_text().splitlines()) == count


def test_no_store_without_orders(tmp_path):
    """A store of no orders is refused in words."""
    with pytest.raises(ValueError, match="at least one order"):
        generate(tmp_path, orders=0, seed=1)
