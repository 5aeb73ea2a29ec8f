"""Which properties a refusal is about, in each shape that HubSpot gives it."""

from __future__ import annotations

import orjson
import pytest

from load.hubspot.property_errors import property_errors

REFUSED = {
    "isValid": False,
    "message": "Phone 555 is not valid",
    "error": "INVALID_PHONE",
    "name": "phone",
}


@pytest.mark.parametrize(
    "body",
    [
        {"message": "Property values were not valid", "validationResults": [REFUSED]},
        {"message": f"Property values were not valid: {orjson.dumps([REFUSED]).decode()}"},
        {
            "message": "no",
            "errors": [
                {
                    "message": "Phone 555 is not valid",
                    "code": "INVALID_PHONE",
                    "context": {"propertyName": ["phone"]},
                }
            ],
        },
        {
            "message": "no",
            "errors": [
                {
                    "message": "Phone 555 is not valid",
                    "code": "INVALID_PHONE",
                    "in": "properties.phone",
                }
            ],
        },
        {
            "category": "INVALID_PHONE",
            "message": "Phone 555 is not valid",
            "context": {"propertyName": ["phone"], "objectWriteTraceId": ["7"]},
        },
    ],
    ids=["validationResults", "packed", "propertyName", "in", "context"],
)
def test_a_property_is_named_in_any_shape(body):
    """The property, the code and HubSpot's words come out the same."""
    found = property_errors({"status": "error", "category": "VALIDATION_ERROR"} | body)

    assert found == {"phone": ("INVALID_PHONE", "Phone 555 is not valid")}


@pytest.mark.parametrize(
    "message", ["", "Contact [already] exists", "values: [1, {]", "[" * 100_000]
)
def test_a_message_without_a_list_blames_nothing(message):
    """Brackets that are no list of refused values are words like others."""
    assert property_errors({"message": message}) == {}


def test_what_is_valid_is_not_to_blame():
    """Of packed results only those that are not valid count."""
    body = {"validationResults": [REFUSED, REFUSED | {"name": "city", "isValid": True}]}

    assert set(property_errors(body)) == {"phone"}
