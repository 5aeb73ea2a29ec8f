"""Each expectation and each figure of quality/suites holds for the settings' warehouse."""

from __future__ import annotations

import warnings

import pytest

from tests.data_quality.warehouse import OddValues


def test_expectation(warehouse, check):
    """The gate finds no row that fails, or few enough, and a figure as it usually is.

    What only warns is a warning here too; -W error makes it a failure.
    """
    found = [each for each in warehouse.findings if (each.table, each.name) == check]
    stops = [each for each in found if each.stops]
    warns = [each for each in found if each.warns]

    for each in warns:
        warnings.warn(OddValues(in_full(each)), stacklevel=1)
    if stops:
        pytest.fail("\n".join(in_full(each) for each in stops), pytrace=False)


def in_full(finding):
    """The sentence of the gate, and the rows below it."""
    rows = [f"  {row.key}  {row.value}".rstrip() for row in finding.rows]
    return "\n".join([str(finding), *rows])
