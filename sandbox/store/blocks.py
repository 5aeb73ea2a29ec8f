"""One SQL statement over very many JSON texts: block by block, on every core.

DuckDB reads a block straight from Python's own bytes: an array of a fixed size, which a
prepared statement scans again each time. Small blocks bound the memory, which in DuckDB is
many times that of the texts, and let the work be watched and stopped.
"""

from __future__ import annotations

import atexit
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np

Block = Sequence[bytes]
Row = tuple[Any, ...]
Function = Callable[[int, str], str]

ROWS = 256
LARGEST_BLOCK = 8 << 20  # bytes, unless one text alone has more
LANES = min(os.cpu_count() or 1, 4)  # each takes some 150 MB
MEMORY_LIMIT = "2GB"  # a guard: near it, DuckDB gives all free memory back again and again
CALL = "called"
CLOSING_SECONDS = 10.0
_functions: dict[int, Function] = {}
_open: set[BlockQuery] = set()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Give the database in memory that all statements run in; it holds no tables.

    A statement runs on the thread that calls it alone: blocks run side by side instead. Its
    one function stays: to create and drop others disturbs statements that begin meanwhile.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": tempfile.gettempdir(),
    }
    database = duckdb.connect(":memory:", config=config)
    database.create_function(CALL, _call, ["INTEGER", "INTEGER", "VARCHAR"], "VARCHAR")
    atexit.register(_close)
    return database


def _close() -> None:
    """See all queries to their end: a thread that Python stops inside DuckDB aborts it all."""
    give_up = time.monotonic() + CLOSING_SECONDS
    while _open and time.monotonic() < give_up:
        time.sleep(0.01)
    _database.cache_clear()


def _call(number: int, place: int, text: str) -> str:
    return _functions[number](place, text)


@cache
def _pool() -> ThreadPoolExecutor:
    """Give the threads that all statements share: as many blocks run at once as cores."""
    return ThreadPoolExecutor(LANES, thread_name_prefix="block")


@contextmanager
def defined(number: int, function: Function) -> Iterator[None]:
    """Let statements call a Python function, as CALL(number, place, text)."""
    _functions[number] = function
    try:
        yield
    finally:
        del _functions[number]


def in_blocks(texts: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Group texts, in order, into blocks of at most ROWS texts and LARGEST_BLOCK bytes."""
    block: list[bytes] = []
    size = 0
    for text in texts:
        if block and (len(block) == ROWS or size + len(text) > LARGEST_BLOCK):
            yield block
            block, size = [], 0
        block.append(text)
        size += len(text)
    if block:
        yield block


class _Lane:
    """A connection with the statement prepared over an array of its own."""

    def __init__(self, statement: str) -> None:
        self._block = np.full(ROWS, b"", dtype=object)
        self._connection = _database().cursor()
        self._connection.register("block", {"text": self._block})
        self._connection.execute(
            "prepare over_block as with nodes as (select decode(text) as node from block"
            f" where text is not null) {statement}"
        )

    def run(self, block: Block) -> Row:
        self._block[: len(block)] = block
        self._block[len(block) :] = None
        [row] = self._connection.execute("execute over_block").fetchall()
        found: Row = row
        return found

    def close(self) -> None:
        self._connection.close()


class BlockQuery:
    """A statement that gives one row for each block of texts.

    It reads `nodes`, whose one column `node` holds the texts of a block. Close the query
    after use: it is a context manager.
    """

    def __init__(self, statement: str) -> None:
        self._statement = statement
        self._lanes: list[_Lane] = []
        self._idle: SimpleQueue[_Lane] = SimpleQueue()
        self._under_way: deque[tuple[Block, Future[Row]]] = deque()

    def rows(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, Row]]:
        """Run the statement over every block; give the blocks, in order, with their rows.

        Raises duckdb.Error in the place of a block that cannot be read.
        """
        for block in blocks:
            self._under_way.append((block, self._submit(block)))
            if len(self._under_way) > LANES:
                yield self._first()
        while self._under_way:
            yield self._first()

    def _submit(self, block: Block) -> Future[Row]:
        try:
            return _pool().submit(self._run, block)
        except RuntimeError as error:  # Python is on its way out, and so is this thread
            raise SystemExit from error

    def _first(self) -> tuple[Block, Row]:
        block, row = self._under_way[0]
        found = row.result()
        self._under_way.popleft()
        return block, found

    def _run(self, block: Block) -> Row:
        try:
            lane = self._idle.get_nowait()
        except Empty:
            lane = _Lane(self._statement)
            self._lanes.append(lane)
        try:
            return lane.run(block)
        finally:
            self._idle.put(lane)

    def __enter__(self) -> Self:
        """Give the query itself."""
        _open.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Drop the blocks that wait, see those that run to their end, close."""
        wait(row for _, row in self._under_way if not row.cancel())
        for lane in self._lanes:
            lane.close()
        _open.discard(self)
