"""The manifest: what each run read, landed and took, as rows of ops.extract_runs."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import AccessDenied, CartwheelError
from extract.run import extract
from tests.integration.extract.conftest import HURRIED
from tests.integration.extract.nodes import gid, product
from tests.nightly import mostly_nightly

LAST = "run_id = (select arg_max(run_id, started_at) from ops.extract_runs)"


def row(shop, columns, resource):
    """Some columns of the row of a resource in the last run."""
    (found,) = shop.rows(
        f"select {columns} from ops.extract_runs where {LAST} and resource = '{resource}'"
    )
    return found


def sums(shop):
    """What all rows of the last run took together: requests, points, bytes."""
    query = f"select sum(requests), sum(points), sum(bytes) from ops.extract_runs where {LAST}"
    return tuple(map(int, shop.rows(query)[0]))


@pytest.mark.usefixtures("first_extract")
def test_every_resource_has_a_row(shop):
    """One for each that is read, one for the events of deleted products, one for the run."""
    query = "select resource, via, status from ops.extract_runs order by resource"
    assert shop.rows(query) == [
        ("abandoned_checkouts", "pages", "succeeded"),
        ("customers", "pages", "succeeded"),
        ("order_agreements", "pages", "succeeded"),
        ("orders", "pages", "succeeded"),
        ("product_deletions", "events", "succeeded"),
        ("products", "pages", "succeeded"),
        ("refunds", "pages", "succeeded"),
        ("run", "all", "succeeded"),
        ("shops", "pages", "succeeded"),
    ]


def test_row_says_what_became_of_the_rows(shop):
    """Of two orders that come again one changed and lost a line; the rest is unchanged."""
    for number in (2, 3):
        shop.put("orders", {"id": gid("Order", number), "updatedAt": "2026-11-22T23:30:00Z"})
    extract(shop.settings)
    lines = shop.get("orders", 3)["lineItems"]
    shop.put(
        "orders",
        {"id": gid("Order", 3), "lineItems": {**lines, "nodes": lines["nodes"][:1]}},
    )

    extract(shop.settings)

    # orders 2 and 3 with one line each are seen; order 3 changed, and its other line is gone
    columns = "rows_seen, rows_landed, rows_unchanged, rows_deleted"
    assert row(shop, columns, "orders") == (4, 2, 3, 1)


@pytest.mark.usefixtures("first_extract")
def test_deletions_are_counted(shop):
    """What a sweep marked is in the row of the sweep."""
    shop.delete("customers", 12)

    extract(shop.settings)

    assert row(shop, "via, rows_seen, rows_deleted", "customers sweep") == ("ids", 1, 1)


@pytest.mark.parametrize("via", mostly_nightly(["pages", "bulk"], 1))
def test_rows_account_for_every_request(shop, via):
    """The requests of all rows are those that Shopify answered, tokens and files included."""
    report = extract(shop.settings, via=via, patience=HURRIED, sweep=True)

    requests, points, size = sums(shop)
    assert requests == len(shop.requests()) == report.requests
    assert (points, size) == (report.points, report.bytes)
    assert points > 0


@pytest.mark.nightly
def test_requests_of_a_failed_run_are_accounted_for_too(shop):
    """What attempts cost that brought nothing is in the rows as well."""
    shop.misbehave("bulk_failed", times=3, where=" orders\n")

    with pytest.raises(CartwheelError):
        extract(shop.settings, via="bulk", patience=HURRIED)

    cancelling_leftovers = 1  # after the rows were written
    assert 0 <= len(shop.requests()) - sums(shop)[0] <= cancelling_leftovers


def test_run_without_changes_takes_little(shop):
    """Row 13: a second run takes a few requests, and a third of the points of the first."""
    first = extract(shop.settings)

    second = extract(shop.settings)

    assert second.requests < 20
    assert second.points < first.points / 3
    assert row(shop, "requests", "refunds") == (0,)


@pytest.mark.nightly
def test_files_of_bulk_operations_are_counted_in_bytes(shop):
    """The row of a bulk reading says more bytes than its result has."""
    extract(shop.settings, via="bulk", patience=HURRIED)

    query = "{ bulkOperations(first: 50) { nodes { query fileSize } } }"
    sizes = [
        int(operation["fileSize"])
        for operation in shop.ask(query)["bulkOperations"]["nodes"]
        if operation["query"].partition("\n")[0].endswith(" orders")
    ]
    assert row(shop, "bytes", "orders")[0] > sizes[0]


@pytest.mark.usefixtures("first_extract")
def test_times_are_told(shop):
    """A row has the seconds between its beginning and its end, the run's the longest."""
    wrong = (
        "select * from ops.extract_runs where finished_at is null or seconds < 0 "
        "or abs(epoch(finished_at - started_at) - seconds) > 0.01"
    )
    assert shop.rows(wrong) == []
    longest = "select arg_max(resource, seconds) from ops.extract_runs"
    assert shop.rows(longest) == [("run",)]


def test_failure_is_written_down(shop):
    """The row of what failed says so, with the message; the others succeeded.

    What its attempts cost is in the rows as well.
    """
    shop.misbehave("bulk_failed", times=3, where=" customers\n")

    with pytest.raises(CartwheelError):
        extract(shop.settings, via="bulk", patience=HURRIED)

    status, message = row(shop, "status, message", "customers")
    assert (status, "FAILED" in message) == ("failed", True)
    assert row(shop, "status", "orders") == ("succeeded",)
    assert row(shop, "status", "run") == ("failed",)
    cancelling_leftovers = 1  # after the rows were written
    assert 0 <= len(shop.requests()) - sums(shop)[0] <= cancelling_leftovers


def test_refused_run_is_written_down(shop):
    """A run that was refused before it read anything leaves a row too."""
    shop.grant("read_customers", "read_products")

    with pytest.raises(AccessDenied):
        extract(shop.settings)

    status, message = row(shop, "status, message", "run")
    assert (status, "read_orders" in message) == ("failed", True)


def test_killed_run_is_marked_by_the_next(shop):
    """What a run left behind as running is interrupted, says the next one."""

    def interrupt(line: str) -> None:
        if "order_line_items" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(shop.settings, interrupt)
    query = "select status from ops.extract_runs where resource = 'run' order by started_at"
    assert shop.rows(query) == [("running",)]

    extract(shop.settings)

    assert shop.rows(query) == [("interrupted",), ("succeeded",)]


@pytest.mark.nightly
def test_readings_for_different_reasons_have_rows_of_their_own(shop):
    """Products short of variants and of media are read twice; neither row covers the other."""
    few = {"count": 5, "precision": "EXACT"}
    short = product(23, variants=1) | {"variantsCount": few, "mediaCount": few}
    shop.put("products", short)

    extract(shop.settings)

    rows = f"select resource from ops.extract_runs where {LAST} and resource like 'products %'"
    assert sorted(shop.rows(rows)) == [
        ("products short of product_media",),
        ("products short of product_variants",),
    ]


@pytest.mark.nightly
def test_files_are_kept_on_request(shop, tmp_path):
    """With keep, the files that were landed stay in a folder; the rows tell their bytes."""
    extract(shop.settings, via="bulk", keep=tmp_path / "kept", patience=HURRIED)

    kept = {path.name: path.stat().st_size for path in (tmp_path / "kept").iterdir()}
    assert row(shop, "bytes", "customers")[0] >= kept["customers.jsonl"] > 0
