"""What can go wrong with the file of a bulk result, done to the file.

A line is a child if it has a `__parentId`; its connection is told by the type in its id, or
its `__typename` where it has none (interfaces).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import orjson

BLANK_AFTER = 3
LACKS_EVERY = 10
_CHILD = b'"__parentId":"'


def count(file: Path) -> tuple[int, int]:
    """Count the objects and the root objects of a result."""
    with file.open("rb") as lines:
        written = Counter(_CHILD in line for line in lines if line.strip())
    return written.total(), written[False]


def keep_first_half(file: Path) -> None:
    """Leave whole lines of the first half of a result: what a failed operation had."""
    half = file.stat().st_size // 2
    with file.open("rb+") as lines:
        kept = 0
        for line in lines:
            if kept + len(line) > half:
                break
            kept += len(line)
        lines.truncate(kept)


def drop_lines(file: Path) -> None:
    """Take out the last line of a result and every tenth before it."""
    objects, _ = count(file)
    _rewrite(file, lambda lines: _without_tenths(lines, objects))


def add_blank_lines(file: Path) -> None:
    """Put a blank line after every third line of a result, and at its end."""
    _rewrite(file, _with_blanks)


def cut_children(file: Path) -> None:
    """Take the last half of the longest nested connection out, with what lies below it."""
    with file.open("rb") as lines:
        sizes = Counter(_connection(line) for line in lines if _CHILD in line)
    longest, size = max(sizes.items(), key=lambda item: item[1])
    _rewrite(file, lambda lines: _without_children(lines, longest, size // 2))


def _rewrite(file: Path, change: Callable[[Iterable[bytes]], Iterator[bytes]]) -> None:
    changed = file.with_suffix(".changed")
    with file.open("rb") as lines, changed.open("wb") as out:
        out.writelines(change(lines))
    changed.replace(file)


def _without_tenths(lines: Iterable[bytes], objects: int) -> Iterator[bytes]:
    for number, line in enumerate(lines, 1):
        if (objects - number) % LACKS_EVERY:
            yield line


def _with_blanks(lines: Iterable[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(lines, 1):
        yield line
        if number % BLANK_AFTER == 0:
            yield b"\n"
    yield b"\n"


def _without_children(
    lines: Iterable[bytes], connection: tuple[str, str], kept: int
) -> Iterator[bytes]:
    removed: set[str] = set()
    seen = 0
    for line in lines:
        if _CHILD in line:
            node = orjson.loads(line)
            of_connection = _connection(line) == connection
            seen += of_connection
            if (of_connection and seen > kept) or node["__parentId"] in removed:
                removed.add(node.get("id", ""))
                continue
        yield line


def _connection(line: bytes) -> tuple[str, str]:
    """Give the parent of a child's line and the type of its nodes."""
    node = orjson.loads(line)
    gid = node.get("id") or ""
    kind = gid.removeprefix("gid://shopify/").partition("/")[0] or node.get("__typename", "")
    return node["__parentId"], kind
