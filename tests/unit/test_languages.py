"""The eight languages: labels, reports and e-mails are in the same ones, each whole."""

from __future__ import annotations

from pathlib import Path

from dashboard import words
from load.objects import language
from load.workflows.mailing import texts

EIGHT = {"en", "fr", "de", "es", "it", "nl", "pt", "ja"}
FOLDERS = (
    language.FOLDER,
    texts.FOLDER,
    Path(words.__file__).with_name("languages"),
)


def test_everything_that_people_read_is_in_eight_languages():
    """Labels, lists and pipeline; page and digest; e-mails and their preview."""
    assert {each.language for each in language.shipped_labels()} == EIGHT
    assert set(words.languages()) == EIGHT
    assert set(texts.LANGUAGES) == EIGHT


def test_a_language_has_letters_of_its_own_script_alone():
    """No other script slipped in: Latin, or for Japanese its three and Latin names."""
    for folder in FOLDERS:
        for path in folder.glob("*.toml"):
            found = {each for each in path.read_text(encoding="utf-8") if each.isalpha()}
            foreign = {each for each in found if not _fits(each, path.stem)}
            assert foreign == set(), path


def _fits(letter: str, code: str) -> bool:
    if ord(letter) < 0x250:
        return True
    return code == "ja" and (0x3040 <= ord(letter) < 0x3100 or 0x4E00 <= ord(letter) < 0xA000)


def test_every_language_names_the_three_lists_and_workflows_apart():
    """No two lists, nor two workflows, have one name, in whatever language they were made."""
    for labels in language.shipped_labels():
        lists = [text for (section, _), text in labels.texts.items() if section == "lists"]
        assert len(set(lists)) == len(lists) == 3
        titles = texts.read_preview_texts(labels.language)
        assert len({titles[workflow] for workflow in language.LISTS}) == 3
