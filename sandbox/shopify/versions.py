"""The API versions of November 2026 and which one answers (reference/shopify.md, section 2)."""

from __future__ import annotations

from typing import Any

STABLE = ("2026-01", "2026-04", "2026-07", "2026-10")
CANDIDATE = "2027-01"


def served(asked: str) -> str:
    """Give the version that answers: one that cannot be had falls forward to the oldest."""
    return asked if asked in (*STABLE, CANDIDATE, "unstable") else STABLE[0]


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
        {"handle": "unstable", "displayName": "unstable", "supported": False},
    ]
