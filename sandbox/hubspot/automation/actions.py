"""Whether the actions of a flow make sense in its account: fields, e-mails, properties, lists.

HubSpot says of nearly all that is wrong with one the same: the request is not valid. So does
`Refused`; the reason is for the one who reads a trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.hubspot.automation.action_types import (
    ACTION_TYPES,
    ADD_TO_LIST,
    BROKEN,
    DELAY_UNTIL,
    REMOVE_FROM_LIST,
    SEND_MAIL,
    SET_PROPERTY,
    TASK,
    ActionType,
)
from sandbox.hubspot.automation.criteria import stage_values
from sandbox.hubspot.automation.mails import Email, Emails
from sandbox.hubspot.automation.shapes import ACTIONS, check_shape, not_set
from sandbox.hubspot.core import plans
from sandbox.hubspot.core.problems import Problem, ServerFailure, bad_request
from sandbox.hubspot.lists.filters import OBJECTS
from sandbox.hubspot.lists.lists import Lists
from sandbox.hubspot.records.associations import TYPES
from sandbox.hubspot.records.crm import Crm

Action = Mapping[str, Any]
Json = Mapping[str, Any]

LONGEST_BRANCH_NAME = 50
NEED_DATA_HUB = ("WEBHOOK", "CUSTOM_CODE")
MAILS = {SEND_MAIL: "content_id", "0-23": "email_content_id"}
# which of them a deal's flow takes is not published
SUBCATEGORIES = {
    "0-1": ("automated",),
    "0-2": ("automated", "automated_for_crm"),
    "0-3": ("automated", "automated_for_crm", "automated_for_deal"),
}


class Refused(Exception):
    """An action or a filter that HubSpot refuses without saying which or why."""


def check_action_shapes(actions: list[Any], *, strict: bool) -> None:
    """Raise Problem 400 or ServerFailure for actions whose members are not as they must be."""
    for action in actions:
        if action.get("defaultBranch") == {}:
            raise ServerFailure
        kind = action.get("type")
        if kind is None:
            raise not_set(["type"])
        if kind not in tuple(ACTIONS):
            raise bad_request(f"Invalid input JSON: there is no action of type {kind}")
        check_shape(ACTIONS[kind], action, strict=strict)


def email_ids(actions: list[Any]) -> list[str]:
    """The ids of the e-mails that actions send, in their order."""
    return [
        action["fields"][MAILS[action["actionTypeId"]]]
        for action in actions
        if action.get("actionTypeId") in MAILS
    ]


class ActionCheck:
    """Checks the actions of one flow; its object is the flow's, by its type id."""

    def __init__(self, crm: Crm, lists: Lists, emails: Emails, object_type_id: str) -> None:
        self._crm = crm
        self._lists = lists
        self._emails = emails
        self._object_type_id = object_type_id
        self._object = OBJECTS[object_type_id]

    def check(self, action: Action) -> None:
        """Raise Refused, or ServerFailure where HubSpot's server fails on the action."""
        names = [each.get("branchName", "") for each in action.get("listBranches", ())]
        if any(len(name) > LONGEST_BRANCH_NAME for name in names):
            raise ServerFailure
        if action["type"] in NEED_DATA_HUB and not self._has("data"):
            raise Refused(f"{action['type']} needs Data Hub Professional")
        if action["type"] == "SINGLE_CONNECTION":
            self._check_single(action["actionTypeId"], action["fields"])

    def _check_single(self, type_id: str, fields: Json) -> None:
        if type_id == BROKEN:
            raise ServerFailure
        kind = ACTION_TYPES.get(type_id)
        if kind is None or self._object_type_id not in kind.objects:
            raise Refused(f"no action type {type_id} for {self._object}")
        if kind.hub and not self._has(kind.hub):
            raise Refused(f"{type_id} needs {kind.hub} at Professional")
        self._check_fields(type_id, kind, fields)
        if type_id in MAILS:
            self._check_mail(fields[MAILS[type_id]])
        elif type_id == SET_PROPERTY:
            self._check_property(fields)
        elif type_id in (ADD_TO_LIST, REMOVE_FROM_LIST):
            self._check_list(fields["listId"])
        elif type_id == TASK:
            self._check_task(fields)
        elif type_id == DELAY_UNTIL:
            self._check_date(fields["date"])

    def _check_fields(self, type_id: str, kind: ActionType, fields: Json) -> None:
        if kind.any_fields:
            return
        demanded = self._crm.behaviours.required_action_fields.get(type_id, [])
        if lacking := {*kind.fields, *demanded} - set(fields):
            raise Refused(f"{type_id} lacks {lacking}")
        known = {**kind.fields, **kind.optional}
        for name, value in fields.items():
            if name in known and not known[name](value):
                raise Refused(f"{name} of {type_id} cannot be {value!r}")
            unknown = name not in known and name not in demanded
            if unknown and self._crm.behaviours.strict_requests:
                raise Refused(f"{type_id} has no field {name}")

    def _check_mail(self, email_id: str) -> None:
        try:
            email: Email = self._emails.get(email_id)
        except Problem as problem:
            raise Refused(problem.message) from None
        if email.subcategory not in SUBCATEGORIES[self._object_type_id]:
            raise Refused(f"e-mail {email_id} is {email.subcategory}, not automated")

    def _check_property(self, fields: Json) -> None:
        object_type = self._object
        if association := fields.get("association"):
            object_type = self._other_end(association)
        properties, name = self._crm.properties[object_type], fields["property_name"]
        definition, value = properties.definitions.get(name), fields["value"]
        if definition is None or definition["modificationMetadata"]["readOnlyValue"]:
            raise Refused(f"{name} cannot be set on {object_type}")
        if value.get("type") == "STATIC_VALUE":
            try:
                properties.clean({name: value.get("staticValue")})
            except Problem as problem:
                raise Refused(problem.message) from None
            known = stage_values(self._crm).get(name)
            if known is not None and value["staticValue"] not in known:
                raise Refused(f"there is no {name} {value['staticValue']}")
        elif value.get("type") == "OBJECT_PROPERTY":
            if (
                str(value.get("propertyName"))
                not in self._crm.properties[self._object].definitions
            ):
                raise Refused(f"there is no property {value.get('propertyName')}")
        elif value.get("type") != "TIMESTAMP":
            raise Refused(f"a value of type {value.get('type')} is not in the sandbox")

    def _check_list(self, list_id: str) -> None:
        try:
            found = self._lists.get(list_id)
        except Problem as problem:
            raise Refused(problem.message) from None
        is_ours = found["objectTypeId"] == self._object_type_id
        if found["processingType"] != "MANUAL" or not is_ours:
            raise Refused(f"list {list_id} is not a manual one of {self._object}")

    def _check_task(self, fields: Json) -> None:
        if fields.get("due_time", {}).get("unit") == "YEARS":
            raise ServerFailure
        if not fields["associations"]:
            raise Refused("a task needs associations")
        for each in fields["associations"]:
            target, value = each.get("target"), each.get("value")
            if not isinstance(target, dict) or not isinstance(value, dict):
                raise Refused("an association of a task has target and value")
            if not isinstance(target.get("associationTypeId"), int):
                raise Refused("target has no associationTypeId")

    def _check_date(self, date: Json) -> None:
        if date.get("type") == "STATIC_VALUE":
            if not str(date.get("staticValue")).isdecimal():
                raise Refused("staticValue must be epoch milliseconds, as text")
            return
        definitions = self._crm.properties[self._object].definitions
        definition = definitions.get(str(date.get("propertyName")))
        is_date = definition is not None and definition["type"] in ("date", "datetime")
        if date.get("type") != "OBJECT_PROPERTY" or not is_date:
            raise Refused(f"{date} is not a date")

    def _other_end(self, association: Json) -> str:
        found = other_end(self._object, association.get("associationTypeId"))
        if found is None or association.get("associationCategory") != "HUBSPOT_DEFINED":
            raise Refused(f"{association} is not an association of {self._object}")
        return found

    def _has(self, hub: str) -> bool:
        return plans.has(self._crm.behaviours.plan, hub, "PROFESSIONAL")


def other_end(object_type: str, type_id: Any) -> str | None:
    """The object that an association type leads to from another, None if there is none."""
    ends = (
        there for (here, there), ids in TYPES.items() if here == object_type and type_id in ids
    )
    return next(ends, None)
