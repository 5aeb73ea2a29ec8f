"""The models say nothing that Spark reads otherwise than DuckDB does (docs/reference)."""

from __future__ import annotations

from tests.unit.models.test_portable_sql import faults


def test_every_model_means_the_same_on_spark(models):
    """No model has a star whose columns Spark reorders, or a row number of another type."""
    found = [
        f"{node.name}: {fault}"
        for node in models.nodes
        for fault in faults(node.compiled_code, set(node.columns))
    ]
    assert found == []
    assert len(models.nodes) > 50
