"""Translates a record's values into the account's ids and options, and answers back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from load.hubspot.client import Body
from load.objects.catalogue import ONLY_CREATED, ObjectType
from load.objects.serialization import LONGEST_TEXT
from load.objects.values import same

# categories of ours, beside HubSpot's codes
NOT_AN_OPTION, SHORTENED, ADOPTED = "INVALID_OPTION", "SHORTENED", "ADOPTED"

# without these a record would mean something else: it is rejected instead
_REQUIRED = {
    "deals": ("pipeline", "dealstage", "deal_currency_code"),
    "line_items": (
        "quantity", "price", "discount", "hs_line_item_currency_code", "shopify_deal_key",
    ),
}  # fmt: skip

# the pipeline's are translated by id, and the currency is checked with its fix named
_NO_LISTS = {"pipeline", "dealstage", "deal_currency_code", "hs_line_item_currency_code"}


class Omitted(NamedTuple):
    """A property that is omitted or shortened in a record, and why."""

    property: str
    value: str
    category: str
    reason: str
    request_id: str | None = None


class Options:
    """The options of a property that is a list; a value may be an option's label too."""

    def __init__(self, listed: Collection[Mapping[str, Any]]) -> None:
        pairs = [(str(each.get("value")), str(each.get("label"))) for each in listed]
        by_value, by_label = {v: v for v, _ in pairs}, {label: v for v, label in pairs}
        self._exact = by_label | by_value
        self._folded = {name.casefold(): value for name, value in (by_label | by_value).items()}

    def fitting(self, value: str) -> str | None:
        """The value of the option that is meant, the exact one first; None if none is."""
        return self._exact.get(value) or self._folded.get(value.strip().casefold())


@dataclass(frozen=True)
class AccountValues:
    """Translates one object's values for the account.

    translation: property -> our value -> the account's id; options: of the properties that
    are lists; kinds: HubSpot's type of each property.
    """

    object_type: ObjectType
    translation: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    options: Mapping[str, Options] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def is_optional(self, name: str) -> bool:
        """Whether a record may be sent without a property."""
        required = _REQUIRED.get(self.object_type.name, ())
        return name != self.object_type.key and name not in required

    def put(self, wanted: Mapping[str, str]) -> tuple[dict[str, str], list[Omitted]]:
        """The values to send, and what is omitted or shortened, and why."""
        sent, omitted = {}, []
        for name, value in wanted.items():
            theirs = self.translation.get(name, {}).get(value, value)
            if value and name in self.options:
                fitting = self.options[name].fitting(value)
                if fitting is None and self.is_optional(name):
                    reason = f"{name} does not have this option in HubSpot"
                    omitted.append(Omitted(name, value, NOT_AN_OPTION, reason))
                    continue
                theirs = fitting or theirs
            if len(theirs) > LONGEST_TEXT and name != self.object_type.key:
                reason = f"{len(theirs):,} characters, HubSpot accepts {LONGEST_TEXT:,}"
                omitted.append(Omitted(name, value, SHORTENED, reason))
                theirs = theirs[:LONGEST_TEXT]
            sent[name] = theirs
        return sent, omitted

    def provenance(self, wanted: Mapping[str, str]) -> list[Omitted]:
        """What is omitted for a contact that Cartwheel did not create.

        The rule: docs/reference/rules.md#provenance
        """
        if self.object_type.name != "contacts":
            return []
        reason = "HubSpot had the contact before the import"
        return [
            Omitted(name, value, ADOPTED, reason)
            for name, value in ONLY_CREATED.items()
            if wanted.get(name) == value
        ]

    def stored_differently(
        self, desired: Mapping[str, str], sent: Mapping[str, str], holds: Body
    ) -> dict[str, str]:
        """The values in an answer that differ from those that were sent.

        A property that the answer does not name is as it was sent.
        """
        found = {}
        for name, theirs in sent.items():
            held = holds.get(name, theirs)
            value = self.ours(name, "" if held is None else str(held))
            if name in desired and not same(self.kinds.get(name, ""), desired[name], value):
                found[name] = value
        return found

    def ours(self, name: str, theirs: str) -> str:
        """The account's id of a stage or pipeline as our own; any other value as it is."""
        for own, translated in self.translation.get(name, {}).items():
            if translated == theirs:
                return own
        return theirs


def account_values(
    object_type: ObjectType,
    definitions: Mapping[str, Mapping[str, Any]],
    translation: Mapping[str, Mapping[str, str]],
) -> AccountValues:
    """The translation for an object whose properties HubSpot defines like this."""
    return AccountValues(
        object_type,
        translation,
        {
            name: Options(definitions[name].get("options") or [])
            for name in (*object_type.standard, *(ours.name for ours in object_type.ours))
            if name in definitions and _is_list(name, definitions[name])
        },
        {name: str(definition.get("type")) for name, definition in definitions.items()},
    )


def _is_list(name: str, definition: Mapping[str, Any]) -> bool:
    """Whether a property takes one of the options that its definition names."""
    if definition.get("type") != "enumeration" or name in _NO_LISTS:
        return False
    several = definition.get("fieldType") == "checkbox"
    return not several and not definition.get("externalOptions")
