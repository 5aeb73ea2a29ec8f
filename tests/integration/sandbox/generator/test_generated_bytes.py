"""What a seed means."""

from __future__ import annotations

import hashlib
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
        cwd=Path(__file__).parents[4],
        env=os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
    )

    assert _contents(tmp_path / "here") == _contents(tmp_path / "there")


def test_two_processes_give_same_bytes(tmp_path):
    """A store that two processes share is the one that one process writes."""
    generate(tmp_path / "one", orders=700, seed=6, processes=1)
    generate(tmp_path / "two", orders=700, seed=6, processes=2)

    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


def test_failure_of_second_process_is_told(tmp_path):
    """Where the second process cannot write its orders, there is an error and no store."""
    (tmp_path / "orders.jsonl").mkdir()

    with pytest.raises(RuntimeError, match="earlier orders ended with status 1"):
        generate(tmp_path, orders=10, seed=1, processes=2)

    assert not (tmp_path / "shop.json").exists()
    assert not (tmp_path / "orders.jsonl.later").exists()


@pytest.mark.parametrize(
    ("orders", "digest"),
    [
        (300, "550140103a5546f7f77c953ee4633b9a36b93edc0a1ee0523783715c5ce834f3"),
        (600, "e1290be0eb74438cbfbb9aa7e9735fe006472959256ffd82bff770bc4592b2eb"),
    ],
)
def test_bytes_of_a_seed_stay(tmp_path, orders, digest):
    """A seed's store is the same as in earlier versions: who measures can compare."""
    generate(tmp_path, orders=orders, seed=3, shop="northwind-demo.myshopify.com")

    whole = hashlib.sha256()
    for name, content in _contents(tmp_path).items():
        whole.update(f"{name} {len(content)}\n".encode() + content)
    assert whole.hexdigest() == digest


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


def test_no_store_by_three_processes(tmp_path):
    """Another number of processes than one or two is refused in words."""
    with pytest.raises(ValueError, match="one process or two"):
        generate(tmp_path, orders=1, seed=1, processes=3)
