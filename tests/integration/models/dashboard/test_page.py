"""The page in a real browser, without any network: its figures and what is chosen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle, product
from pathlib import Path
from shutil import copy

import pytest
from babel.numbers import format_currency, format_decimal

from cartwheel.core.warehouse import open_warehouse
from dashboard.cards import read_cards
from dashboard.catalogue import COMPARISONS, PERIODS, REPORTS
from dashboard.choice import Choice
from dashboard.page import write_dashboard
from tests.integration.models.dashboard.conftest import Seen, data_of

pytestmark = pytest.mark.browser
DRAWN = [report for report in REPORTS if report.is_drawn]
OVER_TIME = [r for r in REPORTS if r.is_over_time]
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def once_opened(chromium, brief):
    """The page of few reports: to open it takes longer than what a test does with it."""
    seen = Seen(chromium, brief)
    yield seen
    seen.context.close()


@pytest.fixture
def opened(once_opened):
    """The page of few reports, as it opens."""
    once_opened.start_again()
    return once_opened


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


STORES = {"all-GBP": None, "london": "london", "tokyo": "tokyo"}
# by day each period once, of one of the stores and with one of the comparisons
OF_A_DAY = [*zip(cycle(STORES.items()), PERIODS, cycle(COMPARISONS), strict=False)]
OF_A_NIGHT = [*product(STORES.items(), PERIODS, COMPARISONS)]


@pytest.mark.parametrize(
    "seen",
    [OF_A_DAY, pytest.param(OF_A_NIGHT, marks=pytest.mark.nightly)],
    ids=["each period", "all"],
)
def test_cards_are_the_digest_s(opened, stores, seen):
    """Each card's value and change, in each store, are recomputed from the reports."""
    for (key, shop), period, comparison in seen:
        opened.choose(store=key, period=period, compare=comparison)
        [found] = [
            each
            for each in read_cards(
                stores.settings.warehouse, period=period, comparison=comparison, shop=shop
            )
            if each.currency == ("JPY" if key == "tokyo" else "GBP")
        ]
        cards = opened.cards()
        for card in found.cards:
            value, change = cards[card.measure.label]
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


def test_a_custom_range_is_compared_with_the_same_days_a_year_before(opened):
    """Both its ends are those of the year before."""
    opened.choose(period="custom", from_="2026-05-01", to="2026-05-10", compare="previous_year")

    assert "1 May 2025 \u2013 10 May 2025" in opened.page.locator("#selected").inner_text()


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
