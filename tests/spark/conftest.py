"""One warehouse of the demo's store and of the hostile one, built by both engines."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests

from bench.day import TOUCHED
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.demo import DEMO_ORDERS, DEMO_SEED
from cartwheel.extract_shops import extract_all
from cartwheel.lake.export import export_to_lake
from cartwheel.lake.marts import ImportReport, import_from_lake
from cartwheel.transform import transform
from sandbox.generator import generate
from tests.end_to_end.stores_together import served_together
from tests.spark.cluster import PYTHON, Cluster, cluster
from tests.stores.hostile import hostile_store

JAVA = 17  # and later


@dataclass(frozen=True)
class Both:
    """The same raw data after a build by each engine, with the seconds that each took.

    duckdb and spark are warehouses: what DuckDB built, and what was imported from the lake.
    """

    duckdb: Settings
    spark: Settings
    lake: Path
    cluster: Cluster
    build: subprocess.CompletedProcess[str]
    imported: ImportReport
    seconds: dict[str, float]


def java_version() -> int:
    """The version of the machine's Java; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = Path(home, "bin", "java") if home else shutil.which("java")
    if java is None:
        return 0
    said = subprocess.run([str(java), "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


@pytest.fixture(scope="session")
def spark_environment() -> None:
    """Java and the environment of engines/spark, without which the tests are skipped."""
    if java_version() < JAVA:
        pytest.skip(f"Java {JAVA} or later is not installed, and Spark needs it")
    if not PYTHON.exists():
        pytest.skip("there is no environment .venv-spark; make spark makes it")


@pytest.fixture(scope="session")
def demo_and_hostile(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Settings, Path]:
    """Both stores in a warehouse after a sync and a day's changes, exported after each.

    So the lake has records in several versions, the ledger is that of a load, and some people
    have entered an audience before.
    """
    folder = tmp_path_factory.mktemp("stores")
    sources = []
    for name, write in (
        ("northwind", _write_demo),
        ("hostile", lambda store: hostile_store().write(store)),
    ):
        sources.append(folder / name / "store")
        write(sources[-1])
    (folder / "sync").mkdir()
    lake = folder / "lake"
    with served_together(folder / "sync", sources) as (road, _):
        said = road.attempt("sync")
        assert said.returncode == 3, said.stdout + said.stderr  # the hostile store's own
        settings = Settings.read(road.env_file, environ={})
        settings = replace(settings, warehouse=road.warehouse)
        export_to_lake(settings, lake, silent)
        for shop, store in zip(settings.listed, sources, strict=True):
            _change(shop.shopify_api_url, store)
        extract_all(settings, silent)
        export_to_lake(settings, lake, silent)
    return settings, lake


@pytest.fixture(scope="session")
def both(
    spark_environment: None,
    demo_and_hostile: tuple[Settings, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Both]:
    """What each engine makes of them, Spark on a cluster of two workers."""
    settings, lake = demo_and_hostile
    folder = tmp_path_factory.mktemp("spark")
    with cluster(folder / "cluster") as workers:
        build = workers.build(lake, folder / "target")
        assert build.returncode == 0, build.stdout[-6000:]
        spark = _copy(settings, "spark")
        imported = import_from_lake(spark, lake, silent)
        duckdb, began = _copy(settings, "duckdb"), time.monotonic()
        transform(duckdb, silent, full=True)
        seconds = {"DuckDB": time.monotonic() - began, "import": imported.seconds}
        # reports.sync_health is a view there, and shows this build as a run
        with open_warehouse(duckdb.warehouse) as connection:
            connection.execute(
                "delete from ops.transform_runs where started_at = "
                "(select max(started_at) from ops.transform_runs)"
            )
        yield Both(duckdb, spark, lake, workers, build, imported, seconds)


def _write_demo(store: Path) -> None:
    """The demo's store, under a name that may share a warehouse with another one's."""
    generate(store, DEMO_ORDERS, DEMO_SEED)
    made_up = json.loads((store / "shop.json").read_text())["myshopifyDomain"]
    for path in store.glob("*.json*"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(made_up, "northwind.myshopify.com"), encoding="utf-8")


def _change(url: str, store: Path) -> None:
    """Give one of seven records of each kind other tags, as a merchant's day does."""
    for resource in TOUCHED:
        text = (store / f"{resource}.jsonl").read_text(encoding="utf-8")
        for found in re.findall(r'^\{"id":\s*"([^"]+)"', text, re.M)[::7]:
            requests.post(
                f"{url}/_sandbox/shopify/{resource}",
                json={"id": found, "tags": ["spark"]},
                timeout=60,
            ).raise_for_status()


def _copy(settings: Settings, name: str) -> Settings:
    path = settings.warehouse.with_name(f"{name}.duckdb")
    shutil.copy(settings.warehouse, path)
    return replace(settings, warehouse=path)
