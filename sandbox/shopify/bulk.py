"""Bulk operations: taken, run in the background, listed, cancelled, their results kept.

reference/shopify.md, section 4, "Bulk operations".
"""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.shopify.bulk_result import Job, write_result
from sandbox.shopify.bulk_rules import BulkQueryError, check
from sandbox.shopify.listing import Catalogue
from sandbox.shopify.oauth import same
from sandbox.shopify.projection import Compiler
from sandbox.shopify.schema import contract
from sandbox.shopify.search import Search
from sandbox.store import Entry
from sandbox.store_facts import Fact, Node, seconds

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 5
_UNDER_WAY = ("CREATED", "RUNNING", "CANCELING")
_FACTS = {
    "status": Fact("text", lambda node: node["status"]),
    "operation_type": Fact("text", lambda node: node["type"]),
    "created_at": Fact("time", lambda node: seconds(node["createdAt"])),
}


@dataclass
class Operation:
    """One bulk operation: the node that the API shows, and where its result lies."""

    node: Node
    result: Path
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    stop: threading.Event = field(default_factory=threading.Event)


class BulkOperations:
    """All bulk operations of one app and shop; results live in a temporary folder."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._operations: dict[str, Operation] = {}
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-bulk-")

    def run(
        self, text: str, grouped: bool, catalogue: Catalogue, base_url: str, version: str
    ) -> dict[str, Any]:
        """Take a bulk query of a version: the payload of bulkOperationRunQuery."""
        try:
            document, found = check(text, version)
        except BulkQueryError as error:
            return _refused("INVALID", error.messages)
        with self._lock:
            busy = [
                operation
                for operation in self._operations.values()
                if operation.node["status"] in _UNDER_WAY
            ]
            if len(busy) >= MOST_AT_ONCE:
                return _refused(
                    "OPERATION_IN_PROGRESS",
                    [
                        "A bulk query operation for this app and shop is already in progress:"
                        f" {busy[0].node['id']}."
                    ],
                )
            operation = self._new(text)
            shown = dict(operation.node)
        compiler = Compiler(document, catalogue.complete)
        line = compiler.line(found, contract().type_map["QueryRoot"])
        missing = compiler.scopes - catalogue.scopes
        if missing:
            self._finish(operation, "FAILED", errorCode="ACCESS_DENIED")
        else:
            job = Job(found, line, grouped)
            threading.Thread(
                target=self._write, args=(operation, job, catalogue, base_url), daemon=True
            ).start()
        return {"bulkOperation": shown, "userErrors": []}

    def node(self, gid: str) -> Node | None:
        """Give an operation's node as it is now, or None."""
        operation = self._operations.get(gid)
        return dict(operation.node) if operation else None

    def listing(self, query: str | None, sort_key: str | None) -> list[Node]:
        """List operations, the oldest first (for COMPLETED_AT: the first completed)."""
        with self._lock:
            nodes = [dict(operation.node) for operation in self._operations.values()]
        keeps = Search(_FACTS, query or "", self._clock.now()).matches
        by = "completedAt" if sort_key == "COMPLETED_AT" else "createdAt"
        kept = [node for node in nodes if keeps(_as_entry(node))]
        return sorted(kept, key=lambda node: node[by] or "")

    def cancel(self, gid: str) -> dict[str, Any]:
        """Stop an operation: the payload of bulkOperationCancel."""
        with self._lock:
            operation = self._operations.get(gid)
            messages = []
            if operation is None:
                messages.append("Bulk operation does not exist")
            elif operation.node["status"] not in _UNDER_WAY:
                status = operation.node["status"].lower()
                messages.append(f"A bulk operation cannot be canceled when it is {status}")
            else:
                operation.stop.set()
                operation.node["status"] = "CANCELING"
            return {
                "bulkOperation": dict(operation.node) if operation else None,
                "userErrors": [{"field": ["id"], "message": message} for message in messages],
            }

    def result(self, number: str, token: str) -> Path | None:
        """Give the result file that a pre-signed address names, or None if it is not valid."""
        operation = self._operations.get(f"gid://shopify/BulkOperation/{number}")
        if operation is None or not same(token, operation.token):
            return None
        return operation.result

    def _new(self, text: str) -> Operation:
        number = 1_000_000_000_001 + len(self._operations)
        gid = f"gid://shopify/BulkOperation/{number}"
        node = {
            "id": gid,
            "status": "CREATED",
            "type": "QUERY",
            "errorCode": None,
            "createdAt": self._now(),
            "completedAt": None,
            "objectCount": "0",
            "rootObjectCount": "0",
            "fileSize": None,
            "url": None,
            "partialDataUrl": None,
            "query": text,
        }
        operation = Operation(node, Path(self._folder.name) / f"{number}.jsonl")
        self._operations[gid] = operation
        return operation

    def _write(
        self,
        operation: Operation,
        job: Job,
        catalogue: Catalogue,
        base_url: str,
    ) -> None:
        with self._lock:
            if operation.node["status"] == "CREATED":
                operation.node["status"] = "RUNNING"
        if self._faults.take("bulk_stalled"):
            operation.stop.wait()

        def progress(objects: int, roots: int) -> bool:
            operation.node.update(objectCount=str(objects), rootObjectCount=str(roots))
            return not operation.stop.is_set()

        try:
            write_result(operation.result, job, catalogue, progress)
        except Exception:  # whatever it is, the operation must not stay under way
            logger.exception("%s failed", operation.node["id"])
            self._finish(operation, "FAILED", errorCode="INTERNAL_SERVER_ERROR")
            return
        if operation.stop.is_set():
            self._finish(operation, "CANCELED")
        else:
            self._complete(operation, base_url)

    def _complete(self, operation: Operation, base_url: str) -> None:
        size = operation.result.stat().st_size
        if size and self._faults.take("bulk_empty"):
            operation.node.update(objectCount="0", rootObjectCount="0")
            size = 0
        if size == 0:
            self._finish(operation, "COMPLETED")
            return
        if self._faults.take("bulk_truncated"):
            os.truncate(operation.result, size // 2)
        number = operation.result.stem
        disposition = f"attachment%3B%20filename%3D%22bulk-{number}.jsonl%22"
        url = (
            f"{base_url}/bulk/{number}.jsonl?token={operation.token}"
            f"&response-content-disposition={disposition}"
        )
        if self._faults.take("bulk_failed"):
            error = "INTERNAL_SERVER_ERROR"
            self._finish(operation, "FAILED", errorCode=error, partialDataUrl=url)
        else:
            self._finish(operation, "COMPLETED", fileSize=str(size), url=url)

    def _finish(self, operation: Operation, status: str, **more: str) -> None:
        with self._lock:
            operation.node.update(more, completedAt=self._now(), status=status)

    def _now(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _as_entry(node: Node) -> Entry:
    facts = {name: fact.read(node) for name, fact in _FACTS.items()}
    return Entry(node["id"], int(node["id"].rpartition("/")[2]), facts, -1, 0, 0)


def _refused(code: str, messages: list[str]) -> dict[str, Any]:
    return {
        "bulkOperation": None,
        "userErrors": [
            {"code": code, "field": ["query"], "message": message} for message in messages
        ],
    }
