"""Reads page by page: small changes, and records by their ids."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from cartwheel.core.progress import Progress
from extract.land.staged_file import StagedFile
from extract.read.flatten import flatten
from extract.shopify.api_usage import Usage
from extract.shopify.client import Shopify
from extract.shopify.errors import Stopped
from extract.shopify.lenient_json import line, read_time
from extract.shopify.pagination import pages
from extract.shopify.resources import Resource

PART = 2500  # roots that are landed together, so that a long reading can be resumed
IDS_A_SEARCH = 50
IN_FLIGHT = 3


def read_pages(
    shopify: Shopify,
    resource: Resource,
    folder: Path,
    *,
    search: str | None,
    part: int,
    stop: threading.Event,
    progress: Progress,
) -> Iterator[StagedFile]:
    """Read what matches search (None: everything), in parts of that many roots.

    Where pages come in the order of change, each part moves the watermark; elsewhere
    only the last one does. Raises Stopped as soon as stop is set.
    """
    as_of = shopify.server_time()
    found = _roots(shopify, resource, search)
    number, seen, until, more = 0, 0, None, True
    while more:
        number += 1
        path = folder / f"{resource.name}-{number}.jsonl"
        with shopify.metered() as meter, path.open("w", encoding="utf-8") as file:
            lines, roots, more = 0, 0, False
            for root in found:
                if stop.is_set():
                    raise Stopped(f"{resource.name} were cancelled")
                until = _later(until, root.get("updatedAt"))
                for node in flatten(shopify, resource, root):
                    file.write(line(node))
                    lines += 1
                roots += 1
                seen += 1
                progress.advance(resource.name, seen)
                if roots == part:
                    more = True
                    break
        yield StagedFile(
            resource,
            path,
            lines,
            roots,
            meter.usage(),
            as_of=as_of,
            until=until,
            complete=resource.by_update or not more,
            last=not more,
        )


def read_by_id(shopify: Shopify, resource: Resource, ids: list[str], path: Path) -> StagedFile:
    """Read these records completely; deleted or invisible ones are missing in the result.

    Moves no watermark: this does not read all that changed.
    """

    def some(first: int) -> tuple[list[str], int, Usage]:
        numbers = [id_.rsplit("/", 1)[-1] for id_ in ids[first : first + IDS_A_SEARCH]]
        search = " OR ".join(f"id:{number}" for number in numbers)
        with shopify.metered() as meter:
            roots = list(_roots(shopify, resource, search))
            lines = [line(node) for root in roots for node in flatten(shopify, resource, root)]
        return lines, len(roots), meter.usage()

    lines, roots, took = 0, 0, Usage()
    with ThreadPoolExecutor(IN_FLIGHT) as pool, path.open("w", encoding="utf-8") as file:
        for written, found, usage in pool.map(some, range(0, len(ids), IDS_A_SEARCH)):
            file.writelines(written)
            lines += len(written)
            roots += found
            took += usage
    return StagedFile(resource, path, lines, roots, took, complete=False)


def _roots(
    shopify: Shopify, resource: Resource, search: str | None
) -> Iterator[dict[str, Any]]:
    variables = {"filter": search, "first": resource.page, "nested": resource.nested}
    for page in pages(shopify, f"{resource.name}_page", variables, resource.connection):
        yield from page["nodes"]


def _later(until: datetime | None, stamp: str | None) -> datetime | None:
    moment = read_time(stamp)
    if moment is None:
        return until
    return moment if until is None or moment > until else until
