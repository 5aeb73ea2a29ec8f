"""What the real Shopify does on a bad day, and the sandbox on request (sandbox/core/faults.py).

A fault of a GraphQL request is aimed at its document and the texts among its variables (so
that the start of one bulk operation can be hit); a fault of a bulk operation or of fetching
its result at the bulk query's own text.
"""

from __future__ import annotations

from typing import Any

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


def text_of(body: Any) -> str:
    """Give what a fault of a GraphQL request is aimed at, of the request's parsed body."""
    if not isinstance(body, dict):
        return ""
    variables = body.get("variables")
    texts = [body.get("query"), *(variables.values() if isinstance(variables, dict) else ())]
    return "\n".join(text for text in texts if isinstance(text, str))
