"""The JSON lines of a bulk result, streamed to a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graphql import FieldNode

from sandbox.shopify.bulk.projection import Line
from sandbox.shopify.connections.catalogue import Catalogue
from sandbox.shopify.schema.contract import contract
from sandbox.shopify.schema.selections import Selected, fields_of
from sandbox.store.blocks import BlockQuery, defined, in_blocks
from sandbox.store.store import Entry

Progress = Callable[[int, int], bool]


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
    progress(objects, roots) is called after every block and stops the work by answering
    False.

    Raises duckdb.Error if a node cannot be written.
    """
    store = catalogue.store
    blocks = in_blocks(store.text(entry) for entry in _entries(job.found, catalogue))
    completion = job.line.completion
    objects = roots = 0
    with (
        file.open("wb") as lines,
        defined(completion.number, completion),
        BlockQuery(job.line.statement(job.grouped)) as query,
    ):
        for block, (written,) in query.rows(blocks):
            lines.write(written)
            objects += written.count(b"\n")
            roots += len(block)
            if not progress(objects, roots):
                return


def _entries(found: FieldNode, catalogue: Catalogue) -> list[Entry]:
    name = found.name.value
    arguments = Selected([found]).arguments
    default = fields_of(contract().type_map["QueryRoot"])[name].args["sortKey"].default_value
    entries = catalogue.matching(
        name, arguments.get("query"), arguments.get("sortKey", default)
    )
    return entries[::-1] if arguments.get("reverse") else entries
