"""Who is enrolled in a flow, when they move on, and why they leave: by the sandbox's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.sandbox.hubspot.flow_bodies import (
    FLOWS,
    changed,
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
    single,
    three_flows,
    to,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
IS_ASKED = "shopify_re_engagement"
SINCE = "shopify_re_engagement_since"
DAY = 24 * 60


@pytest.fixture(autouse=True)
def mails(account):
    """The account has what flows name; its e-mails and outbox."""
    return furnish(account)


@pytest.fixture
def start(hubspot):
    """Create a flow, switch it on as a person would, and give its id."""

    def start(body, **options):
        made = hubspot.send("POST", FLOWS, body)
        assert made.status_code == 201, made.text
        flow_id = made.json()["id"]
        switched = hubspot.control("POST", f"flows/{flow_id}/enable", options)
        assert switched.status_code == 200, switched.text
        return flow_id

    return start


@pytest.fixture
def buyer(hubspot):
    """Create a contact and a deal of theirs, in a stage; give both ids."""

    def buyer(stage="checkout_abandoned", email="ann@example.com", **properties):
        contact = hubspot.create("contacts", email=email)
        deal = hubspot.create(
            "deals", dealname="D", pipeline="ecommerce", dealstage=stage, **properties
        )
        kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
        row = {"from": {"id": deal}, "to": {"id": contact}, "types": [kind]}
        assert hubspot.associate("deals", "contacts", [row]).status_code == 201
        return contact, deal

    return buyer


@pytest.fixture
def write(hubspot):
    """Change a record as the app would."""

    def write(object_type, record_id, **properties):
        path = f"/crm/objects/2026-03/{object_type}/{record_id}"
        answer = hubspot.send("PATCH", path, {"properties": properties})
        assert answer.status_code == 200, answer.text

    return write


@pytest.fixture
def wait(hubspot):
    """Move the sandbox's clock on."""

    def wait(hours):
        assert hubspot.send("POST", "/_sandbox/clock", {"hours": hours}).status_code == 200

    return wait


@pytest.fixture
def ways(hubspot):
    """The enrolments of a flow: record, why it left, and the actions that it came by."""

    def ways(flow_id):
        rows = hubspot.control("GET", f"flows/{flow_id}/enrolments").json()["results"]
        return [
            (row["recordId"], row["reason"], "".join(a["actionId"] for a in row["actions"]))
            for row in rows
        ]

    return ways


def after(hours):
    """The time so many hours after the clock's start."""
    return NOON + timedelta(hours=hours)


def test_nobody_is_enrolled_while_a_flow_is_off(hubspot, buyer, mails, account):
    """Nor is anything watched."""
    hubspot.send("POST", FLOWS, flow(mail("1", "50001")))
    buyer()

    assert mails.sent == []
    assert not account.changes.watched


def test_a_flow_may_be_created_on(hubspot, buyer, mails, write):
    """Who matches from then on is enrolled."""
    made = hubspot.send("POST", FLOWS, flow(mail("1", "50001"), isEnabled=True)).json()
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")

    assert made["isEnabled"] is True
    assert mails.log() == [("50001", contact, NOON)]


@pytest.mark.parametrize("enrol_existing", [False, True])
def test_those_that_match_already_are_enrolled_if_a_person_says_so(
    buyer, mails, start, enrol_existing
):
    """HubSpot asks at switch-on."""
    contact, _ = buyer()
    start(flow(mail("1", "50001")), enrol_existing=enrol_existing)

    assert mails.log() == ([("50001", contact, NOON)] if enrol_existing else [])


def test_a_record_enrols_when_it_begins_to_match(buyer, mails, start, write, ways):
    """Once: not before, not again when it matches a second time."""
    flow_id = start(flow(mail("1", "50001")))
    contact, deal = buyer("checkout_pending")
    assert mails.sent == []

    for stage in ("checkout_abandoned", "checkout_pending", "checkout_abandoned"):
        write("deals", deal, dealstage=stage)

    assert mails.log() == [("50001", contact, NOON)]
    assert ways(flow_id) == [(deal, "COMPLETED", "1")]


def test_mails_say_for_which_flow_and_record_they_were(buyer, mails, start):
    """As the outbox takes them: of a deal to each of its contacts, of a contact to itself."""
    contact, deal = buyer()
    deals = start(flow(mail("1", "50001")), enrol_existing=True)
    contacts = start(
        contact_flow(
            mail("1", "50002"),
            enrollmentCriteria=list_based(either([prop("email", "ALL_PROPERTY", "IS_KNOWN")])),
        ),
        enrol_existing=True,
    )

    named = ("emailId", "flowId", "recordId", "contactId")
    assert [tuple(each[name] for name in named) for each in mails.sent] == [
        ("50001", deals, deal, contact),
        ("50002", contacts, contact, contact),
    ]


def test_a_deal_mails_each_of_its_contacts_once(hubspot, buyer, mails, start, write):
    """Those that are associated at that moment."""
    start(flow(mail("1", "50001")))
    contact, deal = buyer("checkout_pending")
    other = hubspot.create("contacts", email="bo@example.com")
    hubspot.associate(
        "deals", "contacts", [{"from": {"id": deal}, "to": {"id": other}}], "associate/default"
    )
    write("deals", deal, dealstage="checkout_abandoned")

    assert mails.log() == [("50001", contact, NOON), ("50001", other, NOON)]


def test_delays_pass_by_the_clock(buyer, mails, start, wait, write, ways):
    """Each mail at its hour, also where the clock jumps over several delays."""
    actions = (mail("1", "50001", "2"), delay("2", DAY, "3"), mail("3", "50002", "4"))
    flow_id = start(flow(*actions, delay("4", 90, "5"), mail("5", "50003")))
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")
    wait(23)
    assert [email for email, _, _ in mails.log()] == ["50001"]

    wait(1_000)

    assert mails.log() == [
        ("50001", contact, NOON),
        ("50002", contact, after(24)),
        ("50003", contact, after(25.5)),
    ]
    assert ways(flow_id) == [(deal, "COMPLETED", "12345")]


def test_two_records_are_carried_on_in_the_order_of_their_times(
    buyer, mails, start, wait, write
):
    """However far the clock jumps."""
    start(flow(delay("1", DAY, "2"), mail("2", "50001", "3"), delay("3", DAY, "4"),
               mail("4", "50002")))  # fmt: skip
    pairs = [buyer("checkout_pending", email=f"{name}@example.com") for name in "ab"]
    for _, deal in pairs:
        write("deals", deal, dealstage="checkout_abandoned")
        wait(5)
    wait(100)

    (ann, _), (bob, _) = pairs
    assert mails.log() == [
        ("50001", ann, after(24)),
        ("50001", bob, after(29)),
        ("50002", ann, after(48)),
        ("50002", bob, after(53)),
    ]


@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        ({"delta": "1", "time_unit": "DAYS"}, 24),
        ({"delta": "2", "time_unit": "HOURS", "time_of_day": {"hour": 9, "minute": 0}}, 21),
        ({"delta": "2", "time_unit": "HOURS", "days_of_week": ["THURSDAY"]}, 74),
    ],
)
def test_a_delay_may_wait_for_an_hour_or_a_day(buyer, mails, start, wait, write, fields, hours):
    """The first one after the delay, in UTC."""
    start(flow(single("1", "0-1", fields, "2"), mail("2", "50001")))
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")
    wait(200)

    assert mails.log() == [("50001", contact, after(hours))]


def test_a_delay_may_last_until_a_date_of_the_record(buyer, mails, start, wait, write):
    """With what is to be added; who has no such date goes on at once."""
    date = {"type": "OBJECT_PROPERTY", "propertyName": "shopify_abandoned_since"}
    fields = {"date": date, "delta": "-1", "time_unit": "HOURS"}
    start(flow(single("1", "0-35", fields, "2"), mail("2", "50001")))
    dated, deal = buyer("checkout_pending", shopify_abandoned_since="2026-11-24T12:00:00Z")
    blank, other = buyer("checkout_pending", email="bo@example.com")
    for each in (deal, other):
        write("deals", each, dealstage="checkout_abandoned")
    wait(100)

    assert mails.log() == [("50001", blank, NOON), ("50001", dated, after(23))]


SUPPRESSED = {"suppressionFilterBranch": either([in_stage("checkout_completed")])}


def test_a_suppressed_record_leaves_and_does_not_come_back(
    buyer, mails, start, wait, write, ways
):
    """What it waited for does not happen, nor when it matches once more."""
    flow_id = start(flow(delay("1", DAY, "2"), mail("2", "50001"), **SUPPRESSED))
    _, deal = buyer("checkout_pending")
    for stage in ("checkout_abandoned", "checkout_completed", "checkout_abandoned"):
        write("deals", deal, dealstage=stage)
    wait(100)

    assert mails.sent == []
    assert ways(flow_id) == [(deal, "SUPPRESSED", "1")]


def test_one_that_stops_being_suppressed_is_not_enrolled_for_that(
    buyer, mails, start, write, ways
):
    """It matched before: it must stop matching, and begin again."""
    new = prop("shopify_new_customer", "BOOL", "IS_EQUAL_TO", value=True)
    flow_id = start(
        flow(
            mail("1", "50001"),
            enrollmentCriteria=list_based(either([new])),
            suppressionFilterBranch=either([in_stage("checkout_pending")]),
        )
    )
    contact, deal = buyer("checkout_pending")
    write("deals", deal, shopify_new_customer="true")
    write("deals", deal, dealstage="processed")
    assert ways(flow_id) == []

    write("deals", deal, shopify_new_customer="false")
    write("deals", deal, shopify_new_customer="true")
    assert mails.log() == [("50001", contact, NOON)]


LAPSED = list_based(
    either([prop(IS_ASKED, "BOOL", "IS_EQUAL_TO", value=True)]),
    again=(changed(SINCE),),
    unEnrollObjectsNotMeetingCriteria=True,
)


@pytest.fixture
def lapsed(hubspot, start):
    """A flow that re-enrols once a lapse, its mails a week apart, and a contact."""
    actions = (mail("1", "50001", "2"), delay("2", 7 * DAY, "3"), mail("3", "50002"))
    flow_id = start(contact_flow(*actions, enrollmentCriteria=LAPSED))
    return flow_id, hubspot.create("contacts", email="ann@example.com")


def test_who_no_longer_meets_the_criteria_leaves(lapsed, mails, write, wait, ways):
    """Of a contact flow that asks for it."""
    flow_id, ann = lapsed
    write("contacts", ann, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    write("contacts", ann, **{IS_ASKED: "false"})
    wait(500)

    assert mails.log() == [("50001", ann, NOON)]
    assert ways(flow_id) == [(ann, "NO_LONGER_MEETS_CRITERIA", "12")]


def test_a_new_cause_enrols_again(lapsed, mails, write, wait, ways):
    """Once a lapse: matching once more is not enough, the named property must change."""
    flow_id, ann = lapsed
    write("contacts", ann, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    write("contacts", ann, **{IS_ASKED: "false"})
    write("contacts", ann, **{IS_ASKED: "true"})
    assert len(ways(flow_id)) == 1

    wait(24)
    write("contacts", ann, **{SINCE: "2026-11-24"})
    write("contacts", ann, **{SINCE: "2026-11-24"})
    wait(500)

    assert mails.log() == [
        ("50001", ann, NOON),
        ("50001", ann, after(24)),
        ("50002", ann, after(24 + 7 * 24)),
    ]


def test_who_does_not_match_at_that_moment_is_not_enrolled_again(lapsed, mails, write, ways):
    """The property changes first, the person matches later: too late."""
    flow_id, ann = lapsed
    write("contacts", ann, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    write("contacts", ann, **{IS_ASKED: "false"})
    write("contacts", ann, **{SINCE: "2026-12-23"})
    write("contacts", ann, **{IS_ASKED: "true"})

    assert [reason for _, reason, _ in ways(flow_id)] == ["NO_LONGER_MEETS_CRITERIA"]
    assert len(mails.sent) == 1


def test_nobody_is_in_a_flow_twice_at_once(lapsed, mails, write, ways):
    """A change while the record is in it does nothing."""
    flow_id, ann = lapsed
    write("contacts", ann, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    write("contacts", ann, **{SINCE: "2026-12-23"})

    assert ways(flow_id) == [(ann, None, "12")]


def test_a_trigger_enrols_who_matched_before_the_flow_was_on(hubspot, start, mails, write):
    """HubSpot does not ask whether it was enrolled before."""
    ann = hubspot.create("contacts", email="ann@example.com", **{IS_ASKED: "true"})
    start(contact_flow(mail("1", "50001"), enrollmentCriteria=LAPSED))
    write("contacts", ann, **{SINCE: "2026-12-23"})

    assert mails.log() == [("50001", ann, NOON)]


def branching(**more):
    """Two days later one of two: another mail, or a note that it was recovered."""
    wait, last = delay("1", 2 * DAY, "2"), mail("3", "50002")
    still = {
        "branchName": "Still abandoned",
        "filterBranch": either([in_stage("checkout_abandoned")]),
        "connection": to("3"),
    }
    branch = {"actionId": "2", "type": "LIST_BRANCH", "listBranches": [still]}
    value = {"type": "STATIC_VALUE", "staticValue": "true"}
    fields = {"property_name": "shopify_recovered_by_workflow", "value": value}
    recovered = single("4", "0-5", fields)
    return flow(wait, {**branch, "defaultBranch": to("4")}, last, recovered, **more)


@pytest.mark.parametrize(
    ("stage", "way"), [("checkout_abandoned", "123"), ("processed", "124")]
)
def test_a_branch_goes_by_the_record_as_it_is_then(
    buyer, account, mails, start, wait, write, ways, stage, way
):
    """Still abandoned: another mail; else the deal says that it was recovered."""
    flow_id = start(branching())
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")
    wait(24)
    write("deals", deal, dealstage=stage)
    wait(24)

    values = account.find("deals", deal).properties
    assert ways(flow_id) == [(deal, "COMPLETED", way)]
    assert ("shopify_recovered_by_workflow" in values) == (stage == "processed")
    assert mails.log() == ([("50002", contact, after(48))] if stage != "processed" else [])


def test_a_branch_without_a_default_ends_the_way(buyer, start, write, ways):
    """The record completes the flow."""
    lost = either([in_stage("cancelled")])
    branch = {"branchName": "A", "filterBranch": lost, "connection": to("2")}
    body = flow(
        {"actionId": "1", "type": "LIST_BRANCH", "listBranches": [branch]}, mail("2", "50001")
    )
    flow_id = start(body)
    _, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")

    assert ways(flow_id) == [(deal, "COMPLETED", "1")]


def test_a_static_branch_goes_by_a_value(buyer, mails, start, write):
    """Each value its own way; other values the default's."""
    branch = {
        "actionId": "1",
        "type": "STATIC_BRANCH",
        "inputValue": {"type": "OBJECT_PROPERTY", "propertyName": "dealname"},
        "staticBranches": [{"branchValue": "D", "connection": to("2")}],
        "defaultBranch": to("3"),
    }
    start(flow(branch, mail("2", "50001"), mail("3", "50002")))
    _, deal = buyer("checkout_pending")
    _, other = buyer("checkout_pending", email="bo@example.com")
    write("deals", other, dealname="E")
    for each in (deal, other):
        write("deals", each, dealstage="checkout_abandoned")

    assert [email for email, _, _ in mails.log()] == ["50001", "50002"]


def test_one_flow_sets_off_another(buyer, mails, start, write):
    """A property that the first sets is a write like any other."""
    fields = {
        "property_name": IS_ASKED,
        "value": {"type": "STATIC_VALUE", "staticValue": "true"},
        "association": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3},
    }
    start(flow(single("1", "0-5", fields)))
    start(contact_flow(mail("1", "50001"), enrollmentCriteria=LAPSED))
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")

    assert mails.log() == [("50001", contact, NOON)]


def test_consent_of_the_contact_lets_a_deal_in(buyer, mails, start, write):
    """An association filter is asked again when the contact changes."""
    consent = {
        "filterBranchType": "ASSOCIATION",
        "filterBranchOperator": "AND",
        "objectTypeId": "0-1",
        "operator": "IN_LIST",
        "associationCategory": "HUBSPOT_DEFINED",
        "associationTypeId": 3,
        "filters": [prop("shopify_accepts_marketing", "BOOL", "IS_EQUAL_TO", value=True)],
        "filterBranches": [],
    }
    both = either([in_stage("checkout_abandoned")], branches=(consent,))
    start(flow(mail("1", "50001"), enrollmentCriteria=list_based(both)))
    contact, _ = buyer()
    assert mails.sent == []

    write("contacts", contact, shopify_accepts_marketing="true")
    assert mails.log() == [("50001", contact, NOON)]


def test_days_that_pass_enrol_by_themselves(hubspot, mails, start, wait):
    """At the midnight after the day on which the person has been away for so long."""
    away = prop("shopify_last_order_at", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO",
                numberOfDays=10, requiresTimeZoneConversion=False)  # fmt: skip
    body = contact_flow(
        mail("1", "50001", "2"), delay("2", DAY, "3"), mail("3", "50002"),
        enrollmentCriteria=list_based(either([away])),
    )  # fmt: skip
    start(body)
    moment = "2026-11-20T12:00:00Z"
    ann = hubspot.create("contacts", email="ann@example.com", shopify_last_order_at=moment)
    wait(30 * 24)

    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    assert mails.log() == [
        ("50001", ann, midnight),
        ("50002", ann, midnight + timedelta(days=1)),
    ]


def test_a_flow_that_is_switched_off_rests(hubspot, buyer, mails, start, wait, write, ways):
    """Those within wait; switched on again they go on, and nobody who came meanwhile is in."""
    flow_id = start(flow(delay("1", DAY, "2"), mail("2", "50001")))
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")
    hubspot.control("POST", f"flows/{flow_id}/disable")
    buyer(email="bo@example.com")
    wait(100)
    assert mails.sent == []

    hubspot.control("POST", f"flows/{flow_id}/enable")
    assert mails.log() == [("50001", contact, after(100))]
    assert ways(flow_id) == [(deal, "COMPLETED", "12")]


def test_an_app_may_replace_a_flow_that_is_on(hubspot, buyer, mails, start, wait, write):
    """The next action is the one of the new revision."""
    flow_id = start(flow(delay("1", DAY, "2"), mail("2", "50001")))
    contact, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")
    made = hubspot.send("GET", f"{FLOWS}/{flow_id}").json()
    actions = [delay("1", DAY, "2"), mail("2", "50002")]
    assert hubspot.send("PUT", f"{FLOWS}/{flow_id}", put_of(made, actions=actions)).ok
    wait(24)

    assert mails.log() == [("50002", contact, after(24))]


def test_an_archived_record_leaves_and_a_restored_one_stays_out(
    hubspot, buyer, mails, start, wait, write, ways
):
    """It was enrolled once."""
    flow_id = start(flow(delay("1", DAY, "2"), mail("2", "50001")))
    _, deal = buyer("checkout_pending")
    write("deals", deal, dealstage="checkout_abandoned")
    hubspot.control("DELETE", f"objects/deals/{deal}")
    hubspot.control("POST", f"objects/deals/{deal}/restore")
    wait(100)

    assert mails.sent == []
    assert ways(flow_id) == [(deal, "RECORD_DELETED", "1")]


@pytest.mark.parametrize("keep_primary", [True, False])
def test_a_merge_enrols_nobody(hubspot, lapsed, mails, write, wait, ways, keep_primary):
    """Whichever id is left; who was in the flow under an id that no longer exists, leaves."""
    flow_id, ann = lapsed
    bob = hubspot.create("contacts", email="bob@example.com")
    write("contacts", bob, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    body = {"primary": ann, "other": bob, "keep_primary": keep_primary}
    assert hubspot.control("POST", "contacts/merge", body).status_code == 200
    wait(500)

    assert mails.log() == [("50001", bob, NOON)]
    assert ways(flow_id) == [(bob, "RECORD_DELETED", "12")]


def test_a_person_erased_is_forgotten_by_flows(hubspot, lapsed, mails, write, wait, ways):
    """As GDPR asks: no mail follows."""
    flow_id, ann = lapsed
    write("contacts", ann, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    path = "/crm/objects/2026-03/contacts/gdpr-delete"
    assert hubspot.send("POST", path, {"objectId": ann}).status_code == 204
    wait(500)

    assert len(mails.sent) == 1
    assert ways(flow_id) == [(ann, "RECORD_DELETED", "12")]


def test_a_goal_ends_the_way(hubspot, start, mails, write, wait, ways):
    """Of a contact flow."""
    goal = either([prop("shopify_last_order_at", "ALL_PROPERTY", "IS_KNOWN")])
    body = contact_flow(delay("1", DAY, "2"), mail("2", "50001"), goalFilterBranch=goal)
    flow_id = start(body)
    ann = hubspot.create("contacts", email="ann@example.com", shopify_accepts_marketing="true")
    write("contacts", ann, shopify_last_order_at="2026-11-23")
    wait(100)

    assert ways(flow_id) == [(ann, "GOAL_REACHED", "1")]
    assert mails.sent == []


def test_a_list_can_be_filled_and_suppress(hubspot, start, mails, ways):
    """One flow adds to a manual list, the other keeps out who is in it."""
    body = {"name": "L", "objectTypeId": "0-1", "processingType": "MANUAL"}
    made = hubspot.send("POST", "/crm/lists/2026-03", body).json()["list"]
    fields = {"listId": made["listId"], "targetObject": "{{ enrolled_object }}"}
    start(contact_flow(single("1", "0-63809083", fields)))
    kept_out = start(
        contact_flow(
            mail("1", "50001"),
            enrollmentCriteria=LAPSED,
            suppressionListIds=[int(made["listId"])],
        )
    )
    ann = hubspot.create("contacts", email="a@example.com", shopify_accepts_marketing="true")
    hubspot.control("PATCH", f"objects/contacts/{ann}", {"properties": {IS_ASKED: "true"}})
    path = f"/crm/lists/2026-03/{made['listId']}/memberships"

    assert [row["recordId"] for row in hubspot.send("GET", path).json()["results"]] == [ann]
    assert ways(kept_out) == []
    assert mails.sent == []


def test_tasks_are_told_and_a_failing_step_stops_nobody(hubspot, account, buyer, start, write):
    """What was done stands with the enrolment, also what HubSpot refused."""
    target = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
    task = {
        "task_type": "CALL",
        "subject": "Ring",
        "body": "Now",
        "use_explicit_associations": "true",
        "associations": [{"target": target, "value": {"type": "ENROLLED_OBJECT"}}],
    }
    value = {"type": "STATIC_VALUE", "staticValue": "true"}
    fields = {"property_name": "shopify_recovered_by_workflow", "value": value}
    flow_id = start(flow(single("1", "0-5", fields, "2"), single("2", "0-3", task)))
    _, deal = buyer("checkout_pending")
    account.restrict("deals", "shopify_recovered_by_workflow")
    write("deals", deal, dealstage="checkout_abandoned")

    (row,) = hubspot.control("GET", f"flows/{flow_id}/enrolments").json()["results"]
    assert "read only" in row["actions"][0]["problem"]
    assert row["actions"][1]["task"] == {"task_type": "CALL", "subject": "Ring"}
    assert row["enrolledAt"] == row["leftAt"] == "2026-11-23T12:00:00.000Z"


def test_a_deleted_flow_has_no_enrolments(hubspot, start, account):
    """404, and nothing is watched any longer."""
    flow_id = start(flow(mail("1", "50001")))
    hubspot.send("DELETE", f"{FLOWS}/{flow_id}")

    assert hubspot.control("GET", f"flows/{flow_id}/enrolments").status_code == 404
    assert not account.changes.watched


@pytest.mark.parametrize("body", [{"hours": "x"}, {"hours": 1e12}, {"hours": None}, {}, []])
def test_the_clock_moves_by_hours_that_make_sense(hubspot, body):
    """400, and it stands where it stood."""
    assert hubspot.send("POST", "/_sandbox/clock", body).status_code == 400
    assert hubspot.send("GET", "/_sandbox/clock").json() == {"now": "2026-11-23T12:00:00.000Z"}


def test_the_three_flows_do_what_they_are_for(
    shared, hubspot, buyer, mails, start, wait, write
):
    """A cart: two reminders; a first purchase: three mails; a lapse: three, in their time."""
    bodies = three_flows(shared)
    for body in bodies.values():
        start(body)
    ann, open_cart = buyer("checkout_pending")
    bob, purchase = buyer("checkout_pending", email="bob@example.com")
    write("deals", open_cart, dealstage="checkout_abandoned",
          shopify_abandoned_since="2026-11-22")  # fmt: skip
    write("deals", purchase, dealstage="processed", shopify_new_customer="true")
    write("contacts", bob, **{IS_ASKED: "true", SINCE: "2026-11-23"})
    wait(60 * 24)

    hours = {
        email: (contact, (at - NOON).total_seconds() / 3_600)
        for email, contact, at in mails.log()
    }
    assert hours == {
        "50001": (bob, 0),
        "50002": (bob, 72),
        "50003": (bob, 240),
        "50004": (ann, 0),
        "50005": (ann, 48),
        "50006": (bob, 0),
        "50007": (bob, 168),
        "50008": (bob, 504),
    }
    assert len(mails.sent) == 8
