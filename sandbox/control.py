"""/_sandbox: what was asked, what time it is, what HubSpot's account holds and endures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.core.clock import Clock, stamp
from sandbox.core.faults import routes as fault_routes
from sandbox.core.request_log import RequestLog
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.control import behaviours, flows, limits, marketing, outbox, person
from sandbox.hubspot.core.problems import Problem


def routes(log: RequestLog, clock: Clock, account: Account) -> list[Route]:
    """The sandbox's own routes; they need no token and are not logged.

    GET, DELETE   /_sandbox/requests?api=shopify|hubspot
    GET, POST     /_sandbox/clock   {"now": "2026-11-23T00:00:00Z"} or {"hours": 24}
    GET           /_sandbox/hubspot/objects/{object type}?archived=true
    GET           /_sandbox/hubspot/associations?from=deals&to=contacts
    POST, GET, DELETE  /_sandbox/hubspot/faults
                  {"kind": "unavailable", "times": 1, "where": "deals/batch/upsert"}
    GET, POST     /_sandbox/hubspot/limits   {"latency": 0.2, "daily": 1000, "new_day": true}

    What the account's admin and plan do (docs/sandbox.md):

    POST, GET, DELETE  /_sandbox/hubspot/behaviours   {"phones_without_spaces": true}
    PATCH         /_sandbox/hubspot/properties/{object type}/{name}   {"options": [...]}

    What a person does in HubSpot (sandbox/hubspot/control/person.py):

    POST          /_sandbox/hubspot/objects/{object type}   {"properties": {...}}
    PATCH         /_sandbox/hubspot/objects/{object type}/{id}   {"properties": {...}}
    DELETE        /_sandbox/hubspot/objects/{object type}/{id}?forever=true
    POST          /_sandbox/hubspot/objects/{object type}/{id}/restore
    POST          /_sandbox/hubspot/contacts/merge   {"primary": "1", "other": "2"}
    POST          /_sandbox/hubspot/contacts/{id}/emails   {"email": "ann@example.com"}

    What it does with e-mails and files (sandbox/hubspot/control/marketing.py), and what
    the account's flows have sent:

    POST, PATCH, DELETE  /_sandbox/hubspot/emails/{id}
    GET, PUT, DELETE     /_sandbox/hubspot/files/{path}
    GET, DELETE          /_sandbox/outbox

    What a person does with workflows, and who is in them (sandbox/hubspot/control/flows.py):

    GET           /_sandbox/hubspot/flows/{id}/enrolments
    POST          /_sandbox/hubspot/flows/{id}/enable   {"enrol_existing": false}
    POST          /_sandbox/hubspot/flows/{id}/disable
    PATCH         /_sandbox/hubspot/flows/{id}   {"name": "..."}
    POST          /_sandbox/hubspot/flows/{id}/hide   {"hidden": true}
    DELETE        /_sandbox/hubspot/flows/{id}
    """

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            log.forget()
            return Response(status_code=204)
        api = request.query_params.get("api")
        if api not in (None, "shopify", "hubspot"):
            return json_answer(
                {"message": f"There is no API {api}: ask for shopify or hubspot"}, 400
            )
        return json_answer(log.entries(api))

    async def time(request: Request) -> Response:
        if request.method == "POST":
            try:
                clock.move_to(_moment(clock, orjson.loads(await request.body())))
            except (ValueError, KeyError, TypeError, OverflowError):
                message = 'Send {"now": "2026-11-23T00:00:00Z"} or {"hours": 24}'
                return json_answer({"message": message}, 400)
        return json_answer({"now": stamp(clock.now())})

    async def objects(request: Request) -> Response:
        archived = request.query_params.get("archived") == "true"
        try:
            found = account.objects(request.path_params["object_type"], archived=archived)
        except Problem as problem:
            return json_answer(problem.body(), problem.status)
        return json_answer(found)

    async def associations(request: Request) -> Response:
        query = request.query_params
        try:
            found = account.associations(query.get("from"), query.get("to"))
        except Problem as problem:
            return json_answer(problem.body(), problem.status)
        return json_answer(found)

    return [
        Route("/_sandbox/requests", requests, methods=["GET", "DELETE"]),
        Route("/_sandbox/clock", time, methods=["GET", "POST"]),
        Route("/_sandbox/hubspot/objects/{object_type}", objects),
        Route("/_sandbox/hubspot/associations", associations),
        *fault_routes("/_sandbox/hubspot/faults", account.faults),
        *limits.routes(account),
        *behaviours.routes(account),
        *person.routes(account),
        *marketing.routes(account),
        *outbox.routes(account),
        *flows.routes(account),
    ]


def _moment(clock: Clock, given: Any) -> datetime:
    if "hours" in given:
        return clock.now() + timedelta(hours=given["hours"])
    return datetime.fromisoformat(given["now"])
