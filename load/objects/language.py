"""Labels in HubSpot, in a language: English, a file of labels/, or the user's own file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cartwheel.core.errors import SettingsError
from load.objects.catalogue import (
    CATALOGUE,
    GROUP_LABEL,
    PIPELINE_LABEL,
    Property,
    Stage,
    stages,
)

FOLDER = Path(__file__).with_name("labels")
ENGLISH = "en"
# the lists of the three workflows, by workflow
LISTS = {
    "new_customer": "New customers to welcome",
    "abandoned_checkout": "Abandoned carts",
    "re_engagement": "Customers to win back",
}
OPTIONS = {"yes": "true", "no": "false"}  # the file's name -> HubSpot's value

Key = tuple[str, str]  # section of the file ("" for its head), name


@dataclass(frozen=True)
class Labels:
    """The labels of one language, by section and name; untranslated counts English ones.

    Sections are "" (group, pipeline), options (yes, no), stages, lists (of the workflows), and
    the objects with their properties.
    """

    language: str
    texts: Mapping[Key, str]
    untranslated: int = 0

    @property
    def group(self) -> str:
        """Label of the property group."""
        return self.texts["", "group"]

    @property
    def pipeline(self) -> str:
        """Label of the pipeline."""
        return self.texts["", "pipeline"]

    def stage(self, stage: Stage) -> str:
        """Label of a stage."""
        return self.texts["stages", stage.stage_id]

    def list_of(self, workflow: str) -> str:
        """Name of the list beside a workflow."""
        return self.texts["lists", workflow]

    def property(self, object_name: str, ours: Property) -> str:
        """Label of a property."""
        return self.texts[object_name, ours.name]

    def definition(self, object_name: str, ours: Property) -> dict[str, Any]:
        """The body that creates a property in HubSpot, in this language."""
        body = {**ours.definition(), "label": self.property(object_name, ours)}
        for option in body.get("options", ()):
            name = next(name for name, value in OPTIONS.items() if value == option["value"])
            option["label"] = self.texts["options", name]
        return body

    def stage_definition(self, stage: Stage) -> dict[str, Any]:
        """The body that creates a stage in HubSpot, in this language."""
        return {**stage.definition(stages().index(stage)), "label": self.stage(stage)}


def english() -> Labels:
    """The labels that stand beside the columns, and those of load/objects/catalogue.py."""
    texts: dict[Key, str] = {
        ("", "group"): GROUP_LABEL,
        ("", "pipeline"): PIPELINE_LABEL,
        ("options", "yes"): "Yes",
        ("options", "no"): "No",
    }
    texts |= {("lists", workflow): name for workflow, name in LISTS.items()}
    texts |= {("stages", stage.stage_id): stage.label for stage in stages()}
    for name, object_type in CATALOGUE.items():
        texts |= {(name, ours.name): ours.label for ours in object_type.ours}
    return Labels(ENGLISH, texts)


@cache
def shipped_labels() -> tuple[Labels, ...]:
    """English, and every language of load/objects/labels."""
    files = sorted(FOLDER.glob("*.toml"))
    return (english(), *(read_labels(path, shipped=True) for path in files))


def base_language(code: str) -> str:
    """The language of a code with or without a region (fr-CA, pt_BR); English for ""."""
    return code.replace("_", "-").split("-")[0].lower() or ENGLISH


def choose_labels(language: str) -> Labels:
    """The labels of a language (fr, fr-CA) or of a file (path/to/de.toml); English for "".

    Raises SettingsError naming the languages there are, or what is wrong with the file.
    """
    if language.endswith(".toml"):
        return read_labels(Path(language))
    wanted = base_language(language)
    known = {labels.language: labels for labels in shipped_labels()}
    if wanted not in known:
        raise SettingsError(
            f"There are no labels in the language {language!r}; there are {', '.join(known)}. "
            f"Copy load/objects/labels/fr.toml to {wanted}.toml, translate it, and run: "
            f"cartwheel setup --language {wanted}.toml"
        )
    return known[wanted]


def read_labels(path: Path, *, shipped: bool = False) -> Labels:
    """The labels of a file; what it lacks is English.

    A shipped file may label removed columns: whoever removes a column from a model need not
    touch every language. Raises SettingsError if the file is missing or not valid TOML, if it
    labels what Cartwheel does not have, or if a label is not text.
    """
    if not path.is_file():
        raise SettingsError(
            f"There is no file of labels {path}. Copy load/objects/labels/fr.toml to it and "
            f"translate it, then run: cartwheel setup --language {path}"
        )
    try:
        found = dict(_entries(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a valid TOML file: {error}. {_FIX}{path}") from None
    texts = english().texts
    unknown = [".".join(filter(None, key)) for key in found if key not in texts]
    if shipped:
        found = {key: text for key, text in found.items() if key in texts}
    elif unknown:
        raise SettingsError(
            f"{path} has labels for what Cartwheel does not fill: {', '.join(unknown)}. "
            f"{_FIX}{path}"
        )
    blank = [
        ".".join(filter(None, key))
        for key, text in found.items()
        if not isinstance(text, str) or not text.strip()
    ]
    if blank:
        raise SettingsError(f"{path} has no text for: {', '.join(blank)}. {_FIX}{path}")
    stages = [
        str(text) for (section, _), text in {**texts, **found}.items() if section == "stages"
    ]
    if len(set(stages)) < len(stages):
        raise SettingsError(f"{path} gives two stages the same label. {_FIX}{path}")
    return Labels(path.stem.lower(), {**texts, **found}, len(texts) - len(found))


_FIX = "Compare it with load/objects/labels/fr.toml, then run: cartwheel setup --language "


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[Key, Any]]:
    for name, value in document.items():
        if isinstance(value, dict):
            yield from (((name, inner), text) for inner, text in value.items())
        else:
            yield ("", name), value
