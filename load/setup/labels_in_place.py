"""The labels that an account has of what Cartwheel fills, and those that it is to get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from load.account.state import AccountState
from load.hubspot.client import Body
from load.objects.catalogue import CATALOGUE, GROUP, PIPELINE, PIPELINE_LABEL, Property, stages
from load.objects.language import OPTIONS, Key, Labels


@dataclass(frozen=True)
class PlacedLabel:
    """A label that exists in HubSpot.

    where says of what it is, for a person, place the same in ops.hubspot_labels; key is its
    place among ours. is_of_ours is false for what has our label and an id that setup does not
    give, is_fixed true where HubSpot lets nobody change it.
    """

    where: str
    place: str
    key: Key
    text: str
    is_of_ours: bool = True
    is_fixed: bool = False


def placed_labels(account: AccountState) -> Iterator[PlacedLabel]:
    """Every label that exists: of groups, properties, their options, pipeline and stages."""
    for name, label in account.group_labels.items():
        yield PlacedLabel(f"{name}: group {GROUP}", f"{name}/group", ("", "group"), label)
    for name, object_type in CATALOGUE.items():
        known = account.definitions.get(name, {})
        for ours in object_type.ours:
            if ours.name in known:
                yield from _of_property(name, ours, known[ours.name])
    pipeline = account.pipeline
    if pipeline.pipeline_id is not None:
        where, own = f"pipeline {PIPELINE_LABEL}", pipeline.pipeline_id == PIPELINE
        yield PlacedLabel(where, "pipeline", ("", "pipeline"), pipeline.label, own)
    for stage in stages():
        if stage.stage_id in pipeline.stage_labels:
            yield PlacedLabel(
                f"stage {stage.label}",
                f"stage/{stage.stage_id}",
                ("stages", stage.stage_id),
                pipeline.stage_labels[stage.stage_id],
                pipeline.stage_ids[stage.stage_id] == stage.stage_id,
            )


def _of_property(name: str, ours: Property, definition: Body) -> Iterator[PlacedLabel]:
    fixed = bool((definition.get("modificationMetadata") or {}).get("readOnlyDefinition"))
    where, place = f"{name}: {ours.name}", f"{name}/{ours.name}"
    label = str(definition.get("label", ""))
    yield PlacedLabel(where, place, (name, ours.name), label, is_fixed=fixed)
    if ours.kind != "checkbox":
        return
    for option, value in OPTIONS.items():
        for each in definition.get("options") or ():
            if each.get("value") == value:
                yield PlacedLabel(
                    f"{where}, option {value}",
                    f"{place}/{value}",
                    ("options", option),
                    str(each.get("label", "")),
                    is_fixed=fixed,
                )


def labels_to_create(missing: AccountState, labels: Labels) -> dict[str, str]:
    """The labels, by place, of what a setup creates."""
    found = {f"{name}/group": labels.group for name in missing.groups}
    for name, properties in missing.properties.items():
        for ours in properties:
            place = f"{name}/{ours.name}"
            found[place] = labels.property(name, ours)
            if ours.kind == "checkbox":
                found |= {
                    f"{place}/{value}": labels.texts["options", option]
                    for option, value in OPTIONS.items()
                }
    if missing.pipeline.pipeline_id is None:
        found["pipeline"] = labels.pipeline
    return found | {
        f"stage/{stage.stage_id}": labels.stage(stage) for stage in missing.pipeline.missing
    }
