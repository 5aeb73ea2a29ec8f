"""The body of a flow: what HubSpot's schema asks of it, and what must hold of its graph."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.core.errors import SettingsError
from load.account.pipeline import DealPipeline
from load.workflows.definition.comparison import differences
from load.workflows.definition.conditions import Clone, check_clone, clone_filters
from load.workflows.definition.flow import MARKER, Wanted, digest_of, flow_body, references
from load.workflows.definition.steps import read_steps
from load.workflows.definition.templates import TEMPLATES

PIPELINE = DealPipeline(
    "77",
    {
        stage: f"stage {stage}"
        for stage in (
            *("checkout_pending", "checkout_abandoned", "checkout_completed"),
            *("processed", "shipped", "cancelled"),
        )
    },
)
MAILS = {1: "501", 2: "502", 3: "503"}
NAMES = st.sampled_from(sorted(TEMPLATES))
STEPS = st.lists(
    st.sampled_from(
        ["mail1", "mail2", "delay:2d", "delay:30m", "task:Call", "list:7", "set:a=b"]
    ),
    min_size=1,
    max_size=9,
).filter(lambda each: any(not step.startswith("delay") for step in each))

# members that a creation must have, and may have: docs/reference/workflows.md#flows
REQUIRED = {
    *("type", "flowType", "objectTypeId", "dataSources", "isEnabled", "actions", "timeWindows"),
    *("blockedDates", "customProperties"),
}
OPTIONAL = {"name", "description", "startActionId", "enrollmentCriteria"}
OF_CONTACTS = {"canEnrollFromSalesforce", "suppressionListIds"}


def wanted(name, steps=None, **more):
    """A workflow as it is wanted, with its recommended steps or others."""
    template = TEMPLATES[name]
    ordered = read_steps(",".join(steps), template.mails) if steps else template.steps
    return replace(Wanted(name, "Cartwheel: X", template, ordered, MAILS), **more)


def body_of(name, steps=None, first=1, **more):
    """The body of a flow."""
    return flow_body(wanted(name, steps, **more), PIPELINE, {}, first)


def targets(action):
    """The ids of the actions that follow an action."""
    branches = action.get("listBranches", [action])
    return [each["connection"]["nextActionId"] for each in branches if "connection" in each]


@pytest.mark.parametrize("name", TEMPLATES)
def test_members_are_those_of_hubspots_schema(name):
    """All required members are there, and none that the kind of flow does not have."""
    body = body_of(name)
    is_contact = body["type"] == "CONTACT_FLOW"

    assert set(body) >= REQUIRED
    assert set(body) - REQUIRED - OPTIONAL == (
        OF_CONTACTS if is_contact else {"suppressionFilterBranch"}
    )
    assert (body["objectTypeId"] == "0-1") is is_contact


@pytest.mark.parametrize("name", TEMPLATES)
def test_flow_is_created_off(name):
    """Only a person switches a flow on."""
    assert body_of(name)["isEnabled"] is False


@given(NAMES, STEPS, st.booleans(), st.integers(1, 90))
def test_every_action_is_reached_once_and_none_is_missing(name, steps, checks, first):
    """From the first action all others are reached, each from one place."""
    body = body_of(name, steps, first, checks=checks)
    ids = [action["actionId"] for action in body["actions"]]
    led_to = [each for action in body["actions"] for each in targets(action)]

    assert body["startActionId"] == ids[0] == str(first)
    assert len(set(ids)) == len(ids)
    assert sorted([ids[0], *led_to]) == sorted(ids)


@given(NAMES, STEPS)
def test_no_fields_are_numbers_and_no_connection_is_empty(name, steps):
    """HubSpot takes fields as text, and no connection that leads nowhere."""
    for action in body_of(name, steps)["actions"]:
        assert action.get("connection", True)
        for value in action.get("fields", {}).values():
            assert not isinstance(value, int)


@given(NAMES, STEPS, st.integers(2, 90))
def test_hash_tells_what_a_flow_does_not_how_it_is_numbered(name, steps, first):
    """The same flow numbered from elsewhere has the same marker."""
    body = body_of(name, steps)

    assert MARKER.search(body["description"])[1] == name
    assert digest_of(body) == digest_of(body_of(name, steps, first))
    assert digest_of(body) != digest_of({**body, "name": "another"})


@pytest.mark.parametrize("name", ["new_customer", "abandoned_checkout"])
def test_consent_is_asked_before_each_mail_of_a_deal(name):
    """At enrolment, and by a branch before each later e-mail."""
    body = body_of(name)
    trigger = str(body["enrollmentCriteria"]["listFilterBranch"])
    mails = [each for each in body["actions"] if each.get("actionTypeId") == "0-4"]
    led_by_checks = {
        action["listBranches"][0]["connection"]["nextActionId"]: str(action)
        for action in body["actions"]
        if action["type"] == "LIST_BRANCH"
    }

    assert "shopify_accepts_marketing" in trigger
    assert [each["actionId"] for each in mails[1:]] == list(led_by_checks)
    assert all("shopify_accepts_marketing" in each for each in led_by_checks.values())


def test_contacts_leave_with_their_consent():
    """A contact flow drops whoever no longer matches, and consent is part of the trigger."""
    enrolment = body_of("re_engagement")["enrollmentCriteria"]

    assert enrolment["unEnrollObjectsNotMeetingCriteria"] is True
    assert "shopify_accepts_marketing" in str(enrolment["listFilterBranch"])


def test_purchase_elsewhere_ends_an_abandoned_cart():
    """It is in the suppression and in the check before the later e-mail."""
    body = body_of("abandoned_checkout")

    assert "shopify_recovered_elsewhere" in str(body["suppressionFilterBranch"])
    assert "shopify_recovered_elsewhere" in str(body["actions"][2]["listBranches"][0])


@pytest.mark.parametrize("name", ["new_customer", "abandoned_checkout"])
def test_suppression_names_no_state_before_enrolment(name):
    """A deal that was suppressed once is not enrolled by itself later."""
    assert "checkout_pending" not in str(body_of(name)["suppressionFilterBranch"])


def test_without_checks_there_is_no_branch():
    """The variant for accounts that refuse branches in deal flows."""
    body = body_of("abandoned_checkout", checks=False)

    assert {action["type"] for action in body["actions"]} == {"SINGLE_CONNECTION"}
    assert references(body) == ["501", "502"]


def test_clone_by_days_asks_for_the_last_order():
    """It replaces the template's days, and can enrol a person once only."""
    clone = Clone(days=180)
    enrolment = body_of("re_engagement", clone=clone)["enrollmentCriteria"]

    assert "shopify_re_engagement" not in str(enrolment)
    assert "'numberOfDays': 180" in str(enrolment)
    assert enrolment["shouldReEnroll"] is False


def test_clone_adds_to_the_fixed_trigger():
    """Shop, date and conditions come on top."""
    known: dict[str, dict[str, Any]] = {
        "amount": {"type": "number"},
        "shopify_tags": {"type": "string"},
        "dealtype": {"type": "enumeration", "options": [{"value": "newbusiness"}]},
    }
    clone = Clone(
        where=("amount over 100", "shopify_tags is known", "dealtype is newbusiness"),
        shop="demo.myshopify.com",
        since=date(2026, 11, 1),
    )

    filters = clone_filters(TEMPLATES["abandoned_checkout"], clone, [], known)

    assert [each["property"] for each in filters] == [
        *("shopify_store", "shopify_abandoned_since", "amount", "shopify_tags", "dealtype")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("amount is above 3", "not a number"),
        ("amount contains 3", "cannot be asked for"),
        ("colour is red", "no property colour"),
        ("dealtype is odd", "newbusiness"),
        ("amount", "not a valid condition"),
        ("amount is known 3", "not a valid condition"),
        ("shopify_new_customer is maybe", "true or false"),
    ],
)
def test_wrong_condition_is_refused_with_what_is_right(text, told):
    """Each slip in --where names the property or the form."""
    known: dict[str, dict[str, Any]] = {
        "amount": {"type": "number"},
        "shopify_new_customer": {"type": "bool"},
        "dealtype": {"type": "enumeration", "options": [{"value": "newbusiness"}]},
    }
    with pytest.raises(SettingsError, match=told):
        clone_filters(TEMPLATES["new_customer"], Clone(where=(text,)), [], known)


@pytest.mark.parametrize(
    ("name", "clone"), [("new_customer", Clone(days=3)), ("new_customer", Clone())]
)
def test_clone_that_cannot_be_is_refused(name, clone):
    """--days of a deal, and a clone without another trigger."""
    with pytest.raises(SettingsError):
        check_clone(TEMPLATES[name], clone)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_hubspot_adds_is_no_difference(name):
    """Its own members, empty ones, a newer version of an action and being on."""
    body = body_of(name)
    stored = {
        **body,
        **{"id": "9", "revisionId": "1", "isEnabled": True, "goalFilterBranch": None},
        "actions": [
            {**action, "actionTypeVersion": 3, "fieldsOfOld": []} for action in body["actions"]
        ],
    }

    assert list(differences(body, stored)) == []


def test_a_changed_action_is_a_difference_that_is_named():
    """A person's other delay is told by its place."""
    body = body_of("new_customer")
    stored = {**body, "actions": [dict(action) for action in body["actions"]]}
    stored["actions"][1]["fields"] = {"delta": "1", "time_unit": "MINUTES"}

    assert list(differences(body, stored)) == ["actions[1].fields.delta"]


@pytest.mark.parametrize("place", ["name", "suppressionFilterBranch", "enrollmentCriteria"])
def test_a_cleared_member_is_a_difference(place):
    """What a person took out of the flow is seen."""
    body = body_of("new_customer")

    assert list(differences(body, {**body, place: None})) == [place]
