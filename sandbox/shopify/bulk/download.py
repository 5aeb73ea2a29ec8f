"""Bulk results as Google's storage serves them: by pre-signed addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from sandbox.core.answers import CutShort
from sandbox.core.faults import Faults
from sandbox.shopify.access.oauth import same
from sandbox.shopify.bulk.operations import BulkOperations

Endpoint = Callable[[Request], Awaitable[Response]]
_DENIED = "<Code>AccessDenied</Code><Message>Access denied.</Message>"
_EXPIRED = (
    "<Code>ExpiredToken</Code><Message>The provided token has expired.</Message>"
    "<Details>The signature of this request has expired.</Details>"
)


def download(bulk: BulkOperations, faults: Faults) -> Endpoint:
    """Give the endpoint of `/bulk/{number}.jsonl?token=...`."""

    async def fetch(request: Request) -> Response:
        operation = bulk.operation(request.path_params["number"])
        token = request.query_params.get("token", "")
        if operation is None or not same(token, operation.token):
            if operation is not None and token in operation.expired:
                return _refused(400, _EXPIRED)
            return _refused(403, _DENIED)
        text = operation.node["query"]
        if faults.take("bulk_url_expired", text):
            bulk.sign_again(operation, str(request.base_url).rstrip("/"))
            return _refused(400, _EXPIRED)
        whole = FileResponse(
            operation.result,
            media_type="application/jsonl",
            filename=f"bulk-{operation.result.name}",
        )
        return CutShort(whole) if faults.take("bulk_transfer_cut", text) else whole

    return fetch


def _refused(status: int, reason: str) -> Response:
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error>{reason}</Error>"
    return Response(body, status, media_type="application/xml")
