"""/_sandbox/hubspot/limits: how strict and how slow the account is, changed as it runs.

POST  {"ten_secondly": 190, "interval": 10, "daily": 650000, "latency": 0,
       "most_writers": 10, "search_lag": 1, "flow_lag": 0.2, "new_day": true}
    changes what is given; interval, latency, search_lag and flow_lag (how long a new flow is
    PENDING) are in seconds, and new_day starts counting the day's requests again
GET
    shows them, with used_today
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.answers import json_answer
from sandbox.hubspot.account.account import Account

PATH = "/_sandbox/hubspot/limits"
COUNTS, SECONDS = (
    ("ten_secondly", "daily", "most_writers"),
    ("interval", "latency", "search_lag", "flow_lag"),
)


def routes(account: Account) -> list[Route]:
    """The route that shows and changes the limits; it needs no token and is not logged."""

    async def limits(request: Request) -> Response:
        if request.method == "POST":
            try:
                _change(account, _read(orjson.loads(await request.body())))
            except ValueError as error:
                return json_answer({"message": f"These are not valid limits: {error}"}, 400)
        return json_answer(_shown(account))

    return [Route(PATH, limits, methods=["GET", "POST"])]


def _read(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, dict) or not set(given) <= {*COUNTS, *SECONDS, "new_day"}:
        raise ValueError(f"they are {', '.join([*COUNTS, *SECONDS])} and new_day")
    for name, value in given.items():
        fits = int if name in COUNTS else (int, float)
        if name == "new_day" and isinstance(value, bool):
            continue
        if isinstance(value, bool) or not isinstance(value, fits) or value < 0:
            raise ValueError(f"{name} cannot be {value!r}")
    return given


def _change(account: Account, given: Mapping[str, Any]) -> None:
    limits = account.limits
    limits.ten_secondly = given.get("ten_secondly", limits.ten_secondly)
    limits.interval = given.get("interval", limits.interval)
    limits.daily = given.get("daily", limits.daily)
    account.latency = given.get("latency", account.latency)
    account.flows.lag = given.get("flow_lag", account.flows.lag)
    account.locks.most_writers = given.get("most_writers", account.locks.most_writers)
    for records in account.records.values():
        records.lag = given.get("search_lag", records.lag)
    if given.get("new_day"):
        limits.used_today = 0


def _shown(account: Account) -> dict[str, Any]:
    return {
        "ten_secondly": account.limits.ten_secondly,
        "interval": account.limits.interval,
        "daily": account.limits.daily,
        "used_today": account.limits.used_today,
        "latency": account.latency,
        "most_writers": account.locks.most_writers,
        "search_lag": account.records["contacts"].lag,
        "flow_lag": account.flows.lag,
    }
