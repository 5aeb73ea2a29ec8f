"""Measure the load: its rate at HubSpot's own limits, and its memory and plan at ten times.

.venv/bin/python -m bench.load                 # 20,000 orders at 190 requests in 10 s
.venv/bin/python -m bench.load --large 200000  # a million records, no rate limit

bench/README.md says what the lines mean.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from math import ceil
from pathlib import Path

import requests

from bench.day import change_one_order, minutes_later, url_of
from bench.marts import change_orders, make_marts
from bench.measure import Measured, generate_store, in_process, sandbox_of

# docs/reference/hubspot.md#rate-limits; seconds of a batch's answer
RATE, INTERVAL, LATENCY = 190, 10.0, 0.2
MOST_ROWS, MOST_PAIRS = 100, 2_000
TOO_MANY = 429
PAIRS_OF = {"line_item_to_deal", "deal_to_contact"}


def main() -> None:
    """Measure the rate or, with --large, memory and plan."""
    parser = argparse.ArgumentParser(description="Measure the load.")
    parser.add_argument("--orders", type=int, default=20_000, help="20,000 unless said")
    parser.add_argument("--large", type=int, help="memory and plan at so many orders instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        folder = Path(name)
        if options.large:
            measure_size(folder, options.large)
        else:
            measure_pace(folder, options.orders)


def measure_pace(folder: Path, orders: int) -> None:
    """A generated store is loaded, loaded again, and again after one order changed."""
    in_process(generate_store, folder, orders, 5)
    with sandbox_of(folder):
        for step in ("extract", "transform", "setup"):
            in_process(_run, folder, step, {})
        requests.post(
            f"{url_of(folder)}/_sandbox/hubspot/limits",
            json={"ten_secondly": RATE, "interval": INTERVAL, "latency": LATENCY},
            timeout=60,
        ).raise_for_status()
        time.sleep(INTERVAL)  # what the setup used of the window is free again
        asked(folder)
        first = in_process(_run, folder, "load", {})
        sent = asked(folder)
        floor = sum(sent.values()) * INTERVAL / RATE
        least = _least(folder)
        print(f"{orders:,} orders: {first.rows:,} records and associations written")
        print(
            f"first load     {first.seconds:7.1f} s, {first.megabytes:,.0f} MB; "
            f"{sum(sent.values()):,} requests are {floor:.1f} s at {RATE} in {INTERVAL:.0f} s: "
            f"{first.seconds / floor:.2f} times the floor"
        )
        print(
            f"requests       {sum(sent.values()):,} sent, {least:,} the least possible: "
            f"{sum(sent.values()) / least:.3f}"
        )
        _again("second load", folder, {})
        later = minutes_later(folder, 1)
        change_one_order(folder)
        for step in ("extract", "transform"):
            in_process(_run, folder, step, later)
        asked(folder)
        _again("one order", folder, later)


def measure_size(folder: Path, orders: int) -> None:
    """Tables of hubspot.* of so many orders are planned, loaded, and planned after changes."""
    in_process(generate_store, folder, 10, 5)
    records = in_process(make_marts, folder / "warehouse.duckdb", orders).rows
    print(f"{orders:,} orders: {records:,} records")
    with sandbox_of(folder):
        in_process(_run, folder, "setup", {})
        _tell("first plan", in_process(_run, folder, "plan", {}))
        _tell("first load", in_process(_run, folder, "load", {}))
        _tell("second load", in_process(_run, folder, "load", {}))
        change_orders(folder / "warehouse.duckdb", 285)
        _tell("plan of changes", in_process(_run, folder, "plan", {}))
        _tell("load of changes", in_process(_run, folder, "load", {}))


def asked(folder: Path) -> Counter[str]:
    """The requests that HubSpot was sent since this was asked last: write or read."""
    path = f"{url_of(folder)}/_sandbox/requests"
    entries = requests.get(path, params={"api": "hubspot"}, timeout=60).json()
    requests.delete(path, timeout=60).raise_for_status()
    refused = sum(entry["status"] == TOO_MANY for entry in entries)
    if refused:
        print(f"{refused} requests were refused by the rate limit")
    return Counter("write" if entry["write"] else "read" for entry in entries)


def _again(name: str, folder: Path, clock: dict[str, str]) -> None:
    took = in_process(_run, folder, "load", clock)
    sent = asked(folder)
    print(
        f"{name:14} {took.seconds:7.1f} s; {took.rows:,} written in {sent['write']} "
        f"requests, {sent['read']} reads"
    )


def _tell(name: str, took: Measured) -> None:
    print(f"{name:16}{took.seconds:7.1f} s {took.megabytes:7,.0f} MB {took.rows:10,} writes")


def _least(folder: Path) -> int:
    """Requests that hold everything: full batches, and each contact looked up once."""
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        numbers: dict[str, int] = dict(
            connection.execute(
                "select object, count(*) from ops.hubspot_writes group by object"
            ).fetchall()
        )
    batches = sum(
        ceil(number / (MOST_PAIRS if name in PAIRS_OF else MOST_ROWS))
        for name, number in numbers.items()
    )
    return batches + ceil(numbers["contacts"] / MOST_ROWS)


def _run(folder: Path, step: str, clock: dict[str, str]) -> int:
    """Run a step over the folder's warehouse and give the number of writes."""
    from cartwheel.core.progress import silent
    from cartwheel.core.settings import Settings

    warehouse = {"CARTWHEEL_WAREHOUSE": str(folder / "warehouse.duckdb")}
    settings = Settings.read(folder / "sandbox.env", environ={**warehouse, **clock})
    if step == "extract":
        from extract.run import extract

        return extract(settings).rows_landed
    if step == "transform":
        from cartwheel.build.dbt import dbt

        return len(dbt(settings, "run"))
    if step == "setup":
        from load.setup.run import set_up

        return len(set_up(settings, silent).created)
    from load.run import load

    report = load(settings, silent, step == "plan")
    return report.plan.writes if report.dry_run else report.writes


if __name__ == "__main__":
    main()
