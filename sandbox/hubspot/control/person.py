"""/_sandbox/hubspot: what a person does in the account, ordered over HTTP.

POST    objects/{object type}  {"properties": {...}}
    creates a record by hand: 201
PATCH   objects/{object type}/{id}  {"properties": {...}}
    edits it
DELETE  objects/{object type}/{id}?forever=true
    archives it or, with forever, deletes it for good, living or archived: 204
POST    objects/{object type}/{id}/restore
    takes it out of the recycle bin; 409 if a living record has its e-mail by now
POST    contacts/{id}/emails  {"email": "..."}
    gives a contact a secondary e-mail
POST    contacts/merge  {"primary": id, "other": id, "keep_primary": false}
    makes one contact of two, with a new id unless the primary's is kept

Each answers with the record and all its values, or with the refusal that HubSpot's API
would give (sandbox/hubspot/account/person.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.core.wording import in_words
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.core.problems import Problem, bad_request

BASE = "/_sandbox/hubspot"

Action = Callable[[Request, Mapping[str, Any]], Any]


def routes(account: Account) -> list[Route]:
    """The routes of the actions above; they need no token and are not logged."""

    def create(request: Request, body: Mapping[str, Any]) -> Any:
        return account.create(request.path_params["object_type"], body["properties"])

    def edit(request: Request, body: Mapping[str, Any]) -> Any:
        return account.edit(*_record(request), body["properties"])

    def remove(request: Request, body: Mapping[str, Any]) -> None:
        del body
        forever = request.query_params.get("forever") == "true"
        (account.erase if forever else account.archive)(*_record(request))

    def restore(request: Request, body: Mapping[str, Any]) -> Any:
        del body
        return account.restore(*_record(request))

    def add_email(request: Request, body: Mapping[str, Any]) -> Any:
        return account.add_email(request.path_params["record_id"], body["email"])

    def merge(request: Request, body: Mapping[str, Any]) -> Any:
        del request
        keep_primary = bool(body.get("keep_primary"))
        return account.merge(
            str(body["primary"]), str(body["other"]), keep_primary=keep_primary
        )

    one = f"{BASE}/objects/{{object_type}}/{{record_id}}"
    return [
        action_route("POST", f"{BASE}/objects/{{object_type}}", create, 201),
        action_route("PATCH", one, edit),
        action_route("DELETE", one, remove, 204),
        action_route("POST", f"{one}/restore", restore),
        action_route("POST", f"{BASE}/contacts/merge", merge),
        action_route("POST", f"{BASE}/contacts/{{record_id}}/emails", add_email),
    ]


def _record(request: Request) -> tuple[str, str]:
    return request.path_params["object_type"], request.path_params["record_id"]


def action_route(method: str, path: str, action: Action, status: int = 200) -> Route:
    """A route that does what a person does, and answers with it or with the refusal."""

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            done = action(request, orjson.loads(raw or b"{}"))
        except Problem as problem:
            return _refusal(problem)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"The body is not what this route takes: {in_words(error)}"
            return _refusal(bad_request(message))
        return Response(status_code=status) if done is None else json_answer(done, status)

    return Route(path, endpoint, methods=[method])


def _refusal(problem: Problem) -> Response:
    return json_answer(problem.body(), problem.status)
