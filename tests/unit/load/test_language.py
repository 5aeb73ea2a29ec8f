"""Labels in a language: those that are shipped, and those of a file."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import SettingsError
from load.objects.catalogue import CATALOGUE
from load.objects.language import FOLDER, choose_labels, english, read_labels, shipped_labels

SHIPPED = sorted(FOLDER.glob("*.toml"))


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
