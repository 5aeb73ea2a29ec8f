"""The object types of an account, and the names that requests give them."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.hubspot.core.problems import Problem, not_found

# object type: its id, and its name in the singular
OBJECT_TYPES = {
    "contacts": ("0-1", "contact"),
    "companies": ("0-2", "company"),
    "deals": ("0-3", "deal"),
    "products": ("0-7", "product"),
    "line_items": ("0-8", "line_item"),
}
ALIASES = {alias: name for name, both in OBJECT_TYPES.items() for alias in (name, *both)}


def resolve(object_type: str) -> str:
    """The plural name of an object type: contacts for contact, contacts or 0-1.

    Raises Problem 404 for a type that the account does not have.
    """
    if object_type not in ALIASES:
        raise not_found(f"Unable to infer object type from: {object_type}")
    return ALIASES[object_type]


def missing(object_type: str, ids: Sequence[str]) -> Problem:
    """Problem 404 (or a row of a 207) for ids that no living record has."""
    singular = OBJECT_TYPES[object_type][1].upper()
    return not_found(
        f"Could not get some {singular} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        {"ids": list(ids)},
    )
