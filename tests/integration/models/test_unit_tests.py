"""dbt's unit tests: they judge the models' code, so transform leaves them out."""

from __future__ import annotations

from pathlib import Path

from cartwheel.build.dbt import dbt

MODELS = Path(__file__).parents[3] / "dbt_project" / "models"


def test_every_unit_test_passes(empty_warehouse):
    """Each unit test beside a model passes, and none is left out."""
    results = dbt(empty_warehouse.settings, "test", "--select", "test_type:unit")

    status = {r.node.name: r.status for r in results if r.node.resource_type == "unit_test"}
    written = sum(
        path.read_text().partition("\nunit_tests:\n")[2].count("\n    model: ")
        for path in MODELS.rglob("*.yml")
    )
    assert set(status.values()) == {"pass"}
    assert len(status) == written > 20
