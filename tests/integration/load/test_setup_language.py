"""Labels in the user's language: shipped, from a file, and found again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import silent
from load.account.state import look_up
from load.objects.catalogue import CATALOGUE
from load.objects.language import FOLDER, choose_labels, english, read_labels, shipped_labels
from load.setup.run import set_up
from tests.integration.load.plans import asked

SHIPPED = sorted(FOLDER.glob("*.toml"))
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


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_language_is_complete(path):
    """It has a label for everything, and for nothing that does not exist."""
    assert read_labels(path).untranslated == 0
    assert read_labels(path).texts.keys() == english().texts.keys()


@pytest.mark.parametrize("labels", shipped_labels(), ids=lambda labels: labels.language)
def test_labels_of_an_object_differ_from_each_other(labels):
    """No two properties of an object have the same label, so that people can tell them."""
    for name, object_type in CATALOGUE.items():
        found = [labels.property(name, ours) for ours in object_type.ours]
        assert len(set(found)) == len(found)


def test_no_language_calls_a_stage_what_another_calls_another_stage():
    """A label means one stage in all languages, so that stages can be found by it."""
    meant: dict[str, str] = {}
    for labels in shipped_labels():
        for (section, name), text in labels.texts.items():
            if section == "stages":
                assert meant.setdefault(text.casefold(), name) == name


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[deals]\nshopify_not = 'N'", r"does not fill: deals\.shopify_not\. .*--language"),
        ("[deals]\nshopify_note = ''", r"no text for: deals\.shopify_note"),
        ("[deals]\nshopify_note = 3", r"no text for: deals\.shopify_note"),
        ("grp = 'G'", "does not fill: grp"),
        ("deals = 'G'", "does not fill: deals"),
        ("[stages]\nshipped = 'Processed'", "gives two stages the same label"),
        ("label", "is not a valid TOML file"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path, text, message):
    """The message names the file, what is wrong in it, and the command to type."""
    path = tmp_path / "de.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=rf"de\.toml .*{message}"):
        choose_labels(str(path))


def test_a_shipped_file_may_label_what_is_gone(tmp_path):
    """Taking a column out of a model stops no load, though fr.toml still labels it."""
    path = tmp_path / "fr.toml"
    path.write_text("[deals]\nshopify_gone = 'Parti'\nshopify_note = 'Note'", encoding="utf-8")

    labels = read_labels(path, shipped=True)

    assert labels.texts.keys() == english().texts.keys()
    assert labels.untranslated == len(english().texts) - 1


@pytest.mark.parametrize("language", ["tlh", "nowhere/de.toml"])
def test_a_language_that_there_is_not_is_refused(settings, log, language):
    """The message says how to make it, and HubSpot is asked for its account at most."""
    with pytest.raises(SettingsError, match=r"Copy load/objects/labels/fr\.toml to"):
        set_up(settings, silent, language=language)

    assert asked(log) == []
