"""What the real Shopify does on a bad day, and the sandbox on request (sandbox/faults.py)."""

from __future__ import annotations

KINDS = {
    "bulk_truncated": "a bulk result loses its last half; counts and size stay as they were",
    "bulk_failed": "a bulk operation ends FAILED with what it had at partialDataUrl",
    "bulk_empty": "a bulk operation completes with no result at all",
    "bulk_stalled": "a bulk operation stays RUNNING until it is cancelled",
    "throttled": "a GraphQL request is answered THROTTLED",
    "unavailable": "a GraphQL request is answered 503",
    "internal_error": "a GraphQL request is answered INTERNAL_SERVER_ERROR",
}
