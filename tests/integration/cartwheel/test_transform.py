"""dbt in process: its failures are named, and it lets go of the warehouse."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import TransformFailed, WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.transform import dbt, transform
from extract.land.tables import create_tables
from load.objects.catalogue import stages


@pytest.fixture
def settings(tmp_path):
    """Settings with a warehouse in which nothing was landed."""
    return Settings(warehouse=tmp_path / "w.duckdb")


def test_an_empty_warehouse_names_the_command(settings):
    """Without raw data the message tells to extract, and dbt is not even started."""
    with open_warehouse(settings.warehouse):
        pass

    with pytest.raises(WarehouseError, match="cartwheel extract"):
        transform(settings, silent)


def test_failures_are_named_and_remembered(settings):
    """Models that fail stand in the error and in ops, and the file can be opened at once."""
    with open_warehouse(settings.warehouse) as connection:
        create_tables(connection)
        connection.execute("alter table raw.orders rename payload to another_name")

    with pytest.raises(TransformFailed, match="stg_shopify__orders") as failure:
        transform(settings, silent)

    with open_warehouse(settings.warehouse, read_only=True) as connection:
        runs = connection.execute("select status, failed from ops.transform_runs").fetchall()
    assert runs == [("failed", len(failure.value.failed))]


def test_seeds_are_loaded_when_their_files_differ(settings):
    """Rows and columns that somebody changed are the file's again; no change loads no seed."""
    with open_warehouse(settings.warehouse) as connection:
        create_tables(connection)
    dbt(settings, "seed")
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("update seeds.deal_stages set label = 'x'")
        connection.execute("alter table seeds.deal_stages drop column is_purchase")

    transform(settings, silent)

    with open_warehouse(settings.warehouse) as connection:
        labels = connection.execute("select label from seeds.deal_stages order by position")
        assert [label for (label,) in labels.fetchall()] == [stage.label for stage in stages()]
        connection.execute("comment on table seeds.deal_stages is 'not loaded again'")
    transform(settings, silent)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        kept = connection.execute(
            "select comment from duckdb_tables() where table_name = 'deal_stages'"
        ).fetchall()
    assert kept == [("not loaded again",)]


def test_dbt_run_needs_no_dbt_seed(settings):
    """A plain `dbt run` over what was extracted makes the seeds that are missing."""
    with open_warehouse(settings.warehouse) as connection:
        create_tables(connection)

    results = dbt(settings, "run", "--select", "stg_shopify__orders")

    assert [str(result.status) for result in results] == ["success"] * len(results)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        seeded = connection.execute("select stage from seeds.deal_stages order by position")
        assert [stage for (stage,) in seeded.fetchall()] == [each.stage_id for each in stages()]
