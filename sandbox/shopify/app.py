"""The HTTP face of the Shopify side: tokens, GraphQL, bulk results, and its controls."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.core.clock import Clock
from sandbox.shopify import rest
from sandbox.shopify.access.installation import ALL_SCOPES, Installation
from sandbox.shopify.access.oauth import WRONG_TOKEN, Tokens
from sandbox.shopify.bulk.download import download
from sandbox.shopify.control import routes as control
from sandbox.shopify.control.changes import Changes
from sandbox.shopify.control.schedule import Schedule
from sandbox.shopify.cost.budget import Budget
from sandbox.shopify.graphql.api import Api
from sandbox.shopify.graphql.faults import disturbed, text_of
from sandbox.shopify.schema import versions
from sandbox.store.store import Store

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(
    store: Store,
    clock: Clock,
    *,
    client_id: str,
    client_secret: str,
    scopes: tuple[str, ...] = ALL_SCOPES,
    rate: float = 2000.0,
    bucket: float = 20000.0,
    cost_model: str = "logarithmic",
) -> list[Route]:
    """Give the routes that serve a store as one app with these scopes sees it.

    `rate` is in points a second, `bucket` in points. Raises ValueError if there is no such
    cost_model.
    """
    installation = Installation(frozenset(scopes))
    tokens = Tokens(client_id, client_secret, installation)
    budget = Budget(rate, bucket, cost_model)
    api = Api(store, clock, installation, budget)
    changes = Changes(store, clock, tokens, installation)
    schedule = Schedule(changes)
    return [
        Route("/admin/oauth/access_token", _grant(tokens), methods=["POST"]),
        Route(
            "/admin/api/{version}/graphql.json",
            _graphql(api, tokens, schedule),
            methods=["POST"],
        ),
        Route("/bulk/{number}.jsonl", download(api.bulk, api.faults), methods=["GET"]),
        *rest.routes(store, tokens, installation, rate),
        *control.routes(changes, schedule, budget, api.faults),
    ]


def _grant(tokens: Tokens) -> Endpoint:
    async def grant(request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/json"):
            read = _json(body)
            form = read if isinstance(read, dict) else {}
        else:
            form = dict(parse_qsl(body.decode("utf-8", "replace")))
        status, answer = tokens.grant({str(key): str(value) for key, value in form.items()})
        return json_answer(answer, status)

    return grant


def _graphql(api: Api, tokens: Tokens, schedule: Schedule) -> Endpoint:
    async def graphql(request: Request) -> Response:
        version = versions.served(request.path_params["version"])
        headers = {
            "X-Shopify-API-Version": version,
            "X-Request-Id": secrets.token_hex(16),
        }
        token = request.headers.get("x-shopify-access-token", "")
        if not tokens.is_valid(token):
            return json_answer({"errors": WRONG_TOKEN}, 401, headers)
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/graphql"):
            read: Any = {"query": body.decode("utf-8", "replace")}
        else:
            read = _json(body)
        schedule.reach(text_of(read))
        if api.faults.take("expired_token", text_of(read)):
            tokens.revoke_all()
        if not tokens.is_valid(token):
            return json_answer({"errors": WRONG_TOKEN}, 401, headers)
        base_url = str(request.base_url).rstrip("/")

        async def answer() -> Response:
            debug = request.headers.get("shopify-graphql-cost-debug") == "1"
            status, answer = await run_in_threadpool(api.answer, read, base_url, version, debug)
            return json_answer(answer, status, headers)

        response = await disturbed(api.faults, text_of(read), answer)
        response.headers.update(headers)
        return response

    return graphql


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None
