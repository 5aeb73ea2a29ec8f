"""An interruption is told from a failure, whoever raises it."""

from __future__ import annotations

import duckdb
import pytest

from cartwheel.core.errors import WarehouseError
from cartwheel.core.interruptions import is_interruption


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), True),
        (RuntimeError("Query interrupted"), True),
        (RuntimeError("can't start new thread"), False),
        (WarehouseError("Query interrupted"), False),
        (duckdb.Error("locked"), False),
    ],
    ids=repr,
)
def test_an_interruption_is_no_failure(error, expected):
    """Ctrl-C is one, within a query of DuckDB's too; what else ends a step is not."""
    assert is_interruption(error) is expected
