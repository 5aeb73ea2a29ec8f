"""A HubSpot that points elsewhere: nothing is sent there, and nothing counts as taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartwheel.core.errors import Redirected
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.run import load
from sandbox.core.listening import running
from sandbox.hubspot.app import routes


@pytest.fixture
def elsewhere():
    """Another service, that takes whatever it is sent; .seen holds what that was."""
    seen: list[bytes] = []

    async def take(request) -> Response:
        seen.append(await request.body())
        return JSONResponse({"status": "COMPLETE", "results": []})

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    with running(Starlette(routes=[Route("/taken", take, methods=methods)])) as url:
        yield f"{url}/taken?token=hidden", seen


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_write_that_is_pointed_elsewhere_is_not_taken(
    shop, ready, account, elsewhere, status
):
    """The load fails, naming the host and no more; no data left, none is acknowledged."""
    where, seen = elsewhere
    app = Starlette(routes=routes(account))

    async def leading(scope, receive, send) -> None:
        to_read = scope["path"].endswith(("/batch/read", "/search"))
        if scope["method"] != "GET" and "/objects/" in scope["path"] and not to_read:
            await Response(None, status, {"Location": where})(scope, receive, send)
        else:
            await app(scope, receive, send)

    with running(leading) as url, pytest.raises(Redirected, match=rf"HTTP {status}") as failed:
        load(replace(ready, hubspot_api_url=url), silent)

    assert seen == []
    assert "points to 127.0.0.1:" in str(failed.value)
    assert "hidden" not in str(failed.value)
    with open_warehouse(ready.warehouse, read_only=True) as connection:
        assert connection.execute("select count(*) from ops.hubspot_records").fetchall() == [
            (0,)
        ]
