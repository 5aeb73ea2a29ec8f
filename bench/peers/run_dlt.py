"""Lands a bulk file with dlt: run_dlt.py FILE WAREHOUSE arrow|json|nested FOLDER.

For the Python that dlt is installed in. arrow: tables of 20,000 rows of id and payload,
which go around dlt's own normalizing; json: a dict a line, its payload as one JSON column;
nested: the whole record, which dlt takes apart into typed columns and child tables.
"""

import json
import sys
from itertools import islice
from pathlib import Path

import dlt
import pyarrow

BATCH = 20_000  # rows of an arrow table


def keys(record):
    """What a line is known by, besides its text."""
    return {
        "id": record["id"],
        "parent_id": record.get("__parentId"),
        "updated_at": record.get("updatedAt"),
    }


def arrow(file):
    """Yield tables of so many lines."""
    while lines := [line.rstrip("\n") for line in islice(file, BATCH)]:
        rows = [{**keys(json.loads(line)), "payload": line} for line in lines]
        yield pyarrow.Table.from_pylist(rows)


def rows(file):
    """Yield a row a line, its record as one JSON value."""
    for line in file:
        record = json.loads(line)
        yield {**keys(record), "payload": record}


def main(path, warehouse, way, folder):
    """Land a file, and fail where a load job of dlt's failed."""
    hints = {"primary_key": "id", "write_disposition": "merge", "name": "orders"}
    if way == "json":
        hints["columns"] = {"payload": {"data_type": "json"}}
    ways = {"arrow": arrow, "json": rows, "nested": lambda file: map(json.loads, file)}
    pipeline = dlt.pipeline(
        "peers",
        pipelines_dir=folder,
        destination=dlt.destinations.duckdb(warehouse),
        dataset_name="raw",
    )
    with Path(path).open(encoding="utf-8") as file:
        resource = dlt.resource(ways[way](file), **hints)
        pipeline.run(resource).raise_on_failed_jobs()


if __name__ == "__main__":
    main(*sys.argv[1:])
