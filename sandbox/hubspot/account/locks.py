"""Locks of writes that are not answered yet: too many at once, or two to one record, meet 423.

That HubSpot locks under parallel writes is sourced, how it does so is not
(docs/reference/hubspot.md#statuses-that-are-tried-again). Here the whole request is refused and
nothing of it is carried out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.hubspot.core.problems import Problem

Ids = frozenset[str]


class WriteLocks:
    """The record ids that each unanswered write has locked, by object type."""

    def __init__(self, most_writers: int) -> None:
        self.most_writers = most_writers
        self._writes: dict[str, list[Ids]] = {}

    @property
    def busy(self) -> bool:
        """Whether any write is under way."""
        return any(self._writes.values())

    def check(self, object_type: str, ids: Ids) -> None:
        """Raise Problem 423 if there are too many writers, or one has locked any of the ids."""
        writes = self._writes.get(object_type, [])
        if len(writes) >= self.most_writers:
            raise locked(f"{len(writes)} writes of {object_type} are under way.")
        taken = sorted(set().union(*(ids & write for write in writes)))
        if taken:
            raise locked(f"Another request is writing {object_type} {', '.join(taken[:5])}.")

    @contextmanager
    def locking(self, object_type: str, ids: Ids) -> Iterator[None]:
        """Lock the ids while the block runs."""
        writes = self._writes.setdefault(object_type, [])
        writes.append(ids)
        try:
            yield
        finally:
            writes.remove(ids)


def locked(message: str) -> Problem:
    """423: try again later."""
    return Problem(423, "LOCKED", message)
