"""The JSON lines of a bulk result, streamed to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from graphql import FieldNode

from sandbox.shopify.listing import Catalogue
from sandbox.shopify.projection import Line
from sandbox.shopify.schema import contract
from sandbox.shopify.selections import Selected, fields_of
from sandbox.store import Entry

Progress = Callable[[int, int], bool]
ROOTS_TOGETHER = 25


@dataclass(frozen=True)
class Job:
    """What to write: the root connection, how its nodes are written, whether grouped."""

    found: FieldNode
    line: Line
    grouped: bool


def write_result(
    file: Path,
    job: Job,
    catalogue: Catalogue,
    progress: Progress,
) -> None:
    """Write what a root connection gives, one node a line, children after their parent.

    Grouped, children follow their parent at once; otherwise other roots stand between, as
    Shopify gives no promise then. Paging arguments are ignored, as Shopify does.
    progress(objects, roots) is called after every group and stops the work by answering
    False.
    """
    size = 1 if job.grouped else ROOTS_TOGETHER
    entries = _entries(job.found, catalogue)
    objects = 0
    with file.open("wb") as lines:
        for start in range(0, len(entries), size):
            group = entries[start : start + size]
            written = [
                [_encode(below) for below in job.line.write(node)]
                for node in catalogue.store.read(group)
            ]
            lines.writelines(own for own, *_ in written)
            for _, *below in written:
                lines.writelines(below)
            objects += sum(map(len, written))
            if not progress(objects, start + len(group)):
                return


def _encode(line: dict[str, Any]) -> bytes:
    """Write one line as Shopify does: every slash escaped."""
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE).replace(b"/", b"\\/")


def _entries(found: FieldNode, catalogue: Catalogue) -> list[Entry]:
    name = found.name.value
    arguments = Selected(found, []).arguments
    default = fields_of(contract().type_map["QueryRoot"])[name].args["sortKey"].default_value
    entries = catalogue.matching(
        name, arguments.get("query"), arguments.get("sortKey", default)
    )
    return entries[::-1] if arguments.get("reverse") else entries
