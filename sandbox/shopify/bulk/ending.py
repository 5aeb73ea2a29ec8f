"""How a bulk operation whose result is written ends: well, or as a fault wants it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.core.faults import Fault
from sandbox.shopify.bulk import faults


@dataclass(frozen=True)
class Ending:
    """What an ended operation shows.

    `size` is that of its result in bytes, 0 for none; `counts` are the objects and the root
    objects where they are not those that were written.
    """

    status: str
    size: int = 0
    error: str | None = None
    counts: tuple[int, int] | None = None


def end(file: Path, has_children: bool, due: Callable[[str], Fault | None]) -> Ending:
    """Say how an operation with this result ends, and spoil the result where a fault does.

    `due` takes the fault of a kind that is to happen now; `has_children` says whether the
    result has lines of nested connections.
    """
    for kind, status in (("bulk_canceled", "CANCELED"), ("bulk_expired", "EXPIRED")):
        if due(kind):
            return Ending(status)
    if not file.stat().st_size:
        return Ending("COMPLETED")
    if due("bulk_empty"):
        return Ending("COMPLETED", counts=(0, 0))
    if due("bulk_failed"):
        faults.keep_first_half(file)
        return Ending("FAILED", error="INTERNAL_SERVER_ERROR", counts=faults.count(file))
    if due("bulk_short"):
        faults.drop_lines(file)
    counts = None
    if has_children and due("bulk_children_cut"):
        faults.cut_children(file)
        counts = faults.count(file)
    if due("bulk_blank_lines"):
        faults.add_blank_lines(file)
    size = file.stat().st_size
    if due("bulk_truncated"):
        os.truncate(file, size // 2)
    return Ending("COMPLETED", size, counts=counts)
