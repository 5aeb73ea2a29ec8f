"""Which values of HubSpot's are the same as ours."""

from __future__ import annotations

import pytest

from load.objects.values import same


@pytest.mark.parametrize(
    ("kind", "one", "other", "alike"),
    [
        ("number", "10.50", "10.5", True),
        ("number", "10.50", "10.51", False),
        ("number", "1", "", False),
        ("datetime", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z", True),
        ("datetime", "2026-01-02T03:04:05Z", "1767323045000", True),
        ("datetime", "2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", False),
        ("date", "2026-01-02", "2026-01-02T00:00:00Z", True),
        ("bool", "true", "TRUE", True),
        ("string", "02134", "2134", False),
        ("string", "10.50", "10.5", False),
    ],
)
def test_values_are_compared_by_their_type(kind, one, other, alike):
    """Numbers and moments may be written otherwise; texts may not."""
    assert same(kind, one, other) is alike
