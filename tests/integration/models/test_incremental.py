"""Building only what can have changed gives what building everything gives."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from random import Random

import duckdb
import pytest

from cartwheel.build.dbt import dbt
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.transform import transform
from tests.integration.models.random_shop import EVENTS, RandomShop

ALL = os.environ.get("CARTWHEEL_TORTURE") == "all"
HISTORIES, DAYS = (20, 3) if ALL else (1, 2)
SCHEMAS = ("staging", "intermediate", "core", "hubspot", "reports", "workflows")
HOURS = [1, 5, 20, 24, 30 * 24, 90 * 24]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_chain_of_builds_equals_a_full_refresh(tmp_path, seed):
    """After transforms of what happened, and of the time, every table is that of a whole build.

    What was remembered stays as it is.
    """
    warehouse = tmp_path / "warehouse.duckdb"
    shop, random = RandomShop(seed), Random(seed)
    for day in range(DAYS):
        for event in ("new order", "new checkout", *random.choices(sorted(EVENTS), k=8 * day)):
            shop.happen(event)
        shop.land(warehouse)
        waits = (0, 0, *random.sample(HOURS, 1 + day % 2))
        # by day three builds: the first, after events, and after a while
        for hours in waits if ALL else (0, *waits[2:3] * day):
            shop.now += timedelta(hours=hours)
            transform(Settings(warehouse=warehouse, now=shop.now), silent)
    chain = warehouse.with_name("chain.duckdb")
    shutil.copy(warehouse, chain)
    run(warehouse, shop.now, "--full-refresh")

    assert differing_tables(chain, warehouse) == []


def run(warehouse, now, *options):
    """Build every model."""
    results = dbt(Settings(warehouse=warehouse, now=now), "run", *options)

    assert [result.message for result in results if str(result.status) == "error"] == []


def differing_tables(one, other):
    """The tables whose rows are not the same, with how many are in one alone."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'one' "
            "and (schema_name in (select unnest(?)) or table_name = 'enrolments')",
            [list(SCHEMAS)],
        ).fetchall()
        assert len(tables) > 50
        found = []
        for schema, table in tables:
            name = f'{schema}."{table}"'
            rows = connection.execute(
                f"(from one.{name} except all from other.{name}) "
                f"union all (from other.{name} except all from one.{name})"
            ).fetchall()
            if rows:
                found.append((name, rows[:2]))
        return found
