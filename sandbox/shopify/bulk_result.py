"""The JSON lines of a bulk result, streamed to a file."""

from __future__ import annotations

from collections.abc import Callable
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


def write_result(
    file: Path, found: FieldNode, line: Line, catalogue: Catalogue, progress: Progress
) -> None:
    """Write what a root connection gives, one node a line, children after their parent.

    Paging arguments are ignored, as Shopify does. progress(objects, roots) is called after
    every root node and stops the work by answering False.
    """
    objects = 0
    with file.open("wb") as lines:
        nodes = catalogue.store.read(_entries(found, catalogue))
        for roots, node in enumerate(nodes, 1):
            written = [_encode(below) for below in line.write(node)]
            lines.writelines(written)
            objects += len(written)
            if not progress(objects, roots):
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
