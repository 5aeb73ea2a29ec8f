"""The properties of HubSpot's objects, as the descriptions of the models hubspot.* name them.

A column is a property. Those with a `label` under config.meta are ours, and `cartwheel setup`
creates them in the group "shopify"; the others are HubSpot's own. So a new property needs
the model and its yml, and nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cartwheel.core.errors import SettingsError

MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts" / "hubspot"

# kind -> HubSpot's type and fieldType: docs/reference/hubspot.md#properties
KINDS = {
    "key": ("string", "text"),
    "text": ("string", "text"),
    "long text": ("string", "textarea"),
    "number": ("number", "number"),
    "checkbox": ("bool", "booleancheckbox"),
    "datetime": ("datetime", "date"),
    "date": ("date", "date"),
}
KIND_OF_TYPE = {
    "varchar": "text",
    "bigint": "number",
    "decimal(18,4)": "number",
    "decimal(28,10)": "number",
    "boolean": "checkbox",
    "timestamp": "datetime",
    "date": "date",
}


@dataclass(frozen=True)
class Column:
    """A column of hubspot.<object>; label is None where the property is HubSpot's own."""

    name: str
    label: str | None
    kind: str


@dataclass(frozen=True)
class Model:
    """A model of hubspot.*: its object in HubSpot, the unique property, and its columns.

    resolved are properties that the load itself fills, with ids that HubSpot gave.
    """

    object_type: str
    key: str
    resolved: tuple[str, ...]
    columns: tuple[Column, ...]


def models_of_hubspot(folder: Path = MODELS) -> Iterator[Model]:
    """Every model in a folder of yml files that names the property which identifies it.

    Raises SettingsError naming the file, the column and what is wrong with its meta.
    """
    for path in sorted(folder.glob("*.yml")):
        for described in _read(path).get("models", []):
            hubspot = described.get("config", {}).get("meta", {}).get("hubspot", {})
            if "id_property" in hubspot:
                yield Model(
                    hubspot["object_type"],
                    hubspot["id_property"],
                    tuple(hubspot.get("resolved", ())),
                    tuple(_column(column, path) for column in described.get("columns", ())),
                )


def _read(path: Path) -> dict[str, Any]:
    """A yml file; the loader in C is ten times as fast, and most commands wait for it."""
    try:
        read = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise SettingsError(
            f"{path}{line} is not valid YAML ({getattr(error, 'problem', error)}). Correct it, "
            "then run: dbt parse"
        ) from error
    if not isinstance(read, dict):
        raise SettingsError(f"{path} does not describe models. Correct it, then run: dbt parse")
    return read


def _column(described: dict[str, Any], path: Path) -> Column:
    name = described["name"]
    meta = described.get("config", {}).get("meta", {})
    label = meta.get("label")
    kind = meta.get("kind") or KIND_OF_TYPE.get(described.get("data_type", ""), "")
    if kind not in KINDS:
        raise SettingsError(
            f"{path.name}: column {name} has no type that HubSpot knows. Give it a data_type "
            f"of {', '.join(KIND_OF_TYPE)}, or a kind under config.meta: {', '.join(KINDS)}."
        )
    if label is None and name.startswith("shopify_"):
        raise SettingsError(
            f"{path.name}: column {name} has no label, so it cannot be created in HubSpot. "
            "Add: config: {meta: {label: What people read}}"
        )
    return Column(name, label, kind)
