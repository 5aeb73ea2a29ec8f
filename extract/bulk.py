"""Bulk operations: Shopify writes a file of JSON lines, which is fetched and checked.

Protocol: reference/shopify.md, section 4.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cartwheel.errors import AccessDenied, CartwheelError, IncompleteData, ServiceError
from cartwheel.progress import Say
from extract.client import Shopify
from extract.documents import bulk_document
from extract.manifest import Reading, Run
from extract.resources import Resource

IN_FLIGHT = 5  # query operations that Shopify runs at once for an app and a shop
FIRST_POLL, LAST_POLL = 0.1, 5.0  # seconds
FULL = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})


class Stopped(CartwheelError):
    """Another resource failed or the user interrupted, so this one was given up."""


@dataclass(frozen=True)
class Delivery:
    """The file of one operation; spool is None where it had no result.

    lines and roots are Shopify's own counts of them.
    """

    spool: Path | None
    lines: int
    roots: int
    reading: Reading


def fetch(
    shopify: Shopify,
    resource: Resource,
    run: Run,
    spool: Path,
    *,
    search: str | None,
    stop: threading.Event,
    say: Say,
) -> Delivery:
    """Have Shopify write what matches search (None: everything), and fetch the file.

    Raises IncompleteData if its size is not what Shopify says, or if nothing came
    where the shop counts something; ServiceError or AccessDenied if the operation
    failed; Stopped as soon as stop is set.
    """
    started_at = datetime.now(UTC)
    operation, requests = _start(shopify, resource, run, search, stop, say)
    delay, told = FIRST_POLL, 0.0
    while operation["status"] not in ("COMPLETED", "FAILED", "CANCELED", "EXPIRED"):
        if stop.wait(delay):
            shopify.query("bulk_cancel", {"id": operation["id"]})
            raise Stopped(f"{resource.name} were given up")
        told += delay
        if told >= 30:
            told = 0.0
            say(f"{resource.name}: {int(operation['objectCount']):,} lines so far")
        delay = min(delay * 1.5, LAST_POLL)
        operation = shopify.query("bulk_status", {"id": operation["id"]})["bulkOperation"]
        requests += 1
    _check_status(resource, operation)
    lines, roots = int(operation["objectCount"]), int(operation["rootObjectCount"])
    if not operation["url"]:
        _check_silence(shopify, resource, search)
        return Delivery(None, 0, 0, Reading(started_at, requests + 1))
    size = shopify.download(operation["url"], spool)
    check_size(resource, size, int(operation["fileSize"] or 0))
    as_of = datetime.fromisoformat(operation["createdAt"]).astimezone(UTC).replace(tzinfo=None)
    return Delivery(spool, lines, roots, Reading(started_at, requests + 1, size, as_of))


def check_size(resource: Resource, received: int, announced: int) -> None:
    """Raise IncompleteData unless as many bytes came as were announced."""
    if received != announced:
        raise IncompleteData(
            f"Shopify wrote {announced:,} bytes of {resource.name}, but {received:,} arrived, "
            "so nothing of them was landed. Run again: cartwheel extract"
        )


def _start(
    shopify: Shopify,
    resource: Resource,
    run: Run,
    search: str | None,
    stop: threading.Event,
    say: Say,
) -> tuple[dict[str, Any], int]:
    """The new operation, and how many requests it took to get a place for it."""
    text = bulk_document(resource.name, search=search, tag=f"{run.run_id} {resource.name}")
    delay, tries = 1.0, 0
    while True:
        tries += 1
        answer = shopify.query("bulk_run", {"document": text})["bulkOperationRunQuery"]
        if answer["bulkOperation"] and not answer["userErrors"]:
            return answer["bulkOperation"], tries
        problems = answer["userErrors"]
        if not FULL & {problem["code"] for problem in problems}:
            messages = "; ".join(problem["message"] for problem in problems)
            raise ServiceError(f"Shopify refused to export {resource.name}: {messages}")
        if tries == 1:
            say(f"{resource.name}: waiting for a place among the exports that run at Shopify")
        if stop.wait(delay):
            raise Stopped(f"{resource.name} were given up")
        delay = min(delay * 1.5, 30.0)


def _check_status(resource: Resource, operation: dict[str, Any]) -> None:
    status, code = operation["status"], operation["errorCode"]
    if status == "COMPLETED":
        return
    if code == "ACCESS_DENIED":
        raise AccessDenied(
            f"Shopify refused to export {resource.name}: the app needs {resource.scope} and "
            "access to protected customer data. Add them in the Dev Dashboard, then run: "
            "cartwheel extract"
        )
    raise ServiceError(
        f"Shopify's export of {resource.name} ({operation['id']}) ended {status}"
        f"{f' with {code}' if code else ''}; nothing of it was landed. "
        "Run again: cartwheel extract"
    )


def _check_silence(shopify: Shopify, resource: Resource, search: str | None) -> None:
    counted = shopify.query("counts", {resource.count.removesuffix("Count"): search})
    count = int(counted[resource.count]["count"])
    if count:
        raise IncompleteData(
            f"Shopify exported no {resource.name}, but counts {count:,} of them itself. "
            "Nothing was landed. Run again: cartwheel extract; if it stays so, check the "
            "app's scopes and its access to protected customer data"
        )
