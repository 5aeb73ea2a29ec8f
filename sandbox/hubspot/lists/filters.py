"""A list's tree of filter branches: checked when it comes, then asked about each record.

The root is OR without filters, below it AND, below these ASSOCIATION; one ASSOCIATION
within another only on the way from contacts over deals to line items. (HubSpot's guide
to list filters; branches for events are not in the sandbox.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.hubspot.core.problems import Problem, bad_request
from sandbox.hubspot.lists.operations import test_of
from sandbox.hubspot.records.associations import TYPES
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

Accepts = Callable[[Crm, Record], bool]
Branch = Mapping[str, Any]

OBJECTS = {"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-8": "line_items"}
INVALID_BASE = "ListError.INVALID_BASE_FILTER_BRANCH"
OVER_TWO = ("contacts", "deals", "line_items")


def read_filter(crm: Crm, object_type: str, root: object) -> Accepts:
    """The test of a record of that type that a filterBranch asks for.

    The test is given the CRM as well, so that a copy of an account asks its own.
    Raises Problem 400 for a tree of another shape, a property that does not exist, an
    operation that does not fit it, or an association that HubSpot does not define.
    """
    below = [_and_branch(crm, object_type, each) for each in _below_root(root)]
    return lambda crm, record: any(accepts(crm, record) for accepts in below)


def _below_root(root: object) -> list[Branch]:
    """The AND branches of a tree; raises Problem 400 for a base of another shape."""
    try:
        branch = _branch(root, "OR")
        if branch.get("filters"):
            raise bad_request("The root OR filter branch cannot have filters")
        below = [_branch(each, "AND") for each in _list(branch, "filterBranches")]
        if not below:
            raise bad_request("The root OR filter branch needs one or more AND ones")
    except Problem as problem:
        problem.sub_category = INVALID_BASE
        raise
    return below


def _and_branch(crm: Crm, object_type: str, branch: Branch) -> Accepts:
    below = _filters(crm, object_type, branch)
    below += [
        _association(crm, (object_type,), _branch(each, "ASSOCIATION"))
        for each in _list(branch, "filterBranches")
    ]
    return lambda crm, record: all(accepts(crm, record) for accepts in below)


def _association(crm: Crm, way: tuple[str, ...], branch: Branch) -> Accepts:
    """A branch that accepts a record if one of its associated records passes."""
    here = way[-1]
    there = OBJECTS.get(str(branch.get("objectTypeId")), "")
    type_id = branch.get("associationTypeId")
    if branch.get("operator") != "IN_LIST":
        raise bad_request("The operator of an ASSOCIATION filter branch is IN_LIST")
    if branch.get("associationCategory") != "HUBSPOT_DEFINED":
        raise bad_request("This account has no associations that are not HUBSPOT_DEFINED")
    if type_id not in TYPES.get((here, there), ()):
        raise bad_request(
            f"There is no association of type {type_id} from {here} to objects of type "
            f"{branch.get('objectTypeId')}"
        )
    below = _filters(crm, there, branch)
    nested = _list(branch, "filterBranches")
    if nested and ((*way, there) != OVER_TWO[:2] or len(nested) > 1):
        raise _too_deep()
    for each in nested:
        inner = _branch(each, "ASSOCIATION")
        if OBJECTS.get(str(inner.get("objectTypeId"))) != OVER_TWO[2]:
            raise _too_deep()
        below.append(_association(crm, (*way, there), inner))
    if not below:
        raise bad_request("An ASSOCIATION filter branch needs one or more filters")

    def accepts(crm: Crm, record: Record) -> bool:
        for other_id, types in crm.links.of(here, record.id, there).items():
            other = crm.records[there].get(other_id)
            if other and type_id in types and all(passes(crm, other) for passes in below):
                return True
        return False

    return accepts


def _filters(crm: Crm, object_type: str, branch: Branch) -> list[Accepts]:
    return [_property(crm, object_type, each) for each in _list(branch, "filters")]


def _property(crm: Crm, object_type: str, wanted: Branch) -> Accepts:
    if wanted.get("filterType") != "PROPERTY":
        raise bad_request(f"Filter type {wanted.get('filterType')} is none the sandbox has")
    name = wanted.get("property")
    definition = crm.properties[object_type].definitions.get(str(name))
    if definition is None:
        raise bad_request(f"Property {name} does not exist on {object_type}")
    holds = test_of(definition, wanted.get("operation"))

    def accepts(crm: Crm, record: Record) -> bool:
        return holds(record.properties.get(str(name), ""), crm.clock.now())

    return accepts


def _branch(given: object, kind: str) -> Branch:
    if not isinstance(given, dict) or given.get("filterBranchType") != kind:
        found = given.get("filterBranchType") if isinstance(given, dict) else given
        raise bad_request(f"Expected a filter branch of type {kind} here, not {found}")
    if given.get("filterBranchOperator", "OR" if kind == "OR" else "AND") not in ("AND", "OR"):
        raise bad_request("filterBranchOperator is AND or OR")
    return given


def _list(branch: Branch, name: str) -> list[Branch]:
    found = branch.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise bad_request(f"{name} must be a list of objects")
    return found


def _too_deep() -> Problem:
    return bad_request(
        "An ASSOCIATION filter branch can only have another one for line items of a contact"
    )
