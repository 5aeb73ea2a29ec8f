"""The flows (workflows) of an account: made and replaced by apps, switched on by people.

Facts: docs/reference/workflows.md#flows
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.core.clock import stamp
from sandbox.hubspot.automation.action_types import ACTION_TYPES
from sandbox.hubspot.automation.actions import (
    ActionCheck,
    Refused,
    check_action_shapes,
    email_ids,
)
from sandbox.hubspot.automation.criteria import Rules, complete, filters_of, read_rules
from sandbox.hubspot.automation.enrolment import Enrolments
from sandbox.hubspot.automation.filter_members import unknown_members
from sandbox.hubspot.automation.flow import Flow, Json
from sandbox.hubspot.automation.graph import is_walkable
from sandbox.hubspot.automation.mails import Mailing
from sandbox.hubspot.automation.shapes import (
    BOTH,
    CREATE_ONLY,
    CRITERIA,
    DEFAULTS,
    FLOW_TYPES,
    OF_TYPE,
    TEXT,
    check_shape,
    not_set,
    without_nulls,
)
from sandbox.hubspot.core.problems import Problem, bad_request, not_found, over_plan
from sandbox.hubspot.lists.filters import INVALID_BASE, OBJECTS
from sandbox.hubspot.lists.lists import LISTED, Lists
from sandbox.hubspot.records.crm import Crm

CONTACTS = "0-1"
LONGEST_NAME = 256
FIRST_ID = 600_000_001
SENSITIVE = (
    "Access denied. Flow must be accessible via external APIs and contain no sensitive "
    "properties unless appropriate sensitive data scopes are provided."
)
UPDATE_REFUSED = "FlowApiStandardFriendlyError.FLOW_UPDATE_BAD_REQUEST"


class Flows:
    """The flows by id. `lag` is how many seconds a new one is PENDING."""

    def __init__(self, crm: Crm, lists: Lists, mailing: Mailing) -> None:
        self.lag = 0.2
        self._enrolments = Enrolments(crm, lists, mailing)
        self._crm = crm
        self._lists = lists
        self._mailing = mailing
        self._next_id = FIRST_ID
        self._flows: dict[str, Flow] = {}

    def create(self, given: Mapping[str, Any]) -> Json:
        """Add a flow. Raises Problem 400, 403 or ServerFailure."""
        given = without_nulls(given)
        self._check_members(given, {**BOTH, **CREATE_ONLY})
        most = self._crm.behaviours.most_flows
        if len(self._flows) >= most:
            raise over_plan(f"Your account has reached its limit of {most} workflows.")
        body = self._completed({**_defaults_of(given["type"]), **given})
        self._check_object(body)
        rules = self._read(body, body["objectTypeId"], refused=_not_valid())
        moment = stamp(self._crm.clock.now())
        body |= {
            "id": str(self._next_id),
            "revisionId": "1",
            "createdAt": moment,
            "updatedAt": moment,
        }
        body.setdefault("uuid", str(uuid.UUID(int=self._next_id)))
        body.pop("nextAvailableActionId", None)
        self._next_id += 1
        flow = self._flows[body["id"]] = Flow(body, rules)
        if flow.is_on:
            self._enrolments.switch_on(flow)
        return flow.wire(self.lag)

    def get(self, flow_id: str) -> Json:
        """One whole flow; raises Problem 404, or 403 for a hidden one."""
        return self._open(flow_id).wire(self.lag)

    def replace(self, flow_id: str, given: Mapping[str, Any]) -> Json:
        """Replace a flow as a whole. Raises Problem 400, 403, 404, 409 or ServerFailure."""
        flow, given = self._open(flow_id), without_nulls(given)
        self._check_members(given, {**BOTH, "revisionId": TEXT})
        sent, latest = given["revisionId"], flow.body["revisionId"]
        if sent != latest:
            message = f"Flow revision id {sent} is not the latest revision id {latest}"
            raise Problem(409, "CONFLICT", message)
        kept = {
            name: flow.body[name]
            for name in ("id", "objectTypeId", "flowType", "dataSources", "createdAt", "uuid")
        }
        body = kept | self._completed({**_defaults_of(given["type"]), **given})
        body |= {name: kept[name] for name in ("dataSources",)}
        if given["type"] != flow.body["type"] or flow.status(self.lag) == "PENDING":
            raise _update_refused()
        rules = self._read(body, body["objectTypeId"], refused=_update_refused())
        if flow.reuses(body["actions"]):
            raise _update_refused()
        self._revise(flow, body, rules)
        return flow.wire(self.lag)

    def delete(self, flow_id: str) -> None:
        """Remove a flow, with its enrolments; raises Problem 403, 404."""
        self._remove(self._open(flow_id))

    def headers(self) -> list[Json]:
        """The headers of all flows but the hidden ones, in order of id."""
        return [each.header() for each in self._flows.values() if not each.hidden]

    def visible(self, flow_id: str) -> Json | None:
        """One whole flow, None if there is none that the app may see."""
        flow = self._flows.get(flow_id)
        return None if flow is None or flow.hidden else flow.wire(self.lag)

    def mails(self, flow_ids: list[str]) -> list[Json]:
        """Which e-mails flows send; those of all that the app may see if none is named."""
        return [
            {"flowId": flow.id, "emailCampaignId": f"9{email_id}", "emailContentId": email_id}
            for flow in self._flows.values()
            if not flow.hidden and (not flow_ids or flow.id in flow_ids)
            for email_id in dict.fromkeys(email_ids(flow.body["actions"]))
        ]

    def using_email(self, email_id: str) -> list[str]:
        """The ids of the flows that send an e-mail, hidden ones too."""
        return [
            flow.id
            for flow in self._flows.values()
            if email_id in email_ids(flow.body["actions"])
        ]

    def check_unused(self, object_type: str, name: str) -> None:
        """Raise Problem 400 where a flow uses a property."""
        users = [flow.id for flow in self._flows.values() if _uses(flow, object_type, name)]
        if users:
            raise Problem(
                400,
                "PROPERTY_USAGE",
                f"Property {name} is used in workflows {', '.join(users)}.",
                context={"flowIds": users},
            )

    def switch(self, flow_id: str, *, on: bool, enrol_existing: bool = False) -> Json:
        """Switch a flow on or off by hand; raises Problem 400, 404.

        With enrol_existing the records that match already are enrolled as well.
        """
        flow = self._find(flow_id)
        body = {**flow.body, "isEnabled": on}
        self._check_mails(body, _not_valid())
        was_on = flow.is_on
        self._revise(flow, body, flow.rules, enrol_existing=enrol_existing and not was_on)
        return flow.wire(self.lag)

    def edit(self, flow_id: str, changes: Mapping[str, Any]) -> Json:
        """Change members of a flow by hand, or one `action`. Raises Problem 400, 404."""
        flow = self._find(flow_id)
        body = without_nulls({**flow.body, **changes})
        change = body.pop("action", None)
        if change is not None:
            if flow.action(change.get("actionId")) is None:
                raise not_found(f"Flow {flow_id} has no action {change.get('actionId')}")
            body["actions"] = [
                {**each, **change} if each["actionId"] == change["actionId"] else each
                for each in flow.body["actions"]
            ]
        changeable = set(BOTH) | set(OF_TYPE[flow.body["type"]])
        names = {name.removesuffix("?") for name in changeable} - {"type", "isEnabled"}
        if not set(changes) - {"action"} <= names:
            raise bad_request(f"A person changes action, {', '.join(sorted(names))}")
        sent = {name: body[name] for name in (*names, "type", "isEnabled") if name in body}
        self._check_members(sent, BOTH)
        rules = self._read(body, body["objectTypeId"], refused=_not_valid())
        self._revise(flow, self._completed(body), rules)
        return flow.wire(self.lag)

    def remove(self, flow_id: str) -> None:
        """Delete a flow by hand, hidden or not; raises Problem 404."""
        self._remove(self._find(flow_id))

    def hide(self, flow_id: str, *, hidden: bool) -> Json:
        """Let a flow hold sensitive data, which the app may not see, or no longer."""
        flow = self._find(flow_id)
        flow.hidden = hidden
        return flow.wire(self.lag)

    def enrolled(self, flow_id: str) -> list[Json]:
        """The enrolments of a flow, past ones too; raises Problem 404."""
        return self._enrolments.shown(self._find(flow_id))

    def look(self) -> None:
        """Ask the flows that are on about what was written since the last time."""
        self._enrolments.look()

    def merged(self, contact_id: str) -> None:
        """The same, after two contacts were merged into one."""
        self._enrolments.merged(contact_id)

    def _find(self, flow_id: str) -> Flow:
        if flow_id not in self._flows:
            raise not_found(f"Flow {flow_id} does not exist.")
        return self._flows[flow_id]

    def _open(self, flow_id: str) -> Flow:
        flow = self._find(flow_id)
        if flow.hidden:
            raise Problem(403, "FORBIDDEN", SENSITIVE)
        return flow

    def _check_members(self, given: Mapping[str, Any], members: Mapping[str, Any]) -> None:
        kind = given.get("type")
        if kind is None:
            raise not_set(["type"])
        if kind not in FLOW_TYPES:
            raise bad_request(f"Invalid input JSON: there is no flow of type {kind}")
        members = {**members, **OF_TYPE[kind]}
        strict = self._crm.behaviours.strict_requests
        if not strict:
            members = {
                name + "?" if name in DEFAULTS else name: each for name, each in members.items()
            }
        check_shape(members, given, strict=strict)
        check_action_shapes(given["actions"], strict=strict)
        unknown = next(unknown_members(given), None) if strict else None
        if unknown is not None:
            raise bad_request(f"Invalid input JSON: no part of a filter has {unknown}")
        if criteria := given.get("enrollmentCriteria"):
            known = CRITERIA.get(str(criteria.get("type")))
            if known is None:
                raise _not_valid()
            check_shape(known, criteria, strict=strict)

    def _completed(self, body: Json) -> Json:
        """A body with what HubSpot adds, and its actions at the versions that it runs."""
        made: Json = complete(body)
        for action in made["actions"]:
            kind = ACTION_TYPES.get(action.get("actionTypeId", ""))
            if kind is not None:
                action["actionTypeVersion"] = max(action["actionTypeVersion"], kind.version)
        return made

    def _check_object(self, body: Json) -> None:
        object_type_id = body["objectTypeId"]
        if body["type"] == "CONTACT_FLOW" and object_type_id != CONTACTS:
            raise bad_request(f'Expected "{CONTACTS}" objectType but got "{object_type_id}"')
        if body["type"] == "PLATFORM_FLOW" and object_type_id == CONTACTS:
            raise bad_request(
                f'Expected an object type other than "{CONTACTS}" objectType but got '
                f'"{object_type_id}"'
            )
        if object_type_id not in LISTED:
            raise _not_valid()

    def _read(self, body: Json, object_type_id: str, refused: Problem) -> Rules:
        """The rules of a body whose members fit; raises the refusal where it makes no sense."""
        emails = self._mailing.emails
        check = ActionCheck(self._crm, self._lists, emails, object_type_id)
        try:
            if len(body.get("name", "")) > LONGEST_NAME:
                raise Refused("the name is too long")
            for action in body["actions"]:
                check.check(action)
            if not is_walkable(body.get("startActionId"), body["actions"]):
                raise Refused("the actions are not one connected graph")
            for list_id in body.get("suppressionListIds", []):
                self._lists.get(str(list_id))
            rules = read_rules(self._crm, OBJECTS[object_type_id], body)
        except Refused as refusal:
            raise refused from refusal
        except Problem as problem:
            if problem.sub_category == INVALID_BASE:
                raise
            raise refused from problem
        self._check_mails(body, refused)
        return rules

    def _check_mails(self, body: Json, refused: Problem) -> None:
        """Raise the refusal where a flow that is to be on sends an unpublished e-mail."""
        if not body["isEnabled"]:
            return
        for email_id in email_ids(body["actions"]):
            try:
                state = self._mailing.emails.get(email_id).state
            except Problem as problem:
                raise refused from problem
            if state != "AUTOMATED":
                raise refused

    def _revise(
        self, flow: Flow, body: Json, rules: Rules, *, enrol_existing: bool = False
    ) -> None:
        """Give a flow its next revision."""
        was_on = flow.is_on
        flow.body = {
            **body,
            "revisionId": str(int(flow.body["revisionId"]) + 1),
            "updatedAt": stamp(self._crm.clock.now()),
        }
        flow.rules = rules
        flow.remember_actions()
        if flow.is_on:
            self._enrolments.switch_on(flow, enrol_existing=enrol_existing)
        elif was_on:
            self._enrolments.switch_off(flow)

    def _remove(self, flow: Flow) -> None:
        self._enrolments.forget(flow)
        del self._flows[flow.id]


def _defaults_of(kind: str) -> Json:
    """What is filled into a flow of a type where it is left out."""
    names = {*BOTH, *CREATE_ONLY, *OF_TYPE[kind]}
    return {name: value for name, value in DEFAULTS.items() if name in names}


def _uses(flow: Flow, object_type: str, name: str) -> bool:
    filtered = any(
        OBJECTS.get(type_id) == object_type and each.get("property") == name
        for type_id, each in filters_of(flow.body)
    )
    named = flow.object_type == object_type and any(
        name in (each.get("fields", {}).get("property_name"),) for each in flow.body["actions"]
    )
    again = flow.object_type == object_type and name in dict(flow.rules.again)
    return filtered or named or again


def _not_valid() -> Problem:
    return bad_request("Invalid request to flow creation")


def _update_refused() -> Problem:
    return Problem(
        400, "BAD_REQUEST", "Invalid request to flow update", sub_category=UPDATE_REFUSED
    )
