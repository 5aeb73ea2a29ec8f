"""/automation: the flows (workflows) of an account, one by one, in pages and in batches."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.core.clock import stamp
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call, Handler, Json
from sandbox.hubspot.api.routing import route
from sandbox.hubspot.automation.action_types import definitions
from sandbox.hubspot.core.problems import bad_request, not_found
from sandbox.hubspot.records.batches import inputs_of

BETAS = ("2026-09-beta", "2027-03-beta")
VERSIONS = ("v4", *BETAS)
PAGE = 100


def routes(account: Account) -> list[Route]:
    """The routes of an account's flows; what is not one of them gets 404."""
    every: dict[str, Handler] = dict.fromkeys(
        ("get", "post", "put", "patch", "delete"), nothing
    )
    return [
        route(account, "/automation/{version}" + tail, {**every, **handlers},
              versions=versions, unlimited=unlimited)
        for tail, handlers, versions, unlimited in (
            ("/flows", {"get": list_flows, "post": create_flow}, VERSIONS, ["post"]),
            ("/flows/batch/read", {"post": read_batch}, VERSIONS, []),
            ("/flows/email-campaigns", {"get": list_mails}, VERSIONS, []),
            ("/flows/{flow_id}", {"get": get_flow, "put": replace_flow, "delete": delete_flow},
             VERSIONS, ["put"]),
            ("/action-types", {"get": list_action_types}, BETAS, []),
            ("/{rest:path}", {}, VERSIONS, []),
        )
    ]  # fmt: skip


def list_flows(call: Call) -> Answer:
    """A page of the headers of flows."""
    return 200, _page(call, call.account.flows.headers())


def create_flow(call: Call) -> Answer:
    """Create a flow."""
    return 201, call.account.flows.create(call.body)


def get_flow(call: Call) -> Answer:
    """One whole flow."""
    return 200, call.account.flows.get(call.path["flow_id"])


def replace_flow(call: Call) -> Answer:
    """Replace a flow as a whole."""
    return 200, call.account.flows.replace(call.path["flow_id"], call.body)


def delete_flow(call: Call) -> Answer:
    """Delete a flow."""
    call.account.flows.delete(call.path["flow_id"])
    return 204, None


def read_batch(call: Call) -> Answer:
    """Up to 100 flows by id; those that the app cannot see are errors of a 207."""
    results, errors = [], []
    for row in inputs_of(call.body):
        if row.get("type") != "FLOW_ID" or not isinstance(row.get("flowId"), str):
            raise bad_request("Invalid input JSON: an input has a flowId, of type FLOW_ID")
        if found := call.account.flows.visible(row["flowId"]):
            results.append(found)
        else:
            errors.append(_not_found(row["flowId"]))
    moment = stamp(call.account.clock.now())
    body: Json = {"status": "COMPLETE", "results": results}
    body |= {"startedAt": moment, "completedAt": moment}
    if errors:
        body |= {"numErrors": len(errors), "errors": errors}
    return (207 if errors else 200), body


def list_mails(call: Call) -> Answer:
    """A page of which flow sends which e-mail."""
    asked = [each for given in call.query.getlist("flowId") for each in given.split(",")]
    return 200, _page(call, call.account.flows.mails(asked))


def list_action_types(call: Call) -> Answer:
    """The action types, of all objects or for one."""
    required = call.account.behaviours.required_action_fields
    return 200, {"results": definitions(required, call.query.get("objectTypeId"))}


def nothing(call: Call) -> Answer:
    """404: there is no such route."""
    raise not_found(f"There is nothing at {call.path.get('rest', 'this path')}")


def _page(call: Call, rows: list[Any]) -> Json:
    limit, after = call.number("limit", PAGE, PAGE), call.query.get("after", "0")
    if not after.isdecimal():
        raise bad_request(f"after must be the cursor of a page, not {after}")
    start = int(after)
    page: Json = {"results": rows[start : start + limit]}
    if start + limit < len(rows):
        page["paging"] = {"next": {"after": str(start + limit), "link": ""}}
    return page


def _not_found(flow_id: str) -> Json:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "FLOW_NOT_FOUND_BY_FLOW_ID",
        "message": f"Flow {flow_id} does not exist.",
        "context": {"flowId": [flow_id]},
        "errors": [],
        "links": {},
    }
