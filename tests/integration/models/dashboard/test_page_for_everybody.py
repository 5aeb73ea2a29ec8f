"""The page on any width, by keyboard, by screen reader, in eight languages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.numbers import format_currency

from dashboard.cards import read_cards
from dashboard.catalogue import REPORTS
from dashboard.choice import Choice
from dashboard.page import write_dashboard

pytestmark = pytest.mark.browser
LANGUAGES = ["de", "es", "fr", "it", "ja", "nl", "pt"]
MINUS = "\N{MINUS SIGN}"


def test_a_bar_leads_to_its_orders(opened, stores):
    """A click on a bar, or its row by the keyboard, lists the orders with their links."""
    opened.choose(store="london", period="last_12_months", grain="month")
    opened.scroll()
    opened.open_tables()
    row = opened.page.locator("#orders_over_time tbody tr").nth(3)
    placed = int(row.locator("td").first.inner_text())
    row.locator("button").focus()
    opened.page.keyboard.press("Enter")
    panel = opened.page.locator("#orders_over_time .orders")
    listed = panel.locator("li").all()
    [(first,)] = stores(
        "select arg_max(order_id, placed_date) from reports.orders_to_open "
        "where shop like 'london%' and order_name = ?",
        listed[0].locator("a").first.inner_text(),
    )

    assert len(listed) == placed > 0
    assert listed[0].locator("a").first.get_attribute("href") == (
        f"https://admin.shopify.com/store/london/orders/{first}"
    )
    heading = opened.page.evaluate("document.activeElement.textContent")
    assert heading == f"Orders of {row.locator('th').inner_text()}"
    panel.locator("button").click()
    assert opened.page.evaluate("document.activeElement.className") == "opens"
    opened.page.locator("#orders_over_time .plot .bars .point").nth(3).click(force=True)
    assert panel.is_visible()
    panel.locator("button").click()
    assert not panel.is_visible()


def test_a_table_stays_sorted_and_a_chart_fits_its_frame(opened):
    """A window that changes its width keeps the order; an opened table widens the chart."""
    opened.choose(period="last_12_months")
    opened.scroll()
    width = "document.querySelector('#orders_over_time svg').clientWidth"
    narrow = opened.page.evaluate(width)
    opened.page.click("#orders_over_time summary")
    opened.page.wait_for_timeout(100)
    assert opened.page.evaluate(width) > 1.8 * narrow
    opened.page.click("#orders_over_time thead th:nth-child(2) button")
    rows = opened.rows("orders_over_time")
    opened.page.set_viewport_size({"width": 1100, "height": 900})
    opened.page.wait_for_timeout(400)
    assert opened.rows("orders_over_time") == rows
    opened.page.click("#orders_over_time summary")
    opened.page.wait_for_timeout(100)
    frame = opened.page.evaluate("document.querySelector('#orders_over_time').clientWidth")
    assert opened.page.evaluate(width) < frame


def test_a_table_is_sorted_by_a_click(opened):
    """The head of a column sorts by it, and again the other way."""
    opened.choose(period="all_time", grain="month")
    opened.open_tables()
    button = "#orders_over_time thead th:nth-child(2) button"
    opened.page.click(button)
    down = [int(row[1]) for row in opened.rows("orders_over_time")]
    opened.page.click(button)
    up = [int(row[1]) for row in opened.rows("orders_over_time")]

    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    head = opened.page.locator("#orders_over_time thead th:nth-child(2)")
    assert head.get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (320, "dark"),
        pytest.param(1280, "light", marks=pytest.mark.nightly),
        pytest.param(320, "light", marks=pytest.mark.nightly),
        pytest.param(768, "dark", marks=pytest.mark.nightly),
        pytest.param(390, "light", marks=pytest.mark.nightly),
        pytest.param(390, "dark", marks=pytest.mark.nightly),
        pytest.param(1280, "dark", marks=pytest.mark.nightly),
    ],
)
def test_no_width_needs_sideways_scrolling_and_nobody_is_left_out(
    open_page, written, width, scheme
):
    """axe-core finds nothing: names, roles, contrast, in light and dark, with tables open."""
    seen = open_page(written, viewport={"width": width, "height": 900}, color_scheme=scheme)
    seen.choose(period="all_time")
    seen.open_tables()
    seen.scroll()

    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(seen.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_the_keyboard_reaches_everything(whole):
    """Tab goes through every control, button and table, each with a visible focus."""
    whole.open_tables()
    whole.scroll()
    wanted = whole.page.evaluate(
        "[...document.querySelectorAll("
        "'select, input, button:not(:disabled), summary, a[href], [tabindex=\"0\"]')]"
        ".filter(each => each.offsetParent && each.type !== 'radio').length + 1"
    )
    whole.page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    reached = set()
    for _ in range(wanted + 20):
        whole.page.keyboard.press("Tab")
        place = whole.page.evaluate(
            "(each => each === document.body ? null : "
            "[[...document.querySelectorAll('*')].indexOf(each), getComputedStyle("
            "each.type === 'radio' ? each.nextElementSibling : each).outlineStyle])"
            "(document.activeElement)"
        )
        if place is None:
            break
        assert place[1] != "none"
        reached.add(place[0])

    assert len(reached) == wanted


@pytest.mark.nightly
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_in_another_language(stores, open_page, tmp_path, language):
    """Titles, controls, numbers and dates are the language's."""
    target = tmp_path / "page.html"
    write_dashboard(stores.settings.warehouse, target, Choice(language=language))
    seen = open_page(target)
    seen.scroll()
    titles = [each.inner_text() for each in seen.page.locator("h2").all()]
    net_sales = next(iter(seen.cards().values()))[0]

    assert seen.page.locator("html").get_attribute("lang") == language
    assert not set(titles) & {report.title for report in REPORTS}
    assert seen.events == [target.as_uri()]
    [found] = [
        each
        for each in read_cards(stores.settings.warehouse, period="last_90_days")
        if each.currency == "GBP"
    ]
    assert net_sales.replace("\xa0", " ").replace("\u202f", " ") == format_currency(
        found.cards[0].value, "GBP", locale=language
    ).replace("\xa0", " ").replace("\u202f", " ").replace("-", MINUS)
