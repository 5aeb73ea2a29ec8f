"""Who may ask the sandbox: programs of this machine, and no page that a browser shows.

Only this machine can reach its port, but a browser on it can be made to by any page: by a
name of the page's own that leads here, or by a form that is sent here. The sandbox's own
routes need no token, and the store may be a real one.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost")


class VisitorsMiddleware:
    """Answers 403 to what was asked under another name, or on behalf of a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
            if host not in NAMES or "origin" in headers:
                refusal = PlainTextResponse(
                    f"The sandbox answers programs that ask for {' or '.join(NAMES)}.\n", 403
                )
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)
