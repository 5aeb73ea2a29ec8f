"""Flows: created, listed, replaced, deleted, as HubSpot's Automation API does it."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.integration.sandbox.hubspot.flow_bodies import (
    FLOWS,
    contact_flow,
    delay,
    either,
    flow,
    furnish,
    in_stage,
    list_based,
    mail,
    prop,
    put_of,
    three_flows,
    to,
)

ONE = f"{FLOWS}/600000001"


@pytest.fixture(autouse=True)
def mails(account):
    """The account has what flows name; its e-mails and outbox."""
    return furnish(account)


@pytest.fixture
def make(hubspot):
    """Create a flow and give it."""

    def make(body):
        answer = hubspot.send("POST", FLOWS, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.mark.parametrize("name", ["new_customer", "abandoned_checkout", "re_engagement"])
def test_the_three_flows_are_taken_and_come_back_as_they_were_sent(shared, make, hubspot, name):
    """What was sent is in the answer, but for versions of actions; ids are text."""
    body = three_flows(shared)[name]
    made = make(body)

    assert hubspot.send("GET", ONE).json() == made
    shown = {member: made[member] for member in body}
    for action in (*shown["actions"], *body["actions"]):
        action.pop("actionTypeVersion", None)
    assert shown == body
    assert (made["id"], made["revisionId"]) == ("600000001", "1")


def test_a_flow_comes_back_normalised(make):
    """Operators of branches and values for blanks are filled in, versions are the current."""
    operation = {"operationType": "BOOL", "operator": "IS_EQUAL_TO", "value": True}
    known = {"filterType": "PROPERTY", "property": "shopify_new_customer"}
    branch = {
        "filterBranchType": "OR",
        "filterBranches": [
            {"filterBranchType": "AND", "filters": [{**known, "operation": operation}]}
        ],
    }
    made = make(flow(delay("7", 60), enrollmentCriteria=list_based(branch)))

    root = made["enrollmentCriteria"]["listFilterBranch"]
    (below,) = root["filterBranches"]
    assert (root["filterBranchOperator"], root["filters"]) == ("OR", [])
    assert (below["filterBranchOperator"], below["filterBranches"]) == ("AND", [])
    assert below["filters"][0]["operation"]["includeObjectsWithNoValueSet"] is False
    assert made["nextAvailableActionId"] == "8"


def test_a_new_flow_is_pending_for_a_while(hubspot, make):
    """Until what belongs to it is there a PUT is refused; a little later it is COMPLETE."""
    hubspot.control("POST", "limits", {"flow_lag": 30})
    made = make(flow())
    early = hubspot.send("PUT", ONE, put_of(made))
    hubspot.control("POST", "limits", {"flow_lag": 0})

    assert made["crmObjectCreationStatus"] == "PENDING"
    assert (early.status_code, early.json()["category"]) == (400, "BAD_REQUEST")
    assert hubspot.send("GET", ONE).json()["crmObjectCreationStatus"] == "COMPLETE"
    assert hubspot.send("PUT", ONE, put_of(made)).status_code == 200


@pytest.mark.parametrize("version", ["v4", "2026-09-beta", "2027-03-beta"])
def test_each_version_reaches_the_same_flows(hubspot, make, version):
    """A flow made under v4 is listed under the others."""
    make(flow(name="One"))

    (header,) = hubspot.send("GET", f"/automation/{version}/flows").json()["results"]

    assert header["name"] == "One"
    assert set(header) == {
        "id", "name", "isEnabled", "objectTypeId", "flowType", "revisionId", "createdAt",
        "updatedAt", "uuid",
    }  # fmt: skip


def test_flows_are_listed_in_pages_of_a_hundred(hubspot, make):
    """The cursor leads to the rest."""
    hubspot.control("POST", "behaviours", {"most_flows": 101})
    for number in range(101):
        make(flow(name=f"F{number}"))

    first = hubspot.send("GET", FLOWS).json()
    second = hubspot.send("GET", f"{FLOWS}?after={first['paging']['next']['after']}").json()

    assert (len(first["results"]), len(second["results"])) == (100, 1)
    assert "paging" not in second
    assert hubspot.send("POST", FLOWS, flow()).status_code == 403


def test_a_put_replaces_the_whole_flow(hubspot, make):
    """What is left out is cleared, the revision grows, and what only a POST holds stays."""
    made = make(flow(delay("1", 5), description="mine"))
    body = put_of(made, name="Other")
    del body["description"]

    answer = hubspot.send("PUT", ONE, body)
    changed = answer.json()

    assert answer.status_code == 200
    assert (changed["name"], changed["revisionId"]) == ("Other", "2")
    assert "description" not in changed
    assert (changed["objectTypeId"], changed["dataSources"]) == ("0-3", [])


def test_a_stale_revision_is_a_conflict(hubspot, make):
    """409, and nothing changes."""
    made = make(flow())
    hubspot.send("PUT", ONE, put_of(made, name="Second"))
    answer = hubspot.send("PUT", ONE, put_of(made, name="Third"))

    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert hubspot.send("GET", ONE).json()["name"] == "Second"


SHIPPED: dict[str, Any] = {
    "actionId": "1",
    "type": "LIST_BRANCH",
    "listBranches": [{"branchName": "Shipped", "filterBranch": either([in_stage("shipped")])}],
}
STATIC = {
    "actionId": "1",
    "type": "STATIC_BRANCH",
    "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "dealstage"},
    "staticBranches": [{"branchValue": "shipped"}],
}
OTHER_OBJECT = {
    "type": "CONTACT_FLOW",
    "canEnrollFromSalesforce": False,
    "suppressionListIds": [],
}
BAD_PUTS = {
    "another type": OTHER_OBJECT,
    "a retired action": {"actions": [{**SHIPPED, "defaultBranch": to("2")}, delay("2", 5)]},
    "another kind of branch": {"actions": [STATIC]},
    "a bad graph": {"startActionId": "9"},
    "a long name": {"name": "x" * 257},
}


@pytest.mark.parametrize("changes", BAD_PUTS.values(), ids=BAD_PUTS.keys())
def test_a_put_of_a_bad_body_is_refused(hubspot, make, changes):
    """With the category and sub-category of flows' updates, whatever was wrong."""
    first = make(flow({**SHIPPED, "defaultBranch": to("2")}, delay("2", 5)))
    made = hubspot.send("PUT", ONE, put_of(first, actions=[SHIPPED])).json()

    answer = hubspot.send("PUT", ONE, put_of(made, **changes))

    assert answer.status_code == 400
    assert answer.json()["category"] == "BAD_REQUEST"
    assert (
        answer.json()["subCategory"] == "FlowApiStandardFriendlyError.FLOW_UPDATE_BAD_REQUEST"
    )


@pytest.mark.parametrize(
    "member", ["objectTypeId", "flowType", "dataSources", "id", "nonsense"]
)
def test_what_only_a_post_holds_is_not_taken_by_a_put(hubspot, make, member):
    """Nor is what the server makes, nor what there is not; forgiving, they are ignored."""
    made = make(flow())
    body = put_of(made, **{member: made.get(member, "x")})

    assert hubspot.send("PUT", ONE, body).status_code == 400
    hubspot.control("POST", "behaviours", {"strict_requests": False})
    assert hubspot.send("PUT", ONE, body).status_code == 200


def test_a_deleted_flow_is_not_found(hubspot, make):
    """204, then 404, and the list is empty."""
    make(flow())

    assert hubspot.send("DELETE", ONE).status_code == 204
    assert hubspot.send("GET", ONE).status_code == 404
    assert hubspot.send("DELETE", ONE).status_code == 404
    assert hubspot.send("GET", FLOWS).json()["results"] == []


def test_a_batch_gives_what_there_is(hubspot, make):
    """200 for known ids; 207 names the others."""
    make(flow())
    wanted = [{"flowId": each, "type": "FLOW_ID"} for each in ("600000001", "9")]

    some = hubspot.send("POST", f"{FLOWS}/batch/read", {"inputs": wanted})
    known = hubspot.send("POST", f"{FLOWS}/batch/read", {"inputs": wanted[:1]})

    assert (known.status_code, len(known.json()["results"])) == (200, 1)
    assert (some.status_code, len(some.json()["results"])) == (207, 1)
    assert some.json()["errors"][0]["subCategory"] == "FLOW_NOT_FOUND_BY_FLOW_ID"


def test_a_hidden_flow_is_left_out(hubspot, make):
    """The list is silent about it, GET, PUT and DELETE get 403, a batch does not find it."""
    made = make(flow())
    hubspot.control("POST", "flows/600000001/hide")

    refused = hubspot.send("GET", ONE)
    inputs = [{"flowId": made["id"], "type": "FLOW_ID"}]
    batch = hubspot.send("POST", f"{FLOWS}/batch/read", {"inputs": inputs})

    assert hubspot.send("GET", FLOWS).json()["results"] == []
    assert refused.status_code == 403
    assert refused.json()["message"].startswith("Access denied. Flow must be accessible")
    assert hubspot.send("PUT", ONE, put_of(made)).status_code == 403
    assert hubspot.send("DELETE", ONE).status_code == 403
    assert batch.status_code == 207
    hubspot.control("POST", "flows/600000001/hide", {"hidden": False})
    assert hubspot.send("GET", ONE).json() == made


def test_flows_tell_which_emails_they_send(hubspot, make, account):
    """By flow, each e-mail once; and the account knows which flows send one."""
    make(flow(mail("1", "50001", "2"), mail("2", "50002")))
    make(flow(mail("1", "50002")))

    rows = hubspot.send("GET", f"{FLOWS}/email-campaigns?flowId=600000001").json()["results"]

    assert [row["emailContentId"] for row in rows] == ["50001", "50002"]
    assert account.flows.using_email("50002") == ["600000001", "600000002"]
    assert len(hubspot.send("GET", f"{FLOWS}/email-campaigns?limit=2").json()["results"]) == 2


def test_action_types_are_told_by_the_betas_alone(hubspot):
    """With their fields; an account may demand another one, and then refuses without it."""
    path = "/automation/2027-03-beta/action-types?objectTypeId=0-3"
    hubspot.control("POST", "behaviours", {"required_action_fields": {"0-4": ["to_whom"]}})

    types = {each["actionTypeId"]: each for each in hubspot.send("GET", path).json()["results"]}

    fields = types["0-4"]["inputFieldDefinitions"]
    assert [each["name"] for each in fields if each["isRequired"]] == ["content_id", "to_whom"]
    assert "0-31" not in types
    assert hubspot.send("GET", "/automation/v4/action-types").status_code == 404
    assert hubspot.send("POST", FLOWS, flow(mail("1", "50001"))).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/automation/v3/flows"),
        ("GET", "/automation/2026-03/flows"),
        ("GET", "/automation/v4/flows/performance/600000001"),
        ("GET", "/automation/v4/flows/600000001/enable"),
        ("PATCH", "/automation/v4/flows/600000001"),
        ("POST", "/automation/v4/flows/600000001"),
    ],
)
def test_what_the_api_does_not_have_is_not_found(hubspot, make, method, path):
    """404 as JSON."""
    make(flow())
    answer = hubspot.send(method, path, {})

    assert (answer.status_code, answer.json()["category"]) == (404, "OBJECT_NOT_FOUND")


def test_writes_are_not_counted_by_the_ten_secondly_limit(hubspot, make):
    """POST and PUT pass where a GET is refused, and so is a batch read."""
    hubspot.control("POST", "limits", {"ten_secondly": 0})
    made = make(flow())
    inputs = {"inputs": [{"flowId": made["id"], "type": "FLOW_ID"}]}

    assert hubspot.send("GET", ONE).status_code == 429
    assert hubspot.send("POST", f"{FLOWS}/batch/read", inputs).status_code == 429
    assert hubspot.send("PUT", ONE, put_of(made)).status_code == 200


def test_a_property_that_a_flow_uses_cannot_be_archived(hubspot, make):
    """400 PROPERTY_USAGE, until the flow is deleted."""
    path = "/crm/properties/2026-03/deals/shopify_new_customer"
    new = prop("shopify_new_customer", "BOOL", "IS_EQUAL_TO", value=True)
    make(flow(enrollmentCriteria=list_based(either([new]))))

    refused = hubspot.send("DELETE", path)
    hubspot.send("DELETE", ONE)

    assert (refused.status_code, refused.json()["category"]) == (400, "PROPERTY_USAGE")
    assert hubspot.send("DELETE", path).status_code == 204


@pytest.mark.parametrize(
    ("kind", "status"),
    [("lost_answer", 502), ("gateway_timeout", 504), ("internal_error", 500)],
)
def test_a_lost_answer_leaves_a_flow_made(hubspot, kind, status):
    """The flow is there, though the answer says that a server failed."""
    hubspot.control("POST", "faults", {"kind": kind, "where": "/automation/"})
    answer = hubspot.send("POST", FLOWS, flow(name="There"))

    assert answer.status_code == status
    assert (answer.text == "") == (kind == "internal_error")
    assert [each["name"] for each in hubspot.send("GET", FLOWS).json()["results"]] == ["There"]


@pytest.mark.parametrize(
    ("fault", "written"),
    [({"kind": "dropped"}, 1), ({"kind": "reset"}, 0), ({"kind": "throttled"}, 0)],
)
def test_a_bad_day_is_one_for_flows_too(hubspot, fault, written):
    """No answer after the work, none without it, or a 429 though the limit does not count."""
    hubspot.control("POST", "faults", {**fault, "where": "/automation/"})
    if fault["kind"] == "throttled":
        assert hubspot.send("POST", FLOWS, flow()).status_code == 429
    else:
        with pytest.raises(requests.ConnectionError):
            hubspot.send("POST", FLOWS, flow())

    assert len(hubspot.send("GET", FLOWS).json()["results"]) == written


def test_a_slow_answer_comes_after_the_work(hubspot, account):
    """A client that does not wait for it finds the flow made."""
    hubspot.control("POST", "faults", {"kind": "slow", "seconds": 1, "where": "/automation/"})
    with pytest.raises(requests.ReadTimeout):
        hubspot.session.post(hubspot.url + FLOWS, json=flow(), timeout=0.2)

    assert len(account.flows.headers()) == 1


def test_a_person_switches_edits_and_deletes(hubspot, make):
    """Each change is a revision; the app sees it, and its own is stale."""
    made = make(flow(delay("1", 5)))
    on = hubspot.control("POST", "flows/600000001/enable", {"enrol_existing": False}).json()
    edited = hubspot.control(
        "PATCH",
        "flows/600000001",
        {
            "name": "Hers",
            "action": {"actionId": "1", "fields": {"delta": "9", "time_unit": "HOURS"}},
        },
    ).json()
    off = hubspot.control("POST", "flows/600000001/disable").json()

    assert (on["isEnabled"], on["revisionId"]) == (True, "2")
    assert (edited["name"], edited["actions"][0]["fields"]["delta"]) == ("Hers", "9")
    assert (off["isEnabled"], off["revisionId"]) == (False, "4")
    assert hubspot.send("PUT", ONE, put_of(made)).status_code == 409
    assert hubspot.control("DELETE", "flows/600000001").status_code == 204
    assert hubspot.send("GET", ONE).status_code == 404


@pytest.mark.parametrize(
    "change",
    [[], {"id": "5"}, {"name": 5}, {"action": {"actionId": "7"}}, {"startActionId": "9"}],
)
def test_a_person_makes_no_nonsense_of_a_flow(hubspot, make, change):
    """What the editor would not save is refused, and nothing changes."""
    made = make(flow(delay("1", 5)))
    answer = hubspot.control("PATCH", "flows/600000001", change)

    assert answer.status_code in (400, 404)
    assert hubspot.send("GET", ONE).json() == made


def test_a_flow_is_switched_on_with_published_emails_alone(hubspot, make):
    """A draft is taken while the flow is off; by POST, by PUT or by hand it is not on."""
    hubspot.control("POST", "emails/50001/unpublish")
    made = make(flow(mail("1", "50001")))

    assert (
        hubspot.send("POST", FLOWS, flow(mail("1", "50001"), isEnabled=True)).status_code == 400
    )
    assert hubspot.send("PUT", ONE, put_of(made, isEnabled=True)).status_code == 400
    assert hubspot.control("POST", "flows/600000001/enable").status_code == 400
    hubspot.control("POST", "emails/50001/publish")
    assert hubspot.send("PUT", ONE, put_of(made, isEnabled=True)).json()["isEnabled"] is True


def test_a_list_branch_may_lack_its_default(make):
    """HubSpot's schema does not require it: the record's way ends there."""
    branch = {**SHIPPED["listBranches"][0], "connection": to("2")}
    made = make(flow({**SHIPPED, "listBranches": [branch]}, delay("2", 5)))

    assert "defaultBranch" not in made["actions"][0]


def test_contact_flows_have_members_of_their_own(hubspot, make):
    """They are required of them, and not taken by others."""
    make(contact_flow())
    body = contact_flow()
    del body["suppressionListIds"]

    assert "[suppressionListIds]" in hubspot.send("POST", FLOWS, body).json()["message"]
    assert hubspot.send("POST", FLOWS, flow(suppressionListIds=[])).status_code == 400
