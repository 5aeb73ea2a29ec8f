"""What a reader hands over for landing: a file of JSON lines and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extract.shopify.api_usage import Usage
from extract.shopify.resources import Resource


@dataclass(frozen=True)
class StagedFile:
    """Lines of one resource; spool is None where there were none.

    lines and roots are how many there must be, None where nobody says. as_of is when
    Shopify began to write, by its own clock (UTC, no zone): what changed later may be
    missing. until is how far the records' times of change are read by now, None where
    the lines themselves tell. complete says that everything asked for up to there is
    here, so that the watermark may move; last that no other delivery of this reading
    follows.
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
