"""The operations of a list's PROPERTY filters: which fit a property, and what they let in.

HubSpot documents them under Lists > List filters; those that need a property's history or a
comparison with another property are refused, since the sandbox keeps no history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.hubspot.core.problems import Problem, bad_request
from sandbox.hubspot.lists import dates

Compares = Callable[[str], bool]
Holds = Callable[[str, datetime], bool]
Operation = Mapping[str, Any]

KNOWN = {"IS_KNOWN": True, "IS_NOT_BLANK": True, "IS_UNKNOWN": False, "IS_BLANK": False}
TEXTS: dict[str, Callable[[str, str], bool]] = {
    "IS_EQUAL_TO": lambda value, wanted: value == wanted,
    "CONTAINS": lambda value, wanted: wanted in value,
    "STARTS_WITH": lambda value, wanted: value.startswith(wanted),
    "ENDS_WITH": lambda value, wanted: value.endswith(wanted),
}
NOT_TEXTS = {"IS_NOT_EQUAL_TO": "IS_EQUAL_TO", "DOES_NOT_CONTAIN": "CONTAINS"}
NUMBERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "IS_EQUAL_TO": lambda value, wanted: value == wanted,
    "IS_NOT_EQUAL_TO": lambda value, wanted: value != wanted,
    "IS_GREATER_THAN": lambda value, wanted: value > wanted,
    "IS_GREATER_THAN_OR_EQUAL_TO": lambda value, wanted: value >= wanted,
    "IS_LESS_THAN": lambda value, wanted: value < wanted,
    "IS_LESS_THAN_OR_EQUAL_TO": lambda value, wanted: value <= wanted,
}
CHOICES: dict[str, Callable[[set[str], set[str]], bool]] = {
    "IS_ANY_OF": lambda value, wanted: bool(value & wanted),
    "IS_NONE_OF": lambda value, wanted: not value & wanted,
    "IS_EXACTLY": lambda value, wanted: value == wanted,
    "IS_NOT_EXACTLY": lambda value, wanted: value != wanted,
    "CONTAINS_ALL": lambda value, wanted: wanted <= value,
    "DOES_NOT_CONTAIN_ALL": lambda value, wanted: not wanted <= value,
}
FIT = {
    "string": {"STRING", "MULTISTRING"},
    "phone_number": {"STRING", "MULTISTRING"},
    "number": {"NUMBER", "NUMBER_RANGED"},
    "bool": {"BOOL"},
    "enumeration": {"ENUMERATION"},
    "date": dates.OPERATION_TYPES,
    "datetime": dates.OPERATION_TYPES,
}


def test_of(definition: Mapping[str, Any], operation: object) -> Holds:
    """The test of a property's stored text ("" for none), at a time, that is asked for.

    Raises Problem 400 for an operation that does not fit the property's type, or that
    lacks its operator or values.
    """
    if not isinstance(operation, dict):
        raise bad_request("A PROPERTY filter needs an operation")
    kind = str(operation.get("operationType")).upper()
    operator = str(operation.get("operator"))
    if kind in ("ALL_PROPERTY", "ALLTYPES"):
        if operator not in KNOWN:
            raise _unknown(operator, kind)
        return lambda value, _now: bool(value) is KNOWN[operator]
    if kind not in FIT.get(definition["type"], ()):
        raise bad_request(
            f"Operation type {operation.get('operationType')} does not fit property "
            f"{definition['name']}, which is a {definition['type']}"
        )
    holds = _holds(kind, operator, operation, definition)
    without = operation.get("includeObjectsWithNoValueSet", False)
    if not isinstance(without, bool):
        raise bad_request("includeObjectsWithNoValueSet must be true or false")
    return lambda value, now: holds(value, now) if value else without


def _holds(
    kind: str, operator: str, operation: Operation, definition: Mapping[str, Any]
) -> Holds:
    if kind in dates.OPERATION_TYPES:
        on = dates.holds_on(operator, operation)
        return lambda value, now: on(dates.moment_of(value), now)
    compares = BUILDERS[kind](operator, operation, definition)
    return lambda value, _now: compares(value)


def _text(operator: str, operation: Operation, definition: Mapping[str, Any]) -> Compares:
    del definition
    given = operation.get("value")
    return _any_text(operator, [given] if isinstance(given, str) and given else [], "STRING")


def _texts(operator: str, operation: Operation, definition: Mapping[str, Any]) -> Compares:
    del definition
    return _any_text(operator, _values(operation), "MULTISTRING")


def _any_text(operator: str, values: list[str], kind: str) -> Compares:
    if not values:
        raise bad_request(f"A {kind} operation needs a value")
    compare = TEXTS.get(NOT_TEXTS.get(operator, operator))
    if compare is None:
        raise _unknown(operator, kind)
    wanted = [value.casefold() for value in values]
    expected = operator not in NOT_TEXTS
    return lambda value: any(compare(value.casefold(), each) for each in wanted) is expected


def _number(operator: str, operation: Operation, definition: Mapping[str, Any]) -> Compares:
    del definition
    if operator not in NUMBERS:
        raise _unknown(operator, "NUMBER")
    wanted, compare = _decimal(operation.get("value")), NUMBERS[operator]
    return lambda value: compare(Decimal(value), wanted)


def _range(operator: str, operation: Operation, definition: Mapping[str, Any]) -> Compares:
    del definition
    if operator not in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        raise _unknown(operator, "NUMBER_RANGED")
    low, high = _decimal(operation.get("lowerBound")), _decimal(operation.get("upperBound"))
    return lambda value: (low <= Decimal(value) <= high) is (operator == "IS_BETWEEN")


def _bool(operator: str, operation: Operation, definition: Mapping[str, Any]) -> Compares:
    del definition
    if operator not in ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"):
        raise _unknown(operator, "BOOL")
    if not isinstance(operation.get("value"), bool):
        raise bad_request("A BOOL operation needs a value, true or false")
    wanted = operation["value"] is (operator == "IS_EQUAL_TO")
    return lambda value: (value == "true") is wanted


def _choice(operator: str, operation: Operation, definition: Mapping[str, Any]) -> Compares:
    if operator not in CHOICES:
        raise _unknown(operator, "ENUMERATION")
    wanted, compare = set(_values(operation)), CHOICES[operator]
    if not wanted:
        raise bad_request("An ENUMERATION operation needs values")
    options = {option["value"] for option in definition["options"]}
    if not definition["externalOptions"] and not wanted <= options:
        unknown = ", ".join(sorted(wanted - options))
        raise bad_request(f"Property {definition['name']} has no option {unknown}")
    return lambda value: compare(set(value.strip(";").split(";")), wanted)


def _values(operation: Operation) -> list[str]:
    values = operation.get("values")
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise bad_request("The values of an operation must be a list of text")
    return values


def _decimal(given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise bad_request(f"{given!r} is not a number")
    return Decimal(str(given))


def _unknown(operator: str, kind: str) -> Problem:
    return bad_request(f"Operator {operator} is none that operation type {kind} has here")


BUILDERS: dict[str, Callable[[str, Operation, Mapping[str, Any]], Compares]] = {
    "STRING": _text,
    "MULTISTRING": _texts,
    "NUMBER": _number,
    "NUMBER_RANGED": _range,
    "BOOL": _bool,
    "ENUMERATION": _choice,
}
