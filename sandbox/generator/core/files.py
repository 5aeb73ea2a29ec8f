"""The files of a store folder: JSON lines, and JSON documents for people to read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import orjson

BUFFER = 1 << 20
"""Bytes that are written at once: an order of many lines is larger than the usual 8 KiB."""


def open_lines(path: Path) -> IO[bytes]:
    """Open a file for JSON lines, empty."""
    return path.open("wb", buffering=BUFFER)


def write_line(file: IO[bytes], node: Any) -> None:
    """Write a node as one JSON line."""
    file.write(orjson.dumps(node, option=orjson.OPT_APPEND_NEWLINE))


def write_lines(path: Path, nodes: Iterable[Any]) -> None:
    """Write a file of one node a line."""
    with open_lines(path) as file:
        for node in nodes:
            write_line(file, node)


def write_document(path: Path, node: Any) -> None:
    """Write a JSON document, indented."""
    path.write_bytes(orjson.dumps(node, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
