"""What was asked of the sandbox: a bounded log, kept by an ASGI middleware."""

from __future__ import annotations

from collections import deque
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Entry = dict[str, Any]


class RequestLog:
    """The last requests, oldest first; at most `bound` of them are kept."""

    def __init__(self, bound: int = 200_000) -> None:
        self._entries: deque[Entry] = deque(maxlen=bound)

    def add(self, method: str, path: str, status: int) -> None:
        """Remember one answered request; the sandbox's own control routes are left out."""
        api = which_api(path)
        if api:
            self._entries.append(
                {
                    "api": api,
                    "method": method,
                    "path": path,
                    "status": status,
                    "write": api == "hubspot" and changes_data(method, path),
                }
            )

    def entries(self, api: str | None = None) -> list[Entry]:
        """The requests to one API (shopify or hubspot), or to both."""
        return [entry for entry in list(self._entries) if api in (None, entry["api"])]

    def writes(self) -> list[Entry]:
        """The requests that would change data in HubSpot, refused ones included."""
        return [entry for entry in list(self._entries) if entry["write"]]

    def forget(self) -> None:
        """Empty the log."""
        self._entries.clear()


def which_api(path: str) -> str | None:
    """The API that a path belongs to, or None for the sandbox's own routes."""
    if path.startswith("/_sandbox/"):
        return None
    return "shopify" if path.startswith(("/admin/", "/bulk/")) else "hubspot"


def changes_data(method: str, path: str) -> bool:
    """Whether a HubSpot request writes: reads and searches by POST do not."""
    return method not in ("GET", "HEAD", "OPTIONS") and not path.endswith(
        ("/batch/read", "/search")
    )


class RequestLogMiddleware:
    """Puts every answered HTTP request into a RequestLog."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self.app = app
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and log its status once it is known."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_and_log(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.log.add(scope["method"], scope["path"], message["status"])
            await send(message)

        await self.app(scope, receive, send_and_log)
