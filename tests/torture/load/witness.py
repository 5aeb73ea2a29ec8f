"""Stands between a load and HubSpot: sees each write carried out, and may kill the load."""

from __future__ import annotations

import os
import signal

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.core.request_log import changes_data

REQUEST_ID = b"x-hubspot-correlation-id"


class Witness:
    """What HubSpot carried out for a load; at its `fatal` write it kills the load.

    begun is whether anything was asked at all, carried_out are the ids of the writes that
    were not refused.
    """

    def __init__(self) -> None:
        self.carried_out: list[str] = []
        self.process = 0
        self.fatal = 0
        self.killed = False

    def saw(self, request_id: str) -> bool:
        """Note a write that was carried out; whether the load was killed for it."""
        self.carried_out.append(request_id)
        if not self.process or len(self.carried_out) != self.fatal:
            return False
        os.kill(self.process, signal.SIGKILL)
        self.killed = True
        return True


class WitnessMiddleware:
    """Shows each write to a witness when it is carried out and not answered yet."""

    def __init__(self, app: ASGIApp, witness: Witness) -> None:
        self.app = app
        self.witness = witness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what the killed load asked for last is never answered."""
        if not changes_data(scope.get("method", "GET"), scope["path"]):
            await self.app(scope, receive, send)
            return
        silent, start = False, None

        async def send_or_kill(message: Message) -> None:
            nonlocal silent, start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                if is_carried_out(start["status"], message.get("body", b"")):
                    headers = dict(start["headers"])
                    silent = self.witness.saw(headers[REQUEST_ID].decode())
                if not silent:
                    await send(start)
                start = None
            if silent:
                # the process is dead when its end of the connection is closed
                while (await receive())["type"] != "http.disconnect":
                    pass
            else:
                await send(message)

        await self.app(scope, receive, send_or_kill)


def is_carried_out(status: int, body: bytes) -> bool:
    """Whether an answer says that anything was written; a 207 may say that nothing was."""
    return status < 400 and (status != 207 or bool(orjson.loads(body).get("results")))
