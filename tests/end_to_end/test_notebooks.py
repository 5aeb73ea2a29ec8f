"""The notebooks, over a real store and a made-up one.

By day tests/integration/models/test_notebooks.py runs them over all kinds of cases.
"""

from __future__ import annotations

import pytest

from tests.notebooks import NOTEBOOKS, assert_told_and_drawn, run


@pytest.mark.nightly
@pytest.mark.parametrize("store", ["real", "generated"])
def test_every_notebook_runs(request, tmp_path, store):
    """Each question has its chart and its sentence."""
    journey = request.getfixturevalue(store)

    run(journey.warehouse, tmp_path, *NOTEBOOKS)

    for path in NOTEBOOKS:
        assert_told_and_drawn(tmp_path / path.name)
