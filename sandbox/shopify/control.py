"""Controls of the Shopify side, under `/_sandbox/shopify`: change the shop while it runs.

`POST /_sandbox/shopify/{resource}` merges the given keys over the node with that id (or adds
it) and moves its updatedAt to the sandbox's clock unless given. `GET` and `DELETE
/_sandbox/shopify/{resource}/{number}` show and remove a node; a removed product leaves a
destroy event, as in Shopify.

`POST /_sandbox/shopify/schedule {"after": 3, "where": "OrdersPage", "do": [...]}` lets changes
(sandbox/shopify/changes.py) come right before the fourth GraphQL request from now whose
document or text variables contain `where` (every request without it). Only requests with a
valid token count; one whose token is revoked by the change is refused. `GET` shows what is
still to come, `DELETE` forgets it.

`DELETE /_sandbox/shopify/tokens` ends every access token. Faults are ordered at
`/_sandbox/shopify/faults` (sandbox/faults.py, sandbox/shopify/faults.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.faults import Faults
from sandbox.faults import routes as fault_routes
from sandbox.shopify.changes import ChangeError, Changes, gid_of
from sandbox.shopify.schedule import Schedule

BASE = "/_sandbox/shopify"
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(changes: Changes, schedule: Schedule, faults: Faults) -> list[Route]:
    """Give the control routes."""
    return [
        Route(f"{BASE}/tokens", _revoke(changes), methods=["DELETE"]),
        *fault_routes(f"{BASE}/faults", faults),
        Route(f"{BASE}/schedule", _schedule(schedule), methods=["POST", "GET", "DELETE"]),
        *_node_routes(changes),
    ]


def _node_routes(changes: Changes) -> list[Route]:
    async def put(request: Request) -> Response:
        given = await _body(request)
        return _json(200, changes.put(request.path_params["resource"], given))

    async def show(request: Request) -> Response:
        node = changes.store.find(gid_of(**request.path_params))
        return _json(200, node) if node else _gone()

    async def remove(request: Request) -> Response:
        removed = changes.remove(**request.path_params)
        return Response(status_code=204) if removed else _gone()

    return [
        Route(f"{BASE}/{{resource}}", _refusing(put), methods=["POST"]),
        Route(f"{BASE}/{{resource}}/{{number}}", _refusing(show), methods=["GET"]),
        Route(f"{BASE}/{{resource}}/{{number}}", _refusing(remove), methods=["DELETE"]),
    ]


def _revoke(changes: Changes) -> Endpoint:
    async def revoke(request: Request) -> Response:
        del request
        changes.tokens.revoke_all()
        return Response(status_code=204)

    return revoke


def _schedule(schedule: Schedule) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method == "DELETE":
            schedule.forget()
            return Response(status_code=204)
        if request.method == "POST":
            given = await _body(request)
            try:
                schedule.add(**given)
            except TypeError as error:
                raise ChangeError(f"A schedule has after, where and do ({error})") from error
        return _json(200, schedule.pending())

    return _refusing(endpoint)


def _refusing(endpoint: Endpoint) -> Endpoint:
    async def refusing(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ChangeError as error:
            return _json(error.status, {"error": str(error)})

    return refusing


async def _body(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except ValueError:
        return None


def _gone() -> Response:
    return _json(404, {"error": "There is no such node."})


def _json(status: int, answer: Any) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")
