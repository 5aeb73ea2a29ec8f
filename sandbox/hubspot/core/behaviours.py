"""How one account differs from another: what its admin set, its plan, its automations.

A new account has none of it. `Behaviours.order` changes what it is given, in the shape
that control/behaviours.py and docs/sandbox.md state; everything else stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sandbox.core.wording import in_words
from sandbox.hubspot.core.object_types import resolve
from sandbox.hubspot.core.plans import read_plan
from sandbox.hubspot.core.problems import Problem
from sandbox.hubspot.core.values import ValueRefused, invalid_email, top_level_domains

PORTAL_ID = 62_515
NOT_VALID = (KeyError, TypeError, AttributeError, ValueError, re.error)
PHONES = ("phone", "mobilephone")
# of documentation and tests alone (RFC 2606): no real HubSpot takes them, but stores that
# are made up for a demonstration must have some address
MADE_UP_TLDS = ("example", "test")
# those that an order may take from the app's token; it has all others in any case
SCOPES = (
    "automation",
    "content",
    "crm.lists.read",
    "crm.lists.write",
    "marketing-email",
    "transactional-email",
)
KNOWN_TLDS = top_level_domains()
REFUSED_RECORD = "This account does not take {object_type} from apps: an admin's rule says so."


@dataclass(frozen=True)
class RefusedValue:
    """A property whose values that match a pattern are refused, with HubSpot's code."""

    object_type: str
    name: str
    pattern: re.Pattern[str]
    code: str
    message: str

    def shown(self) -> dict[str, str]:
        """The order that it was."""
        return {
            "object": self.object_type,
            "property": self.name,
            "pattern": self.pattern.pattern,
            "code": self.code,
            "message": self.message,
        }


@dataclass(frozen=True)
class AssociationLimit:
    """How many records of one type a record of another may be associated with.

    A batch that goes past it is refused as a whole; with `named` the answer says for
    which records.
    """

    from_object: str
    to_object: str
    most: int
    named: bool

    def shown(self) -> dict[str, Any]:
        """The order that it was."""
        ends = {"from": self.from_object, "to": self.to_object}
        return {**ends, "most": self.most, "named": self.named}


@dataclass
class Behaviours:
    """The behaviours of one account; a fresh one is how accounts begin."""

    portal_id: int = PORTAL_ID
    refused_values: list[RefusedValue] = field(default_factory=list)
    refused_objects: dict[str, str] = field(default_factory=dict)
    phones_without_spaces: bool = False
    closedate_automation: bool = False
    required_by_stage: dict[str, list[str]] = field(default_factory=dict)
    association_limits: list[AssociationLimit] = field(default_factory=list)
    # of an object type: docs/reference/hubspot.md#limits-of-an-account
    most_custom_properties: int = 1_000
    most_pipelines: int = 100
    most_flows: int = 300
    plan: dict[str, str] = field(default_factory=lambda: {"marketing": "PROFESSIONAL"})
    programmable_email: bool = True
    missing_scopes: list[str] = field(default_factory=list)
    required_action_fields: dict[str, list[str]] = field(default_factory=dict)
    strict_requests: bool = True
    sparse_errors: bool = False
    further_tlds: list[str] = field(default_factory=lambda: list(MADE_UP_TLDS))

    def order(self, given: object) -> None:
        """Change what is given.

        Raises ValueError, with nothing changed, for a name that is not a behaviour or a
        value that it cannot have.
        """
        if not isinstance(given, dict) or not set(given) <= set(READERS):
            raise ValueError(f"the behaviours are {', '.join(READERS)}")
        read: dict[str, Any] = {}
        for name, value in given.items():
            try:
                read[name] = READERS[name](value)
            except (*NOT_VALID, Problem) as error:
                raise ValueError(
                    f"{name} cannot be {json.dumps(value)}: {in_words(error)}"
                ) from None
        for name, value in read.items():
            setattr(self, name, value)

    def forget(self) -> None:
        """Be an account as others are, in the same portal."""
        for name, value in vars(Behaviours(self.portal_id)).items():
            setattr(self, name, value)

    def shown(self) -> dict[str, Any]:
        """Every behaviour, in the shape in which it is ordered."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in ("refused_values", "association_limits"):
            found[name] = [each.shown() for each in found[name]]
        return found

    def refusal(self, object_type: str) -> str | None:
        """Why no app may write records of a type, None if it may."""
        return self.refused_objects.get(object_type)

    def stored(self, object_type: str, name: str, value: str) -> str:
        """The text to store for a value that the property's type takes.

        Raises ValueRefused for a value that this account refuses.
        """
        for refused in self.refused_values:
            named = (object_type, name) == (refused.object_type, refused.name)
            if named and refused.pattern.search(value):
                raise ValueRefused(refused.code, refused.message)
        if name == "email" and not self._is_known(value.rpartition(".")[2]):
            raise invalid_email(value)
        if self.phones_without_spaces and name in PHONES:
            return re.sub(r"\s", "", value)
        return value

    def _is_known(self, tld: str) -> bool:
        return tld in KNOWN_TLDS or tld in self.further_tlds


def _whole_number(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise ValueError("a whole number from 1")
    return given


def _switch(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("true or false")
    return given


def _text(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise ValueError("text")
    return given


def _texts(given: Any) -> list[str]:
    if not isinstance(given, list):
        raise ValueError("a list of text")
    return [_text(each) for each in given]


def _refused_values(given: Any) -> list[RefusedValue]:
    return [_refused_value(each) for each in given]


def _refused_value(given: Mapping[str, Any]) -> RefusedValue:
    name = _text(given["property"])
    pattern = re.compile(_text(given["pattern"]))
    return RefusedValue(
        resolve(given["object"]),
        name,
        pattern,
        given.get("code") or "INVALID_VALUE",
        given.get("message") or f"The value is not valid for {name}",
    )


def _refused_objects(given: Any) -> dict[str, str]:
    given = given if isinstance(given, dict) else dict.fromkeys(given, "")
    named = {resolve(object_type): message for object_type, message in given.items()}
    return {
        name: message or REFUSED_RECORD.format(object_type=name)
        for name, message in named.items()
    }


def _scopes(given: Any) -> list[str]:
    if unknown := set(_texts(given)) - set(SCOPES):
        raise ValueError(f"there is no scope {', '.join(sorted(unknown))}")
    return list(given)


def _texts_by_name(given: Any) -> dict[str, list[str]]:
    return {_text(name): _texts(texts) for name, texts in given.items()}


def _association_limits(given: Any) -> list[AssociationLimit]:
    return [
        AssociationLimit(
            resolve(each["from"]),
            resolve(each["to"]),
            _whole_number(each["most"]),
            _switch(each.get("named", False)),
        )
        for each in given
    ]


READERS: dict[str, Callable[[Any], Any]] = {
    "portal_id": _whole_number,
    "refused_values": _refused_values,
    "refused_objects": _refused_objects,
    "phones_without_spaces": _switch,
    "closedate_automation": _switch,
    "required_by_stage": _texts_by_name,
    "association_limits": _association_limits,
    "most_custom_properties": _whole_number,
    "most_pipelines": _whole_number,
    "most_flows": _whole_number,
    "plan": read_plan,
    "programmable_email": _switch,
    "missing_scopes": _scopes,
    "required_action_fields": _texts_by_name,
    "strict_requests": _switch,
    "sparse_errors": _switch,
    "further_tlds": _texts,
}
