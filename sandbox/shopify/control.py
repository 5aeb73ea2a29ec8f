"""Controls of the Shopify side, under `/_sandbox/shopify`: change the store while it runs.

`POST /_sandbox/shopify/{resource}` merges the given keys over the node with that id (or adds
it) and moves its updatedAt to the sandbox's clock unless given. `GET` and `DELETE
/_sandbox/shopify/{resource}/{number}` show and remove a node; a removed product leaves a
destroy event, as in Shopify. `DELETE /_sandbox/shopify/tokens` ends every access token;
faults are ordered at `/_sandbox/shopify/faults` (sandbox/faults.py, sandbox/shopify/faults.py).
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.faults import routes as fault_routes
from sandbox.shopify.oauth import Tokens
from sandbox.store import Store, StoreFolderError
from sandbox.store_facts import Node

GID_TYPE = {
    "orders": "Order",
    "customers": "Customer",
    "products": "Product",
    "abandoned_checkouts": "AbandonedCheckout",
    "events": "BasicEvent",
}


def routes(store: Store, clock: Clock, tokens: Tokens, faults: Faults) -> list[Route]:
    """Give the control routes."""

    async def put(request: Request) -> Response:
        resource = request.path_params["resource"]
        if resource not in GID_TYPE:
            return _unknown(resource)
        try:
            given = orjson.loads(await request.body())
            gid = str(given["id"])
        except (ValueError, KeyError, TypeError):
            gid = ""
        prefix = f"gid://shopify/{GID_TYPE[resource]}/"
        if not gid.startswith(prefix) or not gid.removeprefix(prefix).isdecimal():
            return _json(400, {"error": f"A JSON node with its id is needed: {prefix}1"})
        node = {**(store.find(gid) or {}), "updatedAt": _now(clock), **given}
        try:
            store.put(resource, node)
        except StoreFolderError as error:
            return _json(400, {"error": str(error)})
        return _json(200, node)

    async def show(request: Request) -> Response:
        node = store.find(_gid(request))
        return _json(200, node) if node else _json(404, {"error": "There is no such node."})

    async def remove(request: Request) -> Response:
        resource = request.path_params["resource"]
        if resource not in GID_TYPE:
            return _unknown(resource)
        gid = _gid(request)
        if not store.remove(resource, gid):
            return _json(404, {"error": "There is no such node."})
        if resource == "products":
            store.put("events", _destroy_event(gid, _now(clock), store))
        return Response(status_code=204)

    async def revoke(request: Request) -> Response:
        del request
        tokens.revoke_all()
        return Response(status_code=204)

    base = "/_sandbox/shopify"
    return [
        Route(f"{base}/tokens", revoke, methods=["DELETE"]),
        *fault_routes(f"{base}/faults", faults),
        Route(f"{base}/{{resource}}", put, methods=["POST"]),
        Route(f"{base}/{{resource}}/{{number}}", show, methods=["GET"]),
        Route(f"{base}/{{resource}}/{{number}}", remove, methods=["DELETE"]),
    ]


def _gid(request: Request) -> str:
    kind = GID_TYPE.get(request.path_params["resource"], "")
    return f"gid://shopify/{kind}/{request.path_params['number']}"


def _destroy_event(gid: str, now: str, store: Store) -> Node:
    number = max((entry.number for entry in store.entries("events")), default=0) + 1
    return {
        "__typename": "BasicEvent",
        "id": f"gid://shopify/BasicEvent/{number}",
        "action": "destroy",
        "createdAt": now,
        "message": "A product was deleted.",
        "appTitle": None,
        "subjectId": gid,
        "subjectType": "PRODUCT",
        "arguments": None,
        "additionalData": None,
    }


def _now(clock: Clock) -> str:
    return clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _unknown(resource: str) -> Response:
    known = ", ".join(GID_TYPE)
    return _json(404, {"error": f"There is no resource {resource}. There are: {known}."})


def _json(status: int, answer: Any) -> Response:
    return Response(orjson.dumps(answer), status, media_type="application/json")
