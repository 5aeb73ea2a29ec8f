"""The HTTP face of the Shopify side: tokens, GraphQL, bulk results, and its controls."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.shopify import control, rest, versions
from sandbox.shopify.access import ALL_SCOPES
from sandbox.shopify.api import Api
from sandbox.shopify.cost import Bucket
from sandbox.shopify.oauth import WRONG_TOKEN, Tokens
from sandbox.store import Store

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
) -> list[Route]:
    """Give the routes that serve a store as one app with these scopes sees it.

    `rate` is in points a second, `bucket` in points.
    """
    tokens = Tokens(client_id, client_secret, scopes)
    api = Api(store, clock, scopes, Bucket(rate, bucket))
    return [
        Route("/admin/oauth/access_token", _grant(tokens), methods=["POST"]),
        Route("/admin/api/{version}/graphql.json", _graphql(api, tokens), methods=["POST"]),
        Route("/bulk/{number}.jsonl", _result(api), methods=["GET"]),
        *rest.routes(store, tokens, lambda: api.scopes, rate),
        *control.routes(store, clock, tokens, api.faults),
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
        return respond(status, answer)

    return grant


def _graphql(api: Api, tokens: Tokens) -> Endpoint:
    async def graphql(request: Request) -> Response:
        version = versions.served(request.path_params["version"])
        headers = {
            "X-Shopify-API-Version": version,
            "X-Request-Id": secrets.token_hex(16),
        }
        if not tokens.is_valid(request.headers.get("x-shopify-access-token", "")):
            return respond(401, {"errors": WRONG_TOKEN}, headers)
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/graphql"):
            read: Any = {"query": body.decode("utf-8", "replace")}
        else:
            read = _json(body)
        base_url = str(request.base_url).rstrip("/")
        status, answer = await run_in_threadpool(api.answer, read, base_url, version)
        return respond(status, answer, headers)

    return graphql


def _result(api: Api) -> Endpoint:
    async def result(request: Request) -> Response:
        number = request.path_params["number"]
        file = api.bulk.result(number, request.query_params.get("token", ""))
        if file is None:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        return FileResponse(
            file, media_type="application/jsonl", filename=f"bulk-{number}.jsonl"
        )

    return result


def respond(status: int, answer: object, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return Response(
        orjson.dumps(answer),
        status,
        headers,
        media_type="application/json",
    )


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None
