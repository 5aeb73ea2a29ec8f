"""The files of a store folder, read line by line for what the index keeps."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import duckdb
import orjson

from sandbox.store.blocks import BlockQuery, in_blocks
from sandbox.store.facts import Node, structure_of

READ_BYTES = 1 << 20


class StoreFolderError(ValueError):
    """A store folder or a node cannot be served; the message says where and why."""


class LineError(ValueError):
    """A line is not a node; `number` is its number, counted from 1."""

    def __init__(self, number: int, cause: Exception) -> None:
        super().__init__(str(cause))
        self.number = number


class Line(NamedTuple):
    """One line: its number, where its bytes are, and of its node what the index keeps."""

    number: int
    offset: int
    length: int
    node: Node


def open_file(path: Path) -> IO[bytes] | None:
    """Open a file of the folder, or unpack it where only its .gz is there; None for neither.

    Raises StoreFolderError if it cannot be unpacked.
    """
    if path.exists():
        return path.open("rb", buffering=READ_BYTES)
    packed = path.with_name(path.name + ".gz")
    return _unpacked(packed) if packed.exists() else None


def read_lines(file: IO[bytes], resource: str) -> Iterator[Line]:
    """Give all lines that are not blank, each with what the index keeps of its node.

    The nodes are read set-wise: DuckDB needs a third of the time that it takes to make
    Python objects of all that is in an order.

    Raises LineError if a line is not valid JSON.
    """
    places: deque[tuple[int, int]] = deque()
    kept = json.dumps(structure_of(resource))
    statement = (
        f"select encode('[' || string_agg(to_json(from_json(node, '{kept}')), ',') || ']')"
        " from nodes"
    )
    with BlockQuery(statement) as query:
        try:
            for block, (nodes,) in query.rows(in_blocks(_texts(file, places))):
                for text, node in zip(block, orjson.loads(nodes), strict=True):
                    yield Line(*places.popleft(), len(text), node)
        except duckdb.Error as error:
            raise _refused(file, places, error) from error


def _texts(file: IO[bytes], places: deque[tuple[int, int]]) -> Iterator[bytes]:
    """Give the lines that are not blank, noting the number and the offset of each."""
    offset = 0
    for number, text in enumerate(file, 1):
        if not text.isspace():
            places.append((number, offset))
            yield text
        offset += len(text)


def _refused(file: IO[bytes], places: deque[tuple[int, int]], error: Exception) -> LineError:
    """Find the line that was refused among those that no block has given yet."""
    for number, offset in places:
        file.seek(offset)
        try:
            orjson.loads(file.readline())
        except ValueError as cause:
            return LineError(number, cause)
    return LineError(places[0][0], error)


def _unpacked(packed: Path) -> IO[bytes]:
    file = tempfile.TemporaryFile("w+b", buffering=READ_BYTES)  # noqa: SIM115 - as long as the store lives
    try:
        with gzip.open(packed, "rb") as lines:
            shutil.copyfileobj(lines, file, READ_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        file.close()
        raise StoreFolderError(
            f"{packed} cannot be unpacked: {error}. Copy or generate it again."
        ) from error
    file.seek(0)
    return file
