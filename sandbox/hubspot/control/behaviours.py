"""/_sandbox/hubspot/behaviours and …/properties: what an account's admin and plan do.

Every order, with examples, stands in docs/sandbox.md.
"""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.core.wording import in_words
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.core.problems import Problem

BEHAVIOURS = "/_sandbox/hubspot/behaviours"
PROPERTY = "/_sandbox/hubspot/properties/{object_type}/{name}"


def routes(account: Account) -> list[Route]:
    """The routes of an admin's orders; they need no token and are not logged."""

    async def behaviours(request: Request) -> Response:
        if request.method == "DELETE":
            account.behaviours.forget()
            return Response(status_code=204)
        if request.method == "POST":
            try:
                account.behaviours.order(orjson.loads(await request.body()))
            except ValueError as error:
                return json_answer({"message": f"This is not a valid behaviour: {error}"}, 400)
        return json_answer(account.behaviours.shown())

    async def change_property(request: Request) -> Response:
        path = request.path_params
        try:
            given = orjson.loads(await request.body())
            return json_answer(account.administer(path["object_type"], path["name"], given))
        except Problem as problem:
            return json_answer(problem.body(), problem.status)
        except (ValueError, TypeError, AttributeError) as error:
            message = f"This is not a valid property: {in_words(error)}"
            return json_answer({"message": message}, 400)

    return [
        Route(BEHAVIOURS, behaviours, methods=["GET", "POST", "DELETE"]),
        Route(PROPERTY, change_property, methods=["PATCH"]),
    ]
