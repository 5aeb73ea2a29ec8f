"""How much memory a plan takes, and what it says where that does not suffice."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.marts import make_marts
from cartwheel.core.errors import WarehouseError
from cartwheel.core.settings import Settings
from load.run import open_for_plan

ORDERS, RECORDS, ASSOCIATIONS = 100_000, 519_000, 450_000


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """A warehouse whose hubspot.* holds half a million records."""
    path = tmp_path_factory.mktemp("large") / "warehouse.duckdb"
    assert make_marts(path, ORDERS) == RECORDS
    return path


def test_more_memory_helps_where_it_did_not_suffice(large):
    """A plan without enough memory names the setting; 72 MB do for half a million records."""

    def planned(limit):
        # less than the setting may be, since so few records fit into that
        settings = Settings(warehouse=large, load_memory_limit=limit)
        with open_for_plan(settings) as session:
            return session.refresh().writes

    with pytest.raises(WarehouseError, match=r"24MB.*CARTWHEEL_MEMORY_LIMIT"):
        planned("24MB")

    assert planned("72MB") == RECORDS + ASSOCIATIONS


def test_a_plan_takes_256_mb_unless_more_is_allowed(large):
    """Without a word on it a plan takes 256 MB; the setting allows it more than that, too."""

    def limit(**environ):
        settings = Settings.read(environ={"CARTWHEEL_WAREHOUSE": str(large), **environ})
        with open_for_plan(settings) as session:
            query = "select current_setting('memory_limit')"
            return session.connection.execute(query).fetchone()

    assert limit() == ("244.1 MiB",)
    assert limit(CARTWHEEL_MEMORY_LIMIT="2GiB") == ("2.0 GiB",)
