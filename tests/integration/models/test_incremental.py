"""Building only what can have changed gives what building everything gives."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cartwheel.core.settings import Settings
from tests.integration.models.random_shop import EVENTS, RandomShop

EXAMPLES = 20 if os.environ.get("CARTWHEEL_TORTURE") == "all" else 1
SCHEMAS = ("staging", "intermediate", "core", "ops", "hubspot", "reports", "workflows")

# what happens before a build, and the hours that pass until the next one, with nothing new
days = st.lists(
    st.tuples(
        st.lists(st.sampled_from(sorted(EVENTS)), min_size=0, max_size=20),
        st.lists(st.sampled_from([0, 1, 20, 24, 90 * 24]), max_size=2),
    ),
    min_size=2,
    max_size=3,
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # to shrink a history takes hours, and its seed is told anyhow
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(days=days, seed=st.integers(0, 2**32))
def test_a_chain_of_builds_equals_a_full_refresh(site, tmp_path_factory, days, seed):
    """After a transform or more a day, every table is what a build of everything makes.

    What was remembered stays as it is.
    """
    warehouse = tmp_path_factory.mktemp("chain") / "warehouse.duckdb"
    shop = RandomShop(seed)
    for event in ("new order", "new checkout"):
        shop.happen(event)
    for events, pauses in days:
        for event in events:
            shop.happen(event)
        shop.land(warehouse)
        for hours in (0, *pauses):
            shop.now += timedelta(hours=hours)
            site.transform(Settings(warehouse=warehouse, now=shop.now))
    chain = warehouse.with_name("chain.duckdb")
    shutil.copy(warehouse, chain)
    run(site, warehouse, shop.now, "--full-refresh")

    assert differing_tables(chain, warehouse) == []


def run(site, warehouse, now, *options):
    """Build every model."""
    results = site.dbt(Settings(warehouse=warehouse, now=now), "run", *options)

    assert [result.message for result in results if str(result.status) == "error"] == []


def differing_tables(one, other):
    """The tables whose rows are not the same, with how many are in one alone."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'one' "
            "and schema_name in (select unnest(?))",
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
