"""What a person changed, deleted or switched on in HubSpot, and what becomes of it."""

from __future__ import annotations

from threading import Timer

import pytest

from cartwheel.core.errors import (
    ServiceError,
    WorkflowIncomplete,
)
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.hubspot.filters import all_of, any_of
from load.workflows.flows.flow_part import FlowPart
from load.workflows.flows.flows import Flows
from load.workflows.overview import list_workflows
from load.workflows.state.ledger import WorkflowLedger, asset_of, assets_of
from tests.integration.load.workflows.asked import status, writes
from tests.nightly import mostly_nightly


@pytest.mark.nightly
def test_flow_without_its_marker_is_still_known(create, hand):
    """The ledger has its id; that a person took the marker out is an edit."""
    create()
    (flow,) = hand.flows()
    hand.do("PATCH", f"flows/{flow['id']}", {"description": "mine"})

    report = create()

    assert report.flow.outcome == "kept"


@pytest.mark.parametrize(
    "asked",
    [{"actions": "mail1"}, {"from_name": "Other"}, {"language": "de"}, {"ours": True}],
    ids=str,
)
def test_flow_that_is_on_is_not_touched(create, hand, log, asked):
    """Nor is anything that belongs to it, whatever is asked for."""
    create()
    (flow,) = hand.flows()
    hand.do("POST", f"flows/{flow['id']}/enable")
    log.forget()

    report = create(**asked)

    assert report.flow.outcome == "kept"
    assert "it is on" in report.flow.note
    assert writes(log) == []
    assert "Turn on" not in "\n".join(report.in_words())
    assert hand.flows()[0]["isEnabled"] is True


def test_flow_that_a_person_changed_is_not_touched(create, hand, audiences):
    """Another delay stays as it is; status tells which action it is."""
    create()
    (flow,) = hand.flows()
    edit = {"action": {"actionId": "2", "fields": {"delta": "60", "time_unit": "MINUTES"}}}
    hand.do("PATCH", f"flows/{flow['id']}", edit)

    report = create(actions="mail1")

    assert report.flow.outcome == "kept"
    assert hand.flows()[0]["actions"][1]["fields"]["delta"] == "60"
    (state,) = status(audiences).workflows
    assert "a person changed action 2; it stays as it is" in state.remarks


def test_flow_that_nobody_touched_follows_another_order(create, hand):
    """It is replaced whole, with new ids of its actions, and stays off."""
    create()

    report = create(actions="mail1,delay:1d,task:Call,mail2")

    (flow,) = hand.flows()
    assert (report.flow.outcome, report.flow.note) == ("updated", "off")
    assert flow["isEnabled"] is False
    kinds = [action.get("actionTypeId", action["type"]) for action in flow["actions"]]
    assert kinds == ["0-4", "0-1", "0-3", "LIST_BRANCH", "0-4"]
    assert create().flow.outcome == "exists", "the actions ordered last are remembered"


def test_renamed_flow_keeps_its_name(create, hand):
    """A name is a person's edit as well."""
    create()
    (flow,) = hand.flows()
    hand.do("PATCH", f"flows/{flow['id']}", {"name": "Renamed"})

    report = create(actions="mail1")

    assert report.flow.outcome == "kept"
    assert hand.flows()[0]["name"] == "Renamed"


def test_email_that_a_person_changed_is_kept(create, hand):
    """Unless ours are asked for."""
    create()
    email = hand.account.emails.all()[0]
    hand.do("PATCH", f"emails/{email.id}", {"subject": "My own words"})

    assert "kept" in {part.outcome for part in create().parts if part.kind == "e-mail"}
    assert hand.account.emails.get(email.id).members["subject"] == "My own words"

    create(ours=True)
    assert hand.account.emails.get(email.id).members["subject"] != "My own words"


def test_file_that_a_person_changed_is_kept(create, hand, audiences):
    """Unless ours are asked for; status names it."""
    create()
    path = "cartwheel/modules/cart_items.module/module.html"
    own = "<p>mine</p>"
    hand.account.files.write("published", path, own.encode())

    report = create()
    assert any(part.outcome == "kept" and path in part.note for part in report.parts)
    assert hand.account.files.get("published", path).content == own.encode()
    assert any(path in warning for warning in status(audiences).warnings)

    create(ours=True)
    assert hand.account.files.get("published", path).content != own.encode()


def test_new_text_of_ours_reaches_an_email_that_nobody_changed(create, hand):
    """Another sender is a change of ours."""
    create()

    create(from_name="The other shop")

    senders = {email.members["from"]["fromName"] for email in hand.account.emails.all()}
    assert senders == {"The other shop"}


def test_hidden_flow_is_not_made_a_second_time(create, hand, audiences):
    """HubSpot leaves it out of the list and answers 403 by its id."""
    create()
    (flow,) = hand.flows()
    hand.do("POST", f"flows/{flow['id']}/hide", {"hidden": True})

    report = create()

    assert report.flow.outcome == "kept"
    assert "hides it" in report.flow.note
    assert list_workflows(audiences, silent).workflows[1].state == "hidden"


@pytest.mark.nightly
def test_deleted_email_that_a_flow_sends_is_replaced_in_it(create, hand):
    """The flow, which nobody touched, gets the new one."""
    create()
    email = hand.account.emails.all()[0]
    hand.do("DELETE", f"emails/{email.id}")

    create()

    (flow,) = hand.flows()
    living = {each.id for each in hand.account.emails.all()}
    sent = {
        each["fields"]["content_id"]
        for each in flow["actions"]
        if each.get("actionTypeId") == "0-4"
    }
    assert sent == living


def test_list_of_a_person_is_not_taken(create, hand):
    """One of that name with other filters stops the creation, naming its id."""
    known = {
        "filterType": "PROPERTY",
        "property": "amount",
        "operation": {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"},
    }
    branch = any_of(all_of(known))
    definition = {"objectTypeId": "0-3", "processingType": "DYNAMIC", "filterBranch": branch}
    hand.account.lists.create({"name": "Abandoned carts", **definition})

    with pytest.raises(ServiceError, match=r"id 1.*did not create"):
        create()
    assert hand.account.lists.get("1")["filterBranch"] == branch


def test_email_of_a_person_is_not_taken(create, hand, marts):
    """One of that name with other words stops the creation, naming its id."""
    create()
    email = hand.account.emails.all()[0]
    hand.do("PATCH", f"emails/{email.id}", {"subject": "Mine"})
    (flow,) = hand.flows()
    hand.do("DELETE", f"flows/{flow['id']}")
    marts.run("delete from ops.hubspot_workflow_assets")

    with pytest.raises(ServiceError, match=f"id {email.id}.*Rename it"):
        create()


def test_dry_run_tells_what_a_flow_that_is_on_gets(create, hand):
    """Nothing, and why."""
    create()
    (flow,) = hand.flows()
    hand.do("POST", f"flows/{flow['id']}/enable")

    planned = create(dry_run=True, actions="mail1")

    assert [part.outcome for part in planned.parts] == ["kept"]


def test_dry_run_tells_what_would_be_replaced(create):
    """The flow, whose actions are other ones."""
    create()

    assert create(dry_run=True, actions="mail1").flow.outcome == "updated"


def test_options_of_a_creation_that_changed_nothing_are_not_remembered(create, hand):
    """What was refused while the flow was on does not come back later."""
    create()
    (flow,) = hand.flows()
    hand.do("POST", f"flows/{flow['id']}/enable")
    create(actions="mail1")
    hand.do("POST", f"flows/{flow['id']}/disable")

    assert create().flow.outcome == "exists"


def test_emails_that_a_flow_no_longer_sends_are_nobodys_concern(create, hand, audiences):
    """After another language, the first e-mails may be deleted."""
    create()
    create(language="de")
    hand.do("DELETE", f"emails/{hand.account.emails.all()[0].id}")

    (state,) = status(audiences).workflows
    assert state.deleted == []


def test_what_vanished_ends_status_with_3(create, hand, audiences):
    """A deleted flow, e-mail, list and file are named, with what creates them again."""
    create()
    (flow,) = hand.flows()
    email = hand.account.emails.all()[0]
    hand.do("DELETE", f"emails/{email.id}")
    hand.do("DELETE", f"flows/{flow['id']}")
    hand.account.lists.delete("1")
    hand.do("DELETE", "files/cartwheel/emails/re_engagement.html")

    with pytest.raises(WorkflowIncomplete) as raised:
        status(audiences)

    assert raised.value.exit_code == 3
    for gone in ("workflow Cartwheel", "e-mail Cartwheel", "list Abandoned", "file cartwheel"):
        assert gone in str(raised.value)
    assert "cartwheel workflows create abandoned_checkout" in str(raised.value)
    create()
    (state,) = status(audiences).workflows
    assert (state.state, state.deleted) == ("off", [])


@pytest.mark.parametrize(
    "fault", mostly_nightly(["lost_answer", "gateway_timeout", "internal_error", "dropped"], 2)
)
def test_lost_answer_to_a_replacement_is_not_a_persons_edit(create, hand, fault):
    """The PUT was carried out; the client tries again and meets 409 with its own revision."""
    create()
    order = {"kind": fault, "times": 1, "where": "PUT /automation/v4/flows"}
    hand.do("POST", "faults", order)

    report = create(actions="mail1,delay:1d,mail2")

    assert report.flow.outcome == "updated"
    assert create(actions="mail1").flow.outcome == "updated"


def test_renamed_flow_is_found_by_its_marker_where_the_ledger_is_lost(create, hand, marts):
    """A second one would mail everybody twice: the marker is in the description."""
    create()
    (flow,) = hand.flows()
    hand.do("PATCH", f"flows/{flow['id']}", {"name": "Renamed"})
    hand.do("POST", f"flows/{flow['id']}/enable")
    marts.run("delete from ops.hubspot_workflow_assets")

    create()

    assert len(hand.flows()) == 1


def test_edit_before_a_replacement_is_kept(create, hand, audiences, hubspot):
    """Who edits a flow that HubSpot still completes, between two looks at it, keeps that."""
    create()
    (flow,) = hand.flows()
    before = flow | {"crmObjectCreationStatus": "PENDING"}

    def edited(_seconds: float) -> None:
        hand.do("PATCH", f"flows/{flow['id']}", {"name": "Mine"})

    with open_warehouse(audiences.warehouse) as connection:
        asset = asset_of(assets_of(connection, "abandoned_checkout"), "flow")
        ledger = WorkflowLedger(connection, "run", audiences.clock())
        flows = Flows(hubspot, audiences.hubspot_automation_path)
        part = FlowPart(flows, ledger, "abandoned_checkout", flow["name"], asset, edited)
        put = part.put(before, lambda _: asset.sent | {"description": "another order"})

    assert (put.outcome, put.note) == ("kept", "a person changed its name")
    assert hand.flows()[0]["name"] == "Mine"


@pytest.mark.nightly
def test_edit_while_hubspot_completes_a_flow_is_kept(create, hand):
    """A new flow takes no changes at first; who edits it in that second keeps the edit."""
    hand.do("POST", "limits", {"flow_lag": 2.5})
    create()
    (flow,) = hand.flows()
    hasty = Timer(1, hand.do, ("PATCH", f"flows/{flow['id']}", {"name": "Mine"}))
    hasty.start()

    report = create(actions="mail1")

    hasty.join()
    assert (report.flow.outcome, report.flow.note) == ("kept", "a person changed its name")
    assert hand.flows()[0]["name"] == "Mine"
