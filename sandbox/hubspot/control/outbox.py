"""/_sandbox/outbox: the e-mails that the account's flows have sent.

GET     {"results": [{"emailId", "flowId", "contactId", "recordId", "to", "subject", "html",
                      "text", "sentAt"}, ...]}
    in the order in which they were sent; one that could not be rendered has an `error` in
    place of its texts
DELETE
    empties it
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.hubspot.account.account import Account

PATH = "/_sandbox/outbox"


def routes(account: Account) -> list[Route]:
    """The route of the outbox; it needs no token and is not logged."""

    async def outbox(request: Request) -> Response:
        if request.method == "DELETE":
            account.outbox.forget()
            return Response(status_code=204)
        return json_answer({"results": account.outbox.sent})

    return [Route(PATH, outbox, methods=["GET", "DELETE"])]
