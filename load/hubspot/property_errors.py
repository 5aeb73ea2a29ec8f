"""Which properties HubSpot blames in a refusal, in each of the shapes that it uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from load.hubspot.client import Body

# of the property as such, whatever its value: every row that sends it is refused for it
OF_ANY_VALUE = {"PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE"}
# HubSpot packs a list as JSON text into a message: docs/reference/hubspot.md#error-bodies
_PACKED = "["


class PropertyError(NamedTuple):
    """What HubSpot says of one property: its code and its words."""

    code: str
    message: str


def property_errors(error: Body) -> dict[str, PropertyError]:
    """The properties that an error, or the body of an answer, is about, by name.

    They stand in the details' context, in their `in`, in `validationResults`, or in such a
    list that is packed as JSON into the message (docs/reference/hubspot.md#error-bodies).
    """
    found: dict[str, PropertyError] = {}
    for name, blame in _all(error):
        found.setdefault(name, blame)
    return found


def _all(error: Body) -> Iterator[tuple[str, PropertyError]]:
    general = PropertyError(str(error.get("category") or "VALIDATION_ERROR"), _text(error))
    for detail in _dicts(error.get("errors")):
        blame = PropertyError(
            str(detail.get("code") or general.code), _text(detail) or general.message
        )
        for name in _named(detail):
            yield name, blame
    for result in _dicts(error.get("validationResults")) + _packed(general.message):
        if result.get("isValid") is not True and isinstance(result.get("name"), str):
            code = str(result.get("error") or general.code)
            yield result["name"], PropertyError(code, _text(result) or general.message)
    for name in _named(error):
        yield name, general


def _named(detail: Body) -> list[str]:
    context = detail.get("context")
    listed = context.get("propertyName") if isinstance(context, dict) else None
    names = listed if isinstance(listed, list) else [listed]
    names += [detail["in"].rpartition(".")[2]] if isinstance(detail.get("in"), str) else []
    return [name for name in names if isinstance(name, str) and name]


def _packed(message: str) -> list[Body]:
    start = message.find(_PACKED)
    if start < 0:
        return []
    try:
        found, _ = json.JSONDecoder().raw_decode(message, start)
    except (ValueError, RecursionError):
        return []
    return _dicts(found)


def _dicts(value: Any) -> list[Body]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(detail: Body) -> str:
    return str(detail.get("message") or "")
