"""What holds of enrolments whatever is written, deleted, merged, and however time passes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.clock import Clock
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.core.problems import Problem
from tests.integration.sandbox.hubspot.flow_bodies import (
    changed,
    contact_flow,
    delay,
    either,
    every,
    flow,
    furnish,
    in_stage,
    list_based,
    mail,
    prop,
)

IS_ASKED, SINCE = "shopify_re_engagement", "shopify_re_engagement_since"
STAGES = ("checkout_pending", "checkout_abandoned", "processed")
CONSENT = {
    **every(prop("shopify_accepts_marketing", "BOOL", "IS_EQUAL_TO", value=True)),
    "filterBranchType": "ASSOCIATION",
    "objectTypeId": "0-1",
    "operator": "IN_LIST",
    "associationCategory": "HUBSPOT_DEFINED",
    "associationTypeId": 3,
}
ONCE = flow(
    mail("1", "50001", "2"),
    delay("2", 600, "3"),
    mail("3", "50002"),
    enrollmentCriteria=list_based(
        either([in_stage("checkout_abandoned")], branches=(CONSENT,))
    ),
    suppressionFilterBranch=either([in_stage("processed")]),
)
AGAIN = contact_flow(
    mail("1", "50003", "2"),
    delay("2", 600, "3"),
    mail("3", "50004"),
    enrollmentCriteria=list_based(
        either([prop(IS_ASKED, "BOOL", "IS_EQUAL_TO", value=True)]),
        again=(changed(SINCE),),
        unEnrollObjectsNotMeetingCriteria=True,
    ),
)
NUMBER = st.integers(0, 3)
DEEDS = st.one_of(
    st.tuples(st.just("stage"), NUMBER, st.sampled_from(STAGES)),
    st.tuples(
        st.just("contact"),
        NUMBER,
        st.sampled_from(
            [("shopify_accepts_marketing", "true"), (IS_ASKED, "true"), (IS_ASKED, "false"),
             (SINCE, "2026-11-01"), (SINCE, "2026-11-02")]
        ),
    ),
    st.tuples(st.just("link"), NUMBER, NUMBER),
    st.tuples(st.just("archive"), st.sampled_from(["contacts", "deals"]), NUMBER),
    st.tuples(st.just("restore"), st.sampled_from(["contacts", "deals"]), NUMBER),
    st.tuples(st.just("merge"), NUMBER, NUMBER),
    st.tuples(st.just("wait"), st.integers(1, 30), st.just(0)),
    st.tuples(st.just("switch"), st.integers(0, 1), st.booleans()),
)  # fmt: skip


class World:
    """An account with four contacts, four deals and two flows that are on."""

    def __init__(self) -> None:
        self.account = Account(Clock(datetime(2026, 11, 23, tzinfo=UTC)), ["GBP"], "t")
        furnish(self.account)
        self.flows = [self.account.flows.create(each)["id"] for each in (ONCE, AGAIN)]
        for flow_id in self.flows:
            self.account.flows.switch(flow_id, on=True)
        named = {"pipeline": "ecommerce", "dealstage": "checkout_pending"}
        self.ids: dict[str, list[str]] = {
            "contacts": [self._make("contacts", {"email": f"{n}@x.com"}) for n in range(4)],
            "deals": [self._make("deals", {"dealname": str(n), **named}) for n in range(4)],
        }

    def _make(self, object_type: str, properties: dict[str, str]) -> str:
        made: str = self.account.create(object_type, properties)["id"]
        return made

    def do(self, deed: str, one: Any, other: Any) -> None:
        """Do one thing; HubSpot may refuse it."""
        account, contacts, deals = self.account, self.ids["contacts"], self.ids["deals"]
        if deed == "stage":
            account.edit("deals", deals[one], {"dealstage": other})
        elif deed == "contact":
            account.edit("contacts", contacts[one], dict([other]))
        elif deed == "link":
            account.links.check("deals", deals[one], "contacts", contacts[other])
            account.links.add("deals", deals[one], "contacts", contacts[other], [3])
            account.flows.look()
        elif deed == "archive":
            account.archive(one, self.ids[one][other])
        elif deed == "restore":
            account.restore(one, self.ids[one][other])
        elif deed == "merge":
            contacts[one] = account.merge(contacts[one], contacts[other])["id"]
        elif deed == "wait":
            account.clock.move_to(account.clock.now() + timedelta(hours=one))
        elif deed == "switch":
            account.flows.switch(self.flows[one], on=other)


@settings(deadline=None, max_examples=60)
@given(st.lists(DEEDS, max_size=30))
def test_nobody_is_in_a_flow_twice(deeds):
    """Nor ever again without a trigger; who left was there, and each mail has its time."""
    world = World()
    for deed in deeds:
        try:
            world.do(*deed)
        except Problem:
            continue

    once, again = (world.account.flows.enrolled(each) for each in world.flows)
    for rows in (once, again):
        staying = Counter(row["recordId"] for row in rows if row["leftAt"] is None)
        assert all(count == 1 for count in staying.values())
        assert all(row["leftAt"] is None or row["leftAt"] >= row["enrolledAt"] for row in rows)
        assert all((row["dueAt"] is None) == (row["leftAt"] is not None) for row in rows)
    assert max(Counter(row["recordId"] for row in once).values(), default=1) == 1
    sent = [each["sentAt"] for each in world.account.outbox.sent]
    assert sent == sorted(sent)
