"""Bulk operations: Shopify writes a file of JSON lines, which is downloaded and checked.

Protocol: docs/reference/shopify.md#bulk-operations. A result that is cut off, empty, partial,
expired or failed is never landed: the operation is started again, a few times.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cartwheel.core.clock import without_zone
from cartwheel.core.errors import AccessDenied, ExpiredAddress, IncompleteData, ServiceError
from cartwheel.core.progress import Progress, Say
from extract.land.staged_file import StagedFile
from extract.shopify.api_usage import Usage
from extract.shopify.client import Shopify
from extract.shopify.documents import bulk_document
from extract.shopify.errors import OperationFailed, Stopped
from extract.shopify.resources import Resource

AT_ONCE = 5  # query operations that Shopify runs at once for an app and a shop
ATTEMPTS = 3
FULL = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
ENDED = frozenset({"COMPLETED", "FAILED", "CANCELED", "EXPIRED"})

Node = dict[str, Any]


@dataclass(frozen=True)
class Patience:
    """Seconds: between polls of an operation, at first and at most; how long one may make no
    progress; how long another program may have the warehouse open."""

    first_poll: float = 0.1
    last_poll: float = 5.0
    stalled: float = 900.0
    locked: float = 300.0


@dataclass(frozen=True)
class Export:
    """What a bulk operation is to write: a document of queries/<document>_bulk.graphql.

    search is None for everything; tag names the run, so that its operations are known
    among all that Shopify lists.
    """

    resource: Resource
    document: str
    search: str | None
    tag: str


class BulkReader:
    """Starts bulk operations and downloads their files; for use by one thread."""

    def __init__(
        self,
        shopify: Shopify,
        *,
        stop: threading.Event,
        say: Say,
        progress: Progress,
        patience: Patience,
    ) -> None:
        self._shopify = shopify
        self._stop = stop
        self._say = say
        self._progress = progress
        self._patience = patience

    def read(self, export: Export, path: Path) -> StagedFile:
        """Run an export and download its complete file.

        Raises IncompleteData or ServiceError if no attempt brought a whole file,
        AccessDenied if the app may not read it, Stopped as soon as stop is set.
        """
        with self._shopify.metered() as meter:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    found = self._attempt(export, path)
                    break
                except (IncompleteData, OperationFailed, ExpiredAddress) as problem:
                    if attempt == ATTEMPTS:
                        raise
                    self._say(f"{export.document}: {problem}. Starting it again.")
        return replace(found, usage=meter.usage())

    def _attempt(self, export: Export, path: Path) -> StagedFile:
        operation = self._ended(export, self._start(export))
        _check_status(export, operation)
        as_of = _moment(operation["createdAt"])
        lines, roots = int(operation["objectCount"]), int(operation["rootObjectCount"])
        if not operation["url"]:
            self._check_silence(export)
            return StagedFile(export.resource, None, 0, 0, Usage(), as_of=as_of)
        self._download(export, operation, path)
        check_lines(export.document, path, lines)
        return StagedFile(export.resource, path, lines, roots, Usage(), as_of=as_of)

    def _start(self, export: Export) -> Node:
        text = bulk_document(export.document, search=export.search, tag=export.tag)
        delay, told = 1.0, False
        while True:
            answer = self._shopify.query("bulk_run", {"document": text})
            payload = answer["bulkOperationRunQuery"]
            if payload["bulkOperation"] and not payload["userErrors"]:
                operation: Node = payload["bulkOperation"]
                return operation
            problems = payload["userErrors"]
            if not FULL & {problem["code"] for problem in problems}:
                messages = "; ".join(problem["message"] for problem in problems)
                raise ServiceError(f"Shopify refused to export {export.document}: {messages}")
            if not told:
                self._say(f"{export.document}: waiting for a running export to finish")
                told = True
            self._wait(export, delay)
            delay = min(delay * 1.5, 30.0)

    def _ended(self, export: Export, operation: Node) -> Node:
        """The operation once it has ended, whatever its status."""
        delay, still, count = self._patience.first_poll, 0.0, operation["objectCount"]
        while operation["status"] not in ENDED:
            self._wait(export, delay, operation)
            found = self._shopify.query("bulk_status", {"id": operation["id"]})["bulkOperation"]
            if found is None:
                raise OperationFailed(f"Shopify no longer knows its export {operation['id']}")
            still = 0.0 if found["objectCount"] != count else still + delay
            if still > self._patience.stalled:
                self._cancel(operation)
                raise OperationFailed(
                    f"Shopify's export {operation['id']} made no progress for {still:.0f} s "
                    "and was cancelled"
                )
            operation, count = found, found["objectCount"]
            self._progress.advance(export.document, int(operation["rootObjectCount"]))
            delay = min(delay * 1.5, self._patience.last_poll)
        return operation

    def _wait(self, export: Export, delay: float, operation: Node | None = None) -> None:
        if self._stop.wait(delay):
            if operation:
                self._cancel(operation)
            raise Stopped(f"{export.document} were cancelled")

    def _cancel(self, operation: Node) -> None:
        self._shopify.query("bulk_cancel", {"id": operation["id"]})

    def _download(self, export: Export, operation: Node, path: Path) -> None:
        """Download the file; if its address has expired, ask for a new one, once."""
        try:
            size = self._shopify.download(operation["url"], path)
        except ExpiredAddress:
            fresh = self._shopify.query("bulk_status", {"id": operation["id"]})["bulkOperation"]
            if not (fresh and fresh["url"]):
                raise
            size = self._shopify.download(fresh["url"], path)
        check_size(export.document, size, int(operation["fileSize"] or 0))

    def _check_silence(self, export: Export) -> None:
        resource = export.resource
        variables = {resource.count.removesuffix("Count"): export.search}
        count = int(self._shopify.query("counts", variables)[resource.count]["count"])
        if count:
            raise IncompleteData(
                f"Shopify exported no {export.document}, but says that it has {count:,}, "
                "so nothing was landed. Run again: cartwheel extract; if it repeats, check "
                "the app's scopes and its access to protected customer data"
            )


def cancel_leftovers(shopify: Shopify, tags: set[str]) -> int:
    """Cancel operations that runs with these tags left behind when they were killed.

    They would block others, since only a few can run at once. Returns their number.
    """
    if not tags:
        return 0
    variables = {"filter": "status:created OR status:running"}
    found = shopify.query("bulk_running", variables)["bulkOperations"]["nodes"]
    ours = [
        operation["id"]
        for operation in found
        if tags & set(str(operation["query"]).partition("\n")[0].split())
    ]
    for operation in ours:
        shopify.query("bulk_cancel", {"id": operation})
    return len(ours)


def check_size(name: str, received: int, announced: int) -> None:
    """Raise IncompleteData unless the announced number of bytes arrived."""
    if received != announced:
        raise IncompleteData(
            f"Shopify wrote {announced:,} bytes of {name}, but {received:,} arrived, "
            "so nothing of them was landed. Run again: cartwheel extract"
        )


def check_lines(name: str, path: Path, announced: int) -> None:
    """Raise IncompleteData unless the file has as many lines; blank ones do not count."""
    with path.open("rb") as file:
        found = sum(1 for line in file if not line.isspace())
    if found != announced:
        raise IncompleteData(
            f"Shopify wrote {announced:,} lines of {name}, but {found:,} arrived, "
            "so nothing of them was landed. Run again: cartwheel extract"
        )


def _check_status(export: Export, operation: Node) -> None:
    status, code = operation["status"], operation["errorCode"]
    if status == "COMPLETED":
        return
    if code == "ACCESS_DENIED":
        raise AccessDenied(
            f"Shopify refused to export {export.document}: the app needs "
            f"{export.resource.scope} and access to protected customer data. Add them in the "
            "Dev Dashboard, then run: cartwheel doctor"
        )
    raise OperationFailed(
        f"Shopify's export of {export.document} ({operation['id']}) ended {status}"
        f"{f' with {code}' if code else ''}, so nothing of it was landed. "
        "Run again: cartwheel extract"
    )


def _moment(stamp: str) -> datetime:
    return without_zone(datetime.fromisoformat(stamp))
