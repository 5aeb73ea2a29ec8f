"""The models say nothing that Spark reads otherwise than DuckDB does (docs/reference)."""

from __future__ import annotations

from cartwheel.core.settings import Settings
from tests.unit.models.test_portable_sql import faults


def test_every_model_means_the_same_on_spark(empty_warehouse, site):
    """No model has a star whose columns Spark reorders, or a row number of another type."""
    results = site.dbt(
        Settings(warehouse=empty_warehouse.warehouse),
        "compile",
        "--select",
        "resource_type:model",
    )

    found = [
        f"{result.node.name}: {fault}"
        for result in results
        for fault in faults(result.node.compiled_code, set(result.node.columns))
    ]
    assert found == []
    assert len(results) > 50
