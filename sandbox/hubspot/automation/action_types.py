"""The action types that a flow may hold: the objects they are for, their fields, their tier.

HubSpot publishes no table of them; the fields are those that its own documents and flows seen
live show. What an action type does is in steps.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

CONTACTS, COMPANIES, DEALS = "0-1", "0-2", "0-3"
ALL = (CONTACTS, COMPANIES, DEALS)

Fits = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _digits(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10


def _whole(value: Any) -> bool:
    return _digits(value.removeprefix("-")) if isinstance(value, str) else False


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _time_of_day(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(name), int) and 0 <= value[name] < most
        for name, most in (("hour", 24), ("minute", 60))
    )


def _one_of(*choices: str) -> Fits:
    return lambda value: value in choices


@dataclass(frozen=True)
class ActionType:
    """One action type; hub is one that must be at Professional, beside any other."""

    name: str
    fields: Mapping[str, Fits]
    optional: Mapping[str, Fits] = field(default_factory=dict)
    objects: tuple[str, ...] = ALL
    version: int = 0
    hub: str = ""
    # whose fields are not known: any are taken
    any_fields: bool = False


UNITS = _one_of("MINUTES", "HOURS", "DAYS")
SEND_MAIL, DELAY, DELAY_UNTIL, SET_PROPERTY, TASK = "0-4", "0-1", "0-35", "0-5", "0-3"
ADD_TO_LIST, REMOVE_FROM_LIST = "0-63809083", "0-63863438"
# HubSpot's server fails on it (docs/reference/workflows.md#actions)
BROKEN = "0-13"
_WHEN = {"time_of_day": _time_of_day, "days_of_week": _texts}
_NOTICE: dict[str, Fits] = {"subject": _text, "body": _text}
_TO_WHOM: dict[str, Fits] = {"user_ids": _texts, "owner_properties": _texts, "team_ids": _texts}
_LIST: dict[str, Fits] = {"listId": _digits, "targetObject": _text}

ACTION_TYPES: dict[str, ActionType] = {
    DELAY: ActionType("Delay", {"delta": _digits, "time_unit": UNITS}, _WHEN),
    DELAY_UNTIL: ActionType(
        "Delay until a date",
        {"date": _object},
        {"delta": _whole, "time_unit": UNITS, "time_of_day": _time_of_day},
    ),
    "0-29": ActionType(
        "Wait for an event", {"event_filter_branches": _objects, "expiration_minutes": _digits}
    ),
    SEND_MAIL: ActionType("Send automated e-mail", {"content_id": _digits}, hub="marketing"),
    "0-23": ActionType(
        "Send marketing e-mail to addresses",
        {"email_content_id": _digits, "recipient_emails": _texts},
        hub="marketing",
    ),
    "0-8": ActionType("Send internal e-mail", _NOTICE, _TO_WHOM),
    "0-9": ActionType("Send in-app notice", _NOTICE, {**_TO_WHOM, "delivery_method": _text}),
    SET_PROPERTY: ActionType(
        "Set property value",
        {"property_name": _text, "value": _object},
        {"association": _object},
        version=1,
    ),
    TASK: ActionType(
        "Create task",
        {
            "task_type": _one_of("TODO", "CALL", "EMAIL"),
            "subject": _text,
            "body": _text,
            "use_explicit_associations": _one_of("true"),
            "associations": _objects,
        },
        {"priority": _text, "due_time": _object, "owner_assignment": _object},
        version=1,
    ),
    "0-14": ActionType(
        "Create record",
        {"object_type_id": _text, "properties": _objects},
        {"associations": _objects, "use_explicit_associations": _text},
    ),
    ADD_TO_LIST: ActionType("Add to static list", _LIST),
    REMOVE_FROM_LIST: ActionType("Remove from static list", _LIST),
    "0-31": ActionType(
        "Set marketing contact status",
        {"targetContact": _text, "marketableType": _text},
        objects=(CONTACTS,),
        version=13,
        hub="marketing",
    ),
    "0-11": ActionType("Rotate owner", {}, any_fields=True),
    "0-25": ActionType("Copy owner", {}, any_fields=True),
    "0-15": ActionType("Go to workflow", {}, any_fields=True),
    "0-30": ActionType("Ads audience", {}, objects=(CONTACTS,), any_fields=True),
    "0-63189541": ActionType("Create associations", {}, any_fields=True),
    "0-169425243": ActionType("Create note", {}, any_fields=True),
    "0-43347357": ActionType(
        "Subscription status", {}, objects=(CONTACTS,), version=7, any_fields=True
    ),
    "0-46510720": ActionType("Enrol in sequence", {}, objects=(CONTACTS,), any_fields=True),
    "0-40900952": ActionType("Send SMS", {}, objects=(CONTACTS,), any_fields=True),
    "0-18224765": ActionType("Delete contact", {}, objects=(CONTACTS,), any_fields=True),
}
_WIRE_TYPES: dict[Fits, str] = {_digits: "number", _whole: "number", UNITS: "enumeration"}


def definitions(required: Mapping[str, list[str]], object_type_id: str | None) -> list[Any]:
    """The action types as the API lists them, all or those for an object.

    required names fields that this account demands beyond the usual ones.
    """
    return [
        {
            "actionTypeId": type_id,
            "actionName": kind.name,
            "groupId": "hubspot",
            "objectTypeIds": list(kind.objects),
            "inputFieldDefinitions": [
                *(_input(name, fits, needed=True) for name, fits in kind.fields.items()),
                *(_input(name, _text, needed=True) for name in required.get(type_id, ())),
                *(_input(name, fits, needed=False) for name, fits in kind.optional.items()),
            ],
        }
        for type_id, kind in ACTION_TYPES.items()
        if object_type_id in (None, *kind.objects)
    ]


def _input(name: str, fits: Fits, *, needed: bool) -> dict[str, Any]:
    kind = "json" if fits in (_object, _objects, _texts) else _WIRE_TYPES.get(fits, "string")
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": kind,
        "isRequired": needed,
        "fieldDefinitionType": "SIMPLE",
    }
