"""Children that an export left out without a word: found by what their parents state."""

from __future__ import annotations

import pytest

from extract.run import extract
from tests.integration.extract.conftest import HURRIED
from tests.integration.extract.nodes import LAST_DAY, gid, order, product

PRODUCTS, ORDERS, AGREEMENTS = " products\n", " orders\n", " order_agreements\n"


@pytest.mark.nightly
def test_cut_variants_are_read_one_by_one(shop):
    """Row 15: of a product's 40 variants an export gives 20; all 40 land, without a warning.

    The export's own counts agree with what it gives: only variantsCount knows better.
    """
    shop.put("products", product(23, variants=40))
    shop.misbehave("bulk_children_cut", where=PRODUCTS)

    report = extract(shop.settings, via="bulk", patience=HURRIED)

    assert len(shop.living("product_variants")) == 41
    assert report.warnings == ()


@pytest.mark.nightly
def test_cut_lines_are_read_one_by_one(shop):
    """Lines of an order are counted against subtotalLineItemsQuantity."""
    shop.put("orders", {**order(4, lines=30), "subtotalLineItemsQuantity": 30})
    shop.misbehave("bulk_children_cut", where=ORDERS)

    extract(shop.settings, via="bulk", patience=HURRIED)

    assert len(shop.living("order_line_items")) == 36


def test_cut_sales_are_read_again(shop):
    """Sales, which nothing counts, are added up against the order's total."""
    total = {"shopMoney": {"amount": "30.0", "currencyCode": "EUR"}}
    shop.put("orders", {**order(4, lines=30), "currentTotalPriceSet": total})
    shop.misbehave("bulk_children_cut", where=AGREEMENTS)

    report = extract(shop.settings, via="bulk", patience=HURRIED)

    assert len(shop.living("sales")) == 36
    assert report.warnings == ()


def test_an_order_that_never_adds_up_is_told(shop):
    """Read again in vain, it is named, and where to say so; there is one, and it says one."""
    total = {"shopMoney": {"amount": "31.0", "currencyCode": "EUR"}}
    shop.put("orders", {**order(4, lines=30), "currentTotalPriceSet": total})

    [told] = extract(shop.settings, via="pages").warnings

    assert told.startswith("Warning: the sales of 1 order do not add up to the order's total,")
    assert "(such as gid://shopify/Order/4)" in told
    assert told.endswith("please open an issue in Cartwheel's repository.")


def test_children_of_an_unchanged_parent_are_missed_too(shop):
    """A second export that cuts variants and lines of what is as it was deletes none of them.

    They are read again, and nobody is warned.
    """
    at = "2026-11-23T00:00:00Z"  # which the third reading asks for again
    shop.put("products", product(23, variants=40, at=at))
    shop.put("orders", {**order(4, lines=30, at=at), "subtotalLineItemsQuantity": 30})
    for _ in range(2):
        extract(shop.settings, via="pages")
        shop.wait(hours=1)
    for where in (PRODUCTS, ORDERS):
        shop.misbehave("bulk_children_cut", where=where)

    report = extract(shop.settings, via="bulk", patience=HURRIED)

    assert len(shop.living("product_variants")) == 41
    assert len(shop.living("order_line_items")) == 36
    assert report.warnings == ()


def test_next_run_looks_for_what_a_failed_one_landed_short(shop):
    """Where a run did not come to looking for missing children, the next one does.

    The product is older than what the next run asks for.
    """
    shop.put("products", product(23, variants=40))
    shop.put("products", product(24, variants=1, at=LAST_DAY))
    shop.misbehave("bulk_children_cut", where=PRODUCTS)

    def interrupt(line: str) -> None:
        if "product_variants" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(shop.settings, interrupt, via="bulk", patience=HURRIED)
    assert len(shop.living("product_variants")) == 22
    shop.wait(hours=1)

    extract(shop.settings, via="pages")

    assert len(shop.living("product_variants")) == 42


def test_product_that_stays_short_is_said(shop):
    """A product that says it has more variants and media than Shopify gives is a warning each.

    The run log has a row for either reading.
    """
    count = {"count": 101, "precision": "EXACT"}
    short = {"id": gid("Product", 21), "variantsCount": count, "mediaCount": count}
    shop.put("products", short)

    report = extract(shop.settings)

    for table, warning in zip(
        ("product_variants", "product_media"), report.warnings, strict=True
    ):
        assert table in warning
        assert gid("Product", 21) in warning
    again = "select resource from ops.extract_runs where resource like 'products %' order by 1"
    assert shop.rows(again) == [
        ("products short of product_media",),
        ("products short of product_variants",),
    ]


def test_estimated_count_is_no_reason_to_read_again(shop):
    """A number that Shopify calls AT_LEAST is not held against what came."""
    count = {"count": 101, "precision": "AT_LEAST"}
    shop.put("products", {"id": gid("Product", 21), "variantsCount": count})

    assert extract(shop.settings).warnings == ()


@pytest.mark.usefixtures("first_extract")
def test_a_refund_that_changed_is_read_again(shop):
    """An order lists its refunds with their times; one that is newer than ours is read."""
    shop.wait(hours=1)
    at = f"{shop.settings.clock():%Y-%m-%dT%H:%M:%SZ}"
    [changed] = shop.get("orders", 2)["refunds"]
    changed |= {"note": "sent back", "updatedAt": at}
    shop.put("orders", {"id": gid("Order", 2), "refunds": [changed], "updatedAt": at})

    extract(shop.settings)

    assert shop.rows("select payload ->> '$.note' from raw.refunds") == [("sent back",)]
