"""What the actions of a flow do to an enrolled record, and how long they let it wait.

Delays, branches, properties, tasks, static lists and automated e-mails are carried out; of
the other action types it is only kept that the record came by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.automation.action_types import (
    ADD_TO_LIST,
    DELAY,
    DELAY_UNTIL,
    REMOVE_FROM_LIST,
    SEND_MAIL,
    SET_PROPERTY,
    TASK,
)
from sandbox.hubspot.automation.actions import other_end
from sandbox.hubspot.automation.flow import Flow
from sandbox.hubspot.automation.graph import next_of
from sandbox.hubspot.automation.mails import Mailing
from sandbox.hubspot.core.problems import Problem
from sandbox.hubspot.lists.dates import moment_of
from sandbox.hubspot.lists.lists import Lists
from sandbox.hubspot.records.batches import Batch
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

Action = Mapping[str, Any]

SECONDS = {"MINUTES": 60, "HOURS": 3_600, "DAYS": 86_400}
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


@dataclass
class Step:
    """The outcome of an action: what follows, from when on, and what there is to tell."""

    next_id: str | None
    due: datetime | None = None
    told: dict[str, Any] = field(default_factory=dict)


class Steps:
    """Carries out the actions of flows in one account."""

    def __init__(self, crm: Crm, lists: Lists, mailing: Mailing) -> None:
        self._crm = crm
        self._lists = lists
        self._mailing = mailing

    def take(self, flow: Flow, action: Action, record: Record) -> Step:
        """Carry out one action for a record; what HubSpot refuses then is told, not raised."""
        kind = action["type"]
        if kind == "LIST_BRANCH":
            return self._list_branch(flow, action, record)
        if kind == "STATIC_BRANCH":
            value = self._value(action["inputValue"], record)
            return _branch(action, lambda each: bool(each["branchValue"] == value))
        if kind == "AB_TEST_BRANCH":
            return _test_branch(action, record)
        step = Step(next_of(action))
        try:
            self._single(step, flow, action, record)
        except Problem as problem:
            step.told["problem"] = problem.message
        return step

    def _single(self, step: Step, flow: Flow, action: Action, record: Record) -> None:
        type_id, fields = action.get("actionTypeId"), action.get("fields", {})
        if type_id == DELAY:
            step.due = self._after_delay(fields)
        elif type_id == DELAY_UNTIL:
            step.due = self._at_date(fields, record)
        elif type_id == SEND_MAIL:
            step.told["contacts"] = self._send(flow, fields["content_id"], record)
        elif type_id == SET_PROPERTY:
            self._set(flow, fields, record)
        elif type_id == TASK:
            step.told["task"] = {name: fields[name] for name in ("task_type", "subject")}
        elif type_id == ADD_TO_LIST:
            self._lists.add_member(fields["listId"], record.id)
        elif type_id == REMOVE_FROM_LIST:
            self._lists.remove_member(fields["listId"], record.id)

    def _list_branch(self, flow: Flow, action: Action, record: Record) -> Step:
        tests = flow.rules.branches.get(action["actionId"], [])
        for branch, accepts in zip(action["listBranches"], tests, strict=True):
            if accepts is not None and accepts(self._crm, record):
                return Step(next_of(branch), told={"branch": branch.get("branchName", "")})
        return _otherwise(action)

    def _send(self, flow: Flow, email_id: str, record: Record) -> list[str]:
        """Send to the contact, or once to each contact of another record; give their ids."""
        contacts = [record.id]
        if flow.object_type != "contacts":
            contacts = list(self._crm.links.of(flow.object_type, record.id, "contacts"))
        for contact_id in contacts:
            self._mailing.outbox.send(
                email_id,
                contact_id,
                flow_id=flow.id,
                object_type_id=flow.body["objectTypeId"],
                record_id=record.id,
                at=self._crm.clock.now(),
            )
        return contacts

    def _set(self, flow: Flow, fields: Mapping[str, Any], record: Record) -> None:
        object_type, ids = flow.object_type, [record.id]
        if association := fields.get("association"):
            type_id = association["associationTypeId"]
            object_type = other_end(flow.object_type, type_id) or flow.object_type
            links = self._crm.links.of(flow.object_type, record.id, object_type)
            ids = [other_id for other_id, types in links.items() if type_id in types]
        value = self._value(fields["value"], record)
        for record_id in ids:
            row = {"id": record_id, "properties": {fields["property_name"]: value}}
            Batch(self._crm, object_type, "update", by_person=True).write_one(row)

    def _value(self, given: Mapping[str, Any], record: Record) -> str:
        if given.get("type") == "OBJECT_PROPERTY":
            return record.properties.get(given["propertyName"], "")
        if given.get("type") == "TIMESTAMP":
            return stamp(self._crm.clock.now())
        return str(given.get("staticValue", ""))

    def _after_delay(self, fields: Mapping[str, Any]) -> datetime:
        span = timedelta(seconds=int(fields["delta"]) * SECONDS[fields["time_unit"]])
        moment = _at_time(self._crm.clock.now() + span, fields.get("time_of_day"))
        days = [day for day in fields.get("days_of_week", []) if day in WEEKDAYS]
        while days and WEEKDAYS[moment.weekday()] not in days:
            moment += timedelta(days=1)
        return moment

    def _at_date(self, fields: Mapping[str, Any], record: Record) -> datetime | None:
        """The date, with what is to be added; None where the record has no such date."""
        date = fields["date"]
        if date["type"] == "STATIC_VALUE":
            moment = datetime.fromtimestamp(int(date["staticValue"]) / 1_000, UTC)
        elif stored := record.properties.get(date["propertyName"]):
            moment = moment_of(stored)
        else:
            return None
        span = int(fields.get("delta", 0)) * SECONDS[fields.get("time_unit", "MINUTES")]
        return _at_time(moment + timedelta(seconds=span), fields.get("time_of_day"))


def _at_time(moment: datetime, time: Mapping[str, int] | None) -> datetime:
    """The moment, or the first one from it on that is at a time of day (UTC)."""
    if time is None:
        return moment
    at = moment.replace(hour=time["hour"], minute=time["minute"], second=0, microsecond=0)
    return at if at >= moment else at + timedelta(days=1)


def _branch(action: Action, chosen: Callable[[Mapping[str, Any]], bool]) -> Step:
    for branch in action["staticBranches"]:
        if chosen(branch):
            return Step(next_of(branch), told={"branch": branch["branchValue"]})
    return _otherwise(action)


def _otherwise(action: Action) -> Step:
    """The default branch; where there is none the record's way ends."""
    connection = action.get("defaultBranch")
    told = {"branch": action.get("defaultBranchName", "")}
    return Step(connection["nextActionId"] if connection else None, told=told)


def _test_branch(action: Action, record: Record) -> Step:
    """The branch of a split that a record's id falls into."""
    place = int(record.id) % 100
    for branch in action["testBranches"]:
        place -= branch.get("percentage", 0)
        if place < 0:
            break
    return Step(next_of(branch))
