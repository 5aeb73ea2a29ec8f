"""Saved files of bulk operations land without any API."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import CartwheelError, IncompleteData, SettingsError
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from extract.replay import replay
from extract.run import extract
from extract.shopify.resources import ALL
from sandbox.server import Sandbox
from tests.integration.extract.nodes import write_store


def held(settings):
    """What every raw table holds: ids, hashes and payloads."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return {
            table.name: sorted(
                connection.execute(
                    "select id, parent_id, payload_hash, payload::varchar "
                    f"from raw.{table.name}"
                ).fetchall()
            )
            for resource in ALL
            for table in resource.tables
        }


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """What an extract of the small shop by bulk operations landed, and the files it kept."""
    folder = tmp_path_factory.mktemp("kept")
    with Sandbox(write_store(folder / "store")) as sandbox:
        warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
        settings = Settings.read(environ={**sandbox.env, **warehouse})
        extract(settings, via="bulk", keep=folder / "saved")
    return held(settings), folder / "saved"


@pytest.fixture
def saved(kept, tmp_path):
    """A copy of the files."""
    _, folder = kept
    return sorted(Path(copytree(folder, tmp_path / "saved")).iterdir())


@pytest.fixture
def offline(shop, tmp_path):
    """Settings of the same shop with another warehouse, and nothing to reach it with."""
    return Settings(warehouse=tmp_path / "offline.duckdb", shop=shop.settings.shop)


def test_kept_files_give_the_same_rows(kept, saved, offline):
    """What an extract landed, its files land again elsewhere: all tables, byte for byte.

    Whatever they are called; and no watermark moves, so that the next extract reads everything.
    """
    unnamed = [
        path.rename(path.with_name(f"{number}.txt")) for number, path in enumerate(saved)
    ]

    replay(offline, unnamed)

    assert held(offline) == kept[0]
    with open_warehouse(offline.warehouse, read_only=True) as connection:
        assert connection.execute("from ops.watermarks").fetchall() == []


def test_second_replay_lands_nothing(saved, offline):
    """The same files again change nothing."""
    replay(offline, saved)

    again = replay(offline, saved)

    assert again.rows_seen > 0
    assert again.rows_landed == 0


@pytest.mark.nightly
def test_replay_moves_no_watermark(shop, saved, offline):
    """Nobody vouches for a file's completeness: the next extract reads everything, and lands
    nothing that is there."""
    replay(offline, saved)

    report = extract(replace(shop.settings, warehouse=offline.warehouse))

    landed = {table.table: table.landed for table in report.tables if table.landed}
    assert landed == {}
    assert report.rows_seen > 10


def test_packed_file_lands(saved, offline):
    """A .gz file is read as it is."""
    [orders] = [path for path in saved if path.name == "orders.jsonl"]
    packed = orders.with_name("orders.jsonl.gz")
    packed.write_bytes(gzip.compress(orders.read_bytes()))

    replay(offline, [packed])

    assert len(held(offline)["orders"]) == 3


@pytest.mark.nightly
def test_name_of_a_file_does_not_matter(saved, offline, tmp_path):
    """What a file holds is known by its lines."""
    for number, path in enumerate(saved):
        path.rename(tmp_path / f"{number}.txt")

    replay(offline, [tmp_path / f"{number}.txt" for number in range(len(saved))])

    assert len(held(offline)["sales"]) == 6
    assert len(held(offline)["refund_line_items"]) == 120


def test_older_file_spoils_nothing(shop, saved, offline):
    """Orders, and their agreements, that are held in a later version stay as they are."""
    later = {"updatedAt": "2026-11-22T10:00:00Z", "note": "later"}
    shop.put("orders", {"id": "gid://shopify/Order/1", **later})
    settings = replace(shop.settings, warehouse=offline.warehouse)
    extract(settings)
    before = held(settings)

    replay(offline, saved)

    assert held(settings) == before


def test_broken_file_lands_nothing(saved, offline):
    """A file that breaks off within a line is refused as a whole."""
    [orders] = [path for path in saved if path.name == "orders.jsonl"]
    orders.write_bytes(orders.read_bytes()[:-20])

    with pytest.raises(IncompleteData, match="complete JSON"):
        replay(offline, [orders])

    assert held(offline)["orders"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('{"id":"gid://shopify/Collection/1"}\n', "Collection", id="another type"),
        pytest.param("no json\n", "--from-jsonl", id="no JSON"),
        pytest.param(
            json.dumps({"id": "gid://shopify/Order/1", "lineItems": {"nodes": []}}) + "\n",
            "--store",
            id="a store folder's file",
        ),
    ],
)
def test_file_of_another_kind_is_named(offline, tmp_path, text, said):
    """A file that cannot be landed is named, and what to do instead, before any lands."""
    path = tmp_path / "other.jsonl"
    path.write_text(text)

    with pytest.raises(CartwheelError, match=r"other\.jsonl") as refused:
        replay(offline, [path])

    assert said in str(refused.value)
    assert not offline.warehouse.exists()


def test_shop_must_be_named(offline, saved):
    """Without SHOPIFY_SHOP nobody knows whose rows they are."""
    with pytest.raises(SettingsError, match=r"SHOPIFY_SHOP .* into clients/ada/\.env or"):
        replay(replace(offline, shop="", env_file=Path("clients/ada/.env")), saved)


def test_command_takes_files(saved, offline, monkeypatch, tmp_path):
    """cartwheel extract --from-jsonl FILE… lands them and says what it landed."""
    env = {"CARTWHEEL_WAREHOUSE": str(offline.warehouse), "SHOPIFY_SHOP": offline.shop}
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["extract", "--from-jsonl", *map(str, saved)], env=env)

    assert done.exit_code == 0, done.output
    assert "orders" in done.output
    assert len(held(offline)["orders"]) == 3
