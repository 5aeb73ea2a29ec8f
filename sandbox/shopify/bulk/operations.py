"""Bulk operations: taken, run in the background, listed, cancelled, their results kept.

Facts: docs/reference/shopify.md#bulk-operations
"""

from __future__ import annotations

import logging
import secrets
import tempfile
import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.core.clock import Clock
from sandbox.core.faults import Faults
from sandbox.shopify.access.installation import asks_for_protected_data
from sandbox.shopify.bulk.ending import end
from sandbox.shopify.bulk.projection import Compiler
from sandbox.shopify.bulk.result import Job, write_result
from sandbox.shopify.bulk.rules import BulkQueryError, check
from sandbox.shopify.connections.catalogue import Catalogue
from sandbox.shopify.connections.search import Search
from sandbox.shopify.schema.contract import contract
from sandbox.store.facts import Fact, Node, seconds
from sandbox.store.store import Entry

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 5
_UNDER_WAY = ("CREATED", "RUNNING", "CANCELING")
_FACTS = {
    "status": Fact("text", lambda node: node["status"]),
    "operation_type": Fact("text", lambda node: node["type"]),
    "created_at": Fact("time", lambda node: seconds(node["createdAt"])),
}
WRONG_ADDRESS = "file:///etc/hostname"


@dataclass
class Operation:
    """One bulk operation: the node that the API shows, and where its result lies.

    `token` is what the result's address is signed with now, `expired` what it was before.
    """

    node: Node
    result: Path
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    expired: set[str] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def address(self, base_url: str) -> str:
        """Give the pre-signed address of the result."""
        name = self.result.name
        disposition = f"attachment%3B%20filename%3D%22bulk-{name}%22"
        return (
            f"{base_url}/bulk/{name}?token={self.token}"
            f"&response-content-disposition={disposition}"
        )


class BulkOperations:
    """All bulk operations of one app and shop; results live in a temporary folder."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._operations: dict[str, Operation] = {}
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-bulk-")

    def run(
        self,
        text: str,
        grouped: bool,
        catalogue: Catalogue,
        base_url: str,
        version: str,
        *,
        protected_data: bool = True,
    ) -> dict[str, Any]:
        """Take a bulk query of a version: the payload of bulkOperationRunQuery.

        Without protected_data, one that selects protected customer data fails.
        """
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
        if missing or self._is_unapproved(text, protected_data):
            self._finish(operation, "FAILED", errorCode="ACCESS_DENIED")
        else:
            job = Job(found, line, grouped)
            threading.Thread(
                target=self._write, args=(operation, job, catalogue, base_url), daemon=True
            ).start()
        return {"bulkOperation": shown, "userErrors": []}

    def _is_unapproved(self, text: str, protected_data: bool) -> bool:
        if not asks_for_protected_data(text):
            return False
        return not protected_data or self._faults.take("access_denied", text) is not None

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

    def operation(self, number: str) -> Operation | None:
        """Find the operation of this number, the last part of its id."""
        return self._operations.get(f"gid://shopify/BulkOperation/{number}")

    def sign_again(self, operation: Operation, base_url: str) -> None:
        """Let the address of a result expire; the operation shows a fresh one from now on."""
        with self._lock:
            operation.expired.add(operation.token)
            operation.token = secrets.token_urlsafe(24)
            for key in ("url", "partialDataUrl"):
                if operation.node[key]:
                    operation.node[key] = operation.address(base_url)

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
        if self._faults.take("bulk_stalled", operation.node["query"]):
            operation.stop.wait()

        def progress(objects: int, roots: int) -> bool:
            operation.node.update(objectCount=str(objects), rootObjectCount=str(roots))
            return not operation.stop.is_set()

        try:
            write_result(operation.result, job, catalogue, progress)
            if operation.stop.is_set():
                self._finish(operation, "CANCELED")
            else:
                self._complete(operation, base_url)
        except Exception:  # whatever it is, the operation must not stay under way
            if not Path(self._folder.name).is_dir():  # the sandbox has ended meanwhile
                return
            logger.exception("%s failed", operation.node["id"])
            self._finish(operation, "FAILED", errorCode="INTERNAL_SERVER_ERROR")

    def _complete(self, operation: Operation, base_url: str) -> None:
        node = operation.node
        due = partial(self._faults.take, text=node["query"])
        how = end(operation.result, node["objectCount"] != node["rootObjectCount"], due)
        shown: dict[str, str | None] = {"errorCode": how.error}
        if how.counts is not None:
            objects, roots = how.counts
            shown.update(objectCount=str(objects), rootObjectCount=str(roots))
        if how.error is not None:
            shown["partialDataUrl"] = operation.address(base_url)
        elif how.size:
            wrong = due("bulk_url_wrong")
            url = WRONG_ADDRESS if wrong else operation.address(base_url)
            shown.update(fileSize=str(how.size), url=url)
        self._finish(operation, how.status, **shown)

    def _finish(self, operation: Operation, status: str, **more: str | None) -> None:
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
