"""What the real HubSpot does on a bad day, and the sandbox on request (sandbox/faults.py)."""

from __future__ import annotations

from sandbox.faults import Faults
from sandbox.hubspot.limits import RateLimited
from sandbox.hubspot.problems import Problem

KINDS = {
    "unavailable": "a request is answered 503 and not carried out",
    "locked": "a request is answered 423 and not carried out, as under many parallel writes",
    "throttled": "a request is answered 429 TEN_SECONDLY_ROLLING and not carried out",
    "lost_answer": "a request is carried out and answered 502",
}


def before(faults: Faults) -> None:
    """Raise the Problem of a fault that refuses a request, if one is due."""
    if faults.take("unavailable"):
        raise Problem(
            503, "SERVICE_UNAVAILABLE", "The service is unavailable. Try again later."
        )
    if faults.take("locked"):
        raise Problem(423, "LOCKED", "The records are locked by another request.")
    if faults.take("throttled"):
        raise RateLimited("TEN_SECONDLY_ROLLING")


def after(faults: Faults) -> None:
    """Raise the Problem of a fault that loses the answer of what was done, if one is due."""
    if faults.take("lost_answer"):
        raise Problem(502, "BAD_GATEWAY", "The answer was lost on its way.")
