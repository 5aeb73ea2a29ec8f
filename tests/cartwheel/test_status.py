"""The status is read from whatever the warehouse holds so far."""

from __future__ import annotations

import pytest

from cartwheel.printing import print_counts, print_status, print_table
from cartwheel.status import HeldBack, read_status
from cartwheel.warehouse import open_warehouse


@pytest.fixture
def connection(tmp_path):
    """A new warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        opened.execute("create schema ops; create schema hubspot")
        yield opened


def test_a_new_warehouse_has_an_empty_status(connection, capsys):
    """Nothing synced, no run, nothing held back, and it prints."""
    status = read_status(connection)

    print_status(status)
    assert (status.synced, status.runs, status.quarantined) == ({}, [], [])
    assert "in HubSpot" in capsys.readouterr().out


def test_only_living_records_count_as_synced(connection):
    """Records that were archived or deleted are not in HubSpot any more."""
    connection.execute(
        "create table ops.hubspot_records as select * from (values"
        " ('deals', 'living'), ('deals', 'living'), ('deals', 'archived'),"
        " ('contacts', 'deleted_in_hubspot')) as t (object, status)"
    )

    assert read_status(connection).synced == {"deals": 2}


def test_what_is_held_back_is_counted_by_reason(connection):
    """Rows that the models quarantine stand with their reason and number."""
    connection.execute(
        "create table hubspot.quarantined_contacts as select * from (values"
        " ('no @'), ('no @'), ('too long')) as t (reason)"
    )

    assert sorted(read_status(connection).quarantined, key=lambda held: held.reason) == [
        HeldBack("contacts", "no @", 2, ""),
        HeldBack("contacts", "too long", 1, ""),
    ]


def test_the_last_extract_is_the_last_run_whole(connection):
    """Rows of a store's last run are added up; one failed resource makes it failed."""
    extract_runs(
        connection,
        "('a', 'x', timestamp '2026-01-01', timestamp '2026-01-01', 'succeeded', 9, 9)",
        "('b', 'x', timestamp '2026-01-02', timestamp '2026-01-02', 'succeeded', 1200, 3)",
        "('b', 'x', timestamp '2026-01-02', timestamp '2026-01-03', 'failed', 4, 1)",
    )

    (run,) = read_status(connection).runs

    assert (run.step, run.status, run.detail) == (
        "extract",
        "failed",
        "1,204 rows seen, 4 landed from x",
    )


def test_each_store_has_its_last_extract(connection):
    """The success of the store that was read last does not hide another's failure."""
    extract_runs(
        connection,
        "('a', 'x', timestamp '2026-01-01', timestamp '2026-01-01', 'failed', 9, 9)",
        "('b', 'y', timestamp '2026-01-02', timestamp '2026-01-02', 'succeeded', 7, 7)",
    )

    assert [(run.status, run.detail) for run in read_status(connection).runs] == [
        ("failed", "9 rows seen, 9 landed from x"),
        ("succeeded", "7 rows seen, 7 landed from y"),
    ]


def extract_runs(connection, *rows):
    """The manifest of runs, with these rows."""
    connection.execute(
        f"create table ops.extract_runs as select * from (values {', '.join(rows)})"
        " as t (run_id, shop, started_at, finished_at, status, rows_seen, rows_landed)"
    )


def test_tables_are_aligned(capsys):
    """Numbers stand to the right with separators, text to the left."""
    print_table(("object", "create"), [("deals", 12345), ("line_items", 7)])

    assert capsys.readouterr().out.splitlines() == [
        "object      create",
        "deals       12,345",
        "line_items       7",
    ]


def test_a_load_without_writes_says_so(capsys):
    """Where nothing was sent there is a sentence, not a table without rows."""
    print_counts({})

    assert capsys.readouterr().out == "Nothing had changed, so nothing was sent.\n"
