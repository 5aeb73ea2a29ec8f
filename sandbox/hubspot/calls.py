"""From an HTTP request to a handler and back: token, limits, version, JSON, refusals."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.broken_answers import ResetConnection
from sandbox.clock import stamp
from sandbox.hubspot import faults
from sandbox.hubspot.account import Account
from sandbox.hubspot.in_flight import named_by, written_by
from sandbox.hubspot.limits import RateLimited
from sandbox.hubspot.object_types import resolve
from sandbox.hubspot.problems import Problem, bad_request, not_found, unauthorized
from sandbox.hubspot.required_members import REQUESTS, Shape, check_members

Answer = tuple[int, Any]
Json = dict[str, Any]

DATED, CLASSIC = ("2026-03", "2026-09"), ("v3", "v4")


@dataclass(frozen=True)
class Call:
    """A request whose token, limit and version are in order."""

    account: Account
    path: Mapping[str, str]
    query: QueryParams
    body: Json

    @property
    def object_type(self) -> str:
        """The object type of the path, in the plural; raises Problem 404."""
        return resolve(self.path["object_type"])

    def flag(self, name: str) -> bool:
        """Whether a query parameter says true."""
        return self.query.get(name, "false").lower() == "true"

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the query from 1 to most; raises Problem 400."""
        given = self.query.get(name, str(default))
        if not given.isdecimal() or not 1 <= int(given) <= most:
            raise bad_request(f"{name} must be a whole number from 1 to {most}, not {given}")
        return int(given)

    @property
    def created(self) -> int:
        """The status of a batch of associations or properties that were made."""
        return 200 if self.path["version"] == "2026-09" else 201

    def batch(self, status: int, results: list[Json], errors: list[Json]) -> Answer:
        """A batch's body; with errors the status is 207, but not in version 2026-09.

        That version reports errors in the same body and keeps its status
        (docs/reference/hubspot.md#partial-success).
        """
        moment = stamp(self.account.clock.now())
        body: Json = {
            "status": "COMPLETE",
            "results": results,
            "startedAt": moment,
            "completedAt": moment,
        }
        if errors:
            body |= {"numErrors": len(errors), "errors": errors}
            status = status if self.path["version"] == "2026-09" else 207
        return status, body


Handler = Callable[[Call], Answer]


def both_versions(
    account: Account, area: str, tail: str, handlers: Mapping[str, Handler]
) -> list[Route]:
    """Routes of the dated shape /crm/{area}/{version} and of /crm/{version}/{area}.

    area may begin with another root: settings/currencies. handlers are by HTTP method,
    in lower case.
    """
    root, _, name = area.rpartition("/")
    root = root or "crm"
    shapes = {
        method: REQUESTS[name, tail, method]
        for method in handlers
        if (name, tail, method) in REQUESTS
    }
    return [
        route(account, f"/{root}/{name}/{{version}}{tail}", handlers, shapes),
        route(account, f"/{root}/{{version}}/{name}{tail}", handlers, shapes),
    ]


def route(
    account: Account,
    path: str,
    handlers: Mapping[str, Handler],
    shapes: Mapping[str, Shape] = MappingProxyType({}),
) -> Route:
    """One route whose path has a {version}; shapes say what bodies must hold, by method."""
    search = path.endswith("/search")
    writes = "/objects/" in path and not path.endswith(("/batch/read", "/search"))
    endpoint = _endpoint(account, handlers, shapes, search=search, writes=writes)
    return Route(path, endpoint, methods=[method.upper() for method in handlers])


def json_response(status: int, body: Any, headers: Mapping[str, str]) -> Response:
    """A JSON answer, or one without a body."""
    if body is None:
        return Response(status_code=status, headers=dict(headers))
    return Response(
        orjson.dumps(body),
        status_code=status,
        headers=dict(headers),
        media_type="application/json;charset=utf-8",
    )


def _endpoint(
    account: Account,
    handlers: Mapping[str, Handler],
    shapes: Mapping[str, Shape],
    *,
    search: bool,
    writes: bool,
) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        headers = {"X-HubSpot-Correlation-Id": str(uuid.uuid4())}
        raw = await request.body()
        try:
            if request.headers.get("Authorization") != f"Bearer {account.token}":
                raise unauthorized()
            headers |= account.limits.admit(search=search)
            if request.path_params["version"] not in DATED + CLASSIC:
                raise not_found(f"There is no API version {request.path_params['version']}")
            call = Call(account, request.path_params, request.query_params, _json(raw))
            method = _method(request)
            faults.before(account.faults, request.url.path)
            if account.behaviours.strict_requests and method in shapes:
                check_members(shapes[method], call.body)
            status, body = await _carried_out(
                call, handlers[method], request.url.path, writes=writes and method != "get"
            )
            faults.after(account.faults, request.url.path)
            if account.behaviours.sparse_errors and isinstance(body, dict):
                for error in body.get("errors", []):
                    error["errors"] = []
        except faults.NoAnswer:
            return ResetConnection()
        except Problem as problem:
            status, body = problem.status, problem.body()
            if account.behaviours.sparse_errors:
                body["errors"] = []
            body["correlationId"] = headers["X-HubSpot-Correlation-Id"]
            headers |= problem.headers
            if isinstance(problem, RateLimited) and not search:
                headers |= account.limits.headers()
        return json_response(status, body, headers)

    return endpoint


async def _carried_out(call: Call, handler: Handler, path: str, *, writes: bool) -> Answer:
    """Do the work at once, then wait for as long as the answer takes.

    So requests overlap, and those that write hold their records until they are answered.
    """
    account = call.account
    delay = account.latency + faults.slowness(account.faults, path)
    if not writes or not (delay or account.in_flight.busy):
        answer = handler(call)
        if delay:
            await asyncio.sleep(delay)
        return answer
    named = named_by(call)
    account.in_flight.check(call.object_type, named)
    status, body = handler(call)
    with account.in_flight.held(call.object_type, named | written_by(body)):
        await asyncio.sleep(delay)
    return status, body


def _method(request: Request) -> str:
    return "get" if request.method == "HEAD" else request.method.lower()


def _json(raw: bytes) -> Json:
    if not raw:
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"Invalid input JSON: {error}") from None
    if not isinstance(body, dict):
        raise bad_request("Invalid input JSON: the body must be an object")
    return body
