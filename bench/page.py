"""Measure the dashboard of a million orders, in one store and in twenty.

.venv/bin/python -m bench.page                    # of warehouse.duckdb, which make demo leaves
.venv/bin/python -m bench.page --orders 200000

bench/README.md says what the lines mean.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.measure import in_process

STORES = 20
# a report's columns that are not of time, names or quotients grow with the orders
GROWING = ("DECIMAL(18,4)", "BIGINT")
FIXED = ("months_since_first_order", "weeks", "position")
# so many times the product lines of the demo's store
LINES = 10


def main() -> None:
    """Write the page of each warehouse and print what it took."""
    parser = argparse.ArgumentParser(description="Measure the dashboard.")
    parser.add_argument("--orders", type=int, default=1_000_000, help="1,000,000 unless said")
    parser.add_argument("--warehouse", type=Path, default=Path("warehouse.duckdb"))
    given = parser.parse_args()
    print(f"{'':24}{'MB of page':>11}{'seconds':>9}{'MB of memory':>14}{'rows':>11}")
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        _tell("as it is", given.warehouse, Path(name), 0)
        for stores in (1, STORES):
            many = Path(name) / f"{stores}.duckdb"
            rows = in_process(multiply, given.warehouse, many, stores, given.orders).rows
            _tell(f"{given.orders:,} orders, {stores} stores", many, Path(name), rows)


def _tell(label: str, warehouse: Path, folder: Path, rows: int) -> None:
    page = folder / "page.html"
    took = in_process(write, warehouse, page)
    size = page.stat().st_size / 1e6
    print(f"{label:24}{size:11.2f}{took.seconds:9.1f}{took.megabytes:14.0f}{rows:11,}")


def write(warehouse: Path, page: Path) -> int:
    """What `cartwheel dashboard` does; gives the number of reports."""
    from dashboard.page import write_dashboard

    return write_dashboard(warehouse, page).reports


def multiply(source: Path, target: Path, stores: int, orders: int) -> int:
    """Write the reports of so many orders in so many stores; gives the number of their rows.

    Each store is that of the source with other names, and so many times its figures.
    """
    from cartwheel.core.warehouse import open_warehouse

    with open_warehouse(target) as connection:
        connection.execute(f"attach '{source}' as source (read_only)")
        connection.execute("create schema reports")
        (seen,) = connection.execute(
            "select sum(orders) from source.reports.daily_sales"
        ).fetchone() or (1,)
        times = max(1, orders // (stores * seen))
        for table, columns in connection.execute(
            "select table_name, list([column_name, data_type] order by column_index) "
            "from duckdb_columns() where database_name = 'source' and schema_name = 'reports' "
            "group by table_name"
        ).fetchall():
            connection.execute(_copy(table, dict(columns), stores, times))
        counts = connection.execute(
            "select sum(estimated_size) from duckdb_tables() "
            "where database_name = current_database()"
        ).fetchone()
    return int(counts[0]) if counts else 0


def _copy(table: str, columns: dict[str, str], stores: int, times: int) -> str:
    """The statement that makes a report's table from the source's."""
    lines = LINES if "product_line" in columns else 1
    values = []
    for name, kind in columns.items():
        if name == "shop":
            values.append(
                "case when shop is not null then 'store' || store || '.example' end as shop"
            )
        elif name in ("product_line", "title", "sku") and lines > 1:
            values.append(f"{name} || ' ' || line as {name}")
        elif kind in GROWING and name not in FIXED and table not in ("periods", "stores"):
            # no two stores have the same figures, as no two columns would
            values.append(f"cast({name} * ({times} + store) as {kind}) as {name}")
        else:
            values.append(name)
    return (
        f"create table reports.{table} as select {', '.join(values)} "
        f"from source.reports.{table}, "
        f"range({stores if 'shop' in columns else 1}) as stores (store), "
        f"range({lines}) as lines (line)"
    )


if __name__ == "__main__":
    main()
