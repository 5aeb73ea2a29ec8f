"""From an HTTP request to a handler and back: token, limits, version, JSON, refusals."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import ResetConnection
from sandbox.hubspot.account import faults
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.account.limits import RateLimited
from sandbox.hubspot.api.calls import (
    Answer,
    Call,
    Handler,
    Json,
    records_named,
    records_written,
)
from sandbox.hubspot.api.required_members import REQUESTS, Shape, check_members
from sandbox.hubspot.core.problems import (
    Problem,
    ServerFailure,
    bad_request,
    not_found,
    unauthorized,
)

Reader = Callable[[bytes, str], Json]  # of a body and its Content-Type

DATED, CLASSIC = ("2026-03", "2026-09"), ("v3", "v4")


def both_versions(
    account: Account,
    area: str,
    tail: str,
    handlers: Mapping[str, Handler],
    *,
    reads: Reader | None = None,
) -> list[Route]:
    """Routes of the dated shape /crm/{area}/{version} and of /crm/{version}/{area}.

    area may begin with another root: settings/currencies. handlers are by HTTP method,
    in lower case; reads makes a body of what was sent, where that is not JSON.
    """
    root, _, name = area.rpartition("/")
    root = root or "crm"
    shapes = {
        method: REQUESTS[name, tail, method]
        for method in handlers
        if (name, tail, method) in REQUESTS
    }
    return [
        route(account, f"/{root}/{name}/{{version}}{tail}", handlers, shapes, reads=reads),
        route(account, f"/{root}/{{version}}/{name}{tail}", handlers, shapes, reads=reads),
    ]


def route(
    account: Account,
    path: str,
    handlers: Mapping[str, Handler],
    shapes: Mapping[str, Shape] = MappingProxyType({}),
    *,
    reads: Reader | None = None,
    versions: Collection[str] = DATED + CLASSIC,
    unlimited: Collection[str] = (),
) -> Route:
    """One route whose path has a {version}; shapes say what bodies must hold, by method.

    unlimited are the methods that the ten-secondly limit does not count.
    """
    search = path.endswith("/search")
    writes = "/objects/" in path and not path.endswith(("/batch/read", "/search"))
    endpoint = _endpoint(
        account,
        handlers,
        shapes,
        reads or _json,
        search=search,
        writes=writes,
        versions=versions,
        unlimited=unlimited,
    )
    return Route(path, endpoint, methods=[method.upper() for method in handlers])


def json_response(status: int, body: Any, headers: Mapping[str, str]) -> Response:
    """A JSON answer, one of a file's bytes, or one without a body."""
    if body is None:
        return Response(status_code=status, headers=dict(headers))
    if isinstance(body, bytes):
        return Response(body, status, dict(headers), media_type="application/octet-stream")
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
    reads: Reader,
    *,
    search: bool,
    writes: bool,
    versions: Collection[str],
    unlimited: Collection[str],
) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        headers = {"X-HubSpot-Correlation-Id": str(uuid.uuid4())}
        raw = await request.body()
        asked = f"{request.method} {request.url.path}"
        try:
            if request.headers.get("Authorization") != f"Bearer {account.token}":
                raise unauthorized()
            method = _method(request)
            headers |= account.limits.admit(search=search, counted=method not in unlimited)
            if request.path_params["version"] not in versions:
                raise not_found(f"There is no API version {request.path_params['version']}")
            account.access.check(method, request.url.path)
            body = reads(raw, request.headers.get("Content-Type", ""))
            call = Call(account, request.path_params, request.query_params, body)
            faults.before(account.faults, asked)
            if account.behaviours.strict_requests and method in shapes:
                check_members(shapes[method], call.body)
            status, body = await _carried_out(
                call, handlers[method], asked, writes=writes and method != "get"
            )
            faults.after(account.faults, asked)
            if account.behaviours.sparse_errors and isinstance(body, dict):
                for error in body.get("errors", []):
                    error["errors"] = []
        except faults.NoAnswer:
            return ResetConnection()
        except ServerFailure:
            status, body = 500, None
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


async def _carried_out(call: Call, handler: Handler, asked: str, *, writes: bool) -> Answer:
    """Do the work at once, then wait for as long as the answer takes.

    So requests overlap, and those that write lock their records until they are answered.
    """
    account = call.account
    delay = account.latency + faults.slowness(account.faults, asked)
    if not writes or not (delay or account.locks.busy):
        answer = handler(call)
        account.flows.look()
        if delay:
            await asyncio.sleep(delay)
        return answer
    named = records_named(call)
    account.locks.check(call.object_type, named)
    status, body = handler(call)
    account.flows.look()
    with account.locks.locking(call.object_type, named | records_written(body)):
        await asyncio.sleep(delay)
    return status, body


def _method(request: Request) -> str:
    return "get" if request.method == "HEAD" else request.method.lower()


def _json(raw: bytes, content_type: str = "") -> Json:
    del content_type  # HubSpot reads JSON whatever it is called
    if not raw:
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"Invalid input JSON: {error}") from None
    if not isinstance(body, dict):
        raise bad_request("Invalid input JSON: the body must be an object")
    return body
