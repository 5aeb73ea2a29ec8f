"""What HubSpot's published OpenAPI documents require of the body of each request.

The documents of 2026-03 and of 2026-09 agree in it. HubSpot's servers forgive some of it
today and say of the rest what is said here; a client that keeps to the documents is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.hubspot.core.problems import bad_request

# the members that an object must have, each with what is in it: None for a plain value, a
# shape for an object, a list of one shape for a list of objects, a function for a shape
# within itself; with a question mark the member may be absent
Shape = Mapping[str, Any]

ID: Shape = {"id": None}
ONLY_IDS: Shape = {"inputs": [ID]}
TYPE: Shape = {"associationCategory": None, "associationTypeId": None}
PAIR: Shape = {"from": ID, "to": ID}
RECORD: Shape = {"properties": None}
NEW_RECORD: Shape = {"properties": None, "associations": [{"to": ID, "types": [TYPE]}]}
KNOWN_RECORD: Shape = {"id": None, "properties": None}
OPTION: Shape = {"displayOrder": None, "hidden": None, "label": None, "value": None}
PROPERTY: Shape = {
    **dict.fromkeys(("fieldType", "groupName", "label", "name", "type")),
    "?options": [OPTION],
}
STAGE: Shape = dict.fromkeys(("displayOrder", "label", "metadata"))
FILTER: Shape = {
    "filterType": None,
    "property": None,
    "operation": dict.fromkeys(("includeObjectsWithNoValueSet", "operationType", "operator")),
}
BRANCH: Shape = {
    "filterBranchOperator": None,
    "filterBranchType": None,
    "filterBranches": [lambda: BRANCH],
    "filters": [FILTER],
}

# by area, tail of the path and method, as the routes name them
REQUESTS: dict[tuple[str, str, str], Shape] = {
    ("objects", "/{object_type}", "post"): NEW_RECORD,
    ("objects", "/{object_type}/{record_id}", "patch"): RECORD,
    ("objects", "/{object_type}/gdpr-delete", "post"): {"objectId": None},
    ("objects", "/{object_type}/batch/create", "post"): {"inputs": [NEW_RECORD]},
    ("objects", "/{object_type}/batch/update", "post"): {"inputs": [KNOWN_RECORD]},
    ("objects", "/{object_type}/batch/upsert", "post"): {"inputs": [KNOWN_RECORD]},
    ("objects", "/{object_type}/batch/archive", "post"): ONLY_IDS,
    ("objects", "/{object_type}/batch/read", "post"): {
        "inputs": [ID],
        "properties": None,
        "propertiesWithHistory": None,
    },
    ("objects", "/{object_type}/search", "post"): {
        "after": None,
        "filterGroups": [{"filters": [{"operator": None, "propertyName": None}]}],
        "limit": None,
        "properties": None,
        "sorts": None,
    },
    ("associations", "/{from_object}/{to_object}/batch/create", "post"): {
        "inputs": [{**PAIR, "types": [TYPE]}]
    },
    ("associations", "/{from_object}/{to_object}/batch/associate/default", "post"): {
        "inputs": [PAIR]
    },
    ("associations", "/{from_object}/{to_object}/batch/read", "post"): ONLY_IDS,
    ("associations", "/{from_object}/{to_object}/batch/archive", "post"): {
        "inputs": [{"from": ID, "to": [ID]}]
    },
    ("properties", "/{object_type}", "post"): PROPERTY,
    ("properties", "/{object_type}/{name}", "patch"): {"?options": [OPTION]},
    ("properties", "/{object_type}/groups", "post"): {"label": None, "name": None},
    ("properties", "/{object_type}/batch/create", "post"): {"inputs": [PROPERTY]},
    ("properties", "/{object_type}/batch/archive", "post"): {"inputs": [{"name": None}]},
    ("properties", "/{object_type}/batch/read", "post"): {
        "archived": None,
        "dataSensitivity": None,
        "inputs": [{"name": None}],
    },
    ("pipelines", "/{object_type}", "post"): {
        "displayOrder": None,
        "label": None,
        "stages": [STAGE],
    },
    ("pipelines", "/{object_type}/{pipeline_id}/stages", "post"): STAGE,
    ("pipelines", "/{object_type}/{pipeline_id}/stages/{stage_id}", "patch"): {
        "metadata": None
    },
    ("emails", "/clone", "post"): ID,
    ("lists", "", "post"): {
        "name": None,
        "objectTypeId": None,
        "processingType": None,
        "?filterBranch": BRANCH,
    },
    ("lists", "/search", "post"): dict.fromkeys(
        ("additionalProperties", "listIds", "offset", "processingTypes")
    ),
    (
        "property-validations",
        "/{object_type}/{name}/rule-type/{rule_type}",
        "put",
    ): {"ruleArguments": None},
}


def check_members(shape: Shape, body: Mapping[str, Any]) -> None:
    """Raise Problem 400 naming the required members that a body lacks, each once."""
    if lacking := list(dict.fromkeys(_lacking(shape, body))):
        raise bad_request(
            f"Invalid input JSON: Some required fields were not set: [{', '.join(lacking)}]"
        )


def _lacking(shape: Shape | Callable[[], Shape], body: object) -> Iterator[str]:
    """The members that are missing; what is not an object is left to the route's handler."""
    known = shape() if callable(shape) else shape
    if not isinstance(body, dict):
        return
    for name, inside in known.items():
        value = body.get(name.removeprefix("?"))
        if value is None:
            if not name.startswith("?"):
                yield name
        elif isinstance(inside, list) and isinstance(value, list):
            for each in value:
                yield from _lacking(inside[0], each)
        elif isinstance(inside, dict):
            yield from _lacking(inside, value)
