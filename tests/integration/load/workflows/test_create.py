"""Workflows created in HubSpot: switched off, once, and never over a person's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cartwheel.core.errors import (
    OtherAccount,
    ServiceError,
    SettingsError,
    WarehouseError,
    WorkflowIncomplete,
)
from cartwheel.core.progress import silent
from load.account.move import move_account
from load.hubspot.filters import all_of, any_of
from load.workflows.create import create_workflow
from load.workflows.definition.conditions import Clone
from load.workflows.definition.request import WorkflowRequest
from load.workflows.definition.templates import TEMPLATES
from load.workflows.overview import list_workflows, workflows_status

TODAY = date(2026, 11, 23)
NAMES = {name: f"Cartwheel: {each.title}" for name, each in TEMPLATES.items()}
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


@pytest.mark.parametrize("name", TEMPLATES)
def test_workflow_is_created_off_with_what_belongs_to_it(create, hand, name):
    """A list, its e-mails, published, and the flow, which HubSpot stores as it was sent."""
    report = create(name)

    (flow,) = hand.flows()
    assert (flow["name"], flow["isEnabled"]) == (NAMES[name], False)
    assert report.different == []
    assert report.lacking == []
    assert {part.outcome for part in report.parts} == {"created"}
    assert hand.counts()["lists"] == 1
    emails = hand.account.emails.all()
    assert len(emails) == TEMPLATES[name].mails
    assert {email.state for email in emails} == {"AUTOMATED"}
    assert flow["id"] in report.link


def test_second_run_makes_nothing_and_writes_nothing(create, hand, log):
    """Everything is found, by its id."""
    create()
    before = hand.counts()
    log.forget()

    report = create()

    assert hand.counts() == before
    assert writes(log) == []
    assert {part.outcome for part in report.parts} == {"exists"}


def test_dry_run_writes_nothing(create, hand, log):
    """Neither to HubSpot nor into the warehouse; and it names what would be made."""
    log.forget()

    report = create(dry_run=True)

    assert writes(log) == []
    assert hand.counts() == {"flows": 0, "emails": 0, "lists": 0, "files": 0}
    assert [part.outcome for part in report.parts] == ["created"] * 5
    assert "would be created" in "\n".join(report.in_words())


def test_report_says_how_many_match_and_what_to_click(create):
    """The audience's size, the link, and the three clicks."""
    told = "\n".join(create().in_words())

    assert "2 match now; 1 more would, but cannot be mailed" in told
    assert "https://app.hubspot.com/workflows/62515/platform/flow/" in told
    assert "Turn on" in told
    assert "24 to 25 hours" in told


@pytest.mark.parametrize("fault", ["internal_error", "gateway_timeout", "dropped", "throttled"])
@pytest.mark.parametrize(
    ("where", "asked_before"),
    [
        ("POST /automation/v4/flows", 0),
        ("POST /marketing/emails/", 1),
        ("POST /crm/lists/", 1),
        ("PUT /cms/source-code/", 3),
    ],
    ids=["flow", "email", "list", "file"],
)
def test_answer_that_is_lost_makes_nothing_twice(create, hand, fault, where, asked_before):
    """The creation was carried out or not, answered or not: one of each thing."""
    order = {"kind": fault, "times": 1, "where": where, "after": asked_before}
    hand.do("POST", "faults", order)

    create()

    assert hand.do("GET", "faults") == [], "the fault happened"
    assert hand.counts() == {"flows": 1, "emails": 2, "lists": 1, "files": 24}


def test_ledger_that_was_lost_finds_what_is_there(create, hand, marts):
    """As after a kill between HubSpot's answer and the ledger's note."""
    create()
    before = hand.counts()
    marts.run("delete from ops.hubspot_workflow_assets")

    report = create()

    assert hand.counts() == before
    assert report.flow.outcome == "exists"


def test_flow_without_its_marker_is_still_known(create, hand):
    """The ledger has its id; that a person took the marker out is an edit."""
    create()
    (flow,) = hand.flows()
    hand.do("PATCH", f"flows/{flow['id']}", {"description": "mine"})

    report = create()

    assert report.flow.outcome == "kept"


def test_unknown_flow_of_that_name_stops_the_creation(create, hand, marts):
    """Where the ledger knows nothing of it, it is somebody else's."""
    create()
    (flow,) = hand.flows()
    hand.do("PATCH", f"flows/{flow['id']}", {"description": "mine"})
    marts.run("delete from ops.hubspot_workflow_assets")

    with pytest.raises(ServiceError, match=f"id {flow['id']}.*Rename it"):
        create()
    assert len(hand.flows()) == 1


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


def test_clone_has_its_own_name_marker_and_trigger(create, hand, audiences):
    """It stands beside the default, with e-mails of its own."""
    create("re_engagement")
    emails = len(hand.account.emails.all())

    create("re_engagement", title="Win back 180", clone=Clone(days=180))

    default, clone = hand.flows()
    mails = {email.members["name"] for email in hand.account.emails.all()}
    assert "Cartwheel: Win back 180 1 (en)" in mails
    assert clone["name"] == "Cartwheel: Win back 180"
    assert "cartwheel:win_back_180:v1:" in clone["description"]
    assert "IS_MORE_THAN_X_DAYS_AGO" in str(clone["enrollmentCriteria"])
    assert "IS_MORE_THAN_X_DAYS_AGO" not in str(default["enrollmentCriteria"])
    assert len(hand.account.emails.all()) == 2 * emails
    listed = list_workflows(audiences, silent).workflows
    assert [each.workflow for each in listed] == [*TEMPLATES, "win_back_180"]


@pytest.mark.parametrize("title", ["re engagement", "Новые", "New customer"])
def test_clone_needs_a_name_of_its_own(create, title):
    """Not a default's, and one that makes a name on the command line."""
    with pytest.raises(SettingsError, match="not a free name"):
        create("re_engagement", title=title, clone=Clone(days=180))


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


def test_sets_of_clones_that_a_name_confuses_are_kept_apart(create):
    """Two names that differ in marks alone are one on the command line."""
    create("re_engagement", title="Win back", clone=Clone(days=180))

    with pytest.raises(SettingsError, match="not a free name"):
        create("re_engagement", title="Win back!", clone=Clone(days=90))
    with pytest.raises(SettingsError, match="not a free name"):
        create("new_customer", title="Win back", clone=Clone(where=("amount over 1",)))


def test_clone_beside_a_workflow_that_is_on_leaves_it_alone(create, hand):
    """Its e-mails are its own, whoever sends the clone's."""
    create("re_engagement")
    (flow,) = hand.flows()
    hand.do("POST", f"flows/{flow['id']}/enable")
    before = {email.id: dict(email.members) for email in hand.account.emails.all()}

    create("re_engagement", title="Other", clone=Clone(days=180), from_name="Someone else")

    after = {email.id: dict(email.members) for email in hand.account.emails.all()}
    assert {each: after[each] for each in before} == before


def test_list_follows_the_trigger_of_a_clone(create, hand):
    """Asked for with other days, list and flow change alike."""
    create("re_engagement", title="Win back", clone=Clone(days=180))

    create("re_engagement", title="Win back", clone=Clone(days=90))

    (flow,) = hand.flows()
    (listed,) = hand.account.lists.search("", [], [])
    assert "'numberOfDays': 90" in str(flow["enrollmentCriteria"])
    assert listed["filterBranch"] == flow["enrollmentCriteria"]["listFilterBranch"]


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


@pytest.mark.parametrize("kinds", [[], ["automated_for_deal"]], ids=["taken", "refused"])
def test_emails_of_deals_are_of_the_kind_that_the_account_takes(create, hand, kinds):
    """That of deals' flows where there is one, else the common one; and found again."""
    hand.do("PATCH", "marketing", {"refused_subcategories": kinds})

    create()

    wanted = "automated" if kinds else "automated_for_deal"
    assert {email.subcategory for email in hand.account.emails.all()} == {wanted}
    assert {part.outcome for part in create().parts} == {"exists"}


def test_action_that_needs_more_than_we_know_stops_it_first(create, hand, audiences, log):
    """On the dated paths HubSpot tells what its action for e-mails requires."""
    hand.account.behaviours.order({"required_action_fields": {"0-4": ["recipient"]}})
    dated = replace(audiences, hubspot_automation_path="/automation/2026-09-beta")
    log.forget()

    with pytest.raises(SettingsError, match="also needs recipient"):
        create_workflow(dated, WorkflowRequest(TEMPLATES["new_customer"]), silent)
    assert writes(log) == []


def test_shop_that_is_not_in_the_warehouse_is_refused(create):
    """A clone of it would match nobody."""
    with pytest.raises(SettingsError, match="no such store"):
        create("new_customer", title="UK", clone=Clone(shop="uk.myshopify.com"))


def test_status_tells_when_the_path_ends(create, audiences):
    """And that a draft waits for a person."""
    create(reply_to="")

    report = status(audiences)

    assert any("is a draft" in remark for remark in report.workflows[0].remarks)
    assert any("2027-03-30" in warning for warning in report.warnings)
