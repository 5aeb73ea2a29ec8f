"""What is left of Shopify's REST Admin API that GraphQL clients still ask for.

`GET /admin/oauth/access_scopes.json` tells an app its scopes; `GET
/admin/api/{version}/shop.json` the shop, in the field names of REST, as far as a store knows
them. Other resources are not found.

REST has a bucket of its own: 2 requests a second and 40 at once for every 100 points a
second that a plan has in GraphQL, and never less; every answer tells the load in
`X-Shopify-Shop-Api-Call-Limit`.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.shopify.access.installation import Installation
from sandbox.shopify.access.oauth import WRONG_TOKEN, Tokens
from sandbox.shopify.cost.budget import Bucket
from sandbox.shopify.schema import versions
from sandbox.store.facts import Node, tail
from sandbox.store.store import Store

POINTS_PER_REQUEST = 50
LEAST_A_SECOND = 2.0
SECONDS_TO_FILL = 20
WEIGHT_UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb"}
Answer = Callable[[Request], Any]
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(
    store: Store, tokens: Tokens, installation: Installation, rate: float
) -> list[Route]:
    """Give the REST routes; `rate` is in points a second."""
    requests_a_second = max(LEAST_A_SECOND, rate / POINTS_PER_REQUEST)
    limit = Bucket(requests_a_second, requests_a_second * SECONDS_TO_FILL)

    def access_scopes(request: Request) -> Any:
        del request
        return {"access_scopes": [{"handle": scope} for scope in sorted(installation.scopes)]}

    def shop(request: Request) -> Any:
        found = shop_resource(store.shop)
        wanted = request.query_params.get("fields")
        if wanted is not None:
            found = {name: found[name] for name in wanted.split(",") if name in found}
        return {"shop": found}

    return [
        Route("/admin/oauth/access_scopes.json", _endpoint(access_scopes, tokens, limit)),
        Route("/admin/api/{version}/shop.json", _endpoint(shop, tokens, limit)),
        Route("/admin/api/{version}/{resource:path}", _endpoint(_nothing, tokens, limit)),
    ]


def shop_resource(shop: Node) -> dict[str, Any]:
    """Give a shop node as REST's Shop resource, its times in the shop's own zone."""
    zone = ZoneInfo(shop.get("ianaTimezone") or "UTC")
    plan = shop.get("plan") or {}
    return {
        "id": tail(shop["id"]),
        "name": shop.get("name"),
        "domain": (shop.get("primaryDomain") or {}).get("host"),
        "myshopify_domain": shop["myshopifyDomain"],
        "created_at": _local(shop.get("createdAt"), zone),
        "updated_at": _local(shop.get("updatedAt"), zone),
        "currency": shop["currencyCode"],
        "enabled_presentment_currencies": shop.get("enabledPresentmentCurrencies") or [],
        "iana_timezone": zone.key,
        "weight_unit": WEIGHT_UNITS.get(shop.get("weightUnit") or ""),
        "taxes_included": shop.get("taxesIncluded"),
        "plan_display_name": plan.get("publicDisplayName"),
    }


def _local(stamp: str | None, zone: ZoneInfo) -> str | None:
    return stamp and datetime.fromisoformat(stamp).astimezone(zone).isoformat()


def _nothing(request: Request) -> None:
    del request


def _endpoint(answer: Answer, tokens: Tokens, limit: Bucket) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        headers = {"X-Request-Id": secrets.token_hex(16)}
        if asked := request.path_params.get("version"):
            headers["X-Shopify-API-Version"] = versions.served(asked)
        if not tokens.is_valid(request.headers.get("x-shopify-access-token", "")):
            return JSONResponse({"errors": WRONG_TOKEN}, 401, headers)
        taken = limit.take(1)
        headers["X-Shopify-Shop-Api-Call-Limit"] = _load(limit)
        if not taken:
            headers["Retry-After"] = "2.0"
            return JSONResponse({"errors": _too_many(limit)}, 429, headers)
        found = answer(request)
        if found is None:
            return JSONResponse({"errors": "Not Found"}, 404, headers)
        return JSONResponse(found, headers=headers)

    return endpoint


def _load(limit: Bucket) -> str:
    left = limit.status()["currentlyAvailable"]
    return f"{limit.size - left:.0f}/{limit.size:.0f}"


def _too_many(limit: Bucket) -> str:
    return (
        f"Exceeded {limit.rate:.0f} calls per second for api client. Reduce request rates to"
        " resume uninterrupted service."
    )
