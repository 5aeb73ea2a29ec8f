"""What stops a creation: told before anything is made, or named after a refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartwheel.core.errors import (
    OtherAccount,
    ServiceError,
    SettingsError,
    WarehouseError,
)
from cartwheel.core.progress import silent
from load.account.move import move_account
from load.workflows.create import create_workflow
from load.workflows.definition.request import WorkflowRequest
from load.workflows.definition.templates import TEMPLATES
from load.workflows.overview import list_workflows
from tests.integration.load.workflows.asked import writes


def test_unknown_flow_of_that_name_stops_the_creation(create, hand, marts):
    """Where the ledger knows nothing of it, it is somebody else's."""
    create()
    (flow,) = hand.flows()
    hand.do("PATCH", f"flows/{flow['id']}", {"description": "mine"})
    marts.run("delete from ops.hubspot_workflow_assets")

    with pytest.raises(ServiceError, match=f"id {flow['id']}.*Rename it"):
        create()
    assert len(hand.flows()) == 1


@pytest.mark.parametrize("most", [300, 1000])
def test_flows_past_the_plan_stop_it_before_anything_is_made(create, hand, most):
    """An account with 300 is asked with an empty flow; one on Enterprise has room."""
    hand.account.behaviours.order({"most_flows": most})
    create("new_customer")
    before = hand.counts()
    (flow,) = hand.flows()
    for number in range(299):
        body = {name: value for name, value in flow.items() if name in CREATED}
        hand.account.flows.create({**body, "name": f"Own {number}"})

    if most == 1000:
        assert create("re_engagement").flow.outcome == "created"
        return
    with pytest.raises(SettingsError, match="as many workflows as its plan allows"):
        create("re_engagement")
    assert hand.counts() == {**before, "flows": 300}


CREATED = {
    *("name", "description", "type", "objectTypeId", "flowType", "isEnabled", "timeWindows"),
    *("blockedDates", "customProperties", "dataSources", "startActionId", "actions"),
    *("enrollmentCriteria", "suppressionFilterBranch"),
}


def test_missing_properties_are_told_before_anything_is_written(
    hubspot_url, audiences, create, hand, log
):
    """A filter on a property that HubSpot lacks would be refused, or dropped in silence."""
    properties = hand.account.properties["deals"]
    properties.archive("shopify_abandoned_since")
    log.forget()

    with pytest.raises(SettingsError, match=r"deals.shopify_abandoned_since.*cartwheel setup"):
        create()
    assert writes(log) == []


def test_other_account_is_refused(create, hand, audiences):
    """The ledger's account and the token's are compared first."""
    create()
    hand.account.behaviours.order({"portal_id": 777})

    with pytest.raises(OtherAccount):
        create()
    move_account(audiences, silent)
    assert list_workflows(audiences, silent).workflows[1].state == "not created"


def test_warehouse_without_audiences_says_what_to_run(loaded, hand):
    """Before the first transform."""
    with pytest.raises(WarehouseError, match="cartwheel transform"):
        list_workflows(loaded, silent)


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ("mail1,set:no_such=x", "no property no_such"),
        ("mail1,set:hs_object_id=1", "no property hs_object_id"),
        ("mail1,list:4711", "no static list with the id 4711"),
    ],
)
def test_action_that_hubspot_would_refuse_stops_it_first(create, log, actions, told):
    """Nothing is made of a workflow whose actions cannot be."""
    log.forget()

    with pytest.raises(SettingsError, match=told):
        create(actions=actions)
    assert writes(log) == []


def test_refused_part_of_a_flow_is_named(create, hand):
    """HubSpot says only that something is wrong: smaller flows tell what, and are deleted."""
    with pytest.raises(ServiceError, match="refuses action 2, of the type 0-5"):
        create(actions="mail1,set:dealstage=no_such_stage")
    assert hand.flows() == []


def test_request_that_hubspots_server_fails_on_is_a_refusal(create, hand):
    """Answered 500 twice, without the flow being there, its parts are tried."""
    where = "POST /automation/v4/flows"
    hand.do("POST", "faults", {"kind": "failing", "times": 2, "where": where})

    with pytest.raises(ServiceError, match="HTTP 500"):
        create()
    assert hand.flows() == []


def test_action_that_needs_more_than_we_know_stops_it_first(create, hand, audiences, log):
    """On the dated paths HubSpot tells what its action for e-mails requires."""
    hand.account.behaviours.order({"required_action_fields": {"0-4": ["recipient"]}})
    dated = replace(audiences, hubspot_automation_path="/automation/2026-09-beta")
    log.forget()

    with pytest.raises(SettingsError, match="also needs recipient"):
        create_workflow(dated, WorkflowRequest(TEMPLATES["new_customer"]), silent)
    assert writes(log) == []


def test_language_is_checked_though_no_email_is_sent(create, audiences):
    """Swedish is remembered, and stops the next create that has e-mails."""
    with pytest.raises(SettingsError, match="sv"):
        create(actions="task:Call", language="sv")
