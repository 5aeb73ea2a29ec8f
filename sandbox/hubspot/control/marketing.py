"""/_sandbox/hubspot: what a person does in the e-mail editor and in the design manager.

POST    emails/{id}/publish, emails/{id}/unpublish
    presses "Save for automation", or takes the e-mail back
PATCH   emails/{id}  {"subject": "...", "widgets": {"items": {"heading": "..."}}}
    edits its name, subject or plain text ("text"), and fields of its modules
DELETE  emails/{id}
    moves it to the bin, also where a flow sends it: 204
PUT     files/{path}  the bytes of the file
    saves and publishes a file, under the rules of the API
DELETE  files/{path}
    deletes a file or a folder: 204
GET     files
    the paths of all published files
PATCH   marketing  {"site_settings": {...}, "refused_subcategories": ["automated_for_deal"]}
    changes the account's address, and which subcategories it does not take; GET shows them
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
from sandbox.hubspot.content.files import PUBLISHED, described
from sandbox.hubspot.core.problems import Problem, bad_request

BASE = "/_sandbox/hubspot"

Action = Callable[[Request, bytes], Any]


def routes(account: Account) -> list[Route]:
    """The routes of the actions above; they need no token and are not logged."""

    def publish(request: Request, raw: bytes) -> Any:
        del raw
        act = request.path_params["action"]
        if act not in ("publish", "unpublish"):
            raise bad_request("A person publishes or unpublishes an e-mail")
        change = account.emails.publish if act == "publish" else account.emails.unpublish
        return change(request.path_params["email_id"]).wire()

    def edit(request: Request, raw: bytes) -> Any:
        email_id = request.path_params["email_id"]
        return account.emails.update(email_id, _edited(account, email_id, _json(raw))).wire()

    def remove(request: Request, raw: bytes) -> None:
        del raw
        account.emails.delete(request.path_params["email_id"], by_person=True)

    def files(request: Request, raw: bytes) -> Any:
        del request, raw
        return {"results": account.files.paths()}

    def save_file(request: Request, raw: bytes) -> Any:
        path = request.path_params["path"]
        return described(path, account.files.write(PUBLISHED, path, raw))

    def delete_file(request: Request, raw: bytes) -> None:
        del raw
        account.files.delete(PUBLISHED, request.path_params["path"])

    def settings(request: Request, raw: bytes) -> Any:
        if request.method == "PATCH":
            _change_settings(account, _json(raw))
        return {
            "site_settings": account.outbox.renderer.site,
            "refused_subcategories": sorted(account.emails.refused_subcategories),
        }

    one = f"{BASE}/emails/{{email_id}}"
    return [
        _route("POST", f"{one}/{{action}}", publish),
        _route("PATCH", one, edit),
        _route("DELETE", one, remove, 204),
        _route("GET", f"{BASE}/files", files),
        _route("PUT", f"{BASE}/files/{{path:path}}", save_file),
        _route("DELETE", f"{BASE}/files/{{path:path}}", delete_file, 204),
        _route("GET", f"{BASE}/marketing", settings),
        _route("PATCH", f"{BASE}/marketing", settings),
    ]


def _edited(account: Account, email_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an update that does what a person's edit does."""
    if not given or not set(given) <= {"name", "subject", "text", "widgets"}:
        raise bad_request("A person edits name, subject, text and widgets")
    edited = {name: given[name] for name in ("name", "subject") if name in given}
    content: dict[str, Any] = {}
    if "text" in given:
        content["plainTextVersion"] = given["text"]
    if "widgets" in given:
        widgets = account.emails.get(email_id).members["content"].get("widgets") or {}
        content["widgets"] = dict(widgets)
        for name, fields in given["widgets"].items():
            body = {**widgets.get(name, {}).get("body", {}), **fields}
            content["widgets"][name] = {**widgets.get(name, {}), "body": body}
    return {**edited, "content": content} if content else edited


def _change_settings(account: Account, given: Mapping[str, Any]) -> None:
    known = {"site_settings", "refused_subcategories"}
    site = given.get("site_settings", {})
    refused = given.get("refused_subcategories", [])
    if not set(given) <= known or not all(
        isinstance(each, str) for each in (*site.values(), *refused)
    ):
        raise bad_request(f"The settings are {', '.join(sorted(known))}")
    account.outbox.renderer.site |= site
    if "refused_subcategories" in given:
        account.emails.refused_subcategories = set(refused)


def _json(raw: bytes) -> Mapping[str, Any]:
    read = orjson.loads(raw)
    if not isinstance(read, dict):
        raise bad_request("The body is an object")
    return read


def _route(method: str, path: str, action: Action, status: int = 200) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            done = action(request, await request.body())
        except Problem as problem:
            return json_answer(problem.body(), problem.status)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"The body is not what this route takes: {in_words(error)}"
            return json_answer(bad_request(message).body(), 400)
        return Response(status_code=status) if done is None else json_answer(done, status)

    return Route(path, endpoint, methods=[method])
