"""dbt in process: its failures are named, and it lets go of the warehouse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.build.dbt import dbt
from cartwheel.core.errors import TransformFailed, WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.transform import transform
from load.objects.catalogue import stages


@pytest.fixture
def settings(landed):
    """A warehouse that an extract made, in which nothing was landed."""
    return landed(lambda _raw: None)


def test_an_empty_warehouse_names_the_command(tmp_path):
    """Without raw data the message tells to extract, and dbt is not even started."""
    new = Settings(warehouse=tmp_path / "w.duckdb")
    with open_warehouse(new.warehouse):
        pass

    with pytest.raises(WarehouseError, match="cartwheel extract"):
        transform(new, silent)


def test_failures_are_named_and_remembered(settings):
    """Models that fail stand in the error and in ops, and the file can be opened at once.

    A seed that somebody changed is the file's again all the same.
    """
    dbt(settings, "seed")
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("alter table raw.orders rename payload to another_name")
        connection.execute("update seeds.deal_stages set label = 'x'")

    with pytest.raises(TransformFailed, match="stg_shopify__orders") as failure:
        transform(settings, silent)

    with open_warehouse(settings.warehouse, read_only=True) as connection:
        runs = connection.execute("select status, failed from ops.transform_runs").fetchall()
        labels = connection.execute("select label from seeds.deal_stages order by position")
        assert [label for (label,) in labels.fetchall()] == [stage.label for stage in stages()]
    assert runs == [("failed", len(failure.value.failed))]


@pytest.mark.nightly
def test_seeds_are_loaded_when_their_files_differ(empty_warehouse, tmp_path):
    """Rows and columns that somebody changed are the file's again; no change loads no seed."""
    path = Path(copy(empty_warehouse.settings.warehouse, tmp_path))
    settings = replace(empty_warehouse.settings, warehouse=path)
    with open_warehouse(path) as connection:
        connection.execute("update seeds.deal_stages set label = 'x'")
        connection.execute("alter table seeds.deal_stages drop column is_purchase")

    transform(settings, silent)

    with open_warehouse(path) as connection:
        labels = connection.execute("select label from seeds.deal_stages order by position")
        assert [label for (label,) in labels.fetchall()] == [stage.label for stage in stages()]
        connection.execute("comment on table seeds.deal_stages is 'not loaded again'")
    transform(settings, silent)
    with open_warehouse(path, read_only=True) as connection:
        kept = connection.execute(
            "select comment from duckdb_tables() where table_name = 'deal_stages'"
        ).fetchall()
    assert kept == [("not loaded again",)]


def test_dbt_run_needs_no_dbt_seed(settings):
    """A plain `dbt run` over what was extracted makes the seeds that are missing."""
    results = dbt(settings, "run", "--select", "stg_shopify__orders")

    assert [str(result.status) for result in results] == ["success"] * len(results)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        seeded = connection.execute("select stage from seeds.deal_stages order by position")
        assert [stage for (stage,) in seeded.fetchall()] == [each.stage_id for each in stages()]
