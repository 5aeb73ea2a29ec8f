"""/_sandbox/hubspot/flows: what a person does with workflows in HubSpot, ordered over HTTP.

GET     flows/{id}/enrolments
    who is in it, who was, from when to when, why they left, and what was done for them
POST    flows/{id}/enable  {"enrol_existing": false}
    switches it on, with the answer to HubSpot's question whether to enrol those that match
POST    flows/{id}/disable
    switches it off
PATCH   flows/{id}  {"name": "...", "action": {"actionId": "2", "fields": {...}}}
    edits it: any member that a PUT may hold, or some members of one action
POST    flows/{id}/hide  {"hidden": true}
    gives it sensitive data, so that the app's token sees it no longer
DELETE  flows/{id}
    deletes it: 204

Each but the first and the last answers with the whole flow, or with HubSpot's refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.control.person import BASE, action_route


def routes(account: Account) -> list[Route]:
    """The routes of the actions above; they need no token and are not logged."""
    flows = account.flows

    def enable(request: Request, body: Mapping[str, Any]) -> Any:
        enrol_existing = bool(body.get("enrol_existing"))
        return flows.switch(_id(request), on=True, enrol_existing=enrol_existing)

    def disable(request: Request, body: Mapping[str, Any]) -> Any:
        del body
        return flows.switch(_id(request), on=False)

    def edit(request: Request, body: Mapping[str, Any]) -> Any:
        return flows.edit(_id(request), body)

    def hide(request: Request, body: Mapping[str, Any]) -> Any:
        return flows.hide(_id(request), hidden=bool(body.get("hidden", True)))

    def remove(request: Request, body: Mapping[str, Any]) -> None:
        del body
        flows.remove(_id(request))

    def enrolments(request: Request, body: Mapping[str, Any]) -> Any:
        del body
        return {"results": flows.enrolled(_id(request))}

    one = f"{BASE}/flows/{{flow_id}}"
    return [
        action_route("GET", f"{one}/enrolments", enrolments),
        action_route("POST", f"{one}/enable", enable),
        action_route("POST", f"{one}/disable", disable),
        action_route("POST", f"{one}/hide", hide),
        action_route("PATCH", one, edit),
        action_route("DELETE", one, remove, 204),
    ]


def _id(request: Request) -> str:
    return str(request.path_params["flow_id"])
