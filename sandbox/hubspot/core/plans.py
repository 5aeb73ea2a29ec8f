"""What an account has subscribed to: a tier of each hub, and what comes with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TIERS = ("FREE", "STARTER", "PROFESSIONAL", "ENTERPRISE")
HUBS = ("marketing", "sales", "service", "content", "commerce", "smart_crm", "data")
Plan = Mapping[str, str]


def read_plan(given: Any) -> dict[str, str]:
    """A plan as it is ordered: hubs by name, each with its tier; those left out are free."""
    if not set(given) <= set(HUBS) or not set(given.values()) <= set(TIERS):
        raise ValueError(f"hubs of {', '.join(HUBS)}, each with one of {', '.join(TIERS)}")
    return dict(given)


def has(plan: Plan, hub: str, tier: str) -> bool:
    """Whether the plan has that tier of a hub, or a higher one."""
    return TIERS.index(plan.get(hub, "FREE")) >= TIERS.index(tier)


def has_any_professional(plan: Plan) -> bool:
    """Whether any hub is at Professional or higher: that is what workflows need."""
    return any(has(plan, hub, "PROFESSIONAL") for hub in HUBS)
