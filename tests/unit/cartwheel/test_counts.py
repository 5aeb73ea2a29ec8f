"""How many there are of something, in words."""

from __future__ import annotations

import pytest

from cartwheel.core.counts import counted


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "write", "0 writes"),
        (1, "property", "1 property"),
        (2, "property", "2 properties"),
        (1200, "abandoned checkout", "1,200 abandoned checkouts"),
    ],
)
def test_one_is_singular(number, noun, said):
    """One is said in the singular, thousands with a comma."""
    assert counted(number, noun) == said
