"""Each of dbt's data tests holds for the warehouse of the settings."""

from __future__ import annotations

import warnings

import pytest

from tests.data_quality.warehouse import OddValues


def test_identity(warehouse, identity):
    """The test finds no row; what only warns is a warning here too."""
    outcome, rows = warehouse.judge(identity)

    if outcome == "warn":
        warnings.warn(OddValues(rows), stacklevel=1)
    elif outcome != "pass":
        pytest.fail(rows, pytrace=False)
