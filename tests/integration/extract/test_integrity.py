"""Bulk results that come short, late, broken or not at all: begun anew, or refused."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import CartwheelError, IncompleteData
from extract.run import extract
from tests.integration.extract.conftest import HURRIED
from tests.nightly import mostly_nightly

ORDERS = " orders\n"  # in the first line of the document that exports them
WRONG_RESULTS = [
    "bulk_truncated",
    "bulk_short",
    "bulk_empty",
    "bulk_failed",
    "bulk_canceled",
    "bulk_expired",
    "bulk_stalled",
    "bulk_url_wrong",
]
RECOVERED_RESULTS = ["bulk_blank_lines", "bulk_transfer_cut", "bulk_url_expired"]


@pytest.mark.parametrize("kind", mostly_nightly(WRONG_RESULTS, 0))
def test_wrong_result_is_begun_anew(shop, kind):
    """After two results that are cut off, empty, partial or given up, the third one lands."""
    shop.misbehave(kind, times=2, where=ORDERS)
    said: list[str] = []

    report = extract(shop.settings, said.append, via="bulk", patience=HURRIED)

    assert len([line for line in said if "Starting it again" in line]) == 2
    assert shop.living("orders") == [1, 2, 3]
    assert len(shop.living("order_line_items")) == 6
    assert report.warnings == ()


@pytest.mark.parametrize("kind", mostly_nightly(WRONG_RESULTS, 2))
def test_result_that_stays_wrong_lands_nothing(shop, kind):
    """Row 9: what three attempts did not bring whole lands no row and moves no watermark.

    Airbyte's bulk stream dropped a whole slice, advanced its state and called it a success.
    """
    shop.misbehave(kind, times=3, where=ORDERS)

    with pytest.raises(CartwheelError, match=r"cartwheel extract|cancelled"):
        extract(shop.settings, via="bulk", patience=HURRIED)

    assert shop.rows("select id from raw.orders") == []
    assert shop.rows("from raw.order_line_items") == []
    assert shop.rows("from ops.watermarks where resource = 'orders'") == []
    assert shop.rows("from ops.initial_imports") == []
    query = "select status from ops.extract_runs where resource in ('orders', 'run')"
    assert shop.rows(query) == [("failed",), ("failed",)]


@pytest.mark.nightly
def test_failure_of_one_export_keeps_what_the_others_brought(shop):
    """The other resources of the run have landed, each with its watermark."""
    shop.misbehave("bulk_failed", times=3, where=ORDERS)

    with pytest.raises(CartwheelError, match="orders"):
        extract(shop.settings, via="bulk", patience=HURRIED)

    assert shop.living("customers") == [11, 12]
    assert shop.living("order_agreements") == [1, 2, 3]
    query = "select resource from ops.watermarks where resource in ('customers', 'products')"
    assert len(shop.rows(query)) == 2


@pytest.mark.nightly
def test_run_after_a_refused_result_lands_all_of_it(shop):
    """Row 10: nobody needs to clear and read all again; the next run makes it good."""
    shop.misbehave("bulk_truncated", times=3, where=ORDERS)
    with pytest.raises(IncompleteData):
        extract(shop.settings, via="bulk", patience=HURRIED)

    extract(shop.settings, via="bulk", patience=HURRIED)

    undisturbed = shop.elsewhere()
    extract(undisturbed.settings, via="pages")
    assert shop.landed() == undisturbed.landed()


@pytest.mark.parametrize("kind", mostly_nightly(RECOVERED_RESULTS, 1))
def test_whole_result_with_trouble_is_not_begun_anew(shop, clock, kind):
    """Blank lines, a broken transfer and an expired address cost no second export."""
    shop.misbehave(kind, where=ORDERS)
    said: list[str] = []

    extract(shop.settings, said.append, via="bulk", patience=HURRIED, sleep=clock.sleep)

    assert not [line for line in said if "Starting it again" in line]
    assert shop.living("orders") == [1, 2, 3]


def test_stalled_export_is_cancelled(shop):
    """An operation that stands still does not keep its place among the five."""
    shop.misbehave("bulk_stalled", where=ORDERS)

    extract(shop.settings, via="bulk", patience=HURRIED)

    query = "{ bulkOperations(first: 50) { nodes { status } } }"
    assert {node["status"] for node in shop.ask(query)["bulkOperations"]["nodes"]} == {
        "COMPLETED",
        "CANCELED",
    }


def test_shop_without_records_is_no_broken_result(shop):
    """A bulk operation without a result is believed where Shopify counts nothing either."""
    shop.delete("abandoned_checkouts", 61)

    report = extract(shop.settings, via="bulk", patience=HURRIED)

    assert report.warnings == ()
    assert shop.rows("from raw.abandoned_checkouts") == []


@pytest.mark.parametrize(
    "kind", mostly_nightly(["throttled", "unavailable", "internal_error"], 2)
)
def test_passing_trouble_is_waited_out(shop, clock, kind):
    """A throttled, broken or unavailable answer is asked for again."""
    shop.misbehave(kind, times=2)

    assert extract(shop.settings, sleep=clock.sleep).rows_landed > 0


@pytest.mark.nightly
def test_small_bucket_is_respected(serve):
    """With a bucket of little more than one query, a run waits and completes."""
    shop = serve(shopify_rate=500.0, shopify_bucket=1000.0)

    assert extract(shop.settings).rows_landed > 0
