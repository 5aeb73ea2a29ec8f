"""Waiting for another program that has the warehouse open."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from cartwheel.core.errors import WarehouseLocked
from cartwheel.core.progress import Say

LIMIT = 300.0  # seconds
LOOK_AGAIN = 0.5  # seconds between two attempts

Found = TypeVar("Found")


@dataclass(frozen=True)
class _Wait:
    say: Say
    limit: float
    sleep: Callable[[float], object]


_allowed: ContextVar[_Wait | None] = ContextVar("allowed", default=None)


@contextmanager
def waiting(
    say: Say, *, limit: float = LIMIT, sleep: Callable[[float], object] = time.sleep
) -> Iterator[None]:
    """Within the block, whatever opens the warehouse waits for another program that has it.

    say is told for which one, once each time that a wait begins. limit: seconds of one wait;
    sleep waits between two attempts, and ends the wait where it gives something true. It is of
    the calling thread alone. Within another such block the inner one counts.
    """
    token = _allowed.set(_Wait(say, limit, sleep))
    try:
        yield
    finally:
        _allowed.reset(token)


def in_turn(attempt: Callable[[], Found]) -> Found:
    """What an attempt gives, repeated as waiting() allows while it raises WarehouseLocked.

    Raises WarehouseLocked at once outside of such a block.
    """
    wait, waited = _allowed.get(), 0.0
    while True:
        try:
            return attempt()
        except WarehouseLocked as error:
            if wait is None or waited >= wait.limit:
                raise
            if not waited:
                wait.say(
                    f"waiting for the warehouse: it is open in {error.held_by}; for at most "
                    f"{_in_words(wait.limit)}"
                )
            if wait.sleep(LOOK_AGAIN):
                raise
            waited += LOOK_AGAIN


def _in_words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes"
