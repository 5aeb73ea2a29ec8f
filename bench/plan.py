"""Measure the plan at a million orders: a first one, one of nothing new, one of 1 % changed.

.venv/bin/python -m bench.plan                    # 100,000 and 1,000,000 orders
.venv/bin/python -m bench.plan --orders 20000     # 20,000 and 200,000

bench/README.md says what the lines mean.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench.acknowledged import acknowledge
from bench.marts import change_orders, make_marts
from bench.measure import Measured, in_process

TIMES, CHANGED = 10, 100  # so many orders more, and one in so many of them changed


def main() -> None:
    """Plan at two sizes and print both beside each other."""
    parser = argparse.ArgumentParser(description="Measure the plan.")
    parser.add_argument("--orders", type=int, default=100_000, help="100,000 unless said")
    orders = parser.parse_args().orders
    small, large = (_measure(number) for number in (orders, orders * TIMES))
    for label, one, other in zip(_LABELS, small, large, strict=True):
        print(
            f"{label:18}{_told(one)}{_told(other)}"
            f"{other.seconds / one.seconds:7.1f}{other.megabytes / one.megabytes:7.2f}"
        )


_LABELS = ("first plan", "load without news", "nothing new", "after 1 %")


def _measure(orders: int) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        warehouse = Path(name) / "warehouse.duckdb"
        in_process(make_marts, warehouse, orders)
        first = in_process(plan_it, warehouse)
        in_process(acknowledge, warehouse)
        without_news = in_process(load_nothing, warehouse)
        again = in_process(plan_it, warehouse)
        in_process(change_orders, warehouse, orders // CHANGED)
        return [first, without_news, again, in_process(plan_it, warehouse)]


def plan_it(warehouse: Path) -> int:
    """What `cartwheel plan` does; gives the number of writes."""
    from cartwheel.core.settings import Settings
    from load.run import open_for_plan

    settings = Settings.read(environ={"CARTWHEEL_WAREHOUSE": str(warehouse)})
    with open_for_plan(settings) as session:
        return session.refresh().writes


def load_nothing(warehouse: Path) -> int:
    """What a load does beside sending, as load/run.py does it; gives what it would send."""
    from datetime import datetime

    from cartwheel.core.settings import Settings
    from cartwheel.core.warehouse import open_warehouse
    from load.ledger.ledger import Ledger
    from load.plan.session import PlanSession
    from load.verify.control_totals import control_totals

    limit = Settings.read(environ={"CARTWHEEL_WAREHOUSE": str(warehouse)}).load_memory_limit
    with open_warehouse(warehouse, memory_limit=limit) as connection:
        ledger = Ledger(connection, "bench", datetime(2026, 1, 2))
        session = PlanSession(connection)
        planned = session.refresh()
        ledger.take_over(session)
        ledger.rejections.quarantine(session)
        control_totals(session)
        return planned.writes


def _told(took: Measured) -> str:
    return f"{took.seconds:8.1f} s{took.megabytes:7,.0f} MB{took.rows:12,}"


if __name__ == "__main__":
    main()
