"""The members that HubSpot's OpenAPI documents require, of requests and of answers."""

from __future__ import annotations

import copy

import orjson
import pytest

OPTION = {"label": "A", "value": "a", "displayOrder": 0, "hidden": False}
PROPERTY = {
    "name": "ours",
    "label": "Ours",
    "type": "enumeration",
    "fieldType": "select",
    "groupName": "dealinformation",
    "options": [OPTION],
}
STAGE = {"label": "Won", "displayOrder": 0, "metadata": {"probability": "1.0"}}
PIPELINE = {"label": "Shop", "displayOrder": 1, "stages": [STAGE]}
PAIR = {"from": {"id": "1"}, "to": {"id": "2"}}
TYPES = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
FILTER = {
    "filterType": "PROPERTY",
    "property": "firstname",
    "operation": {
        "operationType": "ALL_PROPERTY",
        "operator": "IS_KNOWN",
        "includeObjectsWithNoValueSet": False,
    },
}
LEAF = {
    "filterBranchType": "AND",
    "filterBranchOperator": "AND",
    "filters": [FILTER],
    "filterBranches": [],
}
ROOT = {
    "filterBranchType": "OR",
    "filterBranchOperator": "OR",
    "filters": [],
    "filterBranches": [LEAF],
}
LIST = {"name": "L", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": ROOT}
READ = {"inputs": [{"id": "1"}], "properties": [], "propertiesWithHistory": []}
SEARCH = {"after": "", "filterGroups": [], "limit": 1, "properties": [], "sorts": []}
NEW = {"properties": {"dealname": "D"}, "associations": []}
LISTS = {"additionalProperties": [], "listIds": [], "offset": 0, "processingTypes": []}
NAMED = {"inputs": [{"name": "amount"}], "archived": False, "dataSensitivity": "non_sensitive"}

# path, body, and a member of it (the way to it) that is required
CASES = [
    ("objects/2026-03/deals", NEW, ("properties",)),
    ("objects/2026-03/deals", NEW, ("associations",)),
    ("objects/2026-03/deals/batch/create", {"inputs": [NEW]}, ("inputs", 0, "associations")),
    ("objects/2026-03/deals/batch/read", READ, ("inputs",)),
    ("objects/2026-03/deals/batch/read", READ, ("properties",)),
    ("objects/2026-03/deals/batch/read", READ, ("propertiesWithHistory",)),
    ("objects/v3/deals/batch/read", READ, ("propertiesWithHistory",)),
    ("objects/2026-09/deals/batch/read", READ, ("propertiesWithHistory",)),
    ("objects/2026-03/deals/search", SEARCH, ("after",)),
    ("objects/2026-03/deals/search", SEARCH, ("sorts",)),
    ("properties/2026-03/deals", PROPERTY, ("groupName",)),
    ("properties/2026-03/deals", PROPERTY, ("options", 0, "hidden")),
    ("properties/2026-03/deals", PROPERTY, ("options", 0, "displayOrder")),
    (
        "properties/2026-03/deals/batch/create",
        {"inputs": [PROPERTY]},
        ("inputs", 0, "options", 0, "hidden"),
    ),
    ("properties/2026-03/deals/groups", {"name": "ours", "label": "Ours"}, ("label",)),
    ("properties/2026-03/deals/batch/read", NAMED, ("dataSensitivity",)),
    ("pipelines/2026-03/deals", PIPELINE, ("stages", 0, "metadata")),
    ("pipelines/2026-03/deals", PIPELINE, ("displayOrder",)),
    (
        "associations/2026-03/deals/contacts/batch/create",
        {"inputs": [{**PAIR, "types": TYPES}]},
        ("inputs", 0, "types", 0, "associationCategory"),
    ),
    ("lists/2026-03", LIST, ("filterBranch", "filterBranches", 0, "filterBranchOperator")),
    (
        "lists/2026-03",
        LIST,
        (
            "filterBranch",
            "filterBranches",
            0,
            "filters",
            0,
            "operation",
            "includeObjectsWithNoValueSet",
        ),
    ),
    ("lists/2026-03/search", LISTS, ("additionalProperties",)),
]


def without(body, way):
    """A copy of a body that lacks the member at the end of the way."""
    copied = copy.deepcopy(body)
    inside = copied
    for step in way[:-1]:
        inside = inside[step]
    del inside[way[-1]]
    return copied


def dated(path: str) -> str:
    """The path in the shape of its version."""
    area, version, rest = path.split("/", 2) if path.count("/") > 1 else (*path.split("/"), "")
    tail = f"/{rest}" if rest else ""
    if version == "v3":
        return f"/crm/v3/{area}{tail}"
    return f"/crm/{area}/{version}{tail}"


@pytest.mark.parametrize(("path", "body", "way"), CASES, ids=lambda each: str(each)[:60])
def test_a_request_that_lacks_a_required_member_is_refused(hubspot, path, body, way):
    """400 names the member and nothing is done; with it the request is taken."""
    lacking = hubspot.send("POST", dated(path), without(body, way))
    whole = hubspot.send("POST", dated(path), body)

    assert lacking.status_code == 400
    assert lacking.json()["message"].endswith(f"required fields were not set: [{way[-1]}]")
    assert whole.status_code < 300


def test_all_that_a_request_lacks_is_named_once(hubspot):
    """Two inputs that lack the same members, and the batch that lacks another."""
    path = "/crm/objects/2026-03/deals/batch/read"
    answer = hubspot.send("POST", path, {"inputs": [{}, {}], "properties": []})

    assert answer.json()["message"].endswith("[id, propertiesWithHistory]")


def test_the_demand_for_members_can_be_lifted(hubspot):
    """Then a read without propertiesWithHistory is answered, as HubSpot's servers do today."""
    hubspot.control("POST", "behaviours", {"strict_requests": False})
    path = "/crm/objects/2026-03/deals/batch/read"

    assert hubspot.send("POST", path, {"inputs": [{"id": "1"}]}).status_code == 207


def test_every_error_has_errors_and_links(hubspot):
    """The refusal of a whole request, and each row of a 207, whatever they are about."""
    missing = hubspot.batch("read", "deals", [{"id": "999"}])
    rows = [hubspot.row("nonsense", trace="a")]
    invalid = hubspot.batch("upsert", "contacts", rows)
    wholes = [
        hubspot.send("GET", "/crm/objects/2026-03/deals/999"),
        hubspot.new("deals", amount="x"),
        hubspot.send("GET", "/crm/objects/2026-08/deals"),
    ]
    told = [error for answer in (missing, invalid) for error in answer.json()["errors"]]

    for error in told + [answer.json() for answer in wholes]:
        assert isinstance(error["errors"], list)
        assert isinstance(error["links"], dict)
        assert error["category"]
        assert error["message"]
    assert all(isinstance(error["context"], dict) for error in told)


def test_refusals_can_be_told_in_the_message_alone(hubspot):
    """With sparse_errors only the message names the property, as in HubSpot's changelog."""
    hubspot.control("POST", "behaviours", {"sparse_errors": True})
    whole = hubspot.new("deals", dealname="D", amount="x").json()
    row = hubspot.batch("upsert", "contacts", [hubspot.row("nonsense", trace="a")]).json()

    for error in (whole, row["errors"][0]):
        assert error["errors"] == []
    packed = orjson.loads(whole["message"].partition(": ")[2])
    assert [each["name"] for each in packed] == ["amount"]
