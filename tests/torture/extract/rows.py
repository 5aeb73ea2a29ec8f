"""What raw holds, ready to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from extract.shopify.resources import ALL

Row = tuple[Any, ...]
Key = tuple[str, str]  # table and id


@dataclass(frozen=True)
class Rows:
    """The rows of raw, those below a deleted record left out; marked are all that are
    marked as deleted."""

    living: dict[Key, Row]
    dead: dict[Key, Row]
    marked: set[Key]

    @classmethod
    def of(cls, warehouse: duckdb.DuckDBPyConnection) -> Rows:
        """Read all tables of raw: parent, canonical payload, hash and time, by table and id."""
        living: dict[Key, Row] = {}
        dead: dict[Key, Row] = {}
        for table in (table for resource in ALL for table in resource.tables):
            found = warehouse.execute(
                "select id, deleted_at is null, parent_id, json(payload)::varchar, "
                f"payload_hash, updated_at from raw.{table.name}"
            ).fetchall()
            assert len({row[0] for row in found}) == len(found), f"{table.name}: ids twice"
            for id_, lives, parent_id, *rest in found:
                if not table.parent or (table.parent, parent_id) in living:
                    into = living if lives else dead
                    into[(table.name, id_)] = (parent_id, *rest)
        return cls(living, dead, dead_ids(warehouse))


def dead_ids(warehouse: duckdb.DuckDBPyConnection) -> set[Key]:
    """The table and id of every row of raw that is marked as deleted."""
    tables = [table.name for resource in ALL for table in resource.tables]
    sql = " union all ".join(
        f"select '{table}', id from raw.{table} where deleted_at is not null"
        for table in tables
    )
    return {(table, id_) for table, id_ in warehouse.execute(sql).fetchall()}


def different(found: dict[Key, Row], wanted: dict[Key, Row]) -> dict[str, tuple[int, str]]:
    """Per table, how many rows are too many, lacking and unlike, and the first one's id."""
    differences: dict[str, tuple[int, str]] = {}
    for key in sorted(found.keys() | wanted.keys()):
        kind = (
            "lacking"
            if key not in found
            else "too many"
            if key not in wanted
            else "unlike"
            if found[key] != wanted[key]
            else ""
        )
        if kind:
            table, id_ = key
            number, first = differences.get(f"{table} {kind}", (0, id_))
            differences[f"{table} {kind}"] = (number + 1, first)
    return differences
