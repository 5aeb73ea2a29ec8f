"""The dashboard of three stores, and the browser that opens it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dashboard.catalogue import REPORTS
from dashboard.choice import Choice
from dashboard.figures import read_figures
from dashboard.page import write_dashboard
from tests.integration.models.stores_by_hand import fill_three_stores


@pytest.fixture(scope="session")
def stores(build):
    """A warehouse of three stores: two in GBP, one in JPY."""
    return build(fill_three_stores)


@pytest.fixture(scope="session")
def figures(stores):
    """All figures of its dashboard."""
    return read_figures(stores.settings.warehouse, REPORTS)


@pytest.fixture(scope="session")
def written(stores, tmp_path_factory) -> Path:
    """The page of the three stores."""
    target = tmp_path_factory.mktemp("page") / "dashboard.html"
    write_dashboard(stores.settings.warehouse, target)
    return target


@pytest.fixture(scope="session")
def brief(stores, tmp_path_factory) -> Path:
    """A page of few reports, which is drawn in a fifth of the time."""
    target = tmp_path_factory.mktemp("page") / "brief.html"
    reports = (
        *("revenue_over_time", "orders_over_time", "average_order_value_over_time"),
        *("customers_over_time", "abandoned_checkouts_over_time"),
        *("discounts_and_refunds_over_time", "top_products", "revenue_by_source"),
        "orders_to_open",
    )
    write_dashboard(stores.settings.warehouse, target, Choice(reports=reports))
    return target


def data_of(page: Path) -> dict[str, Any]:
    """The figures that a page holds."""
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), re.S
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


class Seen:
    """A page that was opened, with everything that it asked for and every error it made."""

    def __init__(self, browser: Browser, path: Path, **options: Any) -> None:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.path = path
        self.events: list[str] = []
        self.page.on("request", lambda request: self.events.append(request.url))
        self.page.on("pageerror", lambda error: self.events.append(f"error: {error}"))
        self.page.on("console", lambda message: self.events.append(f"console: {message.text}"))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#cards dd")

    def start_again(self) -> None:
        """Go back to what the page shows when it is opened: by an address that says nothing."""
        self.page.evaluate("scrollTo(0, 0)")
        self.page.evaluate(
            "new Promise(then => { addEventListener('hashchange', then, {once: true});"
            " location.hash = `#opened=${performance.now()}`; })"
        )
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")

    def choose(self, **choice: str) -> None:
        """Set the controls, as a person would."""
        for name, value in choice.items():
            if name == "grain":
                self.page.check(f"[value={value}]", force=True)
            elif name in ("from_", "to"):
                self.page.fill(f"[name={name.rstrip('_')}]", value)
            else:
                self.page.select_option(f"[name={name}]", value)

    def scroll(self) -> None:
        """Look at every report, so that each is drawn."""
        self.page.bring_to_front()
        height = self.page.evaluate("document.body.scrollHeight")
        for place in range(0, height, 900):
            self.page.evaluate(f"scrollTo(0, {place})")
            self.page.wait_for_timeout(25)

    def open_tables(self) -> None:
        """Open every report's table."""
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    def cards(self) -> dict[str, tuple[str, str]]:
        """Each card's value and change, by its label."""
        found = self.page.evaluate(
            "[...document.querySelectorAll('#cards > div')].map(card => "
            "['dt', '.value', '.change'].map(each => card.querySelector(each).innerText))"
        )
        return {label: (value, change) for label, value, change in found}

    def rows(self, report: str) -> list[list[str]]:
        """The cells of a report's table, without its head and foot."""
        found: list[list[str]] = self.page.evaluate(
            f"[...document.querySelectorAll('#{report} tbody tr')]"
            ".map(row => [...row.children].map(cell => cell.textContent))"
        )
        return found


@pytest.fixture
def opened(chromium, brief):
    """The page of few reports, anew."""
    seen = Seen(chromium, brief)
    yield seen
    seen.context.close()


@pytest.fixture
def whole(chromium, written):
    """The page of all reports, anew."""
    seen = Seen(chromium, written)
    yield seen
    seen.context.close()


@pytest.fixture
def open_page(chromium):
    """Open a page with a browser's options."""
    seen: list[Seen] = []

    def open_page(path: Path, **options: Any) -> Seen:
        seen.append(Seen(chromium, path, **options))
        return seen[-1]

    yield open_page
    for each in seen:
        each.context.close()
