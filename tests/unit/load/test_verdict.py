"""How many records of an object may be held back before it is an alarm."""

from __future__ import annotations

from decimal import Decimal

import pytest

from load.plan.held_back import Reason
from load.plan.plan import Counts, Plan
from load.verify.verdict import too_many

SHARE = Decimal("0.05")


def plan_of(held: int, records: int, *, fate: str = "rejected", ordinary: bool = False) -> Plan:
    """A plan of so many deals, some of them held back for one reason."""
    reason = Reason("deals", fate, "INVALID_OPTION", ordinary, held, "#1", "", "")
    counts = Counts(unchanged=records - held, **{fate: held})
    return Plan({"deals": counts}, held_back=[reason])


@pytest.mark.parametrize(
    ("held", "records", "alarms"),
    [
        (20, 100, 0),
        (21, 100, 1),
        (21, 500, 0),
        (25, 500, 0),
        (26, 500, 1),
        (3, 5, 1),
        (2, 4, 0),
    ],
)
def test_more_than_a_few_and_the_share_or_than_half_alarm(held, records, alarms):
    """20, or 5 % of the records, are no alarm; most of a few records are one."""
    assert len(too_many(plan_of(held, records), SHARE)) == alarms


@pytest.mark.parametrize("how", [{"fate": "skipped"}, {"ordinary": True}], ids=str)
def test_what_a_person_deleted_or_has_no_email_alarms_if_strict(how):
    """Records that need no attention count with --strict alone."""
    held = plan_of(26, 500, **how)

    assert too_many(held, SHARE) == []
    assert too_many(held, SHARE, strict=True) == ["deals: 26 of 500 held back"]
