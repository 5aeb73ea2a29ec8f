"""What the real Shopify does on a bad day, and the sandbox on request (sandbox/core/faults.py).

A fault of a GraphQL request is aimed at its document and the texts among its variables (so
that the start of one bulk operation can be hit); a fault of a bulk operation or of fetching
its result at the bulk query's own text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from sandbox.core.answers import CutShort, ResetConnection, json_answer
from sandbox.core.faults import Faults

REQUEST_KINDS = {
    "throttled": "a GraphQL request is answered THROTTLED",
    "unavailable": "a GraphQL request is answered 503",
    "too_many_requests": "a GraphQL request is answered 429, Retry-After: `seconds` (2)",
    "expired_token": "a GraphQL request is answered 401, and every access token has ended",
    "reset": "a GraphQL request is not carried out: the connection is reset",
    "lost_reply": "a GraphQL request is carried out, then the connection is reset",
    "cut_short": "a GraphQL request is carried out; its answer breaks off in the middle",
    "slow": "a GraphQL request is carried out; its answer comes `seconds` (1) later",
    "no_json": "a GraphQL request is not carried out: HTTP 200 with an HTML page",
    "internal_error": "a GraphQL request is answered INTERNAL_SERVER_ERROR",
    "partial_data": "a GraphQL answer has null for its first root field, and an error",
    "access_denied": "a GraphQL answer has null and ACCESS_DENIED for protected fields; only"
    " a request that asks for such fields is hit",
}
BULK_KINDS = {
    "bulk_truncated": "a bulk result loses its last half; counts and size stay as they were",
    "bulk_short": "a bulk result lacks lines that its counts include; its size is right",
    "bulk_children_cut": "a bulk result lacks the last half of the longest nested connection;"
    " counts and size are of what is left. Only a result with children is hit",
    "bulk_blank_lines": "a bulk result has blank lines, which Shopify's do have; no error",
    "bulk_empty": "a bulk operation completes with no result at all",
    "bulk_failed": "a bulk operation ends FAILED, with its first half at partialDataUrl",
    "bulk_canceled": "a bulk operation is ended by Shopify, as CANCELED",
    "bulk_expired": "a bulk operation ends EXPIRED",
    "bulk_stalled": "a bulk operation stays RUNNING until it is cancelled",
    "bulk_transfer_cut": "the transfer of a bulk result breaks off; the result is whole",
    "bulk_url_wrong": "a bulk result's address is that of a file of this machine, file:///…",
    "bulk_url_expired": "a bulk result's address has expired when it is fetched; the"
    " operation, asked for again, has a fresh one",
}
KINDS = {**REQUEST_KINDS, **BULK_KINDS}
RETRY_SECONDS, SLOW_SECONDS = 2.0, 1.0
PAGE = "<!DOCTYPE html><html><head><title>Something went wrong</title></head></html>"


def text_of(body: Any) -> str:
    """Give what a fault of a GraphQL request is aimed at, of the request's parsed body."""
    if not isinstance(body, dict):
        return ""
    variables = body.get("variables")
    texts = [body.get("query"), *(variables.values() if isinstance(variables, dict) else ())]
    return "\n".join(text for text in texts if isinstance(text, str))


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
