"""What each property type takes, and what is stored."""

from __future__ import annotations

import orjson
import pytest

CONTACTS = "/crm/objects/2026-03/contacts"


@pytest.fixture
def typed(hubspot):
    """A client whose contacts have one property of each type, named after it."""
    path = "/crm/properties/2026-03/contacts"
    hubspot.send("POST", path + "/groups", {"name": "typed", "label": "Typed"})
    both, few = (
        [{"label": text, "value": text, "displayOrder": 0, "hidden": False} for text in texts]
        for texts in (("true", "false"), ("red", "green"))
    )
    for name, kind, field_type, options in (
        ("a_string", "string", "text", []),
        ("a_number", "number", "number", []),
        ("a_datetime", "datetime", "date", []),
        ("a_date", "date", "date", []),
        ("a_bool", "bool", "booleancheckbox", both),
        ("a_select", "enumeration", "select", few),
        ("a_checkbox", "enumeration", "checkbox", few),
    ):
        answer = hubspot.send(
            "POST",
            path,
            {
                "name": name,
                "label": name,
                "groupName": "typed",
                "type": kind,
                "fieldType": field_type,
                "options": options,
            },
        )
        assert answer.status_code == 201, answer.text
    return hubspot


@pytest.mark.parametrize(
    ("name", "sent", "stored"),
    [
        ("email", " Ann@Example.COM ", "ann@example.com"),
        ("a_string", "<b>ünï</b>", "<b>ünï</b>"),
        ("a_string", "x" * 65_536, "x" * 65_536),
        ("a_number", "12.50", "12.50"),
        ("a_number", "-0.5", "-0.5"),
        ("a_datetime", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
        ("a_datetime", "2026-03-04T05:06:07.890+01:00", "2026-03-04T04:06:07.890Z"),
        ("a_datetime", "1772600767000", "2026-03-04T05:06:07Z"),
        ("a_date", "2026-03-04", "2026-03-04"),
        ("a_date", "1772582400000", "2026-03-04"),
        ("a_bool", "true", "true"),
        ("a_select", "red", "red"),
        ("a_checkbox", "red;green", "red;green"),
    ],
)
def test_values_of_the_right_type_are_stored_as_text(typed, account, name, sent, stored):
    """A good value is kept in HubSpot's form."""
    answer = typed.new("contacts", **{"lastname": "X", name: sent})

    assert answer.status_code == 201, answer.text
    assert account.objects("contacts")[0]["properties"][name] == stored


@pytest.mark.parametrize(
    ("name", "sent", "code"),
    [
        ("email", "ann@example", "INVALID_EMAIL"),
        ("email", "ann..b@example.com", "INVALID_EMAIL"),
        ("a_string", "x" * 65_537, "STRING_TOO_LONG"),
        ("a_number", "1,000", "INVALID_INTEGER"),
        ("a_number", "1 000", "INVALID_INTEGER"),
        ("a_number", "1.000,50", "INVALID_INTEGER"),
        ("a_number", "£5", "INVALID_INTEGER"),
        ("a_number", "NaN", "INVALID_INTEGER"),
        ("a_datetime", "yesterday", "INVALID_LONG"),
        ("a_datetime", "2026-03-04T05:06:07", "INVALID_LONG"),
        ("a_date", "2026-03-04T05:06:07Z", "INVALID_DATE"),
        ("a_bool", "yes", "INVALID_OPTION"),
        ("a_select", "Red", "INVALID_OPTION"),
        ("a_checkbox", "red;blue", "INVALID_OPTION"),
        ("hs_object_id", "1", "READ_ONLY_VALUE"),
        ("createdate", "", "READ_ONLY_VALUE"),
        ("no_such", "x", "PROPERTY_DOESNT_EXIST"),
    ],
)
def test_values_of_the_wrong_type_are_refused(typed, account, name, sent, code):
    """A bad value gets 400 with HubSpot's code, and nothing is stored."""
    answer = typed.new("contacts", **{"lastname": "X", name: sent})

    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    packed = answer.json()["message"].partition(": ")[2]
    assert orjson.loads(packed)[0]["name"] == name
    assert account.objects("contacts") == []


@pytest.mark.parametrize("value", [1, 1.5, True, None, ["a"]])
def test_values_that_are_no_strings_are_refused(typed, value):
    """HubSpot's specification wants strings: JSON numbers, booleans and nulls get 400."""
    answer = typed.new("contacts", lastname=value)

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_empty_text_clears_a_value(typed, account):
    """Updating a property with empty text removes it."""
    contact_id = typed.create("contacts", lastname="X", a_number="1")

    typed.send("PATCH", f"{CONTACTS}/{contact_id}", {"properties": {"a_number": ""}})

    assert "a_number" not in account.objects("contacts")[0]["properties"]


def test_all_bad_values_of_a_record_are_named(typed):
    """Two bad values give two errors in one answer."""
    bad = {"a_number": "x", "a_bool": "x", "lastname": "fine"}
    answer = typed.new("contacts", **bad)

    assert len(answer.json()["errors"]) == 2
