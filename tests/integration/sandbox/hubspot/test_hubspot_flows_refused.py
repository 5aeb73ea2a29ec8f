"""What HubSpot refuses of a flow: members, the graph of its actions, their fields, filters."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.hubspot.automation.graph import is_walkable
from sandbox.hubspot.core.problems import Problem, ServerFailure
from tests.integration.sandbox.hubspot.flow_bodies import (
    FLOWS,
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
    single,
    to,
)

OPAQUE = "Invalid request to flow creation"


@pytest.fixture(autouse=True)
def mails(account):
    """The account has what flows name; its e-mails and outbox."""
    return furnish(account)


@pytest.fixture
def refused(hubspot):
    """Try to create a flow, see that none comes of it, and give the answer."""

    def refused(body):
        answer = hubspot.send("POST", FLOWS, body)
        assert hubspot.send("GET", FLOWS).json()["results"] == [], answer.text
        return answer

    return refused


@pytest.mark.parametrize(
    "member",
    [
        "type", "flowType", "objectTypeId", "dataSources", "isEnabled", "actions",
        "timeWindows", "blockedDates", "customProperties",
    ],
)  # fmt: skip
def test_required_members_are_named(refused, member):
    """400 in HubSpot's words."""
    body = flow()
    del body[member]
    answer = refused(body)

    assert answer.status_code == 400
    assert answer.json()["message"] == (
        f"Invalid input JSON on line 1, column 2: Some required fields were not set: [{member}]"
    )


def test_a_forgiving_account_fills_in_what_hubspot_does(hubspot):
    """Seen live: six members are enough."""
    hubspot.control("POST", "behaviours", {"strict_requests": False})
    named = ("name", "type", "flowType", "isEnabled", "objectTypeId", "actions")
    body = {name: each for name, each in flow().items() if name in named}
    answer = hubspot.send("POST", FLOWS, {**body, "nonsense": 1})

    assert answer.status_code == 201
    assert (answer.json()["timeWindows"], answer.json()["customProperties"]) == ([], {})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"objectTypeId": "0-1"},
            'Expected an object type other than "0-1" objectType but got "0-1"',
        ),
        ({**contact_flow(), "objectTypeId": "0-3"}, 'Expected "0-1" objectType but got "0-3"'),
    ],
)
def test_the_type_of_a_flow_fits_its_objects(refused, body, message):
    """400 with the words that were seen live."""
    answer = refused({**flow(), **body} if len(body) == 1 else body)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize(
    "more",
    [
        {"nonsense": 1},
        {"revisionId": "1"},
        {"goalFilterBranch": either([in_stage("shipped")])},
        {"isEnabled": "false"},
        {"type": "DEAL_FLOW"},
        {"flowType": "OTHER"},
        {"actions": ["x"]},
        {"timeWindows": [{"day": "Monday"}]},
        {"blockedDates": [{"month": "MAY"}]},
        {"actions": [{**delay("1", 5), "comment": "x"}], "startActionId": "1"},
        {"actions": [{**delay("1", 5), "connection": {}}], "startActionId": "1"},
        {"actions": [{**delay("1", 5), "type": "OTHER"}], "startActionId": "1"},
        {"enrollmentCriteria": {"type": "DATASET", "shouldReEnroll": False}},
    ],
)
def test_members_that_do_not_fit_are_refused(refused, more):
    """400, whether unknown, of another type or of another value."""
    assert refused(flow(**more)).status_code == 400


LISTED: dict[str, Any] = {
    "actionId": "1",
    "type": "LIST_BRANCH",
    "listBranches": [
        {
            "branchName": "A",
            "filterBranch": either([in_stage("shipped")]),
            "connection": to("2"),
        }
    ],
}
TEST = {
    "actionId": "1",
    "type": "AB_TEST_BRANCH",
    "testBranches": [
        {"percentage": 50, "connection": to("2")},
        {"percentage": 40, "connection": to("3")},
    ],
}
GRAPHS = {
    "no start": flow(delay("1", 5), startActionId=None),
    "another start": flow(delay("1", 5), startActionId="2"),
    "a start of nothing": flow(startActionId="1"),
    "a target that there is not": flow(delay("1", 5, "2")),
    "an orphan": flow(delay("1", 5), delay("2", 5)),
    "a circle": flow(delay("1", 5, "2"), delay("2", 5, "1")),
    "the same id twice": flow(delay("1", 5), delay("1", 5)),
    "an id that is no number": flow(delay("a", 5)),
    "a branch to nowhere": flow(LISTED),
    "a default to nowhere": flow({**LISTED, "defaultBranch": to("9")}, delay("2", 5)),
    "no branches": flow({**LISTED, "listBranches": []}),
    "percentages of 90": flow(TEST, delay("2", 5), delay("3", 5)),
}


@pytest.mark.parametrize("body", GRAPHS.values(), ids=GRAPHS.keys())
def test_actions_must_be_one_graph_that_ends(refused, body):
    """400, and nothing says which action."""
    answer = refused({name: each for name, each in body.items() if each is not None})

    assert (answer.status_code, answer.json()["message"]) == (400, OPAQUE)


@settings(deadline=None)
@given(st.data())
def test_what_is_walkable_is_walked_from_end_to_end(data):
    """A chain is, whatever its ids; without one of its links it is not."""
    ids = data.draw(st.lists(st.integers(1, 10**6), min_size=2, max_size=8, unique=True))
    names = [*map(str, ids)]
    chain = [delay(one, 5, then) for one, then in pairwise(names)]
    chain.append(delay(names[-1], 5))
    broken = copy.deepcopy(chain)
    del broken[data.draw(st.integers(0, len(names) - 2))]["connection"]

    assert is_walkable(names[0], data.draw(st.permutations(chain)))
    assert not is_walkable(names[0], broken)
    assert not is_walkable(names[-1], chain)


MARKS = {
    "target": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3},
    "value": {"type": "ENROLLED_OBJECT"},
}
TASK = {
    "task_type": "TODO",
    "subject": "Call",
    "body": "Ring",
    "use_explicit_associations": "true",
    "associations": [MARKS],
}
VALUE = {"type": "STATIC_VALUE", "staticValue": "true"}
RECOVERED = "shopify_recovered_by_workflow"
TO_CONTACT = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}


def setting(name, value="true", **more):
    """The fields of an action that sets a property."""
    return {"property_name": name, "value": {**VALUE, "staticValue": value}, **more}


TAKEN = [
    single("1", "0-1", {"delta": "4320", "time_unit": "MINUTES"}),
    single("1", "0-1", {"delta": "1", "time_unit": "DAYS", "days_of_week": ["MONDAY"]}),
    single("1", "0-35", {"date": {"type": "OBJECT_PROPERTY", "propertyName": "closedate"}}),
    mail("1", "50001"),
    single("1", "0-5", setting(RECOVERED)),
    single("1", "0-5", setting("dealstage", "cancelled")),
    single("1", "0-5", setting("shopify_re_engagement", association=TO_CONTACT)),
    single("1", "0-3", TASK),
    single("1", "0-8", {"subject": "S", "body": "B", "user_ids": ["1"]}),
]


@pytest.mark.parametrize("action", TAKEN)
def test_actions_that_make_sense_are_taken(hubspot, action):
    """201."""
    assert hubspot.send("POST", FLOWS, flow(action)).status_code == 201


ACTIONS = {
    "a number for text": single("1", "0-1", {"delta": 4320, "time_unit": "MINUTES"}),
    "a unit that there is not": single("1", "0-1", {"delta": "5", "time_unit": "WEEKS"}),
    "no unit": single("1", "0-1", {"delta": "5"}),
    "a field that there is not": single(
        "1", "0-1", {"delta": "5", "time_unit": "DAYS", "unit": "DAYS"}
    ),
    "an unknown action": single("1", "0-999", {}),
    "an action of contacts": single(
        "1", "0-31", {"targetContact": "{{ enrolled_object }}", "marketableType": "x"}
    ),
    "an e-mail that there is not": mail("1", "999"),
    "an e-mail as a number": single("1", "0-4", {"content_id": 501}),
    "no e-mail": single("1", "0-4", {}),
    "an unknown property": single("1", "0-5", setting("nope")),
    "a read-only property": single("1", "0-5", setting("hs_object_id", "5")),
    "a value of another type": single("1", "0-5", setting(RECOVERED, "perhaps")),
    "a value that is not text": single("1", "0-5", setting(RECOVERED, True)),
    "a stage that there is not": single("1", "0-5", setting("dealstage", "nowhere")),
    "a property of a contact": single("1", "0-5", setting("shopify_re_engagement")),
    "an association of another object": single(
        "1", "0-5", setting(RECOVERED, association={**TO_CONTACT, "associationTypeId": 4})
    ),
    "a task of no record": single("1", "0-3", {**TASK, "associations": []}),
    "a task of an unknown kind": single("1", "0-3", {**TASK, "task_type": "WALK"}),
    "a list that there is not": single(
        "1", "0-63809083", {"listId": "1", "targetObject": "{{ enrolled_object }}"}
    ),
    "a date of text": single(
        "1", "0-35", {"date": {"type": "OBJECT_PROPERTY", "propertyName": "dealname"}}
    ),
    "a webhook without Data Hub": {
        "actionId": "1",
        "type": "WEBHOOK",
        "method": "POST",
        "webhookUrl": "https://x.example",
        "queryParams": [],
    },
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS.keys())
def test_actions_that_make_no_sense_are_refused(refused, action):
    """400, and nothing says why."""
    answer = refused(flow(action))

    assert (answer.status_code, answer.json()["message"]) == (400, OPAQUE)


@pytest.mark.parametrize(
    "action",
    [
        single("1", "0-13", {"listId": "1"}),
        {**LISTED, "listBranches": [{"branchName": "x" * 51}]},
        {**LISTED, "listBranches": [{"branchName": "A"}], "defaultBranch": {}},
        single("1", "0-3", {**TASK, "due_time": {"unit": "YEARS", "value": 1}}),
    ],
    ids=[
        "the old list action",
        "a long branch name",
        "an empty default",
        "a task due in years",
    ],
)
def test_hubspots_server_fails_on_some(refused, action):
    """500 without a body."""
    answer = refused(flow(action))

    assert (answer.status_code, answer.text) == (500, "")


@pytest.mark.parametrize(
    ("subcategory", "status"),
    [("batch", 400), ("automated", 201), ("automated_for_deal", 201)],
)
def test_flows_send_automated_emails_alone(hubspot, account, subcategory, status):
    """A deal's flow takes those for deals as well."""
    email = account.emails.create({"name": "M", "subcategory": subcategory})

    assert hubspot.send("POST", FLOWS, flow(mail("1", email.id))).status_code == status


def criteria(*filters, branches=()):
    """Enrolment by filters, all of which a record must pass."""
    return list_based(either(list(filters), branches=branches))


BUYER = {
    "filterBranchType": "ASSOCIATION",
    "filterBranchOperator": "AND",
    "objectTypeId": "0-1",
    "operator": "IN_LIST",
    "associationCategory": "HUBSPOT_DEFINED",
    "associationTypeId": 3,
    "filters": [prop("shopify_accepts_marketing", "BOOL", "IS_EQUAL_TO", value=True)],
    "filterBranches": [],
}
NEW = prop("shopify_new_customer", "BOOL", "IS_EQUAL_TO", value=True)
FILTERS = {
    "an unknown property": criteria(prop("nope", "BOOL", "IS_EQUAL_TO", value=True)),
    "a property of a contact": criteria(
        prop("shopify_re_engagement", "BOOL", "IS_EQUAL_TO", value=True)
    ),
    "a stage that there is not": criteria(in_stage("nowhere")),
    "a pipeline that there is not": criteria(
        prop("pipeline", "ENUMERATION", "IS_ANY_OF", values=["nowhere"])
    ),
    "IS_NOT_EQUAL_TO of an enumeration": criteria(
        prop("dealstage", "ENUMERATION", "IS_NOT_EQUAL_TO", values=["shipped"])
    ),
    "a truth as text": criteria(
        prop("shopify_new_customer", "BOOL", "IS_EQUAL_TO", value="true")
    ),
    "an operation of another type": criteria(
        prop("shopify_new_customer", "STRING", "IS_EQUAL_TO", value="true")
    ),
    "days of a truth": criteria(
        prop("shopify_new_customer", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO",
             numberOfDays=5)
    ),
    "a date operator for any type": criteria(
        prop("shopify_abandoned_since", "ALL_PROPERTY", "IS_BEFORE")
    ),
    "an association without filters": criteria(branches=({**BUYER, "filters": []},)),
    "an association of the other way": criteria(branches=({**BUYER, "associationTypeId": 4},)),
    "a re-enrolment that names nothing": list_based(either([NEW]), again=(every(NEW),)),
    "a re-enrolment by an unknown property": list_based(
        either([NEW]),
        again=(every(prop("hs_name", "STRING", "IS_EQUAL_TO", value="nope")),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("given", FILTERS.values(), ids=FILTERS.keys())
def test_filters_that_make_no_sense_are_refused(refused, given):
    """400, and nothing says which."""
    answer = refused(flow(enrollmentCriteria=given))

    assert (answer.status_code, answer.json()["message"]) == (400, OPAQUE)


def test_the_filters_of_suppression_and_branches_are_checked_too(refused):
    """400 as for those of enrolment."""
    wrong = either([in_stage("nowhere")])
    branches = [{"branchName": "A", "filterBranch": wrong}]

    assert refused(flow(suppressionFilterBranch=wrong)).status_code == 400
    assert refused(flow({**LISTED, "listBranches": branches})).status_code == 400


MISSPELT = {
    "a branch": {**either([NEW]), "filterbranches": []},
    "an association": either([NEW], branches=({**BUYER, "associationType": 3},)),
    "a filter": either([{**NEW, "propertyName": "x"}]),
    "an operation": either(
        [prop("shopify_new_customer", "BOOL", "IS_EQUAL_TO", value=True, includeBlank=True)]
    ),
}


@pytest.mark.parametrize("branch", MISSPELT.values(), ids=MISSPELT.keys())
def test_what_is_misspelt_in_a_filter_is_named(hubspot, refused, branch):
    """HubSpot ignores it; so does a forgiving account."""
    body = flow(enrollmentCriteria=list_based(branch))
    answer = refused(body)
    hubspot.control("POST", "behaviours", {"strict_requests": False})

    assert answer.status_code == 400
    assert "no part of a filter has" in answer.json()["message"]
    assert hubspot.send("POST", FLOWS, body).status_code == 201


ROOTS: dict[str, dict[str, Any]] = {
    "AND": every(NEW),
    "OR with filters": {**either([NEW]), "filters": [NEW]},
    "OR alone": either(),
    "OR over OR": {**either(), "filterBranches": [either([NEW])]},
}


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS.keys())
def test_the_root_of_filters_is_or_over_and(refused, root):
    """400 with a sub-category of its own."""
    answer = refused(flow(enrollmentCriteria=list_based(root)))

    assert answer.status_code == 400
    assert answer.json()["subCategory"] == "ListError.INVALID_BASE_FILTER_BRANCH"


def test_filters_reach_over_associations_and_dates(hubspot):
    """201: a deal's contact, days ago, before a point in time."""
    since = "shopify_abandoned_since"
    days = prop(since, "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=5,
                requiresTimeZoneConversion=False)  # fmt: skip
    body = flow(enrollmentCriteria=criteria(NEW, days, branches=(BUYER,)))

    assert hubspot.send("POST", FLOWS, body).status_code == 201


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 600) | st.sampled_from(["", "1", "OR", "0-3"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from(
            ["type", "value", "values", "filters", "operation", "actionId", "fields",
             "connection", "associations", "filterBranchType"]
        ),
        inner,
        max_size=3,
    ),
    max_leaves=5,
)  # fmt: skip


def places(given: Any, path: tuple = ()) -> list[tuple]:
    """The ways to all values within JSON."""
    if not isinstance(given, dict | list):
        return [path]
    inside = given.items() if isinstance(given, dict) else enumerate(given)
    return [path, *(way for key, value in inside for way in places(value, (*path, key)))]


WHOLE_FLOW = contact_flow(
    LISTED | {"listBranches": [{**LISTED["listBranches"][0], "filterBranch": either(
        [prop("shopify_re_engagement", "BOOL", "IS_EQUAL_TO", value=True)])}]},
    single("2", "0-3", TASK, "3"),
    single("3", "0-5", setting("shopify_re_engagement"), "4"),
    delay("4", 5),
    enrollmentCriteria=list_based(
        either([prop("shopify_last_order_at", "TIME_POINT", "IS_BEFORE", type="TIME_POINT",
                     timePoint={"timeType": "INDEXED", "zoneId": "UTC", "offset": {"days": -9},
                                "indexReference": {"referenceType": "TODAY"}})]),
        again=(every(prop("hs_name", "STRING", "IS_EQUAL_TO", value="shopify_re_engagement"),
                     prop("hs_value", "ALL_PROPERTY", "IS_KNOWN")),),
    ),
)  # fmt: skip


def test_nothing_put_into_a_body_breaks_the_sandbox(account):
    """Whatever stands where, a flow is taken or refused."""
    account.flows.create(WHOLE_FLOW)

    @settings(deadline=None)
    @given(st.sampled_from(places(WHOLE_FLOW)[1:]), JSON)
    def check(way, value):
        body = copy.deepcopy(WHOLE_FLOW)
        part: Any = body
        for key in way[:-1]:
            part = part[key]
        part[way[-1]] = value
        try:
            made = account.flows.create(body)
        except (Problem, ServerFailure):
            return
        account.flows.delete(made["id"])

    check()
