"""What Cartwheel fills in HubSpot: objects, properties, the pipeline, the associations."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from cartwheel.core.errors import SettingsError
from load.objects.contracts import KINDS, MODELS, Column, Model, models_of_hubspot

GROUP, GROUP_LABEL = "shopify", "Shopify"

# values that a contact gets only if Cartwheel created it: docs/reference/rules.md#provenance
ONLY_CREATED = {
    "shopify_original_source_1": "INTEGRATION_SYNC",
    "shopify_original_source_2": "integrations-sync",
}


@dataclass(frozen=True)
class Property:
    """A property that `cartwheel setup` creates."""

    name: str
    label: str
    kind: str

    def definition(self) -> dict[str, Any]:
        """The body that creates it in HubSpot."""
        kind, field_type = KINDS[self.kind]
        body: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "type": kind,
            "fieldType": field_type,
            "groupName": GROUP,
        }
        if self.kind == "key":
            body["hasUniqueValue"] = True
        if self.kind == "checkbox":
            body["options"] = [
                {"label": "Yes", "value": "true", "displayOrder": 0, "hidden": False},
                {"label": "No", "value": "false", "displayOrder": 1, "hidden": False},
            ]
        return body


@dataclass(frozen=True)
class ObjectType:
    """One of HubSpot's objects: its table is hubspot.<name>, its unique property `key`."""

    name: str
    key: str
    standard: tuple[str, ...]
    resolved: tuple[str, ...]
    ours: tuple[Property, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that hubspot.<name> must have, no more and no fewer."""
        return frozenset(self.standard) | {ours.name for ours in self.ours}


@dataclass(frozen=True)
class Stage:
    """A stage of the pipeline (docs/reference/rules.md#deals)."""

    stage_id: str
    label: str
    probability: str
    is_closed: bool
    is_purchase: bool

    def definition(self, position: int) -> dict[str, Any]:
        """The body that creates it in HubSpot, at that place of the pipeline."""
        return {
            "stageId": self.stage_id,
            "label": self.label,
            "displayOrder": position,
            "metadata": {
                "probability": self.probability,
                "isClosed": "true" if self.is_closed else "false",
            },
        }


@dataclass(frozen=True)
class AssociationType:
    """An association that HubSpot defines; type_id is of the direction from -> to."""

    name: str
    from_object: str
    to_object: str
    type_id: int

    @property
    def spec(self) -> dict[str, Any]:
        """The type as HubSpot's bodies name it."""
        return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": self.type_id}


PIPELINE, PIPELINE_LABEL = "ecommerce", "E-commerce"

# the seed that the models look at as well
_STAGES_FILE = Path(__file__).parents[2] / "dbt_project" / "seeds" / "deal_stages.csv"


@cache
def stages() -> tuple[Stage, ...]:
    """The stages of the pipeline in their order, read from the seed when first asked for.

    Raises SettingsError, which names the file, if it cannot be read as stages.
    """
    try:
        with _STAGES_FILE.open(newline="", encoding="utf-8") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: int(row["position"]))
        return tuple(
            Stage(
                *(row["stage"], row["label"], row["probability"]),
                is_closed=row["is_closed"] == "true",
                is_purchase=row["is_purchase"] == "true",
            )
            for row in rows
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"{_STAGES_FILE} does not hold the stages of deals ({error}). Correct it, then "
            "run the same command again"
        ) from error


def purchase_stages() -> list[str]:
    """The ids of the stages whose deals are purchases."""
    return [stage.stage_id for stage in stages() if stage.is_purchase]


# docs/reference/hubspot.md#associations
DEAL_TO_CONTACT = AssociationType("deal_to_contact", "deals", "contacts", 3)
LINE_ITEM_TO_DEAL = AssociationType("line_item_to_deal", "line_items", "deals", 20)
ASSOCIATIONS = (DEAL_TO_CONTACT, LINE_ITEM_TO_DEAL)


# a deal is created with its contact, a line item with its deal
SENT_IN_ORDER = ("products", "contacts", "deals", "line_items")


def _object(model: Model) -> ObjectType:
    return ObjectType(
        name=model.object_type,
        key=model.key,
        standard=tuple(column.name for column in model.columns if column.label is None),
        resolved=model.resolved,
        ours=tuple(_property(column) for column in model.columns if column.label is not None),
    )


def _property(column: Column) -> Property:
    return Property(column.name, str(column.label), column.kind)


class Catalogue(Mapping[str, ObjectType]):
    """HubSpot's objects as the models of hubspot.* describe them, in the order of sending.

    Read when first asked for, so that a slip in a yml stops only what needs it. Raises
    SettingsError then, which names the file.
    """

    @cached_property
    def _objects(self) -> dict[str, ObjectType]:
        models = {model.object_type: model for model in models_of_hubspot()}
        if missing := [name for name in SENT_IN_ORDER if name not in models]:
            raise SettingsError(
                f"No yml in {MODELS} describes the model of {', '.join(missing)} with its "
                "id_property under config.meta.hubspot. Compare it with the others"
            )
        return {name: _object(models[name]) for name in SENT_IN_ORDER}

    def __getitem__(self, name: str) -> ObjectType:
        return self._objects[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)


CATALOGUE = Catalogue()
