"""The grant of a token by client credentials."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cartwheel.errors import AccessDenied
from cartwheel.http import Http
from extract.auth import Token
from sandbox.listening import running


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
