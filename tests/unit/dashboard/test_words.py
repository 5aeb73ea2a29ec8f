"""Every language says everything that a page and a digest say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from dashboard import words
from dashboard.cards import MEASURES
from dashboard.catalogue import COMPARISONS, GRAINS, PERIODS, REPORTS
from dashboard.words import Words, languages

FOLDER = Path(words.__file__).parent
LANGUAGES = ["de", "es", "fr", "it", "ja", "nl", "pt"]
SAID = re.compile(r"""say\(\s*(["'])(.+?)\1""", re.DOTALL)
# what the reports themselves name, in English (the seed of stages, the bridge, the segments)
NAMED = re.compile(r"'([A-Za-z][A-Za-z ]+)'")


def said() -> set[str]:
    """Every text that is said: labels of the catalogue, and what code and markup say."""
    texts = {*PERIODS.values(), *COMPARISONS.values(), *GRAINS.values()}
    texts |= {measure.label for measure in MEASURES} | set(words.TOKENS.values())
    for report in REPORTS:
        texts |= {report.title, report.about, *report.dimensions.values()}
        texts |= {column.label for column in (*report.columns, *report.labels)}
        texts |= {report.noted[1]} if report.noted else set()
    for path in [*FOLDER.glob("*.py"), *FOLDER.glob("web/*.j2"), *FOLDER.glob("web/*.js")]:
        if ".min." not in path.name:
            texts |= {text for _, text in SAID.findall(path.read_text(encoding="utf-8"))}
    return texts


def named_by_models() -> set[str]:
    """Names of stages, steps and segments that stand in models and seeds."""
    models = FOLDER.parent / "dbt_project"
    stages = (models / "seeds/deal_stages.csv").read_text().splitlines()[1:]
    bridge = (models / "models/marts/reports/sales_bridge.sql").read_text()
    segments = (models / "models/intermediate/people/int_people_with_rfm.sql").read_text()
    return (
        {line.split(",")[2] for line in stages}
        | {label for _, label in re.findall(r"\('(\w+)', '([^']+)'", bridge)}
        | set(re.findall(r"(?:then|else) '([A-Z][a-z ]+)'", segments))
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


def test_a_name_of_a_store_is_never_translated() -> None:
    """Tokens of Shopify's are; whatever else a report names stays as it is."""
    german = Words("de")

    assert german.name("shopify_draft_order") == german.say("Draft orders") != "Draft orders"
    assert german.name("spring-sale") == "spring-sale"
    assert german.name(None) is None


def test_english_dates_have_the_day_first() -> None:
    """Words and numbers are English, dates those of Britain."""
    assert str(Words().dates) == "en_GB"
    assert str(Words("pt-BR").locale) == "pt_BR"
