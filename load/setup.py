"""Setup: what Cartwheel needs in HubSpot, created where missing, and nothing else touched."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

from cartwheel.errors import SettingsError
from cartwheel.progress import Say
from cartwheel.settings import Settings
from cartwheel.warehouse import open_warehouse
from load.catalogue import CATALOGUE, GROUP, GROUP_LABEL, PIPELINE_LABEL, ObjectType, Property
from load.client import Body, HubSpot, HubSpotClient, refuse
from load.currencies import check_currencies
from load.deal_pipeline import DealPipeline, create_pipeline, create_stages, find_pipeline


@dataclass(frozen=True)
class Missing:
    """What the account lacks."""

    groups: tuple[str, ...]  # names of objects
    properties: dict[str, tuple[Property, ...]]  # by object
    pipeline: DealPipeline
    definitions: dict[str, dict[str, Body]] = field(default_factory=dict)

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


@dataclass(frozen=True)
class SetupReport:
    """What was created (with dry_run: would be), and how much was there already."""

    created: list[str] = field(default_factory=list)
    existing: int = 0
    dry_run: bool = False


def set_up(
    settings: Settings, say: Say, *, dry_run: bool = False, hubspot: HubSpot | None = None
) -> SetupReport:
    """Create the group, the properties, the pipeline and the stages that HubSpot lacks.

    Can be run again at any time. Raises SettingsError if a property of ours exists in
    another shape, or if the marts use a currency that the account does not have; and
    what the client raises.
    """
    if hubspot is None:
        with closing(HubSpotClient(settings)) as client:
            return set_up(settings, say, dry_run=dry_run, hubspot=client)
    missing = look_up(hubspot)
    names = missing.names()
    total = sum(len(object_type.ours) for object_type in CATALOGUE.values())
    existing = total - sum(len(each) for each in missing.properties.values())
    if not dry_run:
        _create(hubspot, missing, say)
    say(
        f"{'would create' if dry_run else 'created'} {len(names)}, "
        f"{existing} properties were there"
    )
    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse, read_only=True) as connection:
            present = connection.execute(
                "select count(*) from information_schema.tables "
                "where table_schema = 'hubspot' and table_name in ('deals', 'line_items')"
            ).fetchone()
            if present == (2,):
                check_currencies(connection, hubspot, say)
    return SetupReport(names, existing, dry_run)


def check_access(settings: Settings) -> None:
    """Raise what a setup would raise of the account as it is: AccessDenied, SettingsError.

    A run that begins with this does not learn of a wrong token at its end.
    """
    with closing(HubSpotClient(settings)) as client:
        look_up(client)


def look_up(hubspot: HubSpot) -> Missing:
    """Read what the account lacks. Raises SettingsError for a property in another shape."""
    groups: list[str] = []
    properties: dict[str, tuple[Property, ...]] = {}
    wrong: list[str] = []
    definitions: dict[str, dict[str, Body]] = {}
    for object_type in CATALOGUE.values():
        base = f"/crm/properties/{hubspot.version}/{object_type.name}"
        answer = hubspot.call("GET", f"{base}/groups")
        refuse(answer, f"list the property groups of {object_type.name}")
        if GROUP not in {group["name"] for group in answer.body.get("results", [])}:
            groups.append(object_type.name)
        answer = hubspot.call("GET", base)
        refuse(answer, f"list the properties of {object_type.name}")
        known = {each["name"]: each for each in answer.body.get("results", [])}
        definitions[object_type.name] = known
        properties[object_type.name] = tuple(
            each for each in object_type.ours if each.name not in known
        )
        wrong += _in_another_shape(object_type, known)
    if wrong:
        raise SettingsError(
            f"HubSpot has properties of these names in another shape: {'; '.join(wrong)}. "
            "Neither a type nor uniqueness can be changed afterwards: delete them in HubSpot "
            "under Settings > Properties, then run: cartwheel setup"
        )
    return Missing(tuple(groups), properties, find_pipeline(hubspot), definitions)


def _in_another_shape(
    object_type: ObjectType, known: dict[str, dict[str, object]]
) -> Sequence[str]:
    wrong: list[str] = []
    for ours in object_type.ours:
        definition = ours.definition()
        existing = known.get(ours.name)
        if existing is None:
            continue
        if existing.get("type") != definition["type"]:
            wrong.append(
                f"{object_type.name}.{ours.name} is a {existing.get('type')}, "
                f"not a {definition['type']}"
            )
        elif definition.get("hasUniqueValue") and not existing.get("hasUniqueValue"):
            wrong.append(f"{object_type.name}.{ours.name} is not unique")
    return wrong


def _create(hubspot: HubSpot, missing: Missing, say: Say) -> None:
    for name in missing.groups:
        body = {"name": GROUP, "label": GROUP_LABEL, "displayOrder": -1}
        path = f"/crm/properties/{hubspot.version}/{name}/groups"
        refuse(hubspot.call("POST", path, body), f"create the property group of {name}")
        say(f"{name}: property group {GROUP_LABEL}")
    for name, properties in missing.properties.items():
        if properties:
            _create_properties(hubspot, name, properties)
            say(f"{name}: {len(properties)} properties")
    if missing.pipeline.pipeline_id is None:
        create_pipeline(hubspot)
        say(f"deals: pipeline {PIPELINE_LABEL} with its stages")
    elif missing.pipeline.missing:
        create_stages(hubspot, missing.pipeline)
        say(f"deals: {len(missing.pipeline.missing)} stages")


def _create_properties(hubspot: HubSpot, name: str, properties: Sequence[Property]) -> None:
    path = f"/crm/properties/{hubspot.version}/{name}/batch/create"
    inputs = [each.definition() for each in properties]
    answer = hubspot.call("POST", path, {"inputs": inputs})
    refuse(answer, f"create properties of {name}")
    if errors := answer.body.get("errors"):
        raise SettingsError(
            f"HubSpot did not create {len(errors)} properties of {name}: "
            f"{errors[0].get('message')}. Mend that in HubSpot, then run: cartwheel setup"
        )
