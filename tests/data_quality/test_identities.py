"""Each of dbt's data tests holds for the warehouse of the settings."""

from __future__ import annotations

import warnings

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.data_quality.conftest import warehouse_of
from tests.data_quality.warehouse import OddValues

# cartwheel transform runs these on what it builds, so that it does not see this by itself
EDITED = (
    "If the last build passed, the warehouse was edited since. To build it again, run: "
    "cartwheel transform --full"
)


@pytest.fixture(scope="module", autouse=True)
def opened(request):
    """The warehouse stays open for all of them: to open it takes longer than a test."""
    found = warehouse_of(request.config)
    if isinstance(found, str):
        yield
        return
    with open_warehouse(found.settings.warehouse, read_only=True):
        yield


def test_identity(warehouse, identity):
    """The test finds no row; what only warns is a warning here too."""
    outcome, rows = warehouse.judge(identity)

    if outcome == "warn":
        warnings.warn(OddValues(rows), stacklevel=1)
    elif outcome != "pass":
        pytest.fail(f"{rows}\n{EDITED}", pytrace=False)
