"""Measure the quality gate over the rows of a store of any size, made up in DuckDB.

.venv/bin/python -m bench.quality                              # 100,000 and 1,000,000 orders
.venv/bin/python -m bench.quality --orders 10000
.venv/bin/python -m bench.quality --before ../another-checkout # and the gate of another commit

Each check is a process of its own, as `cartwheel check` is. bench/README.md says what the
columns mean.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.marts import SHOP, make_marts
from bench.measure import in_process
from cartwheel.core.warehouse import open_warehouse

ROOT = Path(__file__).resolve().parents[1]
SALES = 4  # of an order
# what the gates of several commits read of core, and of what is quarantined
CORE = f"""
create schema core;
create table core.orders as
select
    '{SHOP}' as shop, i::varchar as order_id, 'USD' as currency,
    timestamp '2026-11-22' - interval (i * 525600 // $orders) minute as placed_at,
    i % 50 = 0 as is_cancelled, (20 + i % 100)::decimal(18, 4) as ordered_gross_sales,
    (i % 5)::decimal(18, 4) as ordered_discounts
from range($orders) numbers (i);
create table core.sales as
select
    shop, order_id || '-' || n as sale_id, order_id, placed_at as happened_at,
    if(n = 3 and order_id::bigint % 20 = 0, 'return', 'order') as event,
    if(n = 2, 'shipping', 'product') as line_type,
    if(event = 'order', ordered_gross_sales / 3, 0)::decimal(18, 4) as gross_sales,
    if(event = 'order', ordered_discounts / 3, 0)::decimal(18, 4) as discounts,
    if(event = 'return', 5, 0)::decimal(18, 4) as returns,
    gross_sales - discounts - returns as total_sales, currency
from core.orders cross join range({SALES}) numbers (n);
create table core.people as select email, email as person_key from hubspot.contacts;
create table core.variants as
select shopify_product_key as variant_id, '{SHOP}' as shop, false as is_deleted
from hubspot.products;
create table core.order_lines as
select shopify_line_item_key as order_line_id, '{SHOP}' as shop, 1 as current_quantity
from hubspot.line_items;
create table hubspot.quarantined_contacts (key varchar);
create table hubspot.quarantined_deals (key varchar, shop varchar, source_id varchar);
create table hubspot.quarantined_products (key varchar);
create table hubspot.quarantined_line_items (key varchar);
update hubspot.products set hs_url = 'https://shop.example/' || shopify_product_key;
"""
# a tenth of the rows of three tables is wrong
FAULTS = """
update hubspot.deals set amount = -amount where hash(shopify_deal_key) % 10 = 0;
update hubspot.contacts set email = 'x' || email || '@' where hash(email) % 10 = 0;
update hubspot.line_items set quantity = 2000000 where hash(shopify_line_item_key) % 10 = 0
"""
CHECK = """
import json, resource, sys, time
began = time.monotonic()
from datetime import UTC, datetime
from pathlib import Path
from cartwheel.core.settings import Settings
from quality.gate import check
report = check(
    Settings(warehouse=Path(sys.argv[1]), now=datetime(2026, 11, 23, tzinfo=UTC)),
    lambda line: None,
)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "seconds": time.monotonic() - began, "processor": used.ru_utime + used.ru_stime,
    "megabytes": used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024),
    "checks": report.checks, "failed": len(report.failures) + len(report.warnings),
}))
"""


@dataclass(frozen=True)
class Run:
    """A check: wall and processor seconds, peak memory, how many checks, how many failed."""

    seconds: float
    processor: float
    megabytes: float
    checks: int
    failed: int


def main() -> None:
    """Make each warehouse, check it in order and with faults, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the quality gate.")
    parser.add_argument("--orders", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--before", type=Path, help="a checkout of another commit")
    options = parser.parse_args()
    checkouts = {"this": ROOT} | ({"before": options.before} if options.before else {})
    columns = ("seconds", "CPU s", "MB", "checks", "failed")
    print(f"{'orders':>10}{'rows':>12}  {'':20}" + "".join(f"{each:>9}" for each in columns))
    for orders in options.orders:
        with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as folder:
            warehouse = Path(folder) / "warehouse.duckdb"
            rows = in_process(make, warehouse, orders).rows
            for state in ("in order", "with faults"):
                if state == "with faults":
                    in_process(damage, warehouse)
                for name, checkout in checkouts.items():
                    in_process(forget, warehouse)
                    run = _check(checkout, warehouse)
                    print(
                        f"{orders:>10,}{rows:>12,}  {f'{name}, {state}':20}"
                        f"{run.seconds:>9.1f}{run.processor:>9.1f}{run.megabytes:>9,.0f}"
                        f"{run.checks:>9}{run.failed:>9}",
                        flush=True,
                    )


def make(warehouse: Path, orders: int) -> int:
    """Write hubspot.* and core.* of a store of so many orders; gives the rows to be judged."""
    rows = make_marts(warehouse, orders)
    with open_warehouse(warehouse) as connection:
        for statement in CORE.split(";"):
            if statement.strip():
                values = {"orders": orders} if "$orders" in statement else {}
                connection.execute(statement, values)
    return rows + SALES * orders


def damage(warehouse: Path) -> int:
    """Make a tenth of the rows of three tables wrong."""
    with open_warehouse(warehouse) as connection:
        connection.execute(FAULTS)
    return 0


def forget(warehouse: Path) -> int:
    """Remove what an earlier check kept: another commit keeps it in another form."""
    with open_warehouse(warehouse) as connection:
        connection.execute("drop schema if exists ops cascade; create schema ops")
    return 0


def _check(checkout: Path, warehouse: Path) -> Run:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", CHECK, str(warehouse)],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout.resolve())},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Run(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
