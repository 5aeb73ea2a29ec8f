"""Build the models on Spark, from a lake into a lake.

.venv-spark/bin/python engines/spark/build.py --lake lake --master spark://host:7077

It starts a session of Spark, runs `dbt build --target spark` in it, and makes what was built
the lake's current build, by one rename, if every model was built and no test failed. Nothing of
Cartwheel is imported: the environment is that of requirements.lock beside this file.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

PROJECT = Path(__file__).resolve().parents[2]
EXPORT, CURRENT, BUILDING = "export.json", "_current.json", ".build.lock"
# beside the marts, what the load and the page read: the shops with their language
ALSO_READ = {"stg_shopify__shops"}
FAILED, WRONG_USE = 1, 2

# what --conf may overwrite
DEFAULTS = {
    "spark.app.name": "cartwheel",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
# what the figures, and the privacy of the files, rely on
FIXED = {
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.hadoop.fs.permissions.umask-mode": "077",
}


def main() -> int:
    """Build, and publish what is whole; the exit code says whether it is."""
    options, of_dbt = _options()
    os.umask(0o077)  # Spark's processes on this machine take it over
    begun, lake = time.monotonic(), options.lake.absolute()
    try:
        export = json.loads((lake / EXPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return _say(
            f"There is no lake at {lake} ({error}). Run: cartwheel lake export --to {lake}"
        )
    building = os.open(lake / BUILDING, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        # held until this process ends; an export removes nothing meanwhile
        fcntl.flock(building, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _say(
            f"Another build of {lake} is at work. Repeat the command when it has ended."
        )
    build = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    folder = lake / "marts" / build
    for name, value in export["settings"].items():
        os.environ.setdefault(name, value)
    os.environ["CARTWHEEL_LAKE"], os.environ["CARTWHEEL_LAKE_BUILD"] = str(lake), str(folder)
    target = options.target_path.absolute()
    spark = _session(options, target)
    answer = dbtRunner().invoke(
        [
            *("build", "--target", "spark", "--exclude-resource-type", "unit_test"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(target), *of_dbt),
        ]
    )
    if not answer.success:
        why = f": {answer.exception}" if answer.exception else ""
        return _say(
            f"dbt failed{why}. The current build is still the one before. What was built is in "
            f"{folder}, until an import after a whole build removes it.",
            FAILED,
        )
    models = _models(target)
    statuses = {result.node.unique_id: str(result.status) for result in answer.result}
    unbuilt = sorted(node["name"] for node in models if statuses.get(node["unique_id"]) is None)
    if unbuilt:
        return _say(
            f"{len(unbuilt)} models were not built ({', '.join(unbuilt[:3])}, …), so this is "
            f"not a whole build, and the current one stays. What was built is in {folder}.",
            FAILED,
        )
    tables = _counted(spark, folder, models)
    seconds = time.monotonic() - begun
    tests = [
        str(result.status) for result in answer.result if result.node.resource_type == "test"
    ]
    warned, passed = tests.count("warn"), tests.count("pass")
    _publish(
        lake / "marts",
        {
            "lake": export["lake"],
            "export": export["export"],
            "build": build,
            "built_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "seconds": round(seconds, 1),
            "passed": len(models) + passed,
            "warned": warned,
            "tables": tables,
        },
    )
    print(
        f"build {build} of export {export['export']} is the current one: {len(models)} models "
        f"built, {passed} tests passed, {warned} warned in {seconds:.0f} s. Next, run: "
        f"cartwheel lake import --from {lake}"
    )
    spark.stop()
    return 0


def _options() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="Build the models on Spark, from a lake into a lake.",
        epilog="All other arguments are those of dbt build, such as --vars.",
    )
    parser.add_argument("--lake", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--master", default="local[*]", help="Spark's master; this machine's cores unless said"
    )
    parser.add_argument(
        "--conf",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of Spark's, such as spark.executor.memory=4g",
    )
    parser.add_argument(
        "--target-path",
        type=Path,
        default=PROJECT / "target" / "spark",
        help="dbt's folder; target/spark unless said",
    )
    options, of_dbt = parser.parse_known_args()
    wrong = [each for each in options.conf if "=" not in each or each.split("=")[0] in FIXED]
    if wrong:
        parser.error(f"--conf {wrong[0]} is not a NAME=VALUE, or is not to be changed")
    return options, of_dbt


def _session(options: argparse.Namespace, target: Path) -> SparkSession:
    """The session that dbt finds: its catalogue begins empty and ends with it.

    Each table has a place of its own in the build; the catalogue's remains empty.
    """
    conf = DEFAULTS | {"spark.master": options.master}
    conf["spark.sql.warehouse.dir"] = str(target / "spark-warehouse")
    if options.master.startswith("local"):
        # nothing of it listens to the network
        conf |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        conf["spark.sql.shuffle.partitions"] = str(2 * (os.cpu_count() or 1))
    conf |= dict(each.split("=", 1) for each in options.conf) | FIXED
    builder = SparkSession.builder
    for name, value in conf.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _models(target: Path) -> list[dict[str, Any]]:
    """Every model of the project, as dbt parsed it."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def _counted(
    spark: SparkSession, folder: Path, models: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The tables that are read elsewhere, each with its number of rows."""

    def counted(node: dict[str, Any]) -> dict[str, Any]:
        schema, table = node["schema"], node["alias"]
        rows = spark.read.parquet(str(folder / schema / table)).count()
        return {"schema": schema, "table": table, "rows": rows}

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(counted, _read_elsewhere(models)))


def _read_elsewhere(models: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in models:
        if node["fqn"][1] == "marts" or node["name"] in ALSO_READ:
            yield node


def _publish(marts: Path, build: dict[str, Any]) -> None:
    """Make a build the current one: readers see the one before it, or all of it."""
    part = marts / f".{CURRENT}.part"
    part.unlink(missing_ok=True)
    part.touch(0o600)
    part.write_text(json.dumps(build) + "\n", encoding="utf-8")
    part.replace(marts / CURRENT)


def _say(text: str, code: int = WRONG_USE) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
