"""Answers as JSON, and those that never come or break off.

The latter are done to the connection itself, which must be one that listening.py serves: it
leaves its transport in the request's state.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping

import orjson
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

_LINGER_NOT = struct.pack("ii", 1, 0)


def json_answer(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer with a JSON body."""
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


class ResetConnection(Response):
    """No answer: the connection is reset."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a TCP reset instead of an answer."""
        del send
        transport = _transport(scope)
        # without lingering, closing is a reset and not an orderly end
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT
        )
        transport.abort()
        await _until_closed(receive)


class CutShort(Response):
    """Another answer whose body ends in the middle of what its Content-Length promises."""

    def __init__(self, whole: Response) -> None:
        super().__init__(status_code=whole.status_code)
        self.whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the first half of the body, then close the connection."""
        transport = _transport(scope)
        left = 0

        async def send_half(message: Message) -> None:
            nonlocal left
            if message["type"] == "http.response.start":
                lengths = [
                    value for name, value in message["headers"] if name == b"content-length"
                ]
                left = int(lengths[0]) // 2
                await send(message)
            elif not transport.is_closing():
                part = message.get("body", b"")[:left]
                left -= len(part)
                await send({**message, "body": part, "more_body": True})
                if left == 0:
                    transport.close()

        await self.whole(scope, receive, send_half)
        await _until_closed(receive)


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["state"]["transport"]
    return transport


async def _until_closed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
