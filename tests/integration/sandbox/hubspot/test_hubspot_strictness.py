"""What HubSpot refuses since it became stricter: white space, links, unknown domains, rules."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis.provisional import domains

from sandbox.hubspot.core.behaviours import Behaviours

CONTACTS = "/crm/objects/2026-03/contacts"
DEALS = "/crm/objects/2026-03/deals"
RULES = "/crm/property-validations/2026-03"


def codes(answer):
    """The codes of a refused write's errors."""
    assert answer.status_code == 400, answer.text
    return [error["code"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("padded", [" {}", "{}\n", "\u00a0{}", "{}\u200b", "\ufeff{}"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "5"),
        ("closedate", "2026-03-04"),
        ("shopify_paid", "true"),
        ("dealtype", "newbusiness"),
    ],
)
def test_white_space_around_a_typed_value_is_refused(hubspot, padded, name, value):
    """Numbers, dates and options must stand alone, also without what cannot be seen."""
    flags = [
        {"label": text, "value": text, "displayOrder": 0, "hidden": False}
        for text in ("true", "false")
    ]
    paid = {"type": "bool", "fieldType": "booleancheckbox", "options": flags}
    hubspot.add_property("deals", "shopify_paid", **paid)
    sent = {"dealname": "D", name: padded.format(value)}

    refused = hubspot.new("deals", **sent)

    assert codes(refused) == ["LEADING_TRAILING_WHITESPACE"]
    told = orjson.loads(refused.json()["message"].partition(": ")[2])
    assert told[0]["message"] == f'"{sent[name]}" includes leading or trailing whitespace.'


def test_white_space_around_text_is_kept(hubspot):
    """Text is stored as it was sent."""
    answer = hubspot.new("contacts", lastname=" Lee ")

    assert answer.json()["properties"]["lastname"] == " Lee "


@pytest.mark.parametrize(
    "link", ["http://spam.example", "See www.spam.example", "Win bit.ly/x", "HTTPS://A.B"]
)
@pytest.mark.parametrize("name", ["firstname", "lastname"])
def test_a_link_in_a_name_is_refused(hubspot, name, link):
    """The refusal names the property."""
    refused = hubspot.new("contacts", **{"email": "a@x.com", name: link})

    assert codes(refused) == ["INVALID_NAME"]
    assert refused.json()["errors"][0]["context"]["propertyName"] == [name]


@pytest.mark.parametrize("name", ["Dr. Lee", "St.John", "A. B./C.", "D'Arcy", "Ann/Bob"])
def test_a_name_without_a_link_is_taken(hubspot, name):
    """Stops and strokes alone make no link."""
    assert hubspot.new("contacts", firstname=name).ok


@pytest.mark.parametrize("address", ["ann@shop.comtttt", "ann@shop.invalid", "ann@shop.local"])
def test_an_unknown_top_level_domain_is_refused(hubspot, address):
    """An e-mail whose last part is not an existing domain: INVALID_EMAIL."""
    refused = hubspot.new("contacts", email=address)
    by_hand = hubspot.create("contacts", lastname="Lee")
    further = hubspot.control("POST", f"contacts/{by_hand}/emails", {"email": address})

    assert codes(refused) == ["INVALID_EMAIL"]
    assert further.status_code == 400


@pytest.mark.parametrize("address", ["ann@shop.design", "ann@xn--bcher-kva.de", "a@b.xn--p1ai"])
def test_known_top_level_domains_are_taken(hubspot, address):
    """Those of IANA's list, in their ASCII form."""
    assert hubspot.create("contacts", email=address)


@given(domains(max_length=60))
def test_the_list_of_top_level_domains_is_whole(domain):
    """Every domain that Hypothesis makes from IANA's list ends in one that is known."""
    address = f"a@{domain.lower()}"
    behaviours = Behaviours(further_tlds=[])

    assert behaviours.stored("contacts", "email", address) == address


def test_made_up_domains_can_be_known(hubspot):
    """example and test are known unless ordered otherwise; others can be."""
    assert hubspot.create("contacts", email="a@shop.example")
    hubspot.control("POST", "behaviours", {"further_tlds": ["local"]})

    assert hubspot.create("contacts", email="a@shop.local")
    refused = hubspot.new("contacts", email="b@shop.example")
    assert codes(refused) == ["INVALID_EMAIL"]


def test_a_stage_id_is_lower_case(hubspot):
    """Properties of deals are named after it, so a capital letter is refused."""
    stage = {"label": "Won", "displayOrder": 0, "metadata": {"probability": "1.0"}}
    path = "/crm/pipelines/2026-03/deals"
    pipeline = {"label": "Shop", "displayOrder": 1}

    answers = [
        hubspot.send("POST", path, {**pipeline, "stages": [{**stage, "stageId": name}]})
        for name in ("Shop_Won", "shop_won")
    ]

    assert [answer.status_code for answer in answers] == [400, 201]
    assert "hs_date_entered_Shop_Won" in answers[0].json()["message"]


@pytest.mark.parametrize(
    ("name", "rule", "arguments", "good", "bad"),
    [
        ("zip", "ALPHANUMERIC", ["NUMERIC_ONLY"], "12345", "SW1A"),
        ("firstname", "ALPHANUMERIC", ["ALPHA_ONLY"], "Amélie", "R2"),
        ("zip", "MAX_LENGTH", ["5"], "12345", "123456"),
        ("zip", "MIN_LENGTH", ["3"], "123", "12"),
        ("zip", "REGEX", ["[A-Z]{2}"], "AB", "ABC"),
        ("city", "SPECIAL_CHARACTERS", [], "New York", "Köln!"),
        ("city", "WHITESPACE", [], "Köln", "New York"),
        ("email", "EMAIL_ALLOWED_DOMAINS", ["x.com"], "a@x.com", "a@y.com"),
        ("email", "EMAIL_BLOCKED_DOMAINS", ["x.com"], "a@y.com", "a@x.com"),
        ("phone", "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", [], "+44 20 7946", "020 7946"),
    ],
)
def test_a_validation_rule_holds_for_every_write(hubspot, name, rule, arguments, good, bad):
    """A value that breaks it gets 400 naming the property; one that keeps it is taken."""
    path = f"{RULES}/0-1/{name}/rule-type/{rule}"
    assert hubspot.send("PUT", path, {"ruleArguments": arguments}).status_code == 204

    refused = hubspot.new("contacts", **{"company": "Lee", name: bad})
    taken = {"firstname": "Ann", name: good}

    assert codes(refused) == [f"INVALID_{rule}"]
    assert refused.json()["errors"][0]["context"]["propertyName"] == [name]
    assert hubspot.new("contacts", **taken).status_code == 201


@pytest.mark.parametrize(
    ("name", "rule", "arguments", "good", "bad"),
    [
        ("amount", "MIN_NUMBER", ["0"], "0", "-0.01"),
        ("amount", "MAX_NUMBER", ["100"], "1e2", "100.5"),
        ("amount", "DECIMAL", ["2"], "1.50", "1.505"),
        ("closedate", "START_DATE", ["2020-01-01"], "2020-01-01", "2019-12-31"),
        ("closedate", "END_DATETIME", ["2030-01-01T00:00:00Z"], "2029-01-01", "2030-01-02"),
    ],
)
def test_a_validation_rule_holds_for_numbers_and_dates(
    hubspot, name, rule, arguments, good, bad
):
    """As it does for text."""
    path = f"{RULES}/deals/{name}/rule-type/{rule}"
    assert hubspot.send("PUT", path, {"ruleArguments": arguments}).status_code == 204

    refused = hubspot.new("deals", **{"dealname": "D", name: bad})

    assert codes(refused) == [f"INVALID_{rule}"]
    assert hubspot.create("deals", dealname="D", **{name: good})


def test_validation_rules_can_be_read(hubspot):
    """All of an object, those of a property, and one; what is not there gets 404."""
    body = {"ruleArguments": ["NUMERIC_ONLY"], "shouldApplyNormalization": True}
    hubspot.send("PUT", f"{RULES}/0-1/zip/rule-type/ALPHANUMERIC", body)
    rule = {"ruleType": "ALPHANUMERIC", **body}

    found = hubspot.send("GET", f"{RULES}/0-1").json()["results"]
    assert found == [{"propertyName": "zip", "propertyValidationRules": [rule]}]
    assert hubspot.send("GET", f"{RULES}/contacts/zip").json() == {"results": [rule]}
    assert hubspot.send("GET", f"{RULES}/0-1/zip/rule-type/ALPHANUMERIC").json() == rule
    assert hubspot.send("GET", f"{RULES}/0-1/zip/rule-type/REGEX").status_code == 404
    assert hubspot.send("GET", f"{RULES}/0-1/no_such").status_code == 404


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("NO_SUCH", {"ruleArguments": []}),
        ("MAX_LENGTH", {"ruleArguments": []}),
        ("MAX_LENGTH", {"ruleArguments": ["five"]}),
        ("MAX_LENGTH", {"ruleArguments": [5]}),
        ("REGEX", {"ruleArguments": ["("]}),
        ("START_DATE", {"ruleArguments": ["soon"]}),
        ("ALPHANUMERIC", {}),
        ("AFTER_DURATION", {"ruleArguments": ["5"]}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(hubspot, rule, body):
    """And none is set; so are rules that the sandbox cannot work out."""
    answer = hubspot.send("PUT", f"{RULES}/0-1/zip/rule-type/{rule}", body)

    assert answer.status_code == 400
    assert hubspot.send("GET", f"{RULES}/0-1").json() == {"results": []}


def test_the_limit_of_custom_properties_holds(hubspot):
    """It is shown with what is used, and the property past it is refused."""
    hubspot.control("POST", "behaviours", {"most_custom_properties": 2})
    statuses = [hubspot.add_property("deals", name).status_code for name in "abc"]

    shown = hubspot.send("GET", "/crm/limits/2026-03/custom-properties").json()
    (deals,) = [each for each in shown["byObjectType"] if each["objectTypeId"] == "0-3"]
    assert statuses == [201, 201, 400]
    assert (deals["limit"], deals["usage"], deals["percentage"]) == (2, 2, 100)
    assert shown["overallUsage"] == 2


def test_the_limit_of_pipelines_holds(hubspot):
    """It is shown with what is used; a pipeline past it gets 403, a matter of the plan."""
    hubspot.control("POST", "behaviours", {"most_pipelines": 1})
    stage = {"label": "Won", "displayOrder": 0, "metadata": {"probability": "1.0"}}
    body = {"label": "Shop", "displayOrder": 1, "stages": [stage]}

    refused = hubspot.send("POST", "/crm/pipelines/2026-03/deals", body)
    shown = hubspot.send("GET", "/crm/limits/2026-03/pipelines").json()

    assert refused.status_code == 403
    assert "1 deal pipelines" in refused.json()["message"]
    (deals,) = shown["hubspotDefinedObjectTypes"]
    assert (deals["objectTypeId"], deals["limit"], deals["usage"]) == ("0-3", 1, 1)


def test_the_limit_of_associations_is_shown(hubspot):
    """With the records that are at it."""
    order = [{"from": "contacts", "to": "deals", "most": 1}]
    hubspot.control("POST", "behaviours", {"association_limits": order})
    contact = hubspot.create("contacts", email="a@x.com")
    deal = hubspot.create("deals", dealname="D")
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 4}]
    pair = {"from": {"id": contact}, "to": {"id": deal}, "types": types}
    hubspot.associate("contacts", "deals", [pair])

    shown = hubspot.send("GET", "/crm/limits/2026-03/associations/records/0-1/0-3").json()

    assert (shown["limit"], shown["totalRecordsAtLimit"]) == (1, 1)
    assert shown["atLimitFromRecordSamples"][0]["objectId"] == int(contact)


def test_living_records_are_counted(hubspot):
    """The limits of records say how many there are."""
    hubspot.create("contacts", email="a@x.com")
    shown = hubspot.send("GET", "/crm/limits/v3/records").json()

    used = {each["objectTypeId"]: each["usage"] for each in shown["hubspotDefinedObjectTypes"]}
    assert (used["0-1"], used["0-3"]) == (1, 0)
