"""The texts of the workflows' e-mails: a file of texts/ for each language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cartwheel.core.errors import SettingsError
from load.objects.language import ENGLISH, base_language

FOLDER = Path(__file__).parents[1] / "texts"
# whoever adds a file adds a language
_OTHERS = {path.stem for path in FOLDER.glob("*.toml")} - {ENGLISH}
LANGUAGES = (ENGLISH, *sorted(_OTHERS))


@dataclass(frozen=True)
class MessageTexts:
    """What one e-mail says; paragraphs are plain text."""

    subject: str
    preview_text: str
    heading: str
    paragraphs: tuple[str, ...]
    button: str


@dataclass(frozen=True)
class Texts:
    """What all e-mails of a workflow say, in one language.

    locale is how amounts are written; the greeting stands before the first name, after_name
    behind it; why is the sentence that tells people why they receive
    the e-mail; fallback stands where there are no items to show, more below too many.
    """

    language: str
    locale: str
    greeting: str
    greeting_without_name: str
    after_name: str
    total: str
    total_note: str
    unsubscribe: str
    why: str
    items_heading: str
    more: str
    fallback: str
    messages: tuple[MessageTexts, ...]


def language_of(asked: str, labels: str) -> str:
    """The language of e-mails: the one asked for, else that of the labels if there is one."""
    return asked or (labels if labels in LANGUAGES else ENGLISH)


def read_texts(workflow: str, language: str) -> Texts:
    """The texts of a workflow in a language (fr, fr-CA); English for "".

    Raises SettingsError naming the languages there are.
    """
    wanted = _known(language)
    common = dict(_document(wanted))
    of_workflow = common[workflow]
    return Texts(
        language=wanted,
        **{name: text for name, text in common.items() if isinstance(text, str)},
        **{name: text for name, text in of_workflow.items() if isinstance(text, str)},
        messages=tuple(
            MessageTexts(**{**each, "paragraphs": tuple(each["paragraphs"])})
            for each in of_workflow["messages"]
        ),
    )


def read_preview_texts(language: str) -> Mapping[str, str]:
    """What the page of a preview says, in a language (fr, fr-CA), by name; English for "".

    Raises SettingsError naming the languages there are.
    """
    found: Mapping[str, str] = _document(_known(language))["preview"]
    return found


def _known(language: str) -> str:
    wanted = base_language(language)
    if wanted not in LANGUAGES:
        raise SettingsError(
            f"There are no e-mails in the language {language!r}; there are "
            f"{', '.join(LANGUAGES)}. Name one of them, or copy load/workflows/texts/en.toml "
            "to a file of that language and translate it."
        )
    return wanted


@cache
def _document(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
