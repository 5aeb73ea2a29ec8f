"""Every language says everything that a page and a digest say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dashboard import words
from dashboard.cards import MEASURES
from dashboard.catalogue import COMPARISONS, GRAINS, PERIODS, REPORTS
from dashboard.words import Words, chosen_language, languages

FOLDER = Path(words.__file__).parent
LANGUAGES = ["de", "es", "fr", "it", "ja", "nl", "pt"]
SAID = re.compile(r"""say\(\s*(["'])(.+?)\1""", re.DOTALL)


def said() -> set[str]:
    """Every text that is said: labels of the catalogue, and what code and markup say."""
    texts = {*PERIODS.values(), *COMPARISONS.values(), *GRAINS.values()}
    texts |= {measure.label for measure in MEASURES} | {
        *words.TOKENS.values(),
        *words.NOBODYS.values(),
    }
    for report in REPORTS:
        texts |= {report.title, report.about, *report.choices.values()}
        texts |= {column.label for column in (*report.columns, *report.labels)}
        texts |= {report.noted[1]} if report.noted else set()
    for path in [*FOLDER.glob("*.py"), *FOLDER.glob("web/*.j2"), *FOLDER.glob("web/*.js")]:
        if ".min." not in path.name:
            texts |= {text for _, text in SAID.findall(path.read_text(encoding="utf-8"))}
    return texts


def named_by_models() -> set[str]:
    """Names of stages, steps, segments and runs that stand in models and seeds."""
    models = FOLDER.parent / "dbt_project"
    stages = (models / "seeds/deal_stages.csv").read_text().splitlines()[1:]
    bridge = (models / "models/marts/reports/sales_bridge.sql").read_text()
    runs = (models / "models/staging/ops/stg_ops__runs.yml").read_text()
    segments = (models / "models/intermediate/people/int_people_with_rfm.sql").read_text()
    return (
        {line.split(",")[2] for line in stages}
        | {label for _, label in re.findall(r"\('(\w+)', '([^']+)'", bridge)}
        | set(re.findall(r"(?:then|else) '([A-Z][a-z ]+)'", segments))
        | {"extract", "transform", "check", "load"}
        | set(re.findall(r"running|succeeded|failed|interrupted", runs))
    )


def translated(language: str) -> dict[str, str]:
    """The file of a language."""
    return tomllib.loads((FOLDER / f"languages/{language}.toml").read_text(encoding="utf-8"))


def test_the_languages_of_the_labels_are_those_of_the_reports() -> None:
    """English first, then the seven others."""
    assert languages() == ["en", *LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything_and_nothing_else(language: str) -> None:
    """No text is missing, none is left of an earlier page."""
    wanted = said() | named_by_models()

    assert wanted - translated(language).keys() == set()
    assert translated(language).keys() - wanted == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    """What is filled in stands in the translation too."""
    holes = re.compile(r"\{\w+\}")

    assert [
        text
        for text, other in translated(language).items()
        if sorted(holes.findall(text)) != sorted(holes.findall(other))
    ] == []


@pytest.mark.parametrize("name", ["web", "New", "Shipping", "Lost", "load", "x.myshopify.com"])
def test_a_name_that_somebody_gave_is_never_translated(name: str) -> None:
    """A product called New stays so in every language; nobody's name is said in words."""
    german = Words("de")

    assert german.name(name, "given") == name
    assert german.name("unknown", "given") == german.say("Unknown") != "Unknown"
    assert german.name(None, "given") is None


def test_tokens_and_our_own_words_are_translated() -> None:
    """Shopify's tokens are said in words, a campaign beside them is not; our words always."""
    german = Words("de")

    assert german.name("shopify_draft_order", "tokens") == german.say("Draft orders")
    assert german.name("Shipping", "tokens") == "Shipping"
    assert german.name("Lost", "words") == german.say("Lost") != "Lost"
    assert german.name("london.myshopify.com", "shop") == "london"


def test_a_setting_that_the_reports_do_not_know_is_english() -> None:
    """The setting may name a file of labels; what is asked for must be there."""
    assert chosen_language("", "labels/de.toml") == "en"
    assert chosen_language("", "fr") == "fr"
    assert chosen_language("de", "fr") == "de"


def test_without_a_setting_the_reports_are_in_the_shops_language() -> None:
    """With its region, for numbers and dates; one that is not translated is English."""
    assert chosen_language("", "", "pt-BR") == "pt-BR"
    assert chosen_language("", "fr", "pt-BR") == "fr"
    assert chosen_language("", "labels/sv.toml", "de") == "de"
    assert [chosen_language("", "", shop) for shop in ("sv", "zh-TW", "", None)] == ["en"] * 4


def test_english_dates_have_the_day_first() -> None:
    """Words and numbers are English, dates those of Britain."""
    assert str(Words().dates) == "en_GB"
    assert str(Words("pt-BR").locale) == "pt_BR"
