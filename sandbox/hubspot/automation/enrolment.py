"""Who is in which flow: enrolled by what is written, moved on by the sandbox's clock.

A record is enrolled when it goes from not matching to matching while a flow is on, once
unless a re-enrolment trigger says otherwise; it leaves at the end, when it is suppressed,
reaches the goal or, from a contact flow that asks for it, no longer matches. A record that was
suppressed is not enrolled because it no longer is. (docs/reference/workflows.md#enrolment)

Not simulated: events, schedules, time windows, blocked dates, and leaving for another flow.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.automation.flow import Flow
from sandbox.hubspot.automation.mails import Mailing
from sandbox.hubspot.automation.steps import Steps
from sandbox.hubspot.lists.filters import Accepts
from sandbox.hubspot.lists.lists import Lists
from sandbox.hubspot.records.associations import TYPES
from sandbox.hubspot.records.changes import Key
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

# how often flows may react to each other's writes before the sandbox stops looking
MOST_ROUNDS = 50
HOPS = 2  # how far a filter reaches over associations: contact, deal, line item


@dataclass
class Enrolment:
    """One record's way through a flow; due is when it goes on, at next_id."""

    record_id: str
    began: datetime
    next_id: str | None = None
    due: datetime | None = None
    ended: datetime | None = None
    reason: str | None = None
    done: list[dict[str, Any]] = field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        """The enrolment as the sandbox shows it."""
        return {
            "recordId": self.record_id,
            "enrolledAt": stamp(self.began),
            "nextActionId": self.next_id,
            "dueAt": self.due and stamp(self.due),
            "leftAt": self.ended and stamp(self.ended),
            "reason": self.reason,
            "actions": self.done,
        }


@dataclass
class State:
    """What is known of the records of one flow, by their ids."""

    flow: Flow
    matching: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    active: dict[str, Enrolment] = field(default_factory=dict)
    all: list[Enrolment] = field(default_factory=list)


class Enrolments:
    """The enrolments of all flows of an account; it is a timer of the sandbox's clock."""

    def __init__(self, crm: Crm, lists: Lists, mailing: Mailing) -> None:
        self._crm = crm
        self._lists = lists
        self._steps = Steps(crm, lists, mailing)
        self._states: dict[str, State] = {}
        self._on: dict[str, State] = {}
        self._due: list[tuple[datetime, int, str, Enrolment]] = []
        self._order = count()
        crm.clock.timers.append(self)

    def switch_on(self, flow: Flow, *, enrol_existing: bool = False) -> None:
        """Enrol from now on; those that match already only if asked for.

        For a flow that is on already: go by its new revision. Records that waited when it was
        switched off go on.
        """
        self.look()
        state = self._states.setdefault(flow.id, State(flow))
        self._on[flow.id] = state
        self._crm.changes.watched = True
        records = self._crm.records[flow.object_type].all()
        matching = {each.id for each in records if self._holds(flow.rules.accepts, each)}
        state.matching = set() if enrol_existing else matching
        for enrolment in list(state.active.values()):
            self._wait(flow, enrolment)
        for record_id in sorted(matching, key=int) if enrol_existing else ():
            self._ask(state, record_id, set())
        self.ring()

    def switch_off(self, flow: Flow) -> None:
        """Enrol nobody from now on; those that wait stay where they are."""
        self._on.pop(flow.id, None)
        if not self._on:
            self._crm.changes.watched = False
            self._crm.changes.take()

    def forget(self, flow: Flow) -> None:
        """Drop a flow and all its enrolments."""
        self.switch_off(flow)
        self._states.pop(flow.id, None)

    def shown(self, flow: Flow) -> list[dict[str, Any]]:
        """All enrolments of a flow, in the order in which they began."""
        state = self._states.get(flow.id)
        return [each.wire() for each in state.all] if state else []

    def merged(self, record_id: str) -> None:
        """Enrol no contact because it was merged: that is how flows are set by default."""
        self._crm.changes.forget("contacts", record_id)
        record = self._crm.records["contacts"].get(record_id)
        for state in self._on.values():
            if record and state.flow.object_type == "contacts":
                state.ever.add(record_id)
                if self._holds(state.flow.rules.accepts, record):
                    state.matching.add(record_id)
        self.look()

    def look(self) -> None:
        """Ask each flow that is on about the records that changed since the last time."""
        for _ in range(MOST_ROUNDS):
            changed = self._crm.changes.take()
            if not changed:
                return
            for (object_type, record_id), names in self._touched(changed).items():
                for state in list(self._on.values()):
                    if state.flow.object_type == object_type:
                        self._ask(state, record_id, names)

    def next_due(self, until: datetime) -> datetime | None:
        """The next moment, from now to another, at which something is to happen.

        That is when a delay ends or, where a filter looks at dates, each midnight (UTC).
        """
        while self._due and self._is_stale(*self._due[0]):
            heapq.heappop(self._due)
        now = self._crm.clock.now()
        moments = [max(now, self._due[0][0])] if self._due else []
        if any(state.flow.rules.looks_at_dates for state in self._on.values()):
            moments.append(datetime.combine(now.date() + timedelta(days=1), _MIDNIGHT))
        return min((each for each in moments if each <= until), default=None)

    def ring(self) -> None:
        """Do what is due by now: carry waiting records on, and ask again where time counts."""
        now = self._crm.clock.now()
        self.look()
        while self._due and self._due[0][0] <= now:
            entry = heapq.heappop(self._due)
            if not self._is_stale(*entry):
                _, _, flow_id, enrolment = entry
                state = self._on[flow_id]
                self._ask(state, enrolment.record_id, set())
                if enrolment.ended is None:
                    self._advance(state, enrolment, enrolment.next_id)
                self.look()
        for state in list(self._on.values()):
            if state.flow.rules.looks_at_dates:
                for record in self._crm.records[state.flow.object_type].all():
                    self._ask(state, record.id, set())
        self.look()

    def _ask(self, state: State, record_id: str, changed: set[str]) -> None:
        """Enrol a record, let it leave, or neither; changed are its properties that did."""
        flow, enrolment = state.flow, state.active.get(record_id)
        record = self._crm.records[flow.object_type].get(record_id)
        if record is None:
            state.matching.discard(record_id)
            if enrolment:
                self._leave(state, enrolment, "RECORD_DELETED")
            return
        matched, matches = record_id in state.matching, self._holds(flow.rules.accepts, record)
        (state.matching.add if matches else state.matching.discard)(record_id)
        reason = self._reason_against(flow, record, matches=matches)
        if enrolment:
            if reason:
                self._leave(state, enrolment, reason)
        elif matches and not reason:
            is_new = not matched and record_id not in state.ever
            if is_new or self._is_again(flow, record, changed):
                self._enrol(state, record_id)

    def _reason_against(self, flow: Flow, record: Record, *, matches: bool) -> str | None:
        if self._is_suppressed(flow, record):
            return "SUPPRESSED"
        if self._holds(flow.rules.reaches_goal, record):
            return "GOAL_REACHED"
        # of other objects HubSpot's schema allows the member; that it acts is not known
        is_strict = flow.object_type == "contacts" and flow.criteria.get(
            "unEnrollObjectsNotMeetingCriteria"
        )
        return "NO_LONGER_MEETS_CRITERIA" if is_strict and not matches else None

    def _is_suppressed(self, flow: Flow, record: Record) -> bool:
        return self._holds(flow.rules.suppresses, record) or any(
            self._lists.has(str(list_id), record)
            for list_id in flow.body.get("suppressionListIds", [])
        )

    def _is_again(self, flow: Flow, record: Record, changed: set[str]) -> bool:
        now = self._crm.clock.now()
        return bool(flow.criteria.get("shouldReEnroll")) and any(
            name in changed and holds(record.properties.get(name, ""), now)
            for name, holds in flow.rules.again
        )

    def _enrol(self, state: State, record_id: str) -> None:
        enrolment = Enrolment(record_id, self._crm.clock.now())
        state.ever.add(record_id)
        state.active[record_id] = enrolment
        state.all.append(enrolment)
        self._advance(state, enrolment, state.flow.body.get("startActionId"))

    def _advance(self, state: State, enrolment: Enrolment, action_id: str | None) -> None:
        """Carry out actions until one lets the record wait, or none is left."""
        flow, now = state.flow, self._crm.clock.now()
        enrolment.next_id = enrolment.due = None
        while action := flow.action(action_id):
            record = self._crm.records[flow.object_type].get(enrolment.record_id)
            if record is None:
                self._leave(state, enrolment, "RECORD_DELETED")
                return
            step = self._steps.take(flow, action, record)
            done = {"actionId": action_id, "at": stamp(now), **step.told}
            enrolment.done.append(done)
            action_id = step.next_id
            if step.due and step.due > now:
                enrolment.next_id, enrolment.due = action_id, step.due
                self._wait(flow, enrolment)
                return
        self._leave(state, enrolment, "COMPLETED")

    def _wait(self, flow: Flow, enrolment: Enrolment) -> None:
        if enrolment.due:
            entry = (enrolment.due, next(self._order), flow.id, enrolment)
            heapq.heappush(self._due, entry)

    def _is_stale(self, due: datetime, _: int, flow_id: str, enrolment: Enrolment) -> bool:
        return flow_id not in self._on or enrolment.due != due

    def _leave(self, state: State, enrolment: Enrolment, reason: str) -> None:
        del state.active[enrolment.record_id]
        enrolment.next_id = enrolment.due = None
        enrolment.ended, enrolment.reason = self._crm.clock.now(), reason

    def _holds(self, accepts: Accepts | None, record: Record) -> bool:
        return accepts is not None and accepts(self._crm, record)

    def _touched(self, changed: dict[Key, set[str]]) -> dict[Key, set[str]]:
        """The records that changed, and those that filters may reach them from."""
        touched, edge = dict(changed), list(changed)
        for _ in range(
            HOPS if any(each.flow.rules.looks_far for each in self._on.values()) else 0
        ):
            edge = [
                (there, other_id)
                for here, record_id in edge
                for (start, there) in TYPES
                if start == here
                for other_id in self._crm.links.of(here, record_id, there)
            ]
            for key in edge:
                touched.setdefault(key, set())
        return touched


_MIDNIGHT = datetime.min.replace(tzinfo=UTC).timetz()
