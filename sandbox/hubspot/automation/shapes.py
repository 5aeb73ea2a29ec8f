"""The shape of JSON that the Automation API takes: members, their types, which must be there.

The members are those of HubSpot's OpenAPI documents for /automation/v4 and its dated betas,
which agree in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.hubspot.core.problems import Problem, bad_request

# what a member holds: a type, an object's members, a list of one kind, or a choice of texts;
# a question mark after a member's name says that it may be absent
Kind = Any
Members = Mapping[str, Kind]

TEXT, WHOLE, FLAG, OBJECT = str, int, bool, dict
CONNECTION: Members = {"edgeType": ("STANDARD", "GOTO"), "nextActionId": TEXT}
TIME: Members = {"hour": WHOLE, "minute": WHOLE}
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER",
    "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip
FLOW_TYPES = ("CONTACT_FLOW", "PLATFORM_FLOW")

BOTH: Members = {
    "type": FLOW_TYPES,
    "isEnabled": FLAG,
    "actions": [OBJECT],
    "timeWindows": [{"day": DAYS, "startTime?": TIME, "endTime?": TIME}],
    "blockedDates": [{"month": MONTHS, "dayOfMonth": WHOLE, "year?": WHOLE}],
    "customProperties": OBJECT,
    "name?": TEXT,
    "description?": TEXT,
    "startActionId?": TEXT,
    "enrollmentCriteria?": OBJECT,
    "enrollmentSchedule?": OBJECT,
    "uuid?": TEXT,
}
CREATE_ONLY: Members = {
    "flowType": ("WORKFLOW", "ACTION_SET", "UNKNOWN"),
    "objectTypeId": TEXT,
    "dataSources": [OBJECT],
    "nextAvailableActionId?": TEXT,  # in no document, but taken
}
OF_TYPE: dict[str, Members] = {
    "CONTACT_FLOW": {
        "canEnrollFromSalesforce": FLAG,
        "suppressionListIds": [WHOLE],
        "goalFilterBranch?": OBJECT,
        "eventAnchor?": OBJECT,
        "unEnrollmentSetting?": {"type": ("ALL", "SELECTIVE"), "flowIds": [TEXT]},
    },
    "PLATFORM_FLOW": {"suppressionFilterBranch?": OBJECT},
}
# what HubSpot's servers fill in where it is left out, though its documents require it
DEFAULTS: dict[str, Any] = {
    "timeWindows": [],
    "blockedDates": [],
    "customProperties": {},
    "dataSources": [],
    "canEnrollFromSalesforce": False,
    "suppressionListIds": [],
}

ACTION: Members = {"actionId": TEXT}
ACTIONS: dict[str, Members] = {
    "SINGLE_CONNECTION": {
        **ACTION,
        "type": TEXT,
        "actionTypeId": TEXT,
        "actionTypeVersion": WHOLE,
        "fields": OBJECT,
        "connection?": CONNECTION,
    },
    "LIST_BRANCH": {
        **ACTION,
        "type": TEXT,
        "listBranches": [
            {"branchName?": TEXT, "filterBranch?": OBJECT, "connection?": CONNECTION}
        ],
        "defaultBranch?": CONNECTION,
        "defaultBranchName?": TEXT,
    },
    "STATIC_BRANCH": {
        **ACTION,
        "type": TEXT,
        "inputValue": OBJECT,
        "staticBranches": [{"branchValue": TEXT, "connection?": CONNECTION}],
        "defaultBranch?": CONNECTION,
        "defaultBranchName?": TEXT,
    },
    "AB_TEST_BRANCH": {
        **ACTION,
        "type": TEXT,
        "testBranches": [{"percentage?": WHOLE, "connection": CONNECTION}],
    },
    "WEBHOOK": {
        **ACTION,
        "type": TEXT,
        "method": ("DELETE", "GET", "PATCH", "POST", "PUT"),
        "webhookUrl": TEXT,
        "queryParams": [OBJECT],
        "authSettings?": OBJECT,
        "connection?": CONNECTION,
    },
    "CUSTOM_CODE": {
        **ACTION,
        "type": TEXT,
        "runtime": TEXT,
        "sourceCode": TEXT,
        "secretNames": [TEXT],
        "inputFields": [OBJECT],
        "outputFields": [OBJECT],
        "connection?": CONNECTION,
    },
}
LIST_BASED: Members = {
    "type": TEXT,
    "listFilterBranch": OBJECT,
    "shouldReEnroll": FLAG,
    "unEnrollObjectsNotMeetingCriteria": FLAG,
    "reEnrollmentTriggersFilterBranches": [OBJECT],
}
CRITERIA: dict[str, Members] = {
    "LIST_BASED": LIST_BASED,
    "EVENT_BASED": {
        "type": TEXT,
        "eventFilterBranches": [OBJECT],
        "listMembershipFilterBranches": [OBJECT],
        "shouldReEnroll": FLAG,
        "refinementCriteria?": OBJECT,
    },
    "MANUAL": {"type": TEXT, "shouldReEnroll": FLAG},
}


def check_shape(members: Members, body: Mapping[str, Any], *, strict: bool) -> None:
    """Raise Problem 400 for members that are absent, unknown (if strict) or of another type."""
    lacking: list[str] = []
    wrong: list[str] = []
    for problem, name in _problems(members, body, "", strict=strict):
        (lacking if problem == "lacking" else wrong).append(name)
    if lacking:
        raise not_set(lacking)
    if wrong:
        raise bad_request(f"Invalid input JSON: not a valid value or member: {wrong[0]}")


def without_nulls(given: Any) -> Any:
    """A copy of JSON in which members that are null are absent, as they are to HubSpot."""
    if isinstance(given, list):
        return [without_nulls(each) for each in given]
    if isinstance(given, dict):
        return {name: without_nulls(each) for name, each in given.items() if each is not None}
    return given


def not_set(names: list[str]) -> Problem:
    """400: required members that are absent, in HubSpot's words."""
    shown = ", ".join(dict.fromkeys(names))
    return bad_request(
        f"Invalid input JSON on line 1, column 2: Some required fields were not set: [{shown}]"
    )


def _problems(
    members: Members, body: Mapping[str, Any], path: str, *, strict: bool
) -> Iterator[tuple[str, str]]:
    names = {name.removesuffix("?") for name in members}
    if strict:
        yield from (("unknown", f"{path}{name}") for name in body if name not in names)
    for name, kind in members.items():
        value = body.get(name.removesuffix("?"))
        if value is None:
            if not name.endswith("?"):
                yield "lacking", name
        else:
            yield from _of_kind(kind, value, path + name.removesuffix("?"), strict=strict)


def _of_kind(kind: Kind, value: Any, path: str, *, strict: bool) -> Iterator[tuple[str, str]]:
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield "wrong", path
            return
        for place, each in enumerate(value):
            yield from _of_kind(kind[0], each, f"{path}[{place}]", strict=strict)
    elif isinstance(kind, tuple):
        if value not in kind:
            yield "wrong", path
    elif isinstance(kind, Mapping):
        if isinstance(value, dict):
            yield from _problems(kind, value, path + ".", strict=strict)
        else:
            yield "wrong", path
    elif not FITS[kind](value):
        yield "wrong", path


FITS: dict[type, Callable[[Any], bool]] = {
    TEXT: lambda value: isinstance(value, str),
    WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    FLAG: lambda value: isinstance(value, bool),
    OBJECT: lambda value: isinstance(value, dict),
}
