"""dbt in process: its failures are named, and it lets go of the warehouse."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import TransformFailed, WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.transform import transform
from extract.land.tables import create_tables


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
