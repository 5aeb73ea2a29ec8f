"""What a clone adds to a trigger: days, a shop, a date, and conditions in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from cartwheel.core.errors import SettingsError
from load.hubspot.filters import (
    Filter,
    compares,
    contains,
    equals,
    is_any_of,
    is_days_ago,
    is_known,
    is_not_true,
    is_since,
    is_true,
    is_unknown,
)
from load.workflows.definition.templates import Template

_FORM = re.compile(
    r"(?P<name>[a-z][a-z0-9_]*)\s+"
    r"(?P<operator>is known|is unknown|is|contains|over|under)(?:\s+(?P<value>.+))?"
)
_WRITE = (
    "Write it like 'shopify_country is FR', 'amount over 100', 'dealname contains gift' or "
    "'shopify_tags is known'"
)
LAST_ORDER = "shopify_last_order_at"

Definitions = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Clone:
    """How a clone's trigger differs from its template's.

    days replaces the time of a re-engagement; where are conditions as typed; shop is a shop's
    domain; since is the first day whose causes count.
    """

    days: int | None = None
    where: tuple[str, ...] = ()
    shop: str = ""
    since: date | None = None

    def in_words(self) -> list[str]:
        """The differences, as the user typed them."""
        return [
            *([f"nothing bought for {self.days} days"] if self.days else []),
            *([f"only of the shop {self.shop}"] if self.shop else []),
            *([f"only since {self.since}"] if self.since else []),
            *self.where,
        ]


def check_clone(template: Template, clone: Clone) -> None:
    """Raise SettingsError for a difference that the template cannot have."""
    if clone.days is not None and template.is_deal_based:
        raise SettingsError(
            f"--days is of re_engagement alone; {template.name} enrols deals. To ask for deals "
            "from a day on: --since 2026-11-01"
        )
    if not clone.in_words():
        raise SettingsError(
            "A clone needs another trigger: --days 180 (of re_engagement), --where 'amount "
            "over 100' (a property of its deals or contacts), --shop name.myshopify.com or "
            "--since 2026-11-01"
        )
    for text in clone.where:
        _match(text)


def clone_filters(
    template: Template, clone: Clone, filters: Sequence[Filter], known: Definitions
) -> list[Filter]:
    """The filters of a template's trigger, changed as the clone says.

    known are HubSpot's definitions of the properties of the object. Raises SettingsError for a
    property that it does not have, or a value that the property cannot have.
    """
    found = [*filters]
    if clone.days is not None:
        own = {"shopify_re_engagement", "shopify_re_engagement_since"}
        found = [each for each in found if each["property"] not in own]
        found.append(is_days_ago(LAST_ORDER, clone.days))
    if clone.shop:
        found.append(
            equals("shopify_store", clone.shop)
            if template.is_deal_based
            else contains("shopify_stores", clone.shop)
        )
    if clone.since:
        day = clone.since
        name = LAST_ORDER if clone.days is not None else template.since
        found.append(is_since(name, day.year, day.month, day.day))
    return found + [_condition(text, known) for text in clone.where]


def _match(text: str) -> re.Match[str]:
    found = _FORM.fullmatch(text.strip())
    if found is None or bool(found["value"]) is found["operator"].startswith("is "):
        raise SettingsError(f"--where {text!r} is not a valid condition. {_WRITE}")
    return found


def _condition(text: str, known: Definitions) -> Filter:
    found = _match(text)
    name, operator, value = found["name"], found["operator"], (found["value"] or "").strip()
    if name not in known:
        raise SettingsError(
            f"--where {text!r}: HubSpot has no property {name} of this object. Take a name "
            "from Settings > Properties in HubSpot"
        )
    if operator in ("is known", "is unknown"):
        return is_known(name) if operator == "is known" else is_unknown(name)
    kind = str(known[name].get("type"))
    build = _BUILDERS.get((kind, operator))
    if build is None:
        raise SettingsError(
            f"--where {text!r}: {name} is a {kind}, which cannot be asked for with "
            f"{operator!r}. {_WRITE}"
        )
    try:
        return build(name, value, known[name])
    except ValueError as error:
        raise SettingsError(f"--where {text!r}: {error}") from None


def _option(name: str, value: str, definition: Mapping[str, Any]) -> Filter:
    options = {str(each["value"]) for each in definition.get("options", ())}
    if options and value not in options:
        raise ValueError(f"{value} is not an option of {name}; it has {', '.join(options)}")
    return is_any_of(name, [value])


def _flag(name: str, value: str, definition: Mapping[str, Any]) -> Filter:
    del definition
    if value not in ("true", "false"):
        raise ValueError(f"{name} is true or false")
    return is_true(name) if value == "true" else is_not_true(name)


def _number(operator: str) -> Callable[[str, str, Mapping[str, Any]], Filter]:
    def build(name: str, value: str, definition: Mapping[str, Any]) -> Filter:
        del definition
        try:
            number = float(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a number") from None
        if not isfinite(number):
            raise ValueError(f"{value!r} is not a number")
        return compares(name, operator, int(number) if number.is_integer() else number)

    return build


_BUILDERS: dict[tuple[str, str], Callable[[str, str, Mapping[str, Any]], Filter]] = {
    ("string", "is"): lambda name, value, _: equals(name, value),
    ("string", "contains"): lambda name, value, _: contains(name, value),
    ("enumeration", "is"): _option,
    ("bool", "is"): _flag,
    ("number", "is"): _number("IS_EQUAL_TO"),
    ("number", "over"): _number("IS_GREATER_THAN"),
    ("number", "under"): _number("IS_LESS_THAN"),
}
