"""Which cases of a test run every day, and which at night."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def mostly_nightly(cases: Iterable[Any], *everyday: int) -> list[Any]:
    """The cases as parameters: those at the places `everyday` always, the others at night.

    For cases that pass through the same lines of ours and differ in what a server answers.
    """
    return [
        case if place in everyday else pytest.param(*_values(case), marks=pytest.mark.nightly)
        for place, case in enumerate(cases)
    ]


def _values(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)
