"""dbt parses the project once for all warehouses of a name, and for each set of vars."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from cartwheel.build.dbt import dbt, parse, parsed_folder
from tests.integration.models.conftest import NOW, OTHER_VARS
from tests.nightly import mostly_nightly


@pytest.fixture(scope="module")
def parsed(landed, target_path, tmp_path_factory):
    """Settings of a warehouse for which the project was parsed.

    In a folder of these tests' own: in that of all, other processes parse.
    """
    settings = landed(
        lambda raw: raw.checkout(1, f"{NOW - timedelta(hours=30):%Y-%m-%dT%H:%M:%SZ}")
    )
    parse(settings)
    own = tmp_path_factory.mktemp("target") / "own"
    shutil.copytree(target_path / "parsed", own / "parsed")
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("DBT_TARGET_PATH", str(own))
        yield settings


@pytest.mark.parametrize("variables", mostly_nightly([None, OTHER_VARS], 0))
def test_another_warehouse_or_time_has_nothing_parsed_again(parsed, tmp_path, variables):
    """Neither the folder of a warehouse nor the time stands in what dbt parsed."""
    parse(parsed, variables)
    before = kept()

    elsewhere = replace(parsed, warehouse=tmp_path / parsed.warehouse.name)
    parse(replace(elsewhere, now=parsed.clock() + timedelta(days=400)), variables)

    assert before
    assert kept() == before
    assert not elsewhere.warehouse.exists()


def kept():
    """What dbt parsed, each with the time at which it was written."""
    found = parsed_folder().rglob("partial_parse.msgpack")
    return {path: path.stat().st_mtime_ns for path in found}


@pytest.mark.nightly
def test_each_run_has_its_own_time_and_vars(parsed, asking):
    """What was parsed for one time and other vars is compiled for those of the run."""
    ask = asking(parsed.warehouse)
    state = "select checkout_state from intermediate.int_checkouts_with_outcome"
    found = []
    for now, variables in (
        (NOW, None),
        (NOW, OTHER_VARS),
        (NOW + timedelta(days=1), OTHER_VARS),
        (NOW - timedelta(days=1), None),
    ):
        dbt(
            replace(parsed, now=now),
            "run",
            "--select",
            "+int_checkouts_with_outcome",
            variables=variables,
        )
        found.append(ask(state))

    assert found == [
        [("abandoned",)],
        [("pending",)],
        [("abandoned",)],
        [("pending",)],
    ]
