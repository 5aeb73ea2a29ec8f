"""The status is read from whatever the warehouse holds so far."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cartwheel.cli.printing import print_status
from cartwheel.core.errors import StatusAlarming
from cartwheel.core.ops import create_ops_tables, create_reported_tables
from cartwheel.core.warehouse import open_warehouse
from cartwheel.last_runs import LastRun
from cartwheel.status import Status, check_age, read_status
from load.plan.held_back import reasons_without_plan


@pytest.fixture
def connection(tmp_path):
    """A new warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        opened.execute("create schema ops; create schema hubspot")
        yield opened


def test_a_new_warehouse_has_an_empty_status(connection, capsys):
    """Nothing synced, no run, nothing held back, and it prints."""
    status = read_status(connection)

    print_status(status, datetime.now(UTC))
    assert (status.synced, status.runs, status.held_back) == ({}, [], ())
    assert capsys.readouterr().out.startswith("in HubSpot: no records yet\n")


def test_only_living_records_count_as_synced(connection):
    """Records that were archived or deleted are not in HubSpot any more."""
    connection.execute(
        "create table ops.hubspot_records as select * from (values"
        " ('deals', 'living'), ('deals', 'living'), ('deals', 'archived'),"
        " ('contacts', 'deleted_in_hubspot')) as t (object, status)"
    )

    assert read_status(connection).synced == {"deals": 2}


def test_what_a_killed_load_left_in_the_journal_counts(connection):
    """HubSpot acknowledged it: it counts once, in its last state, per store too, as writes."""
    create_ops_tables(connection, "load")
    connection.execute("create table hubspot.contacts (email varchar, shopify_stores varchar)")
    connection.execute(
        "insert into ops.load_runs (run_id, started_at, status, writes)"
        " values ('new', timestamp '2026-01-01', 'running', 0);"
        " insert into ops.hubspot_records (object, key, hubspot_id, properties,"
        " acknowledged_at, run_id, status) select 'deals', key, '1', '{}', now(), 'old',"
        " 'living' from (values ('x/order:1'), ('x/order:2')) as t (key);"
        " insert into ops.hubspot_journal (run_id, batch, object, key, whole,"
        " acknowledged_at, status) select 'new', batch, 'deals', key, true, now(), status"
        " from (values (1, 'x/order:2', 'living'), (2, 'x/order:2', 'archived'),"
        " (2, 'x/order:3', 'living')) as t (batch, key, status)"
    )

    status = read_status(connection, configured=["x"])

    assert status.synced == {"deals": 2}
    assert [(each.shop, each.deals) for each in status.stores] == [("x", 2)]
    assert [(run.status, run.detail) for run in status.runs] == [
        ("interrupted", f"3 writes so far; the next load goes on from there; {KILLED}")
    ]


def test_what_is_held_back_is_counted_by_reason(connection):
    """Rows that the models keep apart stand with their reason and number, before any load."""
    connection.execute(
        "create table hubspot.quarantined_contacts as select 'x' as shop, null as key,"
        " 'customer 1' as record, 'customer:1' as source_id, reason, '' as detail,"
        " true as is_ordinary from (values ('no @'), ('no @'), ('too long')) as t (reason)"
    )

    found = [
        (each.object, each.fate, each.reason, each.records)
        for each in reasons_without_plan(connection)
    ]
    assert found == [
        ("contacts", "quarantined", "no @", 2),
        ("contacts", "quarantined", "too long", 1),
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
        "('a', 'x', timestamp '2026-01-01', timestamp '2026-01-01', 'failed', 1, 1)",
        "('b', 'y', timestamp '2026-01-02', timestamp '2026-01-02', 'succeeded', 7, 7)",
    )

    assert [(run.status, run.detail) for run in read_status(connection).runs] == [
        ("failed", "1 row seen, 1 landed from x"),
        ("succeeded", "7 rows seen, 7 landed from y"),
    ]


def extract_runs(connection, *rows):
    """The manifest of runs, with these rows."""
    connection.execute(
        f"create table ops.extract_runs as select * from (values {', '.join(rows)})"
        " as t (run_id, shop, started_at, finished_at, status, rows_seen, rows_landed),"
        " (select null::varchar as message)"
    )


KILLED = "it was killed or the machine stopped; what was done is kept. Run: cartwheel sync"
NOW = datetime(2026, 1, 3, 12, tzinfo=UTC)


def a_run(step, ago, state="succeeded", *, finished=True, detail="") -> LastRun:
    """A step's run that long before NOW."""
    at = (NOW - ago).replace(tzinfo=None)
    return LastRun(step, at, at if finished else None, state, detail)


def a_status(warnings=(), **changed) -> Status:
    """A status in which each step succeeded an hour ago, but for what is changed."""
    steps = ("extract", "transform", "check", "load")
    runs = {step: a_run(step, timedelta(hours=1)) for step in steps} | changed
    return Status({}, [run for run in runs.values() if run], (), list(warnings))


def test_what_is_well_passes():
    """Steps that succeeded within the time are no reason to fail."""
    check_age(a_status(), timedelta(hours=2), NOW)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (a_status(load=None), "load: it never ran"),
        (a_status(load=a_run("load", timedelta(), "failed")), "load: the last run failed"),
        (a_status(load=a_run("load", timedelta(), "failed", detail="No (HTTP 401). Check it")),
         r"load: the last run failed \(No \(HTTP 401\)\)\."),
        (a_status(check=a_run("check", timedelta(days=2))),
         "check: the last run finished 2 d ago"),
        (a_status(load=a_run("load", timedelta(hours=3), "running", finished=False)),
         "load: the last run has not finished; it began 3 h ago"),
        (a_status(["contacts: 5 of 5 held back"]), "contacts: 5 of 5 held back"),
    ],
    ids=["never", "failed", "first sentence", "old", "hanging", "held back"],
)  # fmt: skip
def test_what_is_wrong_alarms(status, said):
    """A step that is old, failed, hangs or never ran is named, and so is what is held back."""
    with pytest.raises(StatusAlarming, match=f"{said}.* To see all of it: cartwheel status"):
        check_age(status, timedelta(hours=2), NOW)


def test_a_redacted_customer_is_named(connection, capsys):
    """A customer whom Shopify has redacted stands by its number, if HubSpot has the contact."""
    connection.execute(
        "create table hubspot.redacted_customers as "
        "select 'case.myshopify.com' as shop, '12' as customer_id, 'customer 12' as record"
    )
    print_status(read_status(connection), datetime.now(UTC))
    assert "redacted" not in capsys.readouterr().out
    create_ops_tables(connection, "load")
    sent = {"shopify_customer_ids": "case.myshopify.com:12;case.myshopify.com:13"}
    connection.execute(
        "insert into ops.hubspot_records by name select 'contacts' as object, "
        "'a@b.example' as key, '1' as hubspot_id, ? as properties, 'living' as status, "
        "timestamp '2026-11-01' as acknowledged_at, 'load-1' as run_id",
        [json.dumps(sent)],
    )

    print_status(read_status(connection), datetime.now(UTC))

    said = capsys.readouterr().out
    assert "redacted in Shopify: customer 12 of case.myshopify.com. Workflows skip the" in said
    assert "delete it there permanently" in said


def test_a_store_that_was_mistyped_is_left_out(connection):
    """A store that never landed anything and is not in the settings is of no interest."""
    extract_runs(
        connection,
        "('a', 'acme.myshopfy.com', timestamp '2026-01-01', timestamp '2026-01-01', 'failed',"
        " 0, 0)",
        "('b', 'new.myshopify.com', timestamp '2026-01-02', timestamp '2026-01-02', 'failed',"
        " 0, 0)",
        "('c', 'old.myshopify.com', timestamp '2026-01-02', timestamp '2026-01-02',"
        " 'succeeded', 7, 7)",
    )

    status = read_status(connection, configured=["new.myshopify.com"])

    assert [run.shop for run in status.runs] == ["new.myshopify.com", "old.myshopify.com"]
    assert [(each.shop, each.configured) for each in status.stores] == [
        ("new.myshopify.com", True),
        ("old.myshopify.com", False),
    ]


def test_a_store_has_its_records_and_its_age(connection, capsys):
    """Deals and products count by their key's shop, a contact for each store that knows it."""
    connection.execute(
        "create table ops.hubspot_records as select * from (values"
        " ('deals', 'x/order:1', 'living'), ('deals', 'x/order:2', 'archived'),"
        " ('products', 'y/variant:1', 'living'), ('contacts', 'a@b.io', 'living'),"
        " ('contacts', 'c@b.io', 'living')) as t (object, key, status)"
    )
    connection.execute(
        "create table hubspot.contacts as select * from (values"
        " ('a@b.io', 'x;y'), ('c@b.io', 'y')) as t (email, shopify_stores)"
    )
    extract_runs(
        connection,
        "('a', 'x', timestamp '2026-01-01', timestamp '2026-01-01', 'succeeded', 9, 9)",
        "('b', 'x', timestamp '2026-01-02', timestamp '2026-01-02', 'failed', 9, 9)",
        "('c', 'y', timestamp '2026-01-03', timestamp '2026-01-03', 'succeeded', 9, 9)",
    )

    status = read_status(connection)
    print_status(status, NOW)

    counted = [(s.shop, s.contacts, s.deals, s.products, s.read_at) for s in status.stores]
    assert counted == [
        ("x", 1, 1, 0, datetime(2026, 1, 1)),
        ("y", 2, 0, 1, datetime(2026, 1, 3)),
    ]
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("y ")]
    assert line.split() == ["y", "2", "0", "1", "2026-01-03", "00:00:00", "12", "h"]


def test_a_closed_gate_says_what_closed_it(connection):
    """The last check says what its run log does of it: which expectations failed, with rows."""
    create_reported_tables(connection)
    connection.execute(
        "insert into ops.quality_runs values"
        " ('old', timestamp '2026-01-01', timestamp '2026-01-01', false, 9, 1, 0, 'other'),"
        " ('new', timestamp '2026-01-02', timestamp '2026-01-02 00:00:04', false, 1, 1, 1,"
        "  'stops: hubspot.deals: malformed_keys: 1 of 9 rows (x)')"
    )

    [check] = read_status(connection).runs

    assert (check.status, check.finished_at, check.detail) == (
        "failed",
        datetime(2026, 1, 2, 0, 0, 4),
        "1 check, 1 failed, 1 warned: stops: hubspot.deals: malformed_keys: 1 of 9 rows (x)",
    )


def test_one_write_is_said_of_one(connection):
    """What a run did once is said in the singular."""
    create_reported_tables(connection)
    connection.execute(
        "insert into ops.load_runs (run_id, started_at, finished_at, status, writes)"
        " values ('a', timestamp '2026-01-01', timestamp '2026-01-01', 'succeeded', 1)"
    )

    assert [run.detail for run in read_status(connection).runs] == ["1 write"]


def test_what_runs_in_the_log_alone_was_interrupted(connection):
    """A row that says running, with no living process beside it, does not run forever."""
    create_reported_tables(connection)
    connection.execute(
        "insert into ops.load_runs (run_id, started_at, status, writes)"
        " values ('a', timestamp '2026-01-01', 'running', 0)"
    )
    connection.execute(
        "insert into ops.transform_runs (started_at, status, command)"
        " values (timestamp '2026-01-01', 'running', 'cartwheel transform')"
    )

    runs = read_status(connection).runs

    assert [(run.step, run.status, run.finished_at) for run in runs] == [
        ("transform", "interrupted", None),
        ("load", "interrupted", None),
    ]
    assert runs[0].detail.endswith(KILLED)
    assert runs[1].detail.endswith(KILLED)


def test_only_the_stores_of_the_settings_are_judged():
    """A store taken out of the settings alarms nobody; one that was never read does."""
    at = datetime(2026, 1, 3, 11)
    steps = [a_run(step, timedelta(hours=1)) for step in ("transform", "check", "load")]
    extracts = [
        LastRun("extract", at, at, "succeeded", "", "here.myshopify.com"),
        LastRun("extract", at, at, "failed", "", "left.myshopify.com"),
    ]
    status = Status({}, [*extracts, *steps], (), [], configured=["here.myshopify.com"])

    check_age(status, timedelta(hours=2), NOW)
    both = replace(status, configured=["here.myshopify.com", "new.myshopify.com"])
    with pytest.raises(StatusAlarming, match=r"extract of new\.myshopify\.com: it never ran"):
        check_age(both, timedelta(hours=2), NOW)
