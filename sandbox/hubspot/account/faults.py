"""What the real HubSpot does on a bad day, and the sandbox on request (sandbox/core/faults.py).

A fault is aimed at a request's method and path: `where` is a text that "POST /crm/lists/…"
contains.
"""

from __future__ import annotations

from sandbox.core.faults import Faults
from sandbox.hubspot.account.limits import RateLimited
from sandbox.hubspot.account.locks import locked
from sandbox.hubspot.core.problems import Problem, ServerFailure, over_plan

KINDS = {
    "reset": "a request is not carried out: the connection is closed without an answer",
    "unavailable": "a request is answered 503 and not carried out",
    "failing": "a request is answered 500 without a body and not carried out",
    "locked": "a request is answered 423 and not carried out, as under many parallel writes",
    "throttled": "a request is answered 429 TEN_SECONDLY_ROLLING and not carried out",
    "daily": "a request is answered 429 DAILY and not carried out",
    "forbidden": "a request is answered 403 and not carried out, as without a scope",
    "plan_limit": "a request is answered 403 and not carried out, as past a plan's limit",
    "migrating": "a request is answered 477, Retry-After: `seconds` (2), and not carried out",
    "slow": "a request is carried out; its answer comes `seconds` (1) later",
    "lost_answer": "a request is carried out and answered 502",
    "gateway_timeout": "a request is carried out and answered 504",
    "internal_error": "a request is carried out and answered 500 without a body",
    "dropped": "a request is carried out; the connection is closed without an answer",
}
RETRY_SECONDS, SLOW_SECONDS = 2.0, 1.0


class NoAnswer(Exception):
    """The connection is to be closed without an answer."""


def before(faults: Faults, asked: str) -> None:
    """Raise NoAnswer or the Problem of a fault that refuses a request, if one is due."""
    if faults.take("reset", asked):
        raise NoAnswer
    if faults.take("failing", asked):
        raise ServerFailure
    if faults.take("unavailable", asked):
        raise Problem(
            503, "SERVICE_UNAVAILABLE", "The service is unavailable. Try again later."
        )
    if faults.take("locked", asked):
        raise locked("The records are locked by another request.")
    if faults.take("throttled", asked):
        raise RateLimited("TEN_SECONDLY_ROLLING")
    if faults.take("daily", asked):
        raise RateLimited("DAILY")
    if faults.take("forbidden", asked):
        message = "This app hasn't been granted all required scopes to make this call."
        raise Problem(403, "MISSING_SCOPES", message)
    if faults.take("plan_limit", asked):
        raise over_plan("Your account has reached a limit of its subscription.")
    if fault := faults.take("migrating", asked):
        seconds = RETRY_SECONDS if fault.seconds is None else fault.seconds
        raise Problem(
            477,
            "MIGRATION_IN_PROGRESS",
            "The account is moving to another data centre. Try again later.",
            headers={"Retry-After": f"{seconds:g}"},
        )


def slowness(faults: Faults, asked: str) -> float:
    """The seconds by which an answer is late; 0 if no such fault is due."""
    fault = faults.take("slow", asked)
    if fault is None:
        return 0.0
    return SLOW_SECONDS if fault.seconds is None else fault.seconds


def after(faults: Faults, asked: str) -> None:
    """Raise NoAnswer, ServerFailure or the Problem of a fault that loses the answer."""
    if faults.take("lost_answer", asked):
        raise Problem(502, "BAD_GATEWAY", "The answer was lost on its way.")
    if faults.take("gateway_timeout", asked):
        raise Problem(504, "GATEWAY_TIMEOUT", "The answer did not come in time.")
    if faults.take("internal_error", asked):
        raise ServerFailure
    if faults.take("dropped", asked):
        raise NoAnswer
