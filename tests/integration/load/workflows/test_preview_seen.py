"""The e-mails and the page of previews, as a browser shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Route

from cartwheel.core.settings import Settings
from load.workflows.preview.run import preview, render
from tests.integration.load.workflows.audiences import make_audiences
from tests.integration.load.workflows.mails import MESSAGES, Customer

Scheme = Literal["light", "dark"]
pytestmark = pytest.mark.browser
LONG = Customer(
    first_name="Wolfeschlegelsteinhausenbergerdorff",
    thing="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "
    * 2,
    variant="x" * 120,
    items_html=f"<ul><li>1 x {'y' * 120}</li></ul>",
    more={"price": "123456.78", "quantity": "12"},
)
# e-mails of every kind of content
UNLIKE = {
    True: ["new_customer_1_en.html", "abandoned_checkout_1_de.html", "re_engagement_2_fr.html"],
    False: ["new_customer_2_en.html", "abandoned_checkout_2_fr.html"],
}
PIXEL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600">'
    '<rect width="800" height="600" fill="#888"/></svg>'
)


class Reader:
    """A reader of e-mails in a browser, whom pictures of items reach and nothing else does."""

    def __init__(self, browser: Browser, width: int, scheme: Scheme) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 700}, color_scheme=scheme
        )
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.events: list[str] = []
        self.page.on("pageerror", lambda error: self.events.append(str(error)))
        self.page.on("console", lambda message: self.events.append(message.text))
        self.page.on("dialog", self._close)
        self.page.route("**/*", self._answer)

    def _close(self, dialog: Dialog) -> None:
        self.events.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.url)
        route.fulfill(content_type="image/svg+xml", body=PIXEL)

    def open(self, html: str) -> None:
        """Open an e-mail."""
        self.page.set_content(html)

    def widths(self) -> tuple[int, int]:
        """The width of what there is, and of the window."""
        found: list[int] = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        return found[0], found[1]


@pytest.fixture
def reader(chromium) -> Iterator:
    """Make readers, by width and colour scheme."""
    readers: list[Reader] = []

    def make(width: int = 320, scheme: Scheme = "light") -> Reader:
        readers.append(Reader(chromium, width, scheme))
        return readers[-1]

    yield make
    for each in readers:
        each.context.close()


@pytest.mark.parametrize("programmable", [True, False])
def test_a_phone_never_scrolls_sideways(reader, programmable):
    """At 320 pixels every message fits, whatever its items are called and cost."""
    phone = reader()
    for each in render(MESSAGES[programmable], LONG):
        phone.open(each.html)
        inner, window = phone.widths()
        assert inner <= window, each.file


def test_a_wide_window_keeps_lines_short(reader):
    """On a large screen the e-mail stays 600 pixels wide, in the middle."""
    screen = reader(width=1200)
    [each, *_] = render(MESSAGES[True], Customer())
    screen.open(each.html)
    box = screen.page.locator("td.cw-card").bounding_box()

    assert box["width"] == 600
    assert box["x"] == 300


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(reader, scheme):
    """axe-core finds nothing, contrast included, in any kind of content, light or dark."""
    phone = reader(scheme=scheme)
    for programmable, names in UNLIKE.items():
        for each in render(MESSAGES[programmable], Customer(more={"discount": "1"})):
            if each.file in names:
                phone.open(each.html)
                found = Axe().run(phone.page).response["violations"]
                assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_a_dark_reader_gets_a_dark_e_mail(reader):
    """The ground is dark and the text light where the reader asks for it."""
    grounds = []
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        phone = reader(scheme=scheme)
        phone.open(render(MESSAGES[True][:1], Customer())[0].html)
        grounds.append(
            phone.page.evaluate(
                "['body', '.cw-card', '.cw-button'].map(each => getComputedStyle("
                "document.querySelector(each)).backgroundColor)"
            )
        )

    assert grounds == [
        ["rgb(244, 242, 238)", "rgb(255, 255, 255)", "rgb(31, 29, 26)"],
        ["rgb(22, 21, 19)", "rgb(35, 33, 30)", "rgb(243, 240, 234)"],
    ]


def test_a_hostile_shop_runs_nothing(reader):
    """No script runs and nothing is asked for but pictures, whatever things are called."""
    phone = reader(width=600)
    hostile = (
        "\"'></td><script>alert(1)</script><img src=x onerror=alert(2)>{{ contact.email }}"
    )
    customer = Customer(hostile[:40], hostile, hostile, f"https://cdn.example.com/{hostile}")
    for each in render(MESSAGES[True], customer):
        phone.open(each.html)  # which waits for its pictures

    assert phone.events == []
    assert all(each.startswith("https://cdn.example.com/") for each in phone.asked)


def test_the_page_shows_whole_e_mails(reader, empty_marts, tmp_path):
    """Each frame is as high as its e-mail and runs no script; axe-core finds nothing."""
    marts = make_audiences(empty_marts, tmp_path / "warehouse.duckdb")
    settings = Settings(warehouse=marts.path)
    report = preview(settings, print, "re_engagement", out=tmp_path / "preview")
    screen = reader(width=1200)
    screen.page.unroute("**/*")
    screen.page.goto(report.index.as_uri())
    heights = screen.page.evaluate(
        "[...document.querySelectorAll('iframe')].map(each => [each.clientHeight, "
        "each.contentDocument.documentElement.scrollHeight])"
    )

    assert len(heights) == 12
    assert all(300 < frame < 1200 and inner - frame <= 1 for frame, inner in heights)
    assert len({frame for frame, _ in heights}) > 2
    dark = screen.page.evaluate(
        "[...document.querySelectorAll('iframe')].map(each => "
        "getComputedStyle(each.contentDocument.body).backgroundColor)"
    )
    assert dark == ["rgb(244, 242, 238)"] * 2 + ["rgb(22, 21, 19)"] * 2 + dark[4:]
    assert screen.events == []
    found = Axe().run(screen.page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
