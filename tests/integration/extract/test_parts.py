"""Parts of a paged reading, each landed for itself: none may be passed over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartwheel.core.errors import IncompleteData
from cartwheel.core.progress import silent
from extract.land.run_log import RunLogEntry, TableFigures
from extract.land.staged_file import StagedFile
from extract.land.tables import create_tables
from extract.read.session import Options, Session
from extract.read.strategy import Task
from extract.read.workers import Workers
from extract.run import extract
from extract.shopify.resources import ORDERS
from tests.integration.extract.nodes import gid

DATES = {1: "2026-05-01T00:00:00Z", 2: "2026-05-02T00:00:00Z", 3: "2026-05-03T00:00:00Z"}
WATERMARK = "select watermark::varchar from ops.watermarks where resource = 'orders'"


class Refusing(Session):
    """A session that finds the file of one part of the orders broken."""

    broken = 0

    def land(self, staged: StagedFile, entry: RunLogEntry) -> list[TableFigures]:
        """Land it, unless it is that one."""
        if staged.path and staged.path.name == f"orders-{self.broken}.jsonl":
            raise IncompleteData("Broken")
        return super().land(staged, entry)


@pytest.fixture
def dated(shop):
    """The small shop, whose orders changed on three days, to be landed one by one."""
    for number, date in DATES.items():
        shop.put("orders", {"id": gid("Order", number), "updatedAt": date})
    return replace(shop, settings=replace(shop.settings, batch_size=1))


def read_orders(shop, folder, broken):
    """Read the orders, of which this part cannot be landed; give what went wrong."""
    session = Refusing(shop.settings, Options(), folder, silent, lambda _: None)
    session.broken = broken
    with session.warehouse() as connection:
        create_tables(connection)
    entry = session.entry(ORDERS.name, "pages")
    problems = Workers(session, [Task(ORDERS, None, 3, "pages")]).land_all({"orders": entry})
    assert entry.status == "failed"
    return [str(problem) for problem in problems]


def test_part_behind_a_gap_is_not_landed(dated, tmp_path):
    """Row 10: after a part that could not be landed, no later one moves the watermark on."""
    assert read_orders(dated, tmp_path, broken=2) == ["Broken"]

    assert dated.living("orders") == [1]
    assert dated.rows(WATERMARK) == [("2026-05-01 00:00:00",)]


def test_broken_off_reading_is_gone_on_with(dated, tmp_path):
    """Row 14: what a long reading had landed before it broke off is not read again."""
    read_orders(dated, tmp_path, broken=3)

    report = extract(dated.settings, via="pages")

    assert dated.living("orders") == [1, 2, 3]
    assert [table.seen for table in report.tables if table.table == "orders"] == [2]
