"""Labels in the user's language: shipped, from a file, and found again."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import silent
from load.account.state import look_up
from load.objects.language import english
from load.setup.run import set_up
from tests.integration.load.plans import asked

GERMAN = """
pipeline = "Onlineshop"
[stages]
shipped = "Versandt"
[deals]
shopify_note = "Notiz"
"""


@pytest.fixture
def german(tmp_path):
    """A file of three German labels."""
    path = tmp_path / "de.toml"
    path.write_text(GERMAN, encoding="utf-8")
    return path


def test_setup_in_french_labels_everything_in_french(settings, account):
    """Group, property, options, pipeline and stages are what a French reader expects."""
    report = set_up(settings, silent, language="fr-CA")

    known = account.properties["contacts"]
    checkbox = known.definitions["shopify_tax_exempt"]
    assert checkbox["label"] == "Exonéré de taxes"
    assert [option["label"] for option in checkbox["options"]] == ["Oui", "Non"]
    stages = account.pipelines.stages("ecommerce")
    assert stages["shipped"]["label"] == "Expédiée"
    assert (report.language, report.untranslated, report.different) == ("fr", 0, [])


def test_the_setting_is_the_language_unless_the_command_names_one(settings, account):
    """CARTWHEEL_LANGUAGE=fr labels in French, --language en in English all the same."""
    french = replace(settings, language="fr")

    set_up(french, silent, language="en")

    assert account.pipelines.stages("ecommerce")["shipped"]["label"] == "Shipped"
    assert set_up(french, silent, dry_run=True).language == "fr"


def open_shops(marts, *shops):
    """Let the warehouse know shops by domain, language (None: not told) and year."""
    with marts.open() as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_shopify__shops "
            "(shop varchar, primary_locale varchar, created_at date)"
        )
        for shop, locale, year in shops:
            connection.execute(
                "insert into staging.stg_shopify__shops values (?, ?, ?)",
                [shop, locale, f"{year}-01-01"],
            )


def test_labels_are_in_the_shops_language_by_themselves(settings, account, marts):
    """Of several stores, that of the first that tells its language; a setting wins."""
    open_shops(marts, ("a", "de", 2024), ("b", "pt-BR", 2020), ("c", None, 2010))

    report = set_up(settings, silent)

    assert (report.language, report.remark) == ("pt", "")
    assert account.pipelines.stages("ecommerce")["shipped"]["label"] == "Enviado"
    assert set_up(replace(settings, language="ja"), silent, dry_run=True).language == "ja"


@pytest.mark.parametrize(
    ("locale", "remark"),
    [("sv", r"there are none in sv.*setup --language sv\.toml"), (None, "")],
)
def test_a_language_that_is_not_shipped_is_english(settings, marts, locale, remark):
    """No setup fails for the shop's language: it says how to translate one, once."""
    open_shops(marts, ("a", locale, 2024))

    first, second = set_up(settings, silent), set_up(settings, silent)

    assert first.language == "en"
    assert re.search(remark, first.remark) if remark else first.remark == ""
    assert second.remark == ""


def test_before_a_store_was_read_the_report_says_so(settings):
    """Whoever sets up first is told how to have the shop's language."""
    said: list[str] = []

    set_up(settings, said.append, dry_run=True)

    assert said[1].startswith("labels are English, because the shop's language is not known")
    assert said[1].endswith("run: cartwheel sync")


def test_labels_come_from_a_file(settings, account, german):
    """What the file has is used, the rest is English, and the report counts it."""
    report = set_up(settings, silent, language=str(german))

    labels = {
        name: each["label"] for name, each in account.properties["deals"].definitions.items()
    }
    assert (labels["shopify_note"], labels["shopify_token"]) == ("Notiz", "Token")
    assert account.pipelines.get("ecommerce")["label"] == "Onlineshop"
    assert report.untranslated == len(english().texts) - 3


def relabelled(account, pipeline_label, stage_label):
    """Give the account a pipeline with its own ids, as an older account may have it."""
    stage = {"label": stage_label, "displayOrder": 0, "metadata": {"probability": "1.0"}}
    wanted = {"label": pipeline_label, "displayOrder": 1, "stages": [stage]}
    return account.pipelines.create(wanted)


def test_a_load_finds_french_stages_without_knowing_the_language(settings, account, hubspot):
    """look_up without a language knows a pipeline and a stage by their French labels."""
    made = relabelled(account, "e-commerce", "Expédiée")

    translation = look_up(hubspot).pipeline.translation()

    assert translation["pipeline"] == {"ecommerce": made["id"]}
    assert translation["dealstage"] == {"shipped": made["stages"][0]["id"]}


def test_stages_are_found_by_the_labels_of_the_file(settings, account, german):
    """A pipeline in a language of one's own is completed, not created a second time."""
    made = relabelled(account, "Onlineshop", "Versandt")

    report = set_up(settings, silent, language=str(german))

    assert "pipeline E-commerce" not in report.created
    assert len(account.pipelines.stages(made["id"])) == 6


@pytest.mark.parametrize("language", ["tlh", "nowhere/de.toml"])
def test_a_language_that_there_is_not_is_refused(settings, log, language):
    """The message says how to make it, and HubSpot is asked for its account at most."""
    with pytest.raises(SettingsError, match=r"Copy load/objects/labels/fr\.toml to"):
        set_up(settings, silent, language=language)

    assert asked(log) == []
