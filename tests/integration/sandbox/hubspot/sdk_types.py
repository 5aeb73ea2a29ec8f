"""Checks answers against the types of HubSpot's own SDK.

An answer must validate and hold nothing that the type does not have. One allowance, where
HubSpot itself departs from its specification (docs/reference/hubspot.md#batches): a property
without a value is null.
"""

from __future__ import annotations

from hubspot_sdk.types import shared
from pydantic import BaseModel


def fits(model: type[BaseModel], answer, status: int = 200) -> None:
    """Check an answer against one of the SDK's types, and that it has no other fields."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    for error in body.pop("errors", None) or []:
        told = shared.StandardError.model_validate(error)
        assert unknown(told) == []
    assert body.pop("numErrors", None) is None or status == 207
    assert unknown(model.model_validate(without_nulls(body))) == []


def without_nulls(value):
    """The JSON without the nulls of its objects."""
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return value


def unknown(value) -> list[str]:
    """The fields within a validated answer that its types do not have."""
    if isinstance(value, list):
        return [name for each in value for name in unknown(each)]
    if not isinstance(value, BaseModel):
        return []
    inside = [
        name for each in type(value).model_fields for name in unknown(getattr(value, each))
    ]
    return [*(value.model_extra or {}), *inside]
