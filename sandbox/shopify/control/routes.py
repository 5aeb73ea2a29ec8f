"""Controls of the Shopify side, under `/_sandbox/shopify`: change the shop while it runs.

POST    {resource}  {"id": "gid://shopify/Order/5", ...}
    merges the given keys over the node with that id, or adds it, and moves its updatedAt to
    the sandbox's clock unless another one than it has is given
POST    orders/{number}/refund  {"lines": {"12": 1}}
    refunds an order as Shopify does (refund.py): so many units of line items, or all that is
    left of it
GET, DELETE  {resource}/{number}
    show and remove a node; a removed product leaves a destroy event, as in Shopify
POST, GET, DELETE  schedule  {"after": 3, "where": "OrdersPage", "do": [...]}
    lets changes (changes.py) come right before the fourth GraphQL request
    from now whose document or text variables contain `where` (every one without it) is
    answered. Only requests with a valid token count; if the change revokes it, the request
    is refused. GET shows what is still to come, DELETE forgets it
POST, GET, DELETE  faults  {"kind": "unavailable", "times": 1, "where": "", "after": 0}
    orders, shows and forgets faults (core/faults.py; the kinds are in graphql/faults.py)
DELETE  tokens
    ends every access token
POST    tokens  {"lifetime": 3600}
    lets the tokens that are granted from now on live so many seconds
POST, GET  scopes  {"scopes": ["read_orders"], "protected_data": false}
    changes what the app was granted; either may be left out
POST, GET  cost  {"model": "linear", "rate": 100, "bucket": 2000, "most": 1000}
    changes how queries are priced, the points restored a second, those that the bucket holds
    (it is full then) and those that one query may cost; what is left out stays
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.core.faults import Faults
from sandbox.core.faults import routes as fault_routes
from sandbox.shopify.control.changes import ChangeError, Changes, gid_of
from sandbox.shopify.control.schedule import Schedule
from sandbox.shopify.cost.budget import Budget

BASE = "/_sandbox/shopify"
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(changes: Changes, schedule: Schedule, budget: Budget, faults: Faults) -> list[Route]:
    """Give the control routes."""
    return [
        Route(f"{BASE}/tokens", _tokens(changes), methods=["POST", "DELETE"]),
        Route(f"{BASE}/scopes", _scopes(changes), methods=["POST", "GET"]),
        Route(f"{BASE}/cost", _cost(budget), methods=["POST", "GET"]),
        *fault_routes(f"{BASE}/faults", faults),
        Route(f"{BASE}/schedule", _schedule(schedule), methods=["POST", "GET", "DELETE"]),
        *_node_routes(changes),
    ]


def _node_routes(changes: Changes) -> list[Route]:
    async def put(request: Request) -> Response:
        given = await _body(request)
        return json_answer(changes.put(request.path_params["resource"], given))

    async def show(request: Request) -> Response:
        node = changes.store.find(gid_of(**request.path_params))
        return json_answer(node) if node else _gone()

    async def remove(request: Request) -> Response:
        removed = changes.remove(**request.path_params)
        return Response(status_code=204) if removed else _gone()

    async def refund(request: Request) -> Response:
        order = changes.refund(request.path_params["number"], await _body(request))
        return json_answer(order) if order else _gone()

    return [
        Route(f"{BASE}/orders/{{number}}/refund", _refusing(refund), methods=["POST"]),
        Route(f"{BASE}/{{resource}}", _refusing(put), methods=["POST"]),
        Route(f"{BASE}/{{resource}}/{{number}}", _refusing(show), methods=["GET"]),
        Route(f"{BASE}/{{resource}}/{{number}}", _refusing(remove), methods=["DELETE"]),
    ]


def _tokens(changes: Changes) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method == "DELETE":
            changes.tokens.revoke_all()
            return Response(status_code=204)
        given = await _body(request)
        lifetime = given.get("lifetime") if isinstance(given, dict) else None
        if not isinstance(lifetime, int | float) or lifetime <= 0:
            raise ChangeError('Send {"lifetime": 3600}: how many seconds a token lives')
        changes.tokens.lifetime = lifetime
        return json_answer(given)

    return _refusing(endpoint)


def _scopes(changes: Changes) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        given = await _body(request) if request.method == "POST" else {}
        return json_answer(changes.access(given))

    return _refusing(endpoint)


def _cost(budget: Budget) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method == "POST":
            given = await _body(request)
            try:
                budget.change(**given)
            except (ValueError, TypeError) as error:
                raise ChangeError(f"A budget has model, rate, bucket, most: {error}") from error
        return json_answer(budget.stated())

    return _refusing(endpoint)


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
        return json_answer(schedule.pending())

    return _refusing(endpoint)


def _refusing(endpoint: Endpoint) -> Endpoint:
    async def refusing(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ChangeError as error:
            return json_answer({"error": str(error)}, error.status)

    return refusing


async def _body(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except ValueError:
        return None


def _gone() -> Response:
    return json_answer({"error": "There is no such node."}, 404)
