"""Finds what HubSpot refuses in a flow: its answer says only that something is wrong.

The answers: docs/reference/workflows.md#refusals
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from load.workflows.definition.flow import DELAY, SEND_EMAIL, Body
from load.workflows.flows.flows import OF_A_TEST, Flows


def first_refused(flows: Flows, body: Body) -> str:
    """Say which part of a refused flow HubSpot refuses, and what to do about it.

    Creates smaller flows, switched off, and deletes each at once.
    """
    for said, smaller in _smaller(body):
        if not flows.takes({**smaller, "name": f"{body['name']}{OF_A_TEST}"}):
            return said
    return "It takes each part of it alone. Create it by hand, or report this"


def _smaller(body: Body) -> Iterator[tuple[str, Body]]:
    """Flows that grow part by part, each with the words for a refusal of it."""
    bare = {
        name: value
        for name, value in body.items()
        if name not in ("enrollmentCriteria", "suppressionFilterBranch", "startActionId")
    } | {"actions": []}
    yield "It refuses even a workflow without trigger and actions", bare
    trigger = {**bare, "enrollmentCriteria": body["enrollmentCriteria"]}
    yield (
        "It refuses the trigger. Run cartwheel setup, and for a clone look at --where",
        trigger,
    )
    if "suppressionFilterBranch" in body:
        leaving = {**trigger, "suppressionFilterBranch": body["suppressionFilterBranch"]}
        yield "It refuses the filter by which records leave. Run cartwheel setup", leaving
    by_id = {action["actionId"]: action for action in body["actions"]}
    for number, action in enumerate(body["actions"], 1):
        alone = [_last(action)]
        if action["type"] == "LIST_BRANCH":
            targets = {
                branch["connection"]["nextActionId"]
                for branch in action["listBranches"]
                if "connection" in branch
            }
            alone = [action, *(_last(by_id[target]) for target in sorted(targets))]
        flow = {**bare, "actions": alone, "startActionId": action["actionId"]}
        yield f"It refuses action {number}, {_advice(action)}", flow


def _last(action: Mapping[str, Any]) -> Body:
    """An action that nothing follows; a branch becomes a delay, so that it needs no targets."""
    if action["type"] != "LIST_BRANCH":
        return {name: value for name, value in action.items() if name != "connection"}
    return {
        "actionId": action["actionId"],
        "type": "SINGLE_CONNECTION",
        "actionTypeId": DELAY,
        "actionTypeVersion": 0,
        "fields": {"delta": "1", "time_unit": "MINUTES"},
    }


def _advice(action: Mapping[str, Any]) -> str:
    if action["type"] == "LIST_BRANCH":
        return "the check before a later e-mail. Leave the checks out: --without checks"
    if action["actionTypeId"] == SEND_EMAIL:
        return f"which sends the e-mail with the id {action['fields']['content_id']}"
    return f"of the type {action['actionTypeId']}. Leave it out of --actions"
