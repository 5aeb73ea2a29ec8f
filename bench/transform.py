"""Measure dbt build at N and at 4 N orders: everything, and after 1 % of the orders changed.

.venv/bin/python -m bench.transform --orders 50000

Every build is a process of its own. bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.day import hours_later, touch
from bench.measure import Measured, generate_store, in_process, sandbox_of


@dataclass(frozen=True)
class Built:
    """One build: the process, and the models' seconds as dbt's run_results.json has them.

    parsing are the seconds of those that parse JSON, reports those of the reports and of what
    only they read, tests those of the data tests.
    """

    took: Measured
    models: float
    parsing: float
    reports: float
    tests: float


def main() -> None:
    """Measure two stores, one four times the other, and print the table."""
    parser = argparse.ArgumentParser(description="Measure dbt build at N and 4 N orders.")
    parser.add_argument("--orders", type=int, default=5000, help="N; 5000 unless said")
    parser.add_argument("--seed", type=int, default=5, help="of the stores; 5 unless said")
    options = parser.parse_args()
    few = measure(options.orders, options.seed)
    many = measure(4 * options.orders, options.seed)
    report(options.orders, few, many)


def measure(orders: int, seed: int) -> dict[str, Built]:
    """Generate a store, land it, build everything, and build again after a day."""
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        folder = Path(name)
        in_process(generate_store, folder, orders, seed)
        with sandbox_of(folder):
            in_process(extract_store, folder, {})
            built = {"full": _build(folder, {})}
            touch(folder)
            later = hours_later(folder, 1)
            in_process(extract_store, folder, later)
            built["after 1 %"] = _build(folder, later)
        return built


def report(orders: int, few: dict[str, Built], many: dict[str, Built]) -> None:
    """Print both sizes, the second build's share of the first, and the sizes' ratio."""
    columns = f"{'seconds':>9}{'MB':>8}{'models':>8}{'parsing':>9}{'reports':>9}{'tests':>8}"
    print(f"{'orders':>9} {'build':10}{columns}{'models':>8}{'parsing':>9}{'reports':>9}")
    for number, builds in ((orders, few), (4 * orders, many)):
        full = builds["full"]
        for name, built in builds.items():
            took = f"{built.took.seconds:>9.1f}{built.took.megabytes:>8,.0f}"
            seconds = f"{built.models:>8.1f}{built.parsing:>9.1f}{built.reports:>9.1f}"
            seconds += f"{built.tests:>8.1f}"
            shares = f"{built.models / full.models:>8.1%}{built.parsing / full.parsing:>9.1%}"
            shares += f"{built.reports / (built.models - built.reports):>9.1%}"
            print(f"{number:>9,} {name:10}{took}{seconds}{shares}")
    ratio = many["full"].took.seconds / few["full"].took.seconds
    print(f"four times the orders take {ratio:.1f} times the seconds to build in full")


def extract_store(folder: Path, clock: dict[str, str]) -> int:
    """Land a served store in <folder>/warehouse.duckdb; give the number of rows landed."""
    from cartwheel.core.settings import Settings
    from extract.run import extract

    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    settings = Settings.read(folder / "sandbox.env", environ={**warehouse, **clock})
    return extract(settings).rows_landed


def _build(folder: Path, clock: dict[str, str]) -> Built:
    told = folder / "built.json"
    took = in_process(_run, folder, clock, told)
    return Built(took, **json.loads(told.read_text()))


def _run(folder: Path, clock: dict[str, str], told: Path) -> int:
    """Run dbt build, tell its nodes' seconds, and give their number."""
    from cartwheel.build.dbt import dbt
    from cartwheel.core.settings import Settings

    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    settings = Settings.read(folder / "sandbox.env", environ={**warehouse, **clock})
    # one model at a time, so that its seconds are its own
    results = dbt(settings, "build", "--threads", "1")
    models = [each for each in results if each.node.resource_type == "model"]
    parsing = [each for each in models if each.node.config.materialized == "parsed_once"]
    reports = _of_reports([each.node for each in models])
    tests = [each for each in results if each.node.resource_type == "test"]
    seconds = {
        "models": sum(each.execution_time for each in models),
        "parsing": sum(each.execution_time for each in parsing),
        "reports": sum(each.execution_time for each in models if each.node.name in reports),
        "tests": sum(each.execution_time for each in tests),
    }
    told.write_text(json.dumps(seconds))
    return len(results)


def _of_reports(nodes: list[Any]) -> set[str]:
    """The names of the reports, and of the models that no others read."""
    readers: dict[str, set[str]] = {node.unique_id: set() for node in nodes}
    for node in nodes:
        for read in node.depends_on.nodes:
            readers.get(read, set()).add(node.unique_id)
    of_reports = {node.unique_id for node in nodes if node.schema == "reports"}
    while True:
        more = {
            key for key, found in readers.items() if found and found <= of_reports
        } - of_reports
        if not more:
            return {node.name for node in nodes if node.unique_id in of_reports}
        of_reports |= more


if __name__ == "__main__":
    main()
