"""An admin's validation rules for property values (/crm/property-validations).

A value must keep every rule of its property. Rules that need a form that HubSpot does not
tell, or a point in time from now, are refused when they are set: see WORKED_OUT.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.hubspot.core.problems import bad_request, not_found
from sandbox.hubspot.core.values import ValueRefused, date_time

Rule = dict[str, Any]
Keeps = Callable[[str, Sequence[str]], bool]

LETTERS = {
    "ALPHA_ONLY": re.compile(r"[^\W\d_]*"),
    "NUMERIC_ONLY": re.compile(r"[0-9]*"),
    "ALPHANUMERIC_ONLY": re.compile(r"[^\W_]*"),
}
COUNTRY_CODE = re.compile(r"\+[1-9][0-9 ().-]{5,}")


class Validations:
    """The rules of one object type, by property and rule type."""

    def __init__(self) -> None:
        self._rules: dict[str, dict[str, Rule]] = {}

    def put(self, name: str, rule_type: str, wanted: Mapping[str, Any]) -> None:
        """Set a rule of a property, in the place of one of that type. Raises Problem 400."""
        if rule_type not in WORKED_OUT:
            raise bad_request(f"{rule_type} is not a valid rule type in the sandbox")
        arguments = wanted.get("ruleArguments")
        if not isinstance(arguments, list) or not all(isinstance(a, str) for a in arguments):
            raise bad_request("Invalid input JSON: ruleArguments must be a list of text")
        try:
            WORKED_OUT[rule_type]("1", arguments)
        except (ArithmeticError, LookupError, ValueError, re.error):
            raise bad_request(f"{arguments} are not valid arguments of {rule_type}") from None
        normalize = bool(wanted.get("shouldApplyNormalization", False))
        self._rules.setdefault(name, {})[rule_type] = {
            "ruleType": rule_type,
            "ruleArguments": arguments,
            "shouldApplyNormalization": normalize,
        }

    def of(self, name: str) -> list[Rule]:
        """The rules of a property."""
        return list(self._rules.get(name, {}).values())

    def get(self, name: str, rule_type: str) -> Rule:
        """One rule; raises Problem 404."""
        found = self._rules.get(name, {}).get(rule_type)
        if found is None:
            raise not_found(f"Property {name} has no rule of type {rule_type}")
        return found

    def all(self) -> list[dict[str, Any]]:
        """Every property that has rules, with them."""
        return [
            {"propertyName": name, "propertyValidationRules": self.of(name)}
            for name in self._rules
        ]

    def check(self, name: str, value: str) -> None:
        """Raise ValueRefused for a value that breaks a rule of its property."""
        for rule in self.of(name):
            kind, arguments = rule["ruleType"], rule["ruleArguments"]
            tested = value.strip() if rule["shouldApplyNormalization"] else value
            try:
                kept = WORKED_OUT[kind](tested, arguments)
            except (InvalidOperation, ValueRefused):
                kept = False
            if not kept:
                shown = f" {', '.join(arguments)}" if arguments else ""
                raise ValueRefused(f"INVALID_{kind}", f"{value} breaks the rule {kind}{shown}")


def _domain(value: str) -> str:
    return value.rpartition("@")[2].lower()


def _decimals(value: str) -> int:
    exponent = Decimal(value).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


WORKED_OUT: dict[str, Keeps] = {
    "ALPHANUMERIC": lambda value, given: bool(LETTERS[given[0]].fullmatch(value)),
    "DECIMAL": lambda value, given: _decimals(value) <= int(given[0]),
    "EMAIL_ALLOWED_DOMAINS": lambda value, given: _domain(value) in given,
    "EMAIL_BLOCKED_DOMAINS": lambda value, given: _domain(value) not in given,
    "END_DATE": lambda value, given: date_time(value) <= date_time(given[0]),
    "END_DATETIME": lambda value, given: date_time(value) <= date_time(given[0]),
    "MAX_LENGTH": lambda value, given: len(value) <= int(given[0]),
    "MAX_NUMBER": lambda value, given: Decimal(value) <= Decimal(given[0]),
    "MIN_LENGTH": lambda value, given: len(value) >= int(given[0]),
    "MIN_NUMBER": lambda value, given: Decimal(value) >= Decimal(given[0]),
    "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE": lambda value, _: bool(
        COUNTRY_CODE.fullmatch(value)
    ),
    "REGEX": lambda value, given: bool(re.fullmatch(given[0], value)),
    "SPECIAL_CHARACTERS": lambda value, _: not re.search(r"[^\w\s]", value),
    "START_DATE": lambda value, given: date_time(value) >= date_time(given[0]),
    "START_DATETIME": lambda value, given: date_time(value) >= date_time(given[0]),
    "WHITESPACE": lambda value, _: not re.search(r"\s", value),
}
