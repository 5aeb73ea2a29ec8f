"""What a reader hands over for landing: a file of JSON lines, and facts about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extract.shopify.api_usage import Usage
from extract.shopify.resources import Resource


@dataclass(frozen=True)
class StagedFile:
    """Lines of one resource; the path is None if there were none.

    lines and roots are the expected numbers, None if unknown. as_of is when Shopify began to
    write, by its own clock (UTC, no zone): later changes may be missing. until is the time up
    to which changes have been read, None if the lines themselves tell. complete: everything up
    to there is included, so that the watermark may move. last: no other delivery of this
    reading follows.
    """

    resource: Resource
    path: Path | None
    lines: int | None
    roots: int | None
    usage: Usage
    as_of: datetime | None = None
    until: datetime | None = None
    complete: bool = True
    last: bool = True
