"""The API versions of November 2026 and which one answers.

Facts: docs/reference/shopify.md#versions
"""

from __future__ import annotations

from typing import Any

STABLE = ("2026-01", "2026-04", "2026-07", "2026-10")
CANDIDATE = "2027-01"
UNSTABLE = "unstable"
ALL = (*STABLE, CANDIDATE, UNSTABLE)


def served(asked: str) -> str:
    """Give the version that answers: one that cannot be had falls forward to the oldest."""
    return asked if asked in ALL else STABLE[0]


def had_by(version: str, since: str = STABLE[0], until: str | None = None) -> bool:
    """Say whether a version has what came with `since` and was removed in `until`."""
    place = ALL.index(version)
    return ALL.index(since) <= place and (until is None or place < ALL.index(until))


def public() -> list[dict[str, Any]]:
    """List the versions as `publicApiVersions` does."""
    rows = [{"handle": handle, "displayName": handle, "supported": True} for handle in STABLE]
    rows[-1]["displayName"] = f"{STABLE[-1]} (Latest)"
    return [
        *rows,
        {
            "handle": CANDIDATE,
            "displayName": f"{CANDIDATE} (Release candidate)",
            "supported": False,
        },
        {"handle": UNSTABLE, "displayName": UNSTABLE, "supported": False},
    ]
