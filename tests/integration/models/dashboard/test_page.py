"""The page in a real browser, without any network."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from pathlib import Path
from shutil import copy

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.numbers import format_currency, format_decimal

from cartwheel.core.warehouse import open_warehouse
from dashboard.cards import read_cards
from dashboard.catalogue import COMPARISONS, PERIODS, REPORTS
from dashboard.choice import Choice
from dashboard.page import write_dashboard
from tests.integration.models.dashboard.conftest import data_of
from tests.nightly import mostly_nightly

pytestmark = pytest.mark.browser
DRAWN = [r for r in REPORTS if r.form not in ("cohorts", "table", "orders")]
OVER_TIME = [r for r in REPORTS if r.is_over_time]
LANGUAGES = ["de", "es", "fr", "it", "ja", "nl", "pt"]
MINUS = "\N{MINUS SIGN}"


def test_nothing_is_requested_and_nothing_fails(whole, written):
    """Opening and using the page asks for the file itself and for nothing else."""
    whole.scroll()
    for choice in (
        {"store": "tokyo"},
        {"grain": "day"},
        {"period": "all_time"},
        {"compare": "none"},
        {"period": "custom"},
    ):
        whole.choose(**choice)
        whole.scroll()

    assert whole.events == [written.as_uri()]


def test_each_report_is_told(whole):
    """Each has a title, a definition, a source and a table; what is drawn has marks too."""
    whole.choose(period="all_time")
    whole.scroll()
    for report in REPORTS:
        frame = whole.page.locator(f"#{report.key}")
        assert frame.locator("h2").inner_text() == report.title
        assert frame.locator(".about").inner_text() == report.about
        assert f"reports.{report.key}" in frame.locator(".source").inner_text()
        if report.key != "sync_health":  # this warehouse was filled by hand
            assert whole.rows(report.key), report.key
        if report in DRAWN:
            assert frame.locator(".plot .main-svg").count() > 0
            said = frame.locator(".plot").get_attribute("aria-label")
            assert said.startswith(report.title)


def money(amount, currency):
    """As the page writes it."""
    return format_currency(amount, currency, locale="en").replace("-", MINUS)


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_cards_are_the_digest_s(opened, stores, comparison):
    """Each card's value and change, in each store, are recomputed from the reports."""
    stores_of = {"all-GBP": None, "london": "london", "tokyo": "tokyo"}
    for (key, shop), period in product(stores_of.items(), PERIODS):
        opened.choose(store=key, period=period, compare=comparison)
        [found] = [
            each
            for each in read_cards(
                stores.settings.warehouse, period=period, comparison=comparison, shop=shop
            )
            if each.currency == ("JPY" if key == "tokyo" else "GBP")
        ]
        shown = opened.cards()
        for card in found.cards:
            value, change = shown[card.measure.label]
            assert value == written_value(card, found.currency)
            if card.is_new:
                assert change.startswith("new from")
            elif card.change is None:
                assert change == "nothing to compare with"
            else:
                number = format_decimal(abs(card.change), "#,##0.0", locale="en")
                unit = " points" if card.measure.kind == "share" else "%"
                arrow = "▲" if card.change > 0 else "▼"
                said = f"{arrow} {number}{unit}" if card.change else "unchanged"
                assert change.startswith(f"{said} from")


def written_value(card, currency):
    """A card's value as the page writes it."""
    if card.value is None:
        return "–"
    if card.measure.kind == "money":
        step = Decimal("1") if currency == "JPY" else Decimal("0.01")
        return money(card.value.quantize(step, ROUND_HALF_UP), currency)
    if card.measure.kind == "share":
        share = (100 * card.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return f"{share}%".replace("-", MINUS)
    return format_decimal(card.value, locale="en")


def test_marks_are_the_table_s(opened):
    """What is drawn is what the table says, bucket by bucket."""
    opened.choose(period="last_12_months", grain="month")
    opened.scroll()
    for report in OVER_TIME:
        _compare_marks(opened, report)


def _compare_marks(opened, report):
    heads = [column.label for column in report.columns]
    rows = opened.rows(report.key)
    for trace in opened.page.evaluate(
        f"document.querySelector('#{report.key} .plot').data"
        ".filter(mark => mark.showlegend !== false)"
        ".map(mark => ({name: mark.name, said: mark.customdata}))"
    ):
        place = 1 + heads.index(trace["name"])
        cells = [row[place] for row in rows]
        assert [text.removesuffix(" (so far)") for text in trace["said"]] == cells


def test_a_period_that_is_not_over_is_marked(opened):
    """The running month is hatched, its line dotted with a hollow point; the words say so."""
    opened.choose(period="last_12_months", grain="month")
    opened.scroll()
    shapes, dots = opened.page.evaluate(
        "[document.querySelector('#orders_over_time .plot').data[0].marker.pattern.shape,"
        " document.querySelector('#average_order_value_over_time .plot').data"
        ".map(mark => [mark.line.dash, mark.y.map(value => value !== null)])]"
    )

    assert shapes == [""] * (len(shapes) - 1) + ["/"]
    whole, running = dots
    assert whole[1][-1] is False
    assert running[0] == "dot"
    assert running[1][-1] is True
    assert "not over yet" in opened.page.locator("#orders_over_time .note").inner_text()


def test_a_custom_range_is_summed_from_days(opened, stores):
    """Money and orders sum; persons are counted once, so of them no sum is shown."""
    opened.choose(store="london", period="custom", from_="2026-03-05", to="2026-04-20")
    [(net_sales, orders)] = stores(
        "select (select sum(net_sales) from reports.revenue_over_time where grain = 'day' "
        "and shop like 'london%' and period_start between '2026-03-05' and '2026-04-20'), "
        "(select sum(orders) from reports.orders_over_time where grain = 'day' "
        "and shop like 'london%' and period_start between '2026-03-05' and '2026-04-20')"
    )
    cards = opened.cards()

    assert cards["Net sales"][0] == money(net_sales, "GBP")
    assert cards["Orders"][0] == str(orders)
    assert cards["Returning customers"][0] == "–"
    assert "choose a fixed period" in opened.page.locator("#cards").inner_text()
    assert "custom range" in opened.page.locator("#customers_over_time .sentence").inner_text()
    assert "choose a fixed period" in opened.page.locator("#top_products .note").inner_text()


def test_a_custom_range_is_compared_with_as_many_days_before(opened):
    """The span before ends the day before it begins and is as long."""
    opened.choose(period="custom", from_="2026-05-01", to="2026-05-10")

    assert "21 Apr 2026 – 30 Apr 2026" in opened.page.locator("#selected").inner_text()


def test_a_range_turned_round_is_the_same_range(opened):
    """From after to is the same days; what lies outside of what is known is left out."""
    opened.choose(period="custom", from_="2026-05-10", to="2026-05-01")
    assert "1 May 2026 \u2013 10 May 2026" in opened.page.locator("#selected").inner_text()
    opened.choose(from_="2020-01-01", to="2030-01-01")
    said = opened.page.locator("#selected").inner_text()
    assert "2020" not in said
    assert said.endswith("10 Jun 2026")
    opened.choose(from_="", to="")
    assert "10 Jun 2026" in opened.page.locator("#selected").inner_text()


def test_a_period_without_an_order_says_nothing_untrue(opened):
    """Nothing is divided by nothing; the reason is not that persons are counted."""
    opened.choose(store="tokyo", period="custom", from_="2025-02-03", to="2025-02-03")
    place = "#average_order_value_over_time"
    empty = opened.page.locator(f"{place} .nothing").is_visible()
    opened.choose(from_="2026-06-10", to="2026-06-10")

    assert opened.cards()["Average order value"][0] == "\u2013"
    sentence = opened.page.locator(f"{place} .sentence").inner_text()
    assert sentence.startswith("Average order value: \u2013")
    assert opened.page.locator(f"{place} .nothing").is_visible() or not empty
    assert not opened.page.locator("#top_products .nothing").is_visible()
    assert opened.page.locator("#top_products .csv").is_disabled()


def test_a_report_of_all_time_says_so(whole):
    """What knows no period says that it does not follow the one chosen."""
    whole.choose(period="last_7_days")

    for report in REPORTS:
        note = whole.page.locator(f"#{report.key} .note").inner_text()
        assert ("Of all time" in note) == report.is_of_all_time, report.key


def test_persons_of_several_stores_are_counted_in_each(opened):
    """Where stores are put together, the words say what is added."""
    words = "A person of two stores counts in each."
    note = opened.page.locator("#customers_over_time .note")

    assert words in note.text_content()
    opened.choose(store="london")
    assert words not in note.text_content()


def test_what_is_chosen_is_in_the_address(opened, open_page, brief):
    """A reload shows the same; so does the address in another window."""
    opened.choose(store="tokyo", period="last_12_months", grain="quarter", compare="none")
    opened.page.select_option("#revenue_by_source .dimension select", "referrer")
    cards = opened.cards()
    address = opened.page.url
    opened.page.reload()
    opened.page.wait_for_selector("#cards dd")

    assert opened.cards() == cards
    assert opened.page.locator("[value=quarter]").is_checked()
    assert opened.page.locator("[name=revenue_by_source]").input_value() == "referrer"
    other = open_page(brief)
    other.page.goto(address)
    assert other.cards() == cards
    # another link in the same window: what it does not say is as the page opens
    other.page.goto(f"{brief.as_uri()}#store=london")
    other.page.wait_for_timeout(100)
    assert other.page.locator("[value=week]").is_checked()
    assert other.page.locator("[name=revenue_by_source]").input_value() == "first_visit"


def test_an_address_of_another_page_opens_as_usual(opened, brief):
    """Names in the address that this page does not have change nothing."""
    opened.page.goto(f"{brief.as_uri()}#store=gone&period=never&grain=hour&x=1")
    opened.page.reload()
    opened.page.wait_for_selector("#cards dd")

    assert opened.page.locator("[name=store]").input_value() == "all-GBP"
    assert opened.page.locator("[name=period]").input_value() == "last_90_days"


def test_a_chosen_grain_stays_when_the_period_changes(opened):
    """Until one is chosen it fits the period."""
    assert opened.page.locator("[value=week]").is_checked()
    opened.choose(period="last_7_days")
    assert opened.page.locator("[value=day]").is_checked()
    opened.choose(grain="month", period="last_30_days")
    assert opened.page.locator("[value=month]").is_checked()


def test_checkouts_before_the_first_are_unknown(opened):
    """Shopify keeps them for a while: before that the chart is blank, and says why."""
    opened.choose(store="london", period="last_12_months", grain="month")
    opened.scroll()
    rows = opened.rows("abandoned_checkouts_over_time")
    marks = opened.page.evaluate(
        "document.querySelector('#abandoned_checkouts_over_time .plot').data[0].y"
    )

    assert rows[0][1] == "–"
    assert marks[0] is None
    assert rows[-1][1] != "–"
    note = opened.page.locator("#abandoned_checkouts_over_time .note").inner_text()
    assert note.startswith("Nothing is known before ")


def test_a_lone_point_is_visible(opened):
    """A day with neighbours of nothing has no line, so it has a point."""
    opened.choose(store="tokyo", period="all_time", grain="day")
    opened.scroll()
    [values, sizes] = opened.page.evaluate(
        "(mark => [mark.y, mark.marker.size])"
        "(document.querySelector('#average_order_value_over_time .plot').data[0])"
    )
    alone = [
        place
        for place, value in enumerate(values)
        if value is not None and not any(values[max(0, place - 1) : place + 2 : 2])
    ]

    assert len(values) > 400
    assert alone
    assert all(sizes[place] > 0 for place in alone if 0 < place < len(values) - 1)


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


def test_no_single_order_is_in_a_page_without_people(stores, open_page, tmp_path):
    """Neither the list nor a bar leads to an order."""
    target = tmp_path / "page.html"
    write_dashboard(stores.settings.warehouse, target, Choice(without_people=True))
    seen = open_page(target)

    assert seen.page.locator("#orders_to_open, .orders, .opens").count() == 0
    assert "#1001" not in target.read_text()


def test_sources_have_names_that_people_know(opened):
    """Shopify's tokens are said in words."""
    opened.choose(period="all_time")
    names = {row[0] for row in opened.rows("revenue_by_source")}

    assert {"Draft orders", "Unknown", "google / cpc", "Direct"} <= names
    opened.page.select_option("#revenue_by_source .dimension select", "channel")
    assert "Draft orders" in {row[0] for row in opened.rows("revenue_by_source")}


def test_bars_of_money_are_labelled_with_money(opened):
    """Beside each bar stands its amount."""
    opened.choose(period="all_time")
    opened.scroll()
    [texts] = opened.page.evaluate(
        "document.querySelector('#revenue_by_source .plot').data.map(mark => mark.text)"
    )
    amounts = [row[1] for row in opened.rows("revenue_by_source")]

    assert [text.split(",", 1)[0] for text in texts] == [text.split(",")[0] for text in amounts]
    assert all(text.startswith("£") for text in texts)


def test_a_product_s_title_is_text(opened):
    """A title that is a script is shown, and never runs."""
    opened.choose(period="all_time")
    opened.scroll()
    titles = [row[0] for row in opened.rows("top_products")]

    assert any(title.startswith("</script>") for title in titles)
    assert opened.page.title() == "E-commerce dashboard"
    assert opened.page.locator("img").count() == 0


def saved(opened, report, kind):
    """What a button saves: the file's name and bytes."""
    opened.page.evaluate(
        f"document.querySelectorAll('#{report} details').forEach(each => each.open = true)"
    )
    with opened.page.expect_download() as download:
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
    assert all(float(cell) is not None for cell in lines[1].split(",")[2:])

    opened.choose(store="all-GBP")
    _, content = saved(opened, "top_products", "csv")
    text = content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""https://example.invalid"")"' in text
    assert "\n=" not in text


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


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (768, "dark"),
        (320, "light"),
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


@pytest.mark.parametrize("language", mostly_nightly(LANGUAGES, 0, 4))
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


def test_only_what_was_chosen_is_shown(stores, open_page, tmp_path):
    """A dashboard of two reports has these in their order, its title, and their cards."""
    target = tmp_path / "page.html"
    choice = Choice(
        reports=("top_products", "orders_over_time"),
        title="Sales & <orders>",
        shop="tokyo",
        period="all_time",
        comparison="none",
    )
    write_dashboard(stores.settings.warehouse, target, choice)
    seen = open_page(target)

    assert seen.page.title() == "Sales & <orders>"
    assert [each.get_attribute("id") for each in seen.page.locator("figure").all()] == [
        "top_products",
        "orders_over_time",
    ]
    assert list(seen.cards()) == ["Orders"]
    assert list(data_of(target)["rows"]) == ["top_products", "orders_over_time"]
    assert "tokyo.myshopify.com, JPY" in seen.page.locator("#selected").inner_text()
    assert "london" not in target.read_text().lower()


def test_the_age_of_the_data_is_said(stores, opened, open_page, tmp_path):
    """Data two days old or older stand out; where no extract is known that is said."""
    assert "not known" in opened.page.locator("#as-of").inner_text()

    path = Path(copy(stores.settings.warehouse, tmp_path))
    with open_warehouse(path) as connection:
        connection.execute(
            "insert into ops.extract_runs (run_id, shop, resource, started_at, finished_at, "
            "status) select 'run', shop, 'run', now() - interval 50 hour, "
            "now() - interval 49 hour, 'succeeded' from raw.shops"
        )
    write_dashboard(path, tmp_path / "page.html")
    place = open_page(tmp_path / "page.html").page.locator("#as-of")

    assert "(2 days ago)" in place.inner_text()
    assert "old" in place.get_attribute("class")
