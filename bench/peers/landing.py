"""The landing of one bulk file: ours, dlt's three ways, target-duckdb."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.peers.installing import interpreter
from bench.peers.processes import Command, PeerFailed, run
from bench.peers.store import Store, ours, rows
from bench.peers.table import Line

HERE = Path(__file__).parent
# what goes through dlt row by row takes minutes and gigabytes for the whole of 50,000 orders
PART = 20_000  # lines

OURS = (
    "keeps each record verbatim, its hash, the former version of what changed, marks children "
    "that are no longer there; checks that no line is broken or without its parent; raw tables "
    "by kind"
)
DLT = {
    "arrow": "merges by id; keeps each line verbatim in one table; no hash, history or checks",
    "json": "merges by id; parses each line, keeps it as JSON, not verbatim; one table; of at "
    f"most {PART:,} lines",
    "nested": f"its default: typed columns and child tables; of at most {PART:,} lines",
}
TARGET = (
    "merges by id; keeps each line as JSON, not verbatim; no hash, history or checks; is given "
    "Singer messages that were written beforehand"
)


def landing(store: Store) -> Iterator[Line]:
    """Land the store's orders with each tool, and once more unchanged."""
    lines = _lines(store.bulk_file)
    yield from _ours(store, lines)
    for way in DLT:
        yield from _dlt(store, way, lines)
    yield from _target(store, lines)


def _ours(store: Store, lines: int) -> Iterator[Line]:
    settings, warehouse = store.folder / "sandbox.env", store.folder / "ours.duckdb"
    for name in ("Cartwheel", "Cartwheel, again unchanged"):
        took = ours(
            store.folder, settings, warehouse, "extract", "--from-jsonl", store.bulk_file
        )
        left = rows(warehouse, "raw.orders", "raw.order_line_items")
        yield Line(name, took, lines, left, OURS if name == "Cartwheel" else "")


def _dlt(store: Store, way: str, lines: int) -> Iterator[Line]:
    name = f"dlt, {way}"
    warehouse, file = store.folder / f"dlt-{way}.duckdb", store.bulk_file
    if way != "arrow" and lines > PART:
        lines, file = PART, _first(store.bulk_file, store.folder / "first.jsonl")
    try:
        python = interpreter("dlt")
        for suffix in ("", ", again unchanged"):
            work = store.folder / f"dlt-{way}"
            command: Command = [python, HERE / "run_dlt.py", file, warehouse, way, work]
            environment = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
            took = run(command, folder=store.folder, environment=environment)
            left = rows(warehouse, "raw.orders")
            yield Line(name + suffix, took, lines, left, "" if suffix else DLT[way])
            if way == "nested":
                return
    except PeerFailed as failed:
        yield Line(name, None, lines, None, f"cannot run: {failed}")


def _target(store: Store, lines: int) -> Iterator[Line]:
    warehouse = store.folder / "target.duckdb"
    config, messages = store.folder / "target.json", store.folder / "messages.jsonl"
    config.write_text(json.dumps({"path": str(warehouse), "default_target_schema": "raw"}))
    write_messages(store.bulk_file, messages)
    try:
        command: Command = [
            interpreter("target-duckdb").parent / "target-duckdb",
            "--config",
            config,
        ]
        for suffix in ("", ", again unchanged"):
            took = run(command, folder=store.folder, fed=messages)
            left = rows(warehouse, "raw.orders")
            yield Line("target-duckdb" + suffix, took, lines, left, "" if suffix else TARGET)
    except PeerFailed as failed:
        yield Line("target-duckdb", None, lines, None, f"cannot run: {failed}")
    finally:
        messages.unlink()


def write_messages(file: Path, messages: Path) -> None:
    """Write the lines of a bulk file as Singer messages of one stream, orders."""
    text = {"type": ["null", "string"]}
    properties = {"id": {"type": "string"}, "parent_id": text, "payload": {"type": "object"}}
    properties["updated_at"] = {"type": ["null", "string"], "format": "date-time"}
    schema = {
        "type": "SCHEMA",
        "stream": "orders",
        "schema": {"type": "object", "properties": properties},
        "key_properties": ["id"],
    }
    with file.open(encoding="utf-8") as lines, messages.open("w", encoding="utf-8") as written:
        written.write(json.dumps(schema) + "\n")
        for line in lines:
            node = json.loads(line)
            record = {
                "id": node["id"],
                "parent_id": node.get("__parentId"),
                "updated_at": node.get("updatedAt"),
                "payload": node,
            }
            message = {"type": "RECORD", "stream": "orders", "record": record}
            written.write(json.dumps(message) + "\n")


def _first(file: Path, part: Path) -> Path:
    with file.open("rb") as lines, part.open("wb") as written:
        written.writelines(islice(lines, PART))
    return part


def _lines(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for _ in lines)
