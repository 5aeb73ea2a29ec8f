"""Tokens: granted by client credentials, renewed in time and when refused."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cartwheel.core.errors import AccessDenied
from cartwheel.core.http import Http
from cartwheel.core.progress import silent
from extract.shopify.auth import Token
from extract.shopify.client import Shopify
from sandbox.core.listening import running


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(PlainTextResponse("<html>a page</html>"), id="a page"),
        pytest.param(JSONResponse({"scope": "read_orders"}), id="no token"),
        pytest.param(JSONResponse(["read_orders"]), id="a list"),
    ],
)
def test_answer_without_a_token_names_the_fix(run, answer: Response):
    """Where SHOPIFY_API_URL leads to something that is no shop, the settings are named."""

    async def grant(_: object) -> Response:
        return answer

    route = Route("/admin/oauth/access_token", grant, methods=["POST"])
    with running(Starlette(routes=[route])) as url:
        settings = replace(run.settings, shopify_client_id="id", shopify_client_secret="secret")

        with pytest.raises(AccessDenied, match="SHOPIFY_SHOP"):
            Token(settings, Http("Shopify", url)).value()


def answered(shop):
    """The requests that the shop has answered, with their statuses."""
    return requests.get(f"{shop.url}/_sandbox/requests", timeout=10).json()


def test_token_is_renewed_before_it_ends(shop, clock):
    """A token is used until a minute before its end, then another is asked for."""
    http = Http("Shopify", shop.url)
    token = Token(shop.settings, http, clock=clock)
    first = token.value()

    clock.now += 86_399 - 61
    assert token.value() == first

    clock.now += 2
    assert token.value() != first
    assert http.requests_sent == 2


@pytest.mark.parametrize(("seconds", "same"), [(4, True), (6, False)])
def test_short_lived_token_is_used_for_half_its_life(run, clock, seconds, same):
    """A token that lives for less than two minutes is not asked for at every request."""
    given = iter(["one", "two"])

    async def grant(_: object) -> Response:
        return JSONResponse({"access_token": next(given), "expires_in": 10})

    route = Route("/admin/oauth/access_token", grant, methods=["POST"])
    with running(Starlette(routes=[route])) as url:
        token = Token(run.settings, Http("Shopify", url), clock=clock)
        first = token.value()
        clock.now += seconds

        assert (token.value() == first) is same


def test_threads_whose_token_ends_ask_for_one_together(shop):
    """Of eight threads that meet 401, one gets a new token and all get their answers."""
    shopify = Shopify(shop.settings, silent)
    shopify.query("shop")
    shop.revoke_tokens()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: shopify.query("shop"), range(40)))

    grants = [entry for entry in answered(shop) if entry["path"].endswith("access_token")]
    assert len(answers) == 40
    assert len(grants) == 2


def test_tokens_that_live_for_two_seconds_are_never_refused(shop):
    """A run of several threads that outlives its tokens renews each before it ends."""
    control = f"{shop.url}/_sandbox/shopify/tokens"
    requests.post(control, json={"lifetime": 2}, timeout=10).raise_for_status()
    shopify = Shopify(shop.settings, silent)
    ends_at, queries = time.monotonic() + 2.5, 0

    with ThreadPoolExecutor(4) as pool:
        while time.monotonic() < ends_at:
            queries += len(list(pool.map(lambda _: shopify.query("shop"), range(8))))

    assert {entry["status"] for entry in answered(shop)} == {200}
    assert 2 <= shopify.took.requests - queries <= 4


def test_token_may_end_as_often_as_it_likes(shop):
    """In a long run, every end of a token is met by another."""
    shopify = Shopify(shop.settings, silent)

    for _ in range(10):
        shop.revoke_tokens()
        assert shopify.query("shop")["shop"]["name"] == "Corner"


def test_static_token_that_is_refused_is_not_tried_again(shop):
    """Where no other token can be had, one refusal is enough."""
    settings = replace(shop.settings, shopify_access_token="shpat_wrong")
    shopify = Shopify(settings, silent)

    with pytest.raises(AccessDenied, match="SHOPIFY_ACCESS_TOKEN"):
        shopify.query("shop")

    assert shopify.took.requests == 1


def test_shop_that_refuses_its_own_tokens_is_given_up(run):
    """Fresh tokens that are refused one after the other end in an error, not in a loop."""

    async def grant(_: object) -> Response:
        return JSONResponse({"access_token": secrets.token_hex(8), "expires_in": 86399})

    async def refuse(_: object) -> Response:
        return JSONResponse({"errors": "[API] Invalid API key or access token"}, 401)

    routes = [
        Route("/admin/oauth/access_token", grant, methods=["POST"]),
        Route("/admin/api/2026-10/graphql.json", refuse, methods=["POST"]),
    ]
    with running(Starlette(routes=routes)) as url:
        shopify = Shopify(replace(run.settings, shopify_api_url=url), silent)

        with pytest.raises(AccessDenied, match="SHOPIFY_CLIENT_SECRET"):
            shopify.query("shop")

        assert shopify.took.requests < 10
