"""What one account does and others do not, ordered over HTTP."""

from __future__ import annotations

import pytest

CONTACTS = "/crm/objects/2026-03/contacts"
DEALS = "/crm/objects/2026-03/deals"
COUNTRIES = [{"label": "Germany", "value": "DE"}, {"label": "France", "value": "FR"}]
TO_DEAL = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 4}]


def behave(hubspot, **behaviours):
    """Order behaviours, and see that they are taken."""
    answer = hubspot.control("POST", "behaviours", behaviours)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refusals(answer):
    """The code and the property of each error of a refused write."""
    assert answer.status_code == 400, answer.text
    return [
        (error["code"], error["context"]["propertyName"][0])
        for error in answer.json()["errors"]
    ]


def test_an_admin_makes_the_country_a_dropdown(hubspot):
    """Only a value of an option is taken then, and others are refused by name."""
    change = {"type": "enumeration", "fieldType": "select", "options": COUNTRIES}
    changed = hubspot.control("PATCH", "properties/contacts/country", change)

    refused = hubspot.new("contacts", **_person(country="Germany"))
    taken = hubspot.new("contacts", **_person(country="DE"))

    assert changed.json()["options"][0]["label"] == "Germany"
    assert refusals(refused) == [("INVALID_OPTION", "country")]
    assert taken.status_code == 201
    shown = hubspot.send("GET", "/crm/properties/2026-03/contacts/country").json()
    assert (shown["type"], len(shown["options"])) == ("enumeration", 2)


@pytest.mark.parametrize("change", [{"type": "no such"}, {"name": "x"}, [], None])
def test_an_admin_makes_no_nonsense_of_a_property(hubspot, change):
    """What a property cannot be is refused."""
    assert hubspot.control("PATCH", "properties/contacts/country", change).status_code == 400


def test_values_can_be_refused_by_pattern(hubspot):
    """A refused phone is named; another phone is taken."""
    rule = {
        "object": "contacts",
        "property": "phone",
        "pattern": "^555",
        "code": "INVALID_PHONE",
    }
    behave(hubspot, refused_values=[rule])

    refused = hubspot.new("contacts", **_person(phone="555 1"))
    taken = hubspot.new("contacts", **_person(phone="556 1"))

    assert refusals(refused) == [("INVALID_PHONE", "phone")]
    assert taken.status_code == 201


def test_phones_can_be_stored_without_spaces(hubspot):
    """The answer to the write gives the phone as it is stored."""
    behave(hubspot, phones_without_spaces=True)
    answer = hubspot.new("contacts", **_person(phone="+44 20 7946"))

    assert answer.json()["properties"]["phone"] == "+44207946"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"dealstage": "closedwon"}, "2026-11-23T12:00:00.000Z"),
        ({"dealstage": "closedwon", "closedate": "2026-01-01"}, "2026-01-01T00:00:00Z"),
        ({"dealstage": "contractsent"}, "2026-02-02T00:00:00Z"),
        ({"amount": "1"}, "2026-02-02T00:00:00Z"),
    ],
)
def test_a_deal_can_be_closed_as_of_now(hubspot, account, sent, stored):
    """With the automation, entering a closed stage sets closedate unless the write has it."""
    behave(hubspot, closedate_automation=True)
    first = {"dealstage": "appointmentscheduled", "closedate": "2026-02-02"}
    deal = hubspot.create("deals", dealname="D", pipeline="default", **first)

    hubspot.send("PATCH", f"{DEALS}/{deal}", {"properties": sent})

    assert account.objects("deals")[0]["properties"]["closedate"] == stored


def test_a_deal_that_stays_closed_keeps_its_day(hubspot, account):
    """The automation looks at deals that enter a closed stage, not at those that are in it."""
    behave(hubspot, closedate_automation=True)
    won = {"dealstage": "closedwon", "closedate": "2026-02-02"}
    deal = hubspot.create("deals", dealname="D", pipeline="default", **won)

    hubspot.send("PATCH", f"{DEALS}/{deal}", {"properties": {"dealstage": "closedwon"}})

    assert account.objects("deals")[0]["properties"]["closedate"] == "2026-02-02T00:00:00Z"


def test_a_stage_can_demand_a_property(hubspot):
    """A deal without it does not enter the stage, one with it does."""
    behave(hubspot, required_by_stage={"closedlost": ["description"]})
    deal = hubspot.create("deals", dealname="D", pipeline="default", dealstage="contractsent")
    lost = {"dealstage": "closedlost"}

    refused = hubspot.send("PATCH", f"{DEALS}/{deal}", {"properties": lost})
    taken = hubspot.send(
        "PATCH", f"{DEALS}/{deal}", {"properties": {**lost, "description": "Too dear"}}
    )

    assert refusals(refused) == [("REQUIRED_PROPERTY_MISSING", "description")]
    assert taken.status_code == 200


@pytest.mark.parametrize("order", [["contacts"], {"contacts": "No apps here"}])
def test_an_account_can_refuse_every_contact(hubspot, account, order):
    """Apps write none, each row refused for itself; persons and deals go on."""
    behave(hubspot, refused_objects=order)
    rows = [hubspot.row(f"{name}@x.com", trace=name) for name in "ab"]

    answer = hubspot.batch("upsert", "contacts", rows)

    assert (answer.status_code, answer.json()["numErrors"]) == (207, 2)
    assert {error["category"] for error in answer.json()["errors"]} == {"VALIDATION_ERROR"}
    assert account.objects("contacts") == []
    assert hubspot.control("POST", "objects/contacts", {"properties": _person()}).ok
    assert hubspot.create("deals", dealname="D")


@pytest.mark.parametrize("named", [False, True])
def test_a_batch_past_an_association_limit_is_refused_as_a_whole(hubspot, account, named):
    """A contact may have one deal: the batch that gives Ann two associates nobody."""
    ann, bob = (hubspot.create("contacts", email=f"{name}@x.com") for name in "ab")
    deals = [hubspot.create("deals", dealname=name) for name in "DEF"]
    limit = {"from": "contacts", "to": "deals", "most": 1, "named": named}
    behave(hubspot, association_limits=[limit])
    pairs = [(ann, deals[0]), (ann, deals[1]), (bob, deals[2])]

    refused = hubspot.associate("contacts", "deals", [_pair(*pair) for pair in pairs])

    assert (refused.status_code, account.associations()) == (400, [])
    assert refused.json().get("context") == ({"fromObjectId": [ann]} if named else None)
    taken = hubspot.associate("contacts", "deals", [_pair(*pair) for pair in pairs[1:]])
    assert taken.status_code == 201


def test_an_association_limit_counts_from_either_side(hubspot):
    """Whoever associates deals with contacts meets the limit of the contacts."""
    ann = hubspot.create("contacts", email="a@x.com")
    deals = [hubspot.create("deals", dealname=name) for name in "DE"]
    behave(hubspot, association_limits=[{"from": "contacts", "to": "deals", "most": 1}])
    to_contact = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    inputs = [{"from": {"id": d}, "to": {"id": ann}, "types": to_contact} for d in deals]

    statuses = [hubspot.associate("deals", "contacts", [each]).status_code for each in inputs]
    again = hubspot.associate("deals", "contacts", inputs[:1]).status_code

    assert (statuses, again) == ([201, 400], 201)


def test_an_association_limit_meets_records_created_with_associations(hubspot, account):
    """A deal may have two line items: of three created for it, the third is refused."""
    deal = hubspot.create("deals", dealname="D")
    behave(hubspot, association_limits=[{"from": "deals", "to": "line_items", "most": 2}])
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 20}]
    inputs = [
        {
            "properties": {"name": name},
            "associations": [{"to": {"id": deal}, "types": types}],
            "objectWriteTraceId": name,
        }
        for name in "abc"
    ]
    answer = hubspot.batch("create", "line_items", inputs)

    assert answer.json()["errors"][0]["context"]["objectWriteTraceId"] == ["c"]
    assert len(account.objects("line_items")) == 2


def test_a_plan_limit_is_no_matter_of_scopes(hubspot):
    """Such a 403 has HubSpot's words, which do not speak of scopes."""
    hubspot.control("POST", "faults", {"kind": "plan_limit", "where": "/pipelines/"})
    answer = hubspot.send("GET", "/crm/pipelines/2026-03/deals")

    assert answer.status_code == 403
    assert answer.json()["category"] != "MISSING_SCOPES"
    assert "subscription" in answer.json()["message"]
    assert "scope" not in answer.json()["message"]


def test_behaviours_are_shown_and_forgotten(hubspot):
    """GET shows what is ordered as it is ordered; DELETE ends it, in the same portal."""
    rule = {"object": "0-1", "property": "phone", "pattern": "x"}
    ordered = behave(hubspot, portal_id=7, refused_values=[rule], phones_without_spaces=True)

    assert hubspot.control("GET", "behaviours").json() == ordered
    assert behave(hubspot, **ordered) == ordered
    assert hubspot.control("DELETE", "behaviours").status_code == 204
    left = hubspot.control("GET", "behaviours").json()
    assert (left["portal_id"], left["refused_values"]) == (7, [])
    assert left["phones_without_spaces"] is False


@pytest.mark.parametrize(
    "order",
    [
        [],
        {"no_such": True},
        {"phones_without_spaces": "yes"},
        {"portal_id": 0},
        {"refused_values": [{"object": "contacts", "property": "phone"}]},
        {"refused_values": [{"object": "x", "property": "phone", "pattern": "x"}]},
        {"refused_values": [{"object": "contacts", "property": "phone", "pattern": "("}]},
        {"association_limits": [{"from": "contacts", "to": "deals", "most": 0}]},
        {"required_by_stage": {"won": "amount"}},
        {"portal_id": 5, "closedate_automation": 1},
    ],
)
def test_an_order_that_makes_no_sense_changes_nothing(hubspot, order):
    """It gets 400."""
    before = hubspot.control("GET", "behaviours").json()

    assert hubspot.control("POST", "behaviours", order).status_code == 400
    assert hubspot.control("GET", "behaviours").json() == before


def _person(**more: str) -> dict[str, str]:
    return {"lastname": "Lee", **more}


def _pair(contact: str, deal: str) -> dict:
    return {"from": {"id": contact}, "to": {"id": deal}, "types": TO_DEAL}
