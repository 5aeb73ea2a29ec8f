"""A store folder, opened: every node found by its id, none of them kept parsed.

The folder's format: docs/sandbox.md#the-store-folder. Opening reads each file once
and keeps an index; nodes are parsed again when they are asked for. Changes made later
(put, remove) live in memory only.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import orjson

from sandbox.core.wording import in_words
from sandbox.store.facts import FACTS, Node, parts_of, read_facts, tail
from sandbox.store.files import LineError, StoreFolderError, open_file, read_lines

__all__ = ["Entry", "Store", "StoreFolderError"]

KEPT_PARSED = 64
NOT_A_NODE = (ValueError, KeyError, AttributeError, TypeError)


@dataclass(slots=True, eq=False)
class Entry:
    """One node's place in the index: where its bytes are, and the facts to search by.

    `source` is a file descriptor; a node that was put later has its bytes in `raw`.
    """

    gid: str
    number: int
    facts: Mapping[str, Any]
    source: int
    offset: int
    length: int
    raw: bytes | None = None

    def sort_key(self, by: str) -> tuple[bool, Any, int]:
        """Give the place in an order by fact (or by "id"); nulls first, ties by id."""
        value = self.number if by == "id" else self.facts.get(by)
        return (value is not None, value, self.number)


class Store:
    """The nodes of one shop.

    `shop` is the shop node, `now` the folder's clock. Safe to use from several threads.
    """

    def __init__(self, shop: Node, now: datetime) -> None:
        self.shop = shop
        self.now = now
        self._lock = threading.RLock()
        self._entries: dict[str, dict[int, Entry]] = {name: {} for name in FACTS}
        self._by_gid: dict[str, Entry] = {}
        self._part_of: dict[str, str] = {}
        self._ordered: dict[tuple[str, str], list[Entry]] = {}
        self._files: list[IO[bytes]] = []
        self._recent = lru_cache(maxsize=KEPT_PARSED)(self._parse)

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open a store folder.

        Raises StoreFolderError if shop.json or what it must hold is missing, or a line is
        not a node.
        """
        try:
            shop: Node = orjson.loads((folder / "shop.json").read_bytes())
            now = datetime.fromisoformat(shop.pop("_now"))
            if lacking := {"myshopifyDomain", "currencyCode"} - shop.keys():
                raise KeyError(*sorted(lacking))
        except (OSError, *NOT_A_NODE) as error:
            raise StoreFolderError(
                f"{folder} is not a store folder: shop.json with a `_now` time, myshopifyDomain"
                f" and currencyCode is needed ({in_words(error)}). Make one with:"
                f" python -m sandbox.generator {folder} --orders 500"
            ) from error
        store = cls(shop, now if now.tzinfo else now.replace(tzinfo=UTC))
        for resource in FACTS:
            store._read_file(resource, folder / f"{resource}.jsonl")
        return store

    def _read_file(self, resource: str, path: Path) -> None:
        file = open_file(path)
        if file is None:
            return
        self._files.append(file)
        try:
            for line in read_lines(file, resource):
                try:
                    self._index(resource, line.node, file.fileno(), line.offset, line.length)
                except NOT_A_NODE as error:
                    raise LineError(line.number, error) from error
        except LineError as error:
            name = path.name if path.exists() else f"{path.name}.gz"
            raise StoreFolderError(
                f"{name}, line {error.number}, is not a node: {error}. Fix or remove it."
            ) from error

    def _index(
        self,
        resource: str,
        node: Node,
        source: int = -1,
        offset: int = 0,
        length: int = 0,
        raw: bytes | None = None,
    ) -> None:
        facts = read_facts(resource, node)
        gid, parts = node["id"], [part["id"] for part in parts_of(node)]
        if None in parts:
            raise ValueError("a refund or a variant in it has no id")
        entry = Entry(gid, tail(gid), facts, source, offset, length, raw)
        self._entries[resource][entry.number] = entry
        self._by_gid[gid] = entry
        self._part_of.update(dict.fromkeys(parts, gid))

    def entries(self, resource: str, by: str = "id") -> list[Entry]:
        """List a resource's entries in ascending order of a fact; do not change the list."""
        with self._lock:
            known = self._ordered.get((resource, by))
            if known is None:
                found = self._entries[resource].values()
                known = sorted(found, key=lambda entry: entry.sort_key(by))
                self._ordered[(resource, by)] = known
            return known

    def numbered(self, resource: str, numbers: Iterable[int], by: str = "id") -> list[Entry]:
        """List the entries with these numbers in ascending order of a fact."""
        with self._lock:
            known = self._entries[resource]
            found = [known[number] for number in numbers if number in known]
        return sorted(found, key=lambda entry: entry.sort_key(by))

    def entry(self, gid: str) -> Entry | None:
        """Find the entry of a root node by its gid."""
        with self._lock:
            return self._by_gid.get(gid)

    def owner(self, gid: str) -> Entry | None:
        """Find the order of a refund, or the product of a variant, by the part's gid."""
        return self.entry(self._part_of.get(gid, ""))

    def node(self, entry: Entry) -> Node:
        """Give an entry's node; it is shared, so do not change it."""
        return self._recent(entry)

    def text(self, entry: Entry) -> bytes:
        """Give an entry's node as JSON."""
        if entry.raw is not None:
            return entry.raw
        return os.pread(entry.source, entry.length, entry.offset)

    def find(self, gid: str) -> Node | None:
        """Give the root node, refund or variant of this gid, or None."""
        entry = self.entry(gid)
        if entry:
            return self.node(entry)
        owner = self.owner(gid)
        parts = parts_of(self.node(owner)) if owner else ()
        return next((part for part in parts if part["id"] == gid), None)

    def put(self, resource: str, node: Node) -> None:
        """Add a node, or put it in the place of the one with the same id.

        Raises KeyError if the resource is unknown, StoreFolderError if the node cannot be
        served; nothing is changed then.
        """
        raw = orjson.dumps(node)
        with self._lock:
            try:
                self._index(resource, node, raw=raw)
            except NOT_A_NODE as error:
                raise StoreFolderError(f"This is not a node of {resource}: {error}.") from error
            self._forget_order(resource)

    def remove(self, resource: str, gid: str) -> bool:
        """Take a node out; say whether it was there."""
        with self._lock:
            known = self._by_gid.pop(gid, None)
            if known is None:
                return False
            del self._entries[resource][known.number]
            self._forget_order(resource)
            return True

    def _forget_order(self, resource: str) -> None:
        for key in [key for key in self._ordered if key[0] == resource]:
            del self._ordered[key]

    def _parse(self, entry: Entry) -> Node:
        node: Node = orjson.loads(self.text(entry))
        return node
