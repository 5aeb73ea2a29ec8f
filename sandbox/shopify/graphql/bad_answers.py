"""The faults of a GraphQL request that are no GraphQL: statuses, pages, broken connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from sandbox.core.answers import CutShort, ResetConnection, json_answer
from sandbox.core.faults import Faults

RETRY_SECONDS, SLOW_SECONDS = 2.0, 1.0
PAGE = "<!DOCTYPE html><html><head><title>Something went wrong</title></head></html>"


async def disturbed(
    faults: Faults, text: str, answer: Callable[[], Awaitable[Response]]
) -> Response:
    """Answer a request, or misbehave where a fault is due; `text` is what faults aim at."""
    if faults.take("reset", text):
        return ResetConnection()
    if faults.take("unavailable", text):
        return json_answer({"errors": "Service Unavailable"}, 503)
    if fault := faults.take("too_many_requests", text):
        response = json_answer({"errors": "Too Many Requests"}, 429)
        seconds = RETRY_SECONDS if fault.seconds is None else fault.seconds
        response.headers["Retry-After"] = str(seconds)
        return response
    if faults.take("no_json", text):
        return Response(PAGE, media_type="text/html")
    response = await answer()
    if fault := faults.take("slow", text):
        await asyncio.sleep(SLOW_SECONDS if fault.seconds is None else fault.seconds)
    if faults.take("lost_reply", text):
        return ResetConnection()
    return CutShort(response) if faults.take("cut_short", text) else response
