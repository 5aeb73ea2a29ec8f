"""What Cartwheel fills in HubSpot: objects, properties, the pipeline, the associations."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GROUP, GROUP_LABEL = "shopify", "Shopify"

# kind in properties.toml -> HubSpot's type and fieldType (hubspot.md 3.8)
KINDS = {
    "key": ("string", "text"),
    "text": ("string", "text"),
    "long text": ("string", "textarea"),
    "number": ("number", "number"),
    "checkbox": ("bool", "booleancheckbox"),
    "datetime": ("datetime", "date"),
    "date": ("date", "date"),
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
                {"label": "Yes", "value": "true", "displayOrder": 0},
                {"label": "No", "value": "false", "displayOrder": 1},
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
    """A stage of the pipeline; closed if its probability is 0 or 1 (SPEC 1.2)."""

    stage_id: str
    label: str
    probability: str

    def definition(self, position: int) -> dict[str, Any]:
        """The body that creates it in HubSpot, at that place of the pipeline."""
        closed = self.probability in ("0.0", "1.0")
        return {
            "stageId": self.stage_id,
            "label": self.label,
            "displayOrder": position,
            "metadata": {
                "probability": self.probability,
                "isClosed": "true" if closed else "false",
            },
        }


@dataclass(frozen=True)
class AssociationType:
    """An association that HubSpot defines; type_id is of the direction from -> to."""

    name: str
    from_object: str
    to_object: str
    type_id: int


PIPELINE, PIPELINE_LABEL = "ecommerce", "E-commerce"

STAGES = (
    Stage("checkout_pending", "Checkout pending", "0.3"),
    Stage("checkout_abandoned", "Checkout abandoned", "0.1"),
    Stage("checkout_completed", "Checkout completed", "0.9"),
    Stage("processed", "Processed", "1.0"),
    Stage("shipped", "Shipped", "1.0"),
    Stage("cancelled", "Cancelled", "0.0"),
)

# hubspot.md 3.6
ASSOCIATIONS = (
    AssociationType("deal_to_contact", "deals", "contacts", 3),
    AssociationType("line_item_to_deal", "line_items", "deals", 20),
)


def _object(name: str, entry: dict[str, Any]) -> ObjectType:
    return ObjectType(
        name=name,
        key=entry["key"],
        standard=tuple(entry["standard"]),
        resolved=tuple(entry.get("resolved", ())),
        ours=tuple(Property(key, label, kind) for key, (label, kind) in entry["ours"].items()),
    )


def read_catalogue() -> dict[str, ObjectType]:
    """The objects of properties.toml, in the order in which they are sent."""
    text = Path(__file__).with_name("properties.toml").read_text(encoding="utf-8")
    return {name: _object(name, entry) for name, entry in tomllib.loads(text).items()}


CATALOGUE = read_catalogue()
