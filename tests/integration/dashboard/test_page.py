"""The web page, opened in a browser without any network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from dashboard.catalogue import CHARTS, CUSTOMERS, REVENUE, WHOLE, Chart
from dashboard.figures import Figures
from dashboard.page import write_dashboard

pytestmark = pytest.mark.browser

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def dashboard(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of three stores."""
    target = tmp_path_factory.mktemp("page") / "dashboard.html"
    write_dashboard(warehouse, target)
    return target


@pytest.fixture(scope="module")
def opened(dashboard: Path, chromium_path: str) -> Iterator[tuple[Page, list[str]]]:
    """The page in Chromium, and every request and error it made."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        seen: list[str] = []
        page.on("request", lambda request: seen.append(request.url))
        page.on("pageerror", lambda error: seen.append(f"error: {error}"))
        page.on("console", lambda message: seen.append(f"console: {message.text}"))
        page.goto(dashboard.as_uri())
        page.wait_for_selector("#revenue .plot .main-svg")
        yield page, seen
        browser.close()


@pytest.fixture
def page(opened: tuple[Page, list[str]]) -> Page:
    """The page as it stands when it is opened."""
    page = opened[0]
    page.select_option("[name=scope]", "s0")
    page.select_option("[name=period]", "all")
    page.check("[value=month]", force=True)
    return page


def test_nothing_is_requested(
    page: Page, opened: tuple[Page, list[str]], dashboard: Path
) -> None:
    """Opening and using the page asks for the file itself and for nothing else."""
    page.check("[value=day]", force=True)
    page.select_option("[name=scope]", "s3")

    assert opened[1] == [dashboard.as_uri()]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.key)
def test_each_chart_is_drawn_and_told(page: Page, chart: Chart) -> None:
    """Each chart has marks, a title, a unit, a source, a description and a table."""
    frame = page.locator(f"#{chart.key}")

    assert frame.locator(".plot .main-svg").count() > 0
    assert frame.locator("h2").inner_text()
    assert "from " in frame.locator(".source").inner_text()
    assert frame.locator(".plot").get_attribute("aria-label")
    assert frame.locator("tbody tr").count() >= 3


def test_the_table_holds_the_drawn_figures(page: Page) -> None:
    """The marks' values are the table's, in the browser too."""
    drawn = page.evaluate("document.querySelector('#revenue .plot').data[2].y")
    cells = page.locator("#revenue tbody td:last-child").all_text_contents()

    assert [f"£{value:,.2f}" for value in drawn] == cells


def test_granularity_changes_the_table(page: Page, figures: Figures) -> None:
    """Choosing weeks gives a row a week; the whole period stays the same."""
    before = page.locator("#revenue tfoot").text_content()

    page.check("[value=week]", force=True)

    rows = page.locator("#revenue tbody tr").count()
    assert rows == len(figures.buckets["all", "week"])
    assert page.locator("#revenue tfoot").text_content() == before
    assert page.locator("#revenue h2").inner_text() == "Revenue by week"


def test_headlines_are_the_whole_period_s(page: Page, figures: Figures) -> None:
    """For each store and period, the headline customers are distinct persons."""
    for scope in figures.scopes:
        for period in figures.periods:
            page.select_option("[name=scope]", scope.key)
            page.select_option("[name=period]", period.key)
            expected = figures.of(CUSTOMERS, scope.key, period.key, WHOLE)[0][2]
            assert page.locator("#headlines dd").last.inner_text() == f"{int(expected or 0):,}"


def test_the_other_currency_has_its_own_sign(page: Page, figures: Figures) -> None:
    """A store in yen shows yen, without decimals."""
    page.select_option("[name=scope]", "s3")

    total = figures.of(REVENUE, "s3", "all", WHOLE)[0][REVENUE.place("total_sales")]
    assert page.locator("#headlines dd").first.inner_text() == f"¥{int(total or 0):,}"
    assert page.locator("#revenue .unit").inner_text() == "JPY"


def test_a_product_s_title_is_text(page: Page) -> None:
    """A title that is a script is shown, and never runs."""
    first = page.locator("#top_products tbody th").first.text_content()

    assert first == "</script><script>document.title='taken'</script>"
    assert page.title() == "E-commerce dashboard"
    assert page.locator("img").count() == 0


def test_a_phone_needs_no_sideways_scrolling(page: Page) -> None:
    """At a phone's width nothing sticks out of the page."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(400)

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_store_without_orders_has_a_page(
    empty_warehouse: Path, tmp_path: Path, chromium_path: str
) -> None:
    """Before the first order the page says so, and is no error."""
    report = write_dashboard(empty_warehouse, tmp_path / "dashboard.html")

    text = report.path.read_text(encoding="utf-8")
    assert report.charts == 0
    assert "There is no order yet" in text
