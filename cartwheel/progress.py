"""How a station tells what it does, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]


def silent(message: str) -> None:
    """Say nothing: for tests and for callers that print the report themselves."""
    del message
