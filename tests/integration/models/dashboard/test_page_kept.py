"""What people take from the page: tables, pictures, paper."""

from __future__ import annotations

import re

import pytest

from dashboard.catalogue import REPORTS

pytestmark = pytest.mark.browser
DRAWN = [report for report in REPORTS if report.is_drawn]


def saved(opened, report, kind):
    """What a button saves: the file's name and bytes."""
    opened.page.evaluate(
        f"document.querySelectorAll('#{report} details').forEach(each => each.open = true)"
    )
    opened.scroll()
    with opened.page.expect_download(timeout=90_000) as download:
        opened.page.click(f"#{report} .{kind}")
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_a_table_saved_as_csv_is_harmless(opened):
    """Plain numbers and ISO dates; a title that begins like a formula is text."""
    opened.choose(store="london", period="all_time", grain="month")
    name, content = saved(opened, "revenue_over_time", "csv")
    lines = content.decode("utf-8-sig").splitlines()

    assert content.startswith(b"\xef\xbb\xbf")
    assert name.startswith("revenue_over_time_2025-")
    assert lines[0].startswith("From,To,Gross sales,")
    assert lines[1].split(",")[0] == "2025-02-01"
    assert all(re.fullmatch(r"-?\d+\.\d\d", cell) for cell in lines[1].split(",")[2:])

    opened.choose(store="all-GBP")
    _, content = saved(opened, "top_products", "csv")
    text = content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""https://example.invalid"")"' in text
    assert "\n=" not in text


def test_a_list_of_orders_saved_as_csv_has_their_addresses(opened):
    """Where to open each order in Shopify stands in a column of its own."""
    opened.choose(store="london")
    _, content = saved(opened, "orders_to_open", "csv")
    lines = content.decode("utf-8-sig").splitlines()

    assert lines[0] == "Order,Placed,Stage,Amount,Shopify,HubSpot"
    assert "https://admin.shopify.com/store/london/orders/" in lines[1]


def test_a_chart_saved_as_a_picture(opened):
    """A PNG with the report's name and days."""
    opened.scroll()
    name, content = saved(opened, "revenue_over_time", "png")

    assert name.startswith("revenue_over_time_2026-03-")
    assert content.startswith(b"\x89PNG")
    assert len(content) > 5_000


def test_a_print_after_the_page_was_open_is_whole(whole, tmp_path):
    """Charts fit the paper, tables are open, colours are light; afterwards all is as before."""
    whole.scroll()
    width = "document.querySelector('#orders_over_time svg').clientWidth"
    before = whole.page.evaluate(width)
    whole.page.emulate_media(media="print", color_scheme="dark")
    whole.page.wait_for_timeout(200)
    widths, opened_now, background = whole.page.evaluate(
        "[[...document.querySelectorAll('.plot .main-svg')].map(each => each.clientWidth),"
        " [...document.querySelectorAll('details')].every(each => each.open),"
        " getComputedStyle(document.body).backgroundColor]"
    )
    whole.page.emulate_media(media="null")
    whole.page.wait_for_timeout(200)

    assert len(widths) >= len(DRAWN)
    assert set(widths) == {660}
    assert opened_now
    assert background == "rgb(255, 255, 255)"
    assert not whole.page.evaluate("document.querySelector('details').open")
    assert whole.page.evaluate(width) == before
    whole.page.pdf(path=tmp_path / "page.pdf", format="A4")
    pages = re.findall(rb"/Type */Page\b", (tmp_path / "page.pdf").read_bytes())
    assert len(pages) >= len(REPORTS)
