"""The e-mails of a workflow as files, with rows of a real warehouse."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.core.errors import OutputError, SettingsError, WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from load.workflows.definition.templates import TITLES
from load.workflows.mailing.texts import LANGUAGES, read_preview_texts
from load.workflows.preview.run import preview
from tests.integration.load.conftest import SHOP, Marts
from tests.integration.load.workflows.audiences import (
    fill_audiences,
    make_audiences,
    order,
)
from tests.integration.load.workflows.mails import Page


@pytest.fixture(scope="module")
def filled(tmp_path_factory, empty_marts) -> Path:
    """A warehouse with five people in each audience, to copy."""
    marts = make_audiences(empty_marts, tmp_path_factory.mktemp("filled") / "warehouse.duckdb")
    fill_audiences(marts)
    return marts.path


@dataclass
class Previewed:
    """A warehouse and a folder of previews, with what was said while they were made."""

    marts: Marts
    out: Path
    said: list[str] = field(default_factory=list)

    def __call__(self, workflow: str, **options):
        """Make a preview."""
        settings = Settings(warehouse=self.marts.path)
        return preview(settings, self.said.append, workflow, out=self.out, **options)

    def mail(self, name: str) -> str:
        """The HTML of a file."""
        return (self.out / f"{name}.html").read_text()

    def standing(self) -> str:
        """What the page says of the example."""
        return Page(self.mail("index")).texts[3]  # after title, style and heading


@pytest.fixture
def previewed(filled, tmp_path) -> Previewed:
    """Previews of a warehouse with audiences."""
    marts = Marts(Path(copy(filled, tmp_path / "warehouse.duckdb")))
    return Previewed(marts, tmp_path / "preview")


@pytest.fixture
def unfilled(empty_marts, tmp_path) -> Previewed:
    """Previews of a warehouse whose audiences are empty."""
    marts = make_audiences(empty_marts, tmp_path / "warehouse.duckdb")
    return Previewed(marts, tmp_path / "preview")


@pytest.mark.parametrize(
    ("workflow", "language"), [*zip(cycle(TITLES), LANGUAGES, strict=False)]
)
def test_each_e_mail_is_a_file(previewed, workflow, language):
    """A file for each, named after it, and a page in its language that shows all of them."""
    report = previewed(workflow, language=language)
    page = previewed.mail("index")
    texts = read_preview_texts(language)

    assert report.index == previewed.out / "index.html"
    assert {path.name for path in report.files} == {
        f"{workflow}_{number}_{language}.html" for number in range(1, len(report.files) + 1)
    }
    assert {path.name for path in previewed.out.iterdir()} == {
        "index.html",
        *(path.name for path in report.files),
    }
    assert not report.is_made_up
    assert f'<html lang="{language}">' in page
    assert {texts[name] for name in (workflow, "subject", "plain_text")} <= {*Page(page).texts}
    assert previewed.standing().endswith(texts["in_audience"])


def test_the_language_of_a_preview_is_that_of_the_labels(previewed):
    """CARTWHEEL_LANGUAGE=ja, else the shop's own; a name is greeted as the language does."""
    previewed.marts.run("create schema staging")
    previewed.marts.run(
        "create table staging.stg_shopify__shops as "
        "select 's' as shop, 'pt-BR' as primary_locale, now() as created_at"
    )
    previewed("re_engagement")
    settings = Settings(warehouse=previewed.marts.path, language="ja")
    preview(settings, silent, "re_engagement", out=previewed.out)

    portuguese = previewed.mail("re_engagement_1_pt")
    assert re.search(r'Olá, <span dir="auto">Ana\d</span>!', portuguese)
    japanese = previewed.mail("re_engagement_1_ja")
    assert re.search(r'こんにちは、 <span dir="auto">Ana\d</span>様', japanese)


def test_files_are_for_their_owner(previewed):
    """They hold a customer's data: nobody else reads them or enters their folder."""
    report = previewed("re_engagement")

    for path in (report.index, *report.files):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(previewed.out.stat().st_mode) == 0o700


def test_nothing_of_the_customer_is_said(previewed):
    """What is told while it works, and may be logged, names nobody."""
    previewed("new_customer")
    previewed("abandoned_checkout", deal=order(2))
    previewed("re_engagement", email="person2@example.com")

    assert not [line for line in previewed.said if "person" in line or "Ana" in line]


@pytest.mark.parametrize("workflow", ["new_customer", "abandoned_checkout"])
def test_the_example_is_the_newest_that_shows_something(previewed, workflow):
    """Of those in the audience who can be mailed and have items, the last who entered."""
    previewed(workflow)
    html = previewed.mail(f"{workflow}_1_en")

    assert 'Hi <span dir="auto">Ana3</span>,' in html.replace("\n", " ")
    assert Page(html).values["src"] == [
        f"https://cdn.example.com/{line}.png" for line in (6, 7)
    ]
    assert "£30.00" in Page(html).texts
    assert "a workflow that is on sends" in previewed.standing()


def test_whoever_left_the_audience_is_no_example(previewed):
    """Only those who are in it now are taken."""
    previewed.marts.run(
        "update workflows.abandoned_checkout set is_enrolled = entered_at < ?", "2026-05-03"
    )
    previewed("abandoned_checkout")

    assert "Ana2" in previewed.mail("abandoned_checkout_1_en")


def test_a_deal_is_shown(previewed):
    """The one that was asked for, by its key or by its name."""
    for deal in (order(2), "#2"):
        previewed("abandoned_checkout", deal=deal)
        page = Page(previewed.mail("abandoned_checkout_1_en"))
        assert f"https://{SHOP}/carts/2" in page.values["href"]


def test_the_deals_of_a_person_are_told_apart(previewed):
    """An older cart that was asked for is shown, though HubSpot would show the newest."""
    previewed.marts.run(
        "update hubspot.associations set to_key = 'person3@example.com' "
        "where association_type = 'deal_to_contact'"
    )
    previewed("abandoned_checkout", deal=order(1))

    assert f"https://{SHOP}/carts/1" in previewed.mail("abandoned_checkout_1_en")


def test_a_person_is_shown(previewed):
    """The one who was asked for, however the address is written."""
    previewed("re_engagement", email=" Person1@Example.com ")

    assert "Ana1" in previewed.mail("re_engagement_1_en")


def test_the_last_purchase_is_shown(previewed):
    """A win-back shows what was bought last, not a cart."""
    previewed.marts.run(
        "update hubspot.deals set dealstage = 'shipped' where shopify_deal_key = ?", order(3)
    )
    previewed("re_engagement")
    page = Page(previewed.mail("re_engagement_2_en"))

    assert page.values["src"] == [f"https://cdn.example.com/{line}.png" for line in (6, 7)]


@pytest.mark.parametrize(
    ("options", "standing"),
    [
        ({"deal": order(5)}, "not to be mailed (no consent)"),
        ({"email": "person5@example.com"}, "not to be mailed (no consent)"),
        ({"deal": order(1)}, "Not in the audience now"),
    ],
)
def test_whether_it_would_be_sent_is_told(previewed, options, standing):
    """Of somebody without consent, or who left, the page says that nothing would be sent."""
    previewed.marts.run(
        "delete from workflows.new_customer where shopify_deal_key = ?", order(1)
    )
    previewed("new_customer", **options)

    assert standing in previewed.standing()


@pytest.mark.parametrize("workflow", TITLES)
def test_an_empty_audience_gets_somebody_made_up(unfilled, workflow):
    """The page, the report and what is said tell that nobody and nothing in it is real."""
    report = unfilled(workflow, language="de")

    assert report.is_made_up
    assert unfilled.standing().startswith("Erfunden")
    assert [line for line in unfilled.said if line.startswith("Made up")]
    assert "Robin" in unfilled.mail(f"{workflow}_1_de")
    mails = "".join(path.read_text() for path in report.files)
    assert "Linen napkin" in mails


def test_an_unknown_deal_is_refused(previewed):
    """The error says how a key looks, and what to type for an example."""
    with pytest.raises(
        SettingsError, match=r"no deal '#99'.*cartwheel workflows preview new_cust"
    ):
        previewed("new_customer", deal="#99")


def test_a_deal_of_two_shops_is_refused(previewed):
    """A name that two deals have does not say which; their keys do."""
    previewed.marts.run("update hubspot.deals set dealname = '#1'")

    with pytest.raises(SettingsError, match=f"more than one deal '#1'.*{SHOP}/order:1"):
        previewed("new_customer", deal="#1")


def test_a_deal_of_nobody_is_refused(previewed):
    """Without a contact nobody would receive anything."""
    previewed.marts.run("delete from hubspot.associations where from_key = ?", order(1))

    with pytest.raises(SettingsError, match="no contact with an e-mail address"):
        previewed("new_customer", deal=order(1))


def test_an_unknown_person_is_refused_without_being_named(previewed):
    """An address may be a customer's: no message repeats it."""
    with pytest.raises(SettingsError, match=r"no contact.*preview re_engagement") as refused:
        previewed("re_engagement", email="secret@example.com")

    assert "secret" not in str(refused.value)
    assert not previewed.out.exists()


def test_a_deal_and_a_person_are_one_too_many(previewed):
    """Each chooses the example."""
    with pytest.raises(SettingsError, match="Give one of them"):
        previewed("new_customer", deal=order(1), email="person2@example.com")


def test_a_warehouse_without_marts_says_what_to_run(previewed):
    """An extract alone is not enough."""
    previewed.marts.run("drop schema workflows cascade")

    with pytest.raises(WarehouseError, match=r"new_customer.*cartwheel transform"):
        previewed("new_customer")


def test_without_a_warehouse_there_is_no_preview(tmp_path):
    """It says what makes one."""
    settings = Settings(warehouse=tmp_path / "none.duckdb")

    with pytest.raises(WarehouseError, match="Run: cartwheel sync"):
        preview(settings, print, "new_customer", out=tmp_path / "preview")


def test_a_folder_that_is_a_file_is_told(previewed):
    """The error names it."""
    previewed.out.write_text("something")

    with pytest.raises(OutputError, match="preview"):
        previewed("new_customer")


@pytest.mark.parametrize(
    "column", ["hubspot.line_items.shopify_image_url", "workflows.new_customer.is_enrolled"]
)
def test_a_warehouse_of_an_older_version_is_to_be_transformed(previewed, column):
    """The message says so."""
    table, _, name = column.rpartition(".")
    previewed.marts.run(f"alter table {table} drop column {name}")

    with pytest.raises(WarehouseError, match="Run first: cartwheel transform"):
        previewed("new_customer")


def test_the_page_shows_each_e_mail_four_times(previewed):
    """Wide and narrow, light and dark, with subject, preview text and plain text."""
    report = previewed("abandoned_checkout", language="fr")
    page = Page(previewed.mail("index"))

    assert [tag for tag, *_ in page.shape].count("iframe") == 4 * len(report.files)
    assert "Vous avez oublié quelque chose dans votre panier" in page.texts
    assert "Nous l’avons gardé pour vous." in page.texts
    assert [text for text in page.texts if "Se désabonner: #unsubscribe" in text]


def test_without_programmable_e_mail_the_tokens_are_filled(previewed):
    """The list that the warehouse made is printed, and the button leads to the cart."""
    previewed.marts.run(
        "update hubspot.contacts set shopify_abandoned_checkout_items_html = "
        "'<ul><li>1 x Mug</li></ul>', shopify_abandoned_checkout_url = 'https://shop.example.com/c'"
    )
    previewed("abandoned_checkout", programmable=False)
    page = Page(previewed.mail("abandoned_checkout_1_en"))

    assert "1 x Mug" in page.texts
    assert page.values["href"] == ["https://shop.example.com/c", "#unsubscribe"]
