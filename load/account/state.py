"""What the account already has, and what it lacks, of what Cartwheel fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cartwheel.core.errors import SettingsError
from load.account.pipeline import DealPipeline, find_pipeline
from load.account.provisioning import list_properties, properties_path
from load.hubspot.client import Body, HubSpot, raise_for_error
from load.hubspot.concurrency import concurrently
from load.objects.catalogue import CATALOGUE, GROUP, PIPELINE_LABEL, ObjectType, Property
from load.objects.language import Labels


@dataclass(frozen=True)
class AccountState:
    """What the account lacks, and what it has.

    definitions are HubSpot's own of all properties there are, by object and name;
    group_labels are by object, of the groups there are.
    """

    groups: tuple[str, ...]  # names of objects
    properties: dict[str, tuple[Property, ...]]  # by object
    pipeline: DealPipeline
    definitions: dict[str, dict[str, Body]] = field(default_factory=dict)
    group_labels: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Everything that is missing, in words."""
        found = [f"{name}: group {GROUP}" for name in self.groups]
        for name, missing in self.properties.items():
            found += [f"{name}: {each.name}" for each in missing]
        if self.pipeline.pipeline_id is None:
            found.append(f"pipeline {PIPELINE_LABEL}")
        else:
            found += [f"stage {stage.label}" for stage in self.pipeline.missing]
        return found


def look_up(hubspot: HubSpot, *labels: Labels) -> AccountState:
    """Read what the account lacks and has; labels are of languages beyond the shipped ones.

    Raises SettingsError for a property in another shape.
    """
    group_labels: dict[str, str] = {}
    definitions: dict[str, dict[str, Body]] = {}
    for found in concurrently(partial(_look_at, hubspot, name) for name in CATALOGUE):
        name, groups, known = found
        definitions[name] = known
        for group in groups:
            if group["name"] == GROUP:
                group_labels[name] = str(group.get("label", ""))
    properties: dict[str, tuple[Property, ...]] = {}
    wrong: list[str] = []
    for name, object_type in CATALOGUE.items():
        known = definitions[name]
        properties[name] = tuple(each for each in object_type.ours if each.name not in known)
        wrong += _in_another_shape(object_type, known)
    if wrong:
        raise SettingsError(
            f"HubSpot has properties of these names in another shape: {'; '.join(wrong)}. "
            "Type and uniqueness cannot be changed afterwards: delete them in HubSpot "
            "under Settings > Properties, then run: cartwheel setup"
        )
    lacking = tuple(name for name in CATALOGUE if name not in group_labels)
    pipeline = find_pipeline(hubspot, *labels)
    return AccountState(lacking, properties, pipeline, definitions, group_labels)


def _look_at(hubspot: HubSpot, name: str) -> tuple[str, list[Body], dict[str, Body]]:
    """The property groups of an object, and its properties by name."""
    answer = hubspot.call("GET", f"{properties_path(hubspot, name)}/groups")
    raise_for_error(answer, f"list the property groups of {name}")
    return name, list(answer.body.get("results", [])), list_properties(hubspot, name)


def _in_another_shape(object_type: ObjectType, known: Mapping[str, Body]) -> Sequence[str]:
    wrong: list[str] = []
    for ours in object_type.ours:
        definition = ours.definition()
        existing = known.get(ours.name)
        if existing is None:
            continue
        if existing.get("type") == "enumeration" and ours.kind in ("text", "long text"):
            continue  # an admin made a list of it: values are matched with its options
        if existing.get("type") != definition["type"]:
            wrong.append(
                f"{object_type.name}.{ours.name} is a {existing.get('type')}, "
                f"not a {definition['type']}"
            )
        elif definition.get("hasUniqueValue") and not existing.get("hasUniqueValue"):
            wrong.append(f"{object_type.name}.{ours.name} is not unique")
    return wrong
