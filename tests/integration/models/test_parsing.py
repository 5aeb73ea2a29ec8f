"""dbt parses the project once for all warehouses of a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cartwheel.build.dbt import dbt, parse, target_folder
from tests.integration.models.conftest import NOW

VARS = {"abandonment_hours": 3}


@pytest.fixture(scope="module")
def parsed(landed):
    """Settings of a warehouse for which the project was parsed, with vars and without."""
    settings = landed(
        lambda raw: raw.checkout(1, f"{NOW - timedelta(hours=5):%Y-%m-%dT%H:%M:%SZ}")
    )
    parse(settings)
    parse(settings, VARS)
    return settings


@pytest.mark.parametrize("variables", [None, VARS])
def test_another_warehouse_or_time_has_nothing_parsed_again(parsed, tmp_path, variables):
    """Neither the folder of a warehouse nor the time stands in what dbt parsed."""
    kept = [*target_folder().rglob("partial_parse.msgpack")]
    before = [path.stat().st_mtime_ns for path in kept]

    elsewhere = replace(parsed, warehouse=tmp_path / parsed.warehouse.name)
    parse(replace(elsewhere, now=parsed.clock() + timedelta(days=400)), variables)

    assert len(kept) >= 2
    assert [path.stat().st_mtime_ns for path in kept] == before
    assert not elsewhere.warehouse.exists()


def test_each_run_has_its_own_time_and_vars(parsed, asking):
    """What was parsed for one time and other vars is compiled for those of the run."""
    ask = asking(parsed.warehouse)
    state = "select checkout_state from intermediate.int_checkouts_with_outcome"
    found = []
    for now, variables in ((NOW, None), (NOW, VARS), (NOW + timedelta(days=1), None)):
        dbt(
            replace(parsed, now=now),
            "run",
            "--select",
            "+int_checkouts_with_outcome",
            variables=variables,
        )
        found.append(ask(state))

    assert found == [[("pending",)], [("abandoned",)], [("abandoned",)]]
