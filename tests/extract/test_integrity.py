"""What Shopify gives short, late, broken or not at all."""

from __future__ import annotations

import pytest

from cartwheel.errors import IncompleteData, ServiceError
from extract.run import extract


def moved_orders(shop):
    """Whether anything of the orders was landed, or noted as landed."""
    return shop.rows("select id from raw.orders") or shop.rows(
        "select watermark from ops.watermarks where resource = 'orders'"
    )


def test_product_short_of_variants_is_said(shop):
    """A product that says it has more variants than came is a warning."""
    count = {"count": 101, "precision": "EXACT"}
    shop.put("products", {"id": "gid://shopify/Product/21", "variantsCount": count})

    report = extract(shop.settings)

    assert [warning for warning in report.warnings if "product_variants" in warning]


def test_cut_off_file_is_refused(shop):
    """A result shorter than announced is refused; nothing of it lands, no watermark moves."""
    shop.misbehave("bulk_truncated", times=5)

    with pytest.raises(IncompleteData, match="cartwheel extract"):
        extract(shop.settings)

    assert not moved_orders(shop)
    assert shop.rows("from ops.initial_imports") == []


def test_run_after_a_cut_off_file_lands_everything(shop):
    """The run after a refused one makes it good."""
    shop.misbehave("bulk_truncated", times=2)
    with pytest.raises(IncompleteData):
        extract(shop.settings)
    shop.behave()

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.order_line_items") == [(6,)]
    assert shop.rows("select count(*) from raw.sales") == [(6,)]
    assert shop.rows("select count(*) from raw.product_variants") == [(1,)]


def test_export_short_of_the_shop_s_count_is_read_again(shop):
    """Orders that an export lacks are a warning, and the next run reads all orders again."""
    lost = shop.get("orders", 1)

    def lose_one(line: str) -> None:
        if "counts" in line and not line.startswith("Warning"):
            shop.delete("orders", 1)

    short = extract(shop.settings, lose_one)
    shop.put("orders", lost)

    whole = extract(shop.settings)

    assert [warning for warning in short.warnings if "only 2" in warning]
    assert shop.rows("select count(*) from raw.orders") == [(3,)]
    assert shop.rows("select count(*) from raw.order_agreements") == [(3,)]
    assert shop.rows("select run_id from ops.initial_imports") == [(whole.run_id,)]


def test_refunds_that_did_not_come_are_read_again(shop):
    """An order that vanished before its refunds were read is a warning, until it is back."""
    lost = shop.get("orders", 2)

    def lose_it(line: str) -> None:
        if "order_line_items" in line:
            shop.delete("orders", 2)

    short = extract(shop.settings, lose_it)
    shop.put("orders", {**lost, "updatedAt": "2026-03-02T10:00:00Z"})

    extract(shop.settings)

    assert [warning for warning in short.warnings if "refunds" in warning]
    assert shop.rows("select count(*) from raw.refund_line_items") == [(120,)]


def test_silence_is_refused(shop):
    """A bulk operation without a result is an error where the shop counts records."""
    shop.misbehave("bulk_empty", times=5)

    with pytest.raises(IncompleteData, match="counts"):
        extract(shop.settings)

    assert not moved_orders(shop)


def test_failed_operation_is_an_error(shop):
    """A bulk operation that ends FAILED lands nothing, not even its partial data."""
    shop.misbehave("bulk_failed", times=5)

    with pytest.raises(ServiceError, match="FAILED"):
        extract(shop.settings)

    assert not moved_orders(shop)
    assert shop.rows("select count(*) > 0 from ops.extract_runs where status = 'failed'") == [
        (True,)
    ]


@pytest.mark.parametrize("kind", ["throttled", "unavailable", "internal_error"])
def test_passing_trouble_is_waited_out(shop, kind):
    """A throttled, broken or unavailable answer is asked for again."""
    shop.misbehave(kind, times=2)

    assert extract(shop.settings).rows_landed > 0


def test_small_bucket_is_respected(serve):
    """With a bucket of little more than one query, a run waits and completes."""
    shop = serve(shopify_rate=500.0, shopify_bucket=1000.0)

    assert extract(shop.settings).rows_landed > 0
