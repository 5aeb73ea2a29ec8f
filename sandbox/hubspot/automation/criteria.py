"""The filters of a flow: checked when it comes, made complete, then asked about records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.hubspot.core.problems import bad_request
from sandbox.hubspot.lists.dates import OPERATION_TYPES
from sandbox.hubspot.lists.filters import OBJECTS, Accepts, read_filter
from sandbox.hubspot.lists.operations import Holds, test_of
from sandbox.hubspot.records.crm import Crm

Json = Mapping[str, Any]

PROPERTY_CHANGED = "4-655002"  # the event that UNIFIED_EVENTS branches call a change by


@dataclass(frozen=True)
class Rules:
    """What a flow asks of records; a test that it does not have is None.

    again holds the properties whose change enrols a record once more, each with a test of its
    new value; branches the tests of LIST_BRANCH actions, by the id of the action. It looks far
    if a filter is about associated records.
    """

    accepts: Accepts | None = None
    suppresses: Accepts | None = None
    reaches_goal: Accepts | None = None
    again: list[tuple[str, Holds]] = field(default_factory=list)
    branches: dict[str, list[Accepts | None]] = field(default_factory=dict)
    looks_at_dates: bool = False
    looks_far: bool = False


def read_rules(crm: Crm, object_type: str, flow: Json) -> Rules:
    """The rules of a flow whose members have the right shape.

    Raises Problem 400 for a filter of which HubSpot would say nothing more than that the
    flow is not valid; INVALID_BASE_FILTER_BRANCH for a root that is not OR over AND.
    """
    criteria = flow.get("enrollmentCriteria") or {}
    list_based = criteria.get("type") == "LIST_BASED"
    again = criteria.get("reEnrollmentTriggersFilterBranches", []) if list_based else []

    def read(branch: Any) -> Accepts | None:
        if branch is None:
            return None
        accepts = read_filter(crm, object_type, branch)
        _check_stages(crm, branch)
        return accepts

    return Rules(
        accepts=read(criteria["listFilterBranch"]) if list_based else None,
        suppresses=read(flow.get("suppressionFilterBranch")),
        reaches_goal=read(flow.get("goalFilterBranch")),
        again=[_change(crm, object_type, branch) for branch in again],
        branches={
            action["actionId"]: [read(each.get("filterBranch")) for each in branches]
            for action in flow["actions"]
            if (branches := action.get("listBranches"))
        },
        looks_at_dates=any(
            str(operation.get("operationType")).upper() in OPERATION_TYPES
            for operation in (each["operation"] for _, each in filters_of(flow))
        ),
        looks_far=any(OBJECTS.get(type_id) != object_type for type_id, _ in filters_of(flow)),
    )


def complete(given: Any) -> Any:
    """A copy of a flow, or of a part of it, with what HubSpot adds to its filters."""
    if isinstance(given, list):
        return [complete(each) for each in given]
    if not isinstance(given, dict):
        return given
    made = {name: complete(value) for name, value in given.items()}
    if "filterBranchType" in made:
        kind = made["filterBranchType"]
        made.setdefault("filterBranchOperator", "OR" if kind == "OR" else "AND")
        made.setdefault("filters", [])
        made.setdefault("filterBranches", [])
    if "operationType" in made:
        made.setdefault("includeObjectsWithNoValueSet", False)
    return made


def filters_of(given: Any, object_type_id: str = "") -> Iterator[tuple[str, Json]]:
    """The PROPERTY filters of a flow or a part of it, each with the type id of its object."""
    if isinstance(given, list):
        for each in given:
            yield from filters_of(each, object_type_id)
    elif isinstance(given, dict):
        object_type_id = given.get("objectTypeId", object_type_id)
        if given.get("filterType") == "PROPERTY" and isinstance(given.get("operation"), dict):
            yield object_type_id, given
        for name, value in given.items():
            if name != "operation":
                yield from filters_of(value, object_type_id)


def _change(crm: Crm, object_type: str, branch: Json) -> tuple[str, Holds]:
    """The property that a re-enrolment trigger names as hs_name, and the test of hs_value."""
    kind = branch.get("filterBranchType")
    is_event = kind == "UNIFIED_EVENTS" and branch.get("eventTypeId") == PROPERTY_CHANGED
    if (kind != "AND" and not is_event) or branch.get("filterBranches"):
        raise bad_request("A re-enrollment trigger is one AND branch about a property")
    filters = branch.get("filters")
    if not isinstance(filters, list) or not all(isinstance(each, dict) for each in filters):
        raise bad_request("filters must be a list of objects")
    by_name = {str(each.get("property")): each.get("operation") for each in filters}
    named = by_name.pop("hs_name", None)
    if not isinstance(named, dict) or set(by_name) - {"hs_value"} or len(filters) > 2:
        raise bad_request("A re-enrollment trigger has filters on hs_name and hs_value")
    name = named.get("value")
    definition = crm.properties[object_type].definitions.get(str(name))
    if named.get("operator") != "IS_EQUAL_TO" or definition is None:
        raise bad_request(f"There is no property {name} whose change could be a trigger")
    known = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}
    return str(name), test_of(definition, by_name.get("hs_value", known))


def _check_stages(crm: Crm, branch: Any) -> None:
    """Raise Problem 400 for pipelines and stages that the account does not have."""
    known = stage_values(crm)
    for _, each in filters_of(branch):
        name, values = each.get("property"), each["operation"].get("values")
        given = values if name in known and isinstance(values, list) else []
        if unknown := [value for value in map(str, given) if value not in known[str(name)]]:
            raise bad_request(f"There is no {name} {unknown[0]}")


def stage_values(crm: Crm) -> dict[str, set[str]]:
    """The values that pipeline and dealstage can have in an account."""
    pipelines = crm.pipelines.all()
    stages = {stage["id"] for each in pipelines for stage in each["stages"]}
    return {"pipeline": {each["id"] for each in pipelines}, "dealstage": stages}
