"""Property definitions in the wire's shape: HubSpot's standard ones, and custom ones."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from sandbox.hubspot.core.problems import bad_request

Definition = dict[str, Any]

CATALOGUE = Path(__file__).with_name("standard_properties.csv")
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}", re.ASCII)
FIELD_TYPES = {
    "string": {"text", "textarea", "html", "phonenumber", "file", "select", "radio"},
    "number": {"number"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
    "bool": {"booleancheckbox", "select", "radio", "checkbox"},
    "phone_number": {"phonenumber"},
}


def standard_definitions(object_type: str, moment: str) -> Iterator[Definition]:
    """The definitions that every account has from the start (standard_properties.csv)."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["object"] != object_type:
                continue
            access = row["access"]
            values = row["options"].split("|") if row["options"] else []
            yield {
                **_blank(moment),
                "name": row["name"],
                "label": row["label"],
                "type": row["type"],
                "fieldType": row["field_type"],
                "groupName": row["group"],
                "options": [_option(value, place) for place, value in enumerate(values)],
                "hasUniqueValue": access == "unique",
                "hubspotDefined": True,
                "calculated": access == "calculated",
                "externalOptions": access == "external",
                "modificationMetadata": {
                    "archivable": False,
                    "readOnlyDefinition": True,
                    "readOnlyOptions": True,
                    "readOnlyValue": access in ("read_only", "calculated"),
                },
            }


def custom_definition(
    wanted: Mapping[str, Any], groups: Collection[str], moment: str
) -> Definition:
    """The definition of a property to create. Raises Problem 400 where it is malformed."""
    name = wanted.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise bad_request(f"Property name {name!r} is not valid", "INVALID_PROPERTY_NAME")
    unique = bool(wanted.get("hasUniqueValue", False))
    if unique and wanted.get("type") not in ("string", "number"):
        raise bad_request("Only string and number properties can have unique values")
    definition = {
        **_blank(moment),
        "name": name,
        "label": wanted.get("label"),
        "type": wanted.get("type"),
        "fieldType": wanted.get("fieldType"),
        "groupName": wanted.get("groupName"),
        "description": wanted.get("description") or "",
        "options": wanted.get("options") or [],
        "displayOrder": wanted.get("displayOrder", -1),
        "formField": bool(wanted.get("formField", False)),
        "hidden": bool(wanted.get("hidden", False)),
        "hasUniqueValue": unique,
    }
    check_definition(definition, groups)
    return definition


def check_definition(definition: Definition, groups: Collection[str]) -> None:
    """Raise Problem 400 unless type, field type, group, label and options fit together.

    What options leave out is filled in, though HubSpot's specification demands it of them.
    """
    name, kind = definition["name"], definition["type"]
    for part in ("label", "type", "fieldType", "groupName"):
        if not isinstance(definition[part], str) or not definition[part]:
            raise bad_request(f"Property {name} needs a {part}, as text")
    if kind not in FIELD_TYPES:
        raise bad_request(f"Property {name} has an unknown type: {kind!r}")
    if definition["fieldType"] not in FIELD_TYPES[kind]:
        raise bad_request(
            f"Property {name}: fieldType {definition['fieldType']!r} does not fit type {kind!r}"
        )
    if definition["groupName"] not in groups:
        raise bad_request(
            f"Property {name}: there is no property group {definition['groupName']!r}",
            "PROPERTY_GROUP_NOT_FOUND",
        )
    options = definition["options"]
    if not isinstance(options, list) or not all(
        isinstance(option, dict)
        and option.get("label")
        and isinstance(option.get("value"), str)
        for option in options
    ):
        raise bad_request(f"Property {name}: each option needs a label and a value, as text")
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        raise bad_request(f"Property {name}: two options have the same value")
    if kind == "bool" and sorted(values) != ["false", "true"]:
        raise bad_request(
            f"Property {name}: a bool needs exactly the options true and false",
            "INVALID_BOOLEAN_OPTIONS",
        )
    if kind not in ("bool", "enumeration") and options:
        raise bad_request(f"Property {name}: a {kind} has no options")
    definition["options"] = [
        {"displayOrder": place, "hidden": False, **option}
        for place, option in enumerate(options)
    ]


def _blank(moment: str) -> Definition:
    return {
        "description": "",
        "options": [],
        "displayOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "archived": False,
        "hasUniqueValue": False,
        "hidden": False,
        "formField": False,
        "hubspotDefined": False,
        "dataSensitivity": "non_sensitive",
        "modificationMetadata": {
            "archivable": True,
            "readOnlyDefinition": False,
            "readOnlyOptions": False,
            "readOnlyValue": False,
        },
        "createdAt": moment,
        "updatedAt": moment,
    }


def _option(value: str, place: int) -> dict[str, Any]:
    return {"label": value, "value": value, "displayOrder": place, "hidden": False}
