"""What tests ask: what HubSpot has changed on request, and the status of the workflows."""

from __future__ import annotations

from datetime import date

from cartwheel.core.progress import silent
from load.workflows.overview import workflows_status

TODAY = date(2026, 11, 23)
WRITES = ("POST", "PUT", "PATCH", "DELETE")
ASKS = ("/search", "/validate/", "/batch/read")


def writes(log):
    """What HubSpot has changed on request: method and path."""
    return [
        (each["method"], each["path"])
        for each in log.entries("hubspot")
        if each["method"] in WRITES
        and each["status"] < 400
        and not any(part in each["path"] for part in ASKS)
    ]


def status(settings):
    """The status of the workflows."""
    return workflows_status(settings, silent, TODAY)
