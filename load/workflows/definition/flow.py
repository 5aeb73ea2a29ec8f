"""A workflow as HubSpot's Automation API takes it: trigger, actions, marker.

The API: docs/reference/workflows.md#flows
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import orjson

from load.account.pipeline import DealPipeline
from load.hubspot.filters import Branch, all_of, any_of, equals, is_known
from load.workflows.definition.conditions import Clone, Definitions, clone_filters
from load.workflows.definition.steps import Step
from load.workflows.definition.templates import (
    Template,
    before_mail,
    consent_of_contact,
    enrolment_filters,
    suppression,
)

Body = dict[str, Any]

PREFIX = "Cartwheel: "
MARKER = re.compile(r"cartwheel:([a-z0-9_-]+):v1:([0-9a-f]{12})")
LONGEST_NAME = 256
# docs/reference/workflows.md#actions
DELAY, SEND_EMAIL, SET_PROPERTY, CREATE_TASK = "0-1", "0-4", "0-5", "0-3"
INTERNAL_EMAIL, NOTIFY, ADD_TO_LIST = "0-8", "0-9", "0-63809083"
TASK_TO = {"contacts": 204, "deals": 216}


@dataclass(frozen=True)
class Wanted:
    """Everything that decides a flow's body.

    key is the workflow's name in the ledger, title its name in HubSpot; mails are the ids of
    its e-mails by number; with checks, a branch looks again before each later mail.
    """

    key: str
    title: str
    template: Template
    steps: tuple[Step, ...]
    mails: Mapping[int, str]
    checks: bool = True
    clone: Clone | None = None


def flow_body(
    wanted: Wanted, pipeline: DealPipeline, known: Definitions, first_action: int = 1
) -> Body:
    """The body that creates a flow, switched off.

    first_action is the number of its first action: the ids of a former revision cannot be
    used again. known are HubSpot's definitions of the object's properties.
    """
    template = wanted.template
    actions = _Actions(wanted, pipeline, first_action).built()
    body: Body = {
        "name": wanted.title,
        "type": "PLATFORM_FLOW" if template.is_deal_based else "CONTACT_FLOW",
        "objectTypeId": template.object_type_id,
        "flowType": "WORKFLOW",
        "isEnabled": False,
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {},
        "dataSources": [],
        "actions": actions,
        "enrollmentCriteria": _enrolment(wanted, pipeline, known),
    }
    if actions:
        body["startActionId"] = actions[0]["actionId"]
    leaving = suppression(template, pipeline)
    if leaving is not None:
        body["suppressionFilterBranch"] = leaving
    else:
        body |= {"canEnrollFromSalesforce": False, "suppressionListIds": []}
    digest = digest_of(body)
    body["description"] = f"{_about(wanted)} cartwheel:{wanted.key}:v1:{digest}"
    return body


def trigger_branch(wanted: Wanted, pipeline: DealPipeline, known: Definitions) -> Branch:
    """The records that enrol: the filter of the flow, and of the list beside it."""
    filters, of_contact = enrolment_filters(wanted.template, pipeline)
    if wanted.clone is not None:
        filters = clone_filters(wanted.template, wanted.clone, filters, known)
    among = [consent_of_contact()] if of_contact else []
    return any_of(all_of(*filters, among=among))


def digest_of(body: Mapping[str, Any]) -> str:
    """A short hash of what a flow does, the same whatever its actions' ids begin with."""
    meant = {name: value for name, value in body.items() if name not in ("description", "uuid")}
    ids = [str(action["actionId"]) for action in meant.get("actions", ())]
    renamed = {old: str(new) for old, new in zip(ids, count(1), strict=False)}
    text = orjson.dumps(_renamed(meant, renamed), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:12]


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            name: ids.get(each, each)
            if name in ("actionId", "nextActionId", "startActionId")
            else _renamed(each, ids)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_renamed(each, ids) for each in value]
    return value


def _about(wanted: Wanted) -> str:
    if wanted.clone is None:
        return wanted.template.about
    differs = "; ".join(wanted.clone.in_words())
    return f"A clone of {PREFIX}{wanted.template.title} with another trigger: {differs}."


def _enrolment(wanted: Wanted, pipeline: DealPipeline, known: Definitions) -> Body:
    template = wanted.template
    # a lapse by HubSpot's own clock changes no property: such a clone enrols a person once
    again = not template.is_deal_based and (wanted.clone is None or not wanted.clone.days)
    since = all_of(equals("hs_name", template.since), is_known("hs_value"))
    return {
        "type": "LIST_BASED",
        "shouldReEnroll": again,
        "unEnrollObjectsNotMeetingCriteria": not template.is_deal_based,
        "listFilterBranch": trigger_branch(wanted, pipeline, known),
        "reEnrollmentTriggersFilterBranches": [since] if again else [],
    }


class _Actions:
    """The actions of a flow, numbered in the order of their steps."""

    def __init__(self, wanted: Wanted, pipeline: DealPipeline, first: int) -> None:
        self._wanted, self._pipeline = wanted, pipeline
        self._numbers = count(first)
        self._made: list[Body] = []

    def built(self) -> list[Body]:
        """All actions; the first is where a record begins."""
        template, last = self._wanted.template, None
        check = before_mail(template, self._pipeline) if self._wanted.checks else None
        mailed = False
        for step in self._wanted.steps:
            if step.is_mail and mailed and check is not None:
                last = self._checked(last, check)
            last = self._joined(last, self._single(step))
            mailed = mailed or step.is_mail
        return self._made

    def _checked(self, last: Body | None, check: Branch) -> Body:
        """A branch that only records pass of which the check holds; the others end there."""
        action: Body = {
            "actionId": str(next(self._numbers)),
            "type": "LIST_BRANCH",
            "listBranches": [{"branchName": "Still to mail", "filterBranch": check}],
        }
        return self._joined(last, action)

    def _joined(self, last: Body | None, action: Body) -> Body:
        """Put an action behind the last one; a branch goes on where the check holds."""
        if last is not None:
            target = last["listBranches"][0] if last["type"] == "LIST_BRANCH" else last
            target["connection"] = _to(action["actionId"])
        self._made.append(action)
        return action

    def _single(self, step: Step) -> Body:
        kind, argument = step.kind, step.argument
        if step.is_mail:
            return self._action(
                SEND_EMAIL, {"content_id": self._wanted.mails.get(step.number, "")}
            )
        if kind == "delay":
            return self._action(DELAY, {"delta": str(step.minutes), "time_unit": "MINUTES"})
        if kind == "set":
            name, value = step.pair
            fields: Body = {
                "property_name": name,
                "value": {"type": "STATIC_VALUE", "staticValue": value},
            }
            return self._action(SET_PROPERTY, fields)
        if kind == "task":
            return self._action(CREATE_TASK, self._task(argument))
        if kind == "list":
            fields = {"listId": argument, "targetObject": "{{ enrolled_object }}"}
            return self._action(ADD_TO_LIST, fields)
        told = f"{self._wanted.title}: a record needs attention"
        fields = {"user_ids": [argument], "subject": told, "body": told}
        if kind == "notify":
            return self._action(NOTIFY, {**fields, "delivery_method": "APP"})
        return self._action(INTERNAL_EMAIL, fields)

    def _task(self, title: str) -> Body:
        target = {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": TASK_TO[self._wanted.template.object_name],
        }
        return {
            "task_type": "TODO",
            "subject": title,
            "body": f"From the workflow {self._wanted.title}",
            "use_explicit_associations": "true",
            "associations": [{"target": target, "value": {"type": "ENROLLED_OBJECT"}}],
        }

    def _action(self, type_id: str, fields: Body) -> Body:
        return {
            "actionId": str(next(self._numbers)),
            "type": "SINGLE_CONNECTION",
            "actionTypeId": type_id,
            "actionTypeVersion": 0,
            "fields": fields,
        }


def _to(action_id: str) -> Body:
    return {"edgeType": "STANDARD", "nextActionId": action_id}


def references(body: Mapping[str, Any]) -> Sequence[str]:
    """The ids of the e-mails that a flow sends, in their order."""
    return [
        str(action["fields"]["content_id"])
        for action in body.get("actions", ())
        if action.get("actionTypeId") == SEND_EMAIL
    ]
