"""How a step reports its progress, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]
LABEL_WIDTH = 12


def labelled(say: Say, label: str, width: int = LABEL_WIDTH) -> Say:
    """Put a label, such as the step's name, before each line, so that all lines align."""
    return lambda message: say(f"{label:<{width}}{message}")


def silent(message: str) -> None:
    """Say nothing: for tests and for callers that print the report themselves."""
    del message
