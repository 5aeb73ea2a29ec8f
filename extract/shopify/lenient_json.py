"""JSON that a strict reader refuses: text that is not valid Unicode, nesting without end.

Such a record must not keep the others out, so as much of it is read as it takes to name it,
and what came is handed on as it came.
"""

from __future__ import annotations

import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

Node = dict[str, Any]

DEEPEST = 1024  # levels: orjson's own limit, and what other readers of JSON bear too
_BEARABLE = 500  # levels that Python's own reader and writer take without trouble
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
# stands for a value that is nested too deep; nobody outside of this process can write it
_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}([0-9a-f]*)"')


def is_readable(line: bytes) -> bool:
    """Whether a line is JSON for every reader: valid Unicode, nested no deeper than DEEPEST."""
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def read_json(content: bytes) -> Any:
    """Read JSON, also where texts are not valid Unicode or values are nested without end.

    What is nested too deep becomes a text that line() writes as it came. Raises ValueError
    for what is not JSON at all.
    """
    text = content.decode("utf-8-sig", "surrogateescape")
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        return json.loads(_masked(text), strict=False)


def line(node: Node) -> str:
    """A node as one line of JSON, encodable whatever its texts hold."""
    text = _written(node, ensure_ascii=False)
    if not _is_unicode(text):
        text = _written(node, ensure_ascii=True)
    if _MARK in text:
        text = _MARKED.sub(lambda found: bytes.fromhex(found[1]).decode(), text)
    return f"{text}\n"


def read_time(stamp: object) -> datetime | None:
    """A record's time as naive UTC; None where there is none, or none that can be."""
    try:
        return datetime.fromisoformat(str(stamp)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def wrong_field(node: Any) -> tuple[str, str] | None:
    """Why a node of read_json is unreadable, and where: (reason, field); None if it is not."""
    waiting = [("", node)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [
                (f"{path}.{key}".removeprefix("."), item) for key, item in value.items()
            ]
        elif isinstance(value, list):
            waiting += [(f"{path}[{place}]", item) for place, item in enumerate(value)]
        elif isinstance(value, str):
            if _MARK in value:
                return "nested too deep", re.split(r"[.\[]", path, maxsplit=1)[0]
            if not _is_unicode(value):
                return "text that is not valid Unicode", path
    return None


def _written(node: Node, *, ensure_ascii: bool) -> str:
    write = partial(json.dumps, ensure_ascii=ensure_ascii, separators=(",", ":"))
    try:
        return write(node)
    except RecursionError:
        # read where the stack was less deep; a new thread's is the least deep
        with ThreadPoolExecutor(1) as fresh:
            return fresh.submit(write, node).result()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _masked(text: str) -> str:
    """The text with a mark in place of each value that is nested deeper than is bearable."""
    pieces: list[str] = []
    depth, begun, copied = 0, 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == _BEARABLE:
                begun = token.start()
        elif token[0] in ("]", "}"):
            if depth == _BEARABLE:
                hidden = text[begun : token.end()].encode("utf-8", "surrogateescape").hex()
                pieces += text[copied:begun], f'"{_MARK}{hidden}"'
                copied = token.end()
            depth -= 1
    return "".join([*pieces, text[copied:]])
