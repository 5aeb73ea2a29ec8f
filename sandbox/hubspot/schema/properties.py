"""The properties and property groups of one object type, and the values they let in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.core.clock import Clock, stamp
from sandbox.hubspot.core.behaviours import Behaviours
from sandbox.hubspot.core.problems import Fault, Problem, bad_request, invalid_values, not_found
from sandbox.hubspot.core.values import Check, ValueRefused, check_for
from sandbox.hubspot.schema.definitions import (
    NAME,
    Definition,
    check_definition,
    custom_definition,
    standard_definitions,
)
from sandbox.hubspot.schema.validations import Validations

MOST_UNIQUE = 10  # per object type: docs/reference/hubspot.md#unique-properties
CHANGEABLE = {
    "label", "groupName", "description", "options", "displayOrder", "formField", "hidden",
    "type", "fieldType",
}  # fmt: skip


class Properties:
    """Definitions by name, living and archived, with the groups they are in."""

    def __init__(self, object_type: str, clock: Clock, behaviours: Behaviours) -> None:
        self.definitions: dict[str, Definition] = {}
        self.archived: dict[str, Definition] = {}
        self.groups: dict[str, dict[str, Any]] = {}
        self.unique: set[str] = set()
        self.validations = Validations()
        self._object_type = object_type
        self._clock = clock
        self._behaviours = behaviours
        self._checks: dict[str, Check] = {}
        self._read_only: set[str] = set()
        for definition in standard_definitions(object_type, stamp(clock.now())):
            group = definition["groupName"]
            label = group.removesuffix("information").capitalize() + " information"
            self.groups.setdefault(group, _group(group, label))
            self._keep(definition)

    def clean(self, properties: object) -> dict[str, str]:
        """The values to store for the values sent; empty text means: clear.

        Raises Problem 400 for what is not an object of strings, and for values that are
        unknown, read-only or refused by their type, naming all of them.
        """
        if not isinstance(properties, dict):
            raise bad_request("Invalid input JSON: properties must be an object")
        cleaned: dict[str, str] = {}
        faults: list[Fault] = []
        for name, value in properties.items():
            check = self._checks.get(name)
            if check is None:
                message = f'Property "{name}" does not exist'
                faults.append(Fault(name, "PROPERTY_DOESNT_EXIST", message))
            elif not isinstance(value, str):
                raise bad_request(
                    f'Invalid input JSON: the value of property "{name}" must be a string'
                )
            elif not value and name not in self._read_only:
                cleaned[name] = ""
            else:
                try:
                    cleaned[name] = self._stored(name, check(value))
                except ValueRefused as refusal:
                    faults.append(Fault(name, refusal.code, str(refusal)))
        if faults:
            raise invalid_values(faults)
        return cleaned

    def get(self, name: str, *, archived: bool = False) -> Definition:
        """One definition; raises Problem 404."""
        found = (self.archived if archived else self.definitions).get(name)
        if found is None:
            raise not_found(f"Property {name} does not exist on {self._object_type}")
        return found

    def restrict(self, name: str, *, read_only: bool) -> None:
        """Make a property read-only, or writable. Raises Problem 404."""
        definition = self.get(name)
        access = {**definition["modificationMetadata"], "readOnlyValue": read_only}
        self._read_only.discard(name)
        self._keep({**definition, "modificationMetadata": access})

    def create(self, wanted: Mapping[str, Any]) -> Definition:
        """Add a custom property; raises Problem 400 or, where it exists, 409."""
        name = wanted.get("name")
        if isinstance(name, str) and name in self.definitions:
            message = f"A property named '{name}' already exists."
            error = {"message": message, "code": "PROPERTY_EXISTS"}
            raise Problem(409, "OBJECT_ALREADY_EXISTS", message, errors=[error])
        definition = custom_definition(wanted, self.groups, stamp(self._clock.now()))
        custom = [known for known in self.definitions.values() if not known["hubspotDefined"]]
        most = self._behaviours.most_custom_properties
        if len(custom) >= most:
            raise bad_request(
                f"{self._object_type} already has {most} custom properties",
                "PROPERTY_LIMIT_REACHED",
            )
        unique = sum(known["hasUniqueValue"] for known in custom)
        if definition["hasUniqueValue"] and unique >= MOST_UNIQUE:
            raise bad_request(
                f"{self._object_type} already has {MOST_UNIQUE} unique properties",
                "PROPERTY_LIMIT_REACHED",
            )
        self.archived.pop(definition["name"], None)
        self._keep(definition)
        return definition

    def change(self, name: str, changes: Mapping[str, Any]) -> Definition:
        """Change a custom property; its name and hasUniqueValue stay. Raises Problem."""
        current = self.get(name)
        if current["modificationMetadata"]["readOnlyDefinition"]:
            raise bad_request(f"Property {name} is defined by HubSpot and cannot be changed")
        if "hasUniqueValue" in changes:
            raise bad_request(f"Property {name}: hasUniqueValue is for its creation only")
        return self._changed(current, changes)

    def administer(self, name: str, changes: Mapping[str, Any]) -> Definition:
        """Change a property as an admin can, HubSpot's own too. Raises Problem 400, 404.

        So `country` becomes a dropdown: {"type": "enumeration", "fieldType": "select",
        "options": [{"label": ..., "value": ...}]}. What records hold stays as it is.
        """
        if not isinstance(changes, dict) or not set(changes) <= CHANGEABLE:
            raise bad_request(f"An admin changes {', '.join(sorted(CHANGEABLE))}")
        return self._changed(self.get(name), changes)

    def archive(self, name: str) -> None:
        """Archive a custom property; raises Problem 404, or 400 for HubSpot's own."""
        definition = self.get(name)
        if not definition["modificationMetadata"]["archivable"]:
            raise bad_request(f"Property {name} is defined by HubSpot and cannot be archived")
        moment = stamp(self._clock.now())
        self.archived[name] = {**definition, "archived": True, "archivedAt": moment}
        del self.definitions[name], self._checks[name]
        self.unique.discard(name)

    def get_group(self, name: str) -> dict[str, Any]:
        """One group; raises Problem 404."""
        if name not in self.groups:
            raise not_found(f"There is no property group {name} on {self._object_type}")
        return self.groups[name]

    def create_group(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Add a property group; raises Problem 400 or, where it exists, 409."""
        name, label = wanted.get("name"), wanted.get("label")
        if not isinstance(name, str) or not NAME.fullmatch(name) or not label:
            raise bad_request("A property group needs a name (a-z, 0-9, _) and a label")
        if name in self.groups:
            raise Problem(
                409, "OBJECT_ALREADY_EXISTS", f"A property group named '{name}' already exists."
            )
        self.groups[name] = _group(name, label, wanted.get("displayOrder", -1))
        return self.groups[name]

    def change_group(self, name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change the label or the order of a group. Raises Problem 400, 404."""
        group = self.get_group(name)
        if "label" in changes and not changes["label"]:
            raise bad_request("A property group needs a label")
        group |= {key: changes[key] for key in ("label", "displayOrder") if key in changes}
        return group

    def archive_group(self, name: str) -> None:
        """Remove an empty group; raises Problem 404, or 400 while properties are in it."""
        self.get_group(name)
        if any(known["groupName"] == name for known in self.definitions.values()):
            raise bad_request(f"Property group {name} still has properties")
        del self.groups[name]

    def _stored(self, name: str, value: str) -> str:
        self.validations.check(name, value)
        return self._behaviours.stored(self._object_type, name, value)

    def _changed(self, current: Definition, changes: Mapping[str, Any]) -> Definition:
        changed = {
            **current,
            **{key: value for key, value in changes.items() if key in CHANGEABLE},
            "updatedAt": stamp(self._clock.now()),
        }
        check_definition(changed, self.groups)
        self._keep(changed)
        return changed

    def _keep(self, definition: Definition) -> None:
        name = definition["name"]
        self.definitions[name] = definition
        self._checks[name] = check_for(definition)
        if definition["hasUniqueValue"]:
            self.unique.add(name)
        if definition["modificationMetadata"]["readOnlyValue"]:
            self._read_only.add(name)


def _group(name: str, label: object, order: object = -1) -> dict[str, Any]:
    return {"name": name, "label": label, "displayOrder": order, "archived": False}
