"""Lists: created, found, searched, and who is in them."""

from __future__ import annotations

import pytest

LISTS = "/crm/lists/2026-03"


def filtered(name, operation_type, operator, **more):
    """A PROPERTY filter."""
    operation = {"operationType": operation_type, "operator": operator}
    operation = {"includeObjectsWithNoValueSet": False, **operation, **more}
    return {"filterType": "PROPERTY", "property": name, "operation": operation}


def branch(kind, filters, branches, **more):
    """A filter branch."""
    operator = "OR" if kind == "OR" else "AND"
    both = {"filterBranchType": kind, "filterBranchOperator": operator}
    return {**both, "filters": filters, "filterBranches": branches, **more}


def searched(**more):
    """The body of a search for lists, with the members that HubSpot requires."""
    every = {"additionalProperties": [], "listIds": [], "offset": 0, "processingTypes": []}
    return {**every, **more}


def options(*values):
    """Options of those values, with the members that HubSpot requires."""
    return [
        {"label": each, "value": each, "displayOrder": place, "hidden": False}
        for place, each in enumerate(values)
    ]


def association(object_type_id, type_id, filters, *branches, **more):
    """A branch about associated records."""
    about = {
        "objectTypeId": object_type_id,
        "operator": "IN_LIST",
        "associationTypeId": type_id,
        "associationCategory": "HUBSPOT_DEFINED",
    }
    return {**branch("ASSOCIATION", filters, [*branches]), **about, **more}


def wanted(*filters, branches=(), **more):
    """A dynamic list of the contacts that pass all filters and branches."""
    root = branch("OR", [], [branch("AND", [*filters], [*branches])])
    body = {"name": "L", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    return {**body, "filterBranch": root, **more}


ANA = filtered("firstname", "MULTISTRING", "IS_EQUAL_TO", values=["Ana"])
NAMED = filtered("name", "MULTISTRING", "IS_EQUAL_TO", values=["mug"])
LINES = association("0-8", 19, [NAMED])
WON = filtered("dealname", "STRING", "CONTAINS", value="won")


@pytest.fixture
def make(hubspot):
    """Create a list and give it, as HubSpot shows it."""

    def make(body):
        answer = hubspot.send("POST", LISTS, body)
        assert answer.status_code == 200, answer.text
        return answer.json()["list"]

    return make


@pytest.fixture
def members(hubspot, make):
    """The ids of the records in a list of that body."""

    def members(body):
        path = f"{LISTS}/{make(body)['listId']}/memberships"
        return [row["recordId"] for row in hubspot.send("GET", path).json()["results"]]

    return members


@pytest.fixture
def joined(hubspot):
    """Associate two new records with each other."""

    def joined(from_object, from_id, to_object, to_id, type_id):
        kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
        row = {"from": {"id": from_id}, "to": {"id": to_id}, "types": [kind]}
        assert hubspot.associate(from_object, to_object, [row]).status_code in (200, 201)

    return joined


def test_a_list_is_found_by_id_and_by_name(hubspot, make):
    """Both give it without its filters, unless includeFilters asks for them."""
    made = make(wanted(ANA, name="Ana / all"))

    by_name = hubspot.send("GET", f"{LISTS}/object-type-id/0-1/name/Ana%20%2F%20all")
    by_id = hubspot.send("GET", f"{LISTS}/{made['listId']}?includeFilters=true")

    assert by_name.json()["list"]["listId"] == made["listId"]
    assert "filterBranch" not in by_name.json()["list"]
    assert by_id.json()["list"] == made


@pytest.mark.parametrize("path", ["/77", "/object-type-id/0-1/name/L", "/77/memberships"])
def test_a_list_that_there_is_not_is_not_found(hubspot, path):
    """404 for an unknown id and for an unknown name."""
    assert hubspot.send("GET", LISTS + path).status_code == 404


def test_a_name_is_given_once_in_an_account(hubspot, make):
    """The second list of a name is refused as HubSpot refuses it, whatever its objects."""
    make(wanted(ANA))

    body = {"name": "l", "objectTypeId": "0-3", "processingType": "MANUAL"}
    answer = hubspot.send("POST", LISTS, body)

    assert answer.status_code == 400
    assert answer.json()["subCategory"] == "ILS.DUPLICATE_LIST_NAMES"


def test_a_list_gets_another_name_that_is_free(hubspot, make):
    """It keeps its id and its filters; a name that is taken, or none, is refused."""
    made, other = make(wanted(ANA)), make(wanted(ANA, name="Other"))
    path = f"{LISTS}/{made['listId']}/update-list-name"

    renamed = hubspot.send("PUT", f"{path}?listName=Neu&includeFilters=true").json()

    assert renamed["updatedList"]["filterBranch"] == made["filterBranch"]
    assert renamed["updatedList"]["listId"] == made["listId"]
    taken = hubspot.send("PUT", f"{path}?listName={other['name']}")
    assert taken.json()["subCategory"] == "ILS.DUPLICATE_LIST_NAMES"
    assert hubspot.send("PUT", path).status_code == 400
    assert hubspot.send("PUT", f"{path}?listName=NEU").status_code == 200


def test_a_deleted_list_gives_its_name_free(hubspot, make):
    """After DELETE the list no longer exists, and another may have its name."""
    made = make(wanted(ANA))

    assert hubspot.send("DELETE", f"{LISTS}/{made['listId']}").status_code == 204
    assert hubspot.send("GET", f"{LISTS}/{made['listId']}").status_code == 404
    make(wanted(ANA))


def test_search_gives_pages_with_sizes(hubspot, make):
    """A part of the name is enough; hasMore says that there are further ones."""
    hubspot.create("contacts", firstname="Ana")
    for name in ("Shop A", "Shop B", "Other"):
        make(wanted(ANA, name=name))

    answer = hubspot.send("POST", f"{LISTS}/search", searched(query="shop", count=1)).json()

    assert [(each["name"]) for each in answer["lists"]] == ["Shop A"]
    assert answer["lists"][0]["additionalProperties"] == {"hs_list_size": "1"}
    assert (answer["total"], answer["hasMore"], answer["offset"]) == (2, True, 1)


def test_memberships_come_in_pages(hubspot, make):
    """The cursor leads through all members in order of id."""
    ids = [hubspot.create("contacts", firstname="Ana") for _ in range(3)]
    path = f"{LISTS}/{make(wanted(ANA))['listId']}/memberships?limit=2"

    first = hubspot.send("GET", path).json()
    second = hubspot.send("GET", f"{path}&after={first['paging']['next']['after']}").json()

    found = [row["recordId"] for row in first["results"] + second["results"]]
    assert found == ids
    assert "paging" not in second


def test_a_dynamic_list_follows_the_records_and_a_snapshot_does_not(hubspot, make):
    """Who comes later is in the dynamic list alone."""
    kinds = {kind: make(wanted(ANA, name=kind, processingType=kind)) for kind in
             ("DYNAMIC", "SNAPSHOT")}  # fmt: skip
    hubspot.create("contacts", firstname="Ana")

    sizes = {
        kind: hubspot.send("GET", f"{LISTS}/{made['listId']}/memberships").json()["total"]
        for kind, made in kinds.items()
    }

    assert sizes == {"DYNAMIC": 1, "SNAPSHOT": 0}


def test_a_token_without_the_scopes_is_refused(hubspot, account):
    """403 names the scopes."""
    account.access.take_away("crm.lists.read", "crm.lists.write")

    answer = hubspot.send("POST", LISTS, wanted(ANA))

    assert answer.status_code == 403
    assert answer.json()["category"] == "MISSING_SCOPES"
    assert "crm.lists.write" in answer.text


def test_lists_reach_over_deals_to_line_items(hubspot, members, joined):
    """The contact with a won deal that has the line item is in; near misses are not."""
    ids = {}
    for name, deal, line in (
        ("buyer", "won", "Mug"),
        ("other thing", "won", "Cup"),
        ("lost", "lost", "Mug"),
    ):
        ids[name] = hubspot.create("contacts", firstname=name)
        deal_id = hubspot.create("deals", dealname=deal)
        line_id = hubspot.create("line_items", name=line, quantity="1", price="2")
        joined("deals", deal_id, "contacts", ids[name], 3)
        joined("line_items", line_id, "deals", deal_id, 20)
    hubspot.create("contacts", firstname="no deal")

    found = members(wanted(branches=[association("0-3", 4, [WON], LINES)]))

    assert found == [ids["buyer"]]


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        (("MULTISTRING", "IS_EQUAL_TO", {"values": ["ana", "Bo"]}), "Ana Bo"),
        (("multistring", "IS_NOT_EQUAL_TO", {"values": ["ana"]}), "Bo"),
        (("STRING", "STARTS_WITH", {"value": "a"}), "Ana"),
        (("MULTISTRING", "DOES_NOT_CONTAIN", {"values": ["n", "x"]}), "Bo"),
        (("ALL_PROPERTY", "IS_KNOWN", {}), "Ana Bo"),
        (("alltypes", "IS_UNKNOWN", {}), "nobody"),
        (
            (
                "MULTISTRING",
                "IS_NOT_EQUAL_TO",
                {"values": ["ana"], "includeObjectsWithNoValueSet": True},
            ),
            "Bo nobody",
        ),
    ],
)
def test_texts_are_compared_without_regard_to_case(hubspot, members, operation, found):
    """Several values are alternatives; who has no value is out unless asked for."""
    names = {hubspot.create("contacts", firstname=name): name for name in ("Ana", "Bo")}
    names[hubspot.create("contacts", lastname="Z")] = "nobody"
    kind, operator, more = operation

    passed = members(wanted(filtered("firstname", kind, operator, **more)))

    assert " ".join(names[each] for each in passed) == found


@pytest.mark.parametrize(
    ("kind", "operation", "values"),
    [
        (
            {"type": "number", "fieldType": "number"},
            filtered("ours", "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", value=2),
            "2 10",
        ),
        (
            {"type": "number", "fieldType": "number"},
            filtered("ours", "NUMBER_RANGED", "IS_NOT_BETWEEN", lowerBound=2, upperBound=3),
            "1 10",
        ),
        (
            {
                "type": "bool",
                "fieldType": "booleancheckbox",
                "options": options("true", "false"),
            },
            filtered("ours", "BOOL", "IS_NOT_EQUAL_TO", value=True),
            "false",
        ),
        (
            {
                "type": "enumeration",
                "fieldType": "checkbox",
                "options": options(*"abc"),
            },
            filtered("ours", "ENUMERATION", "CONTAINS_ALL", values=["a", "b"]),
            "a;b a;b;c",
        ),
    ],
)
def test_each_type_of_property_has_its_operations(hubspot, members, kind, operation, values):
    """Numbers by size, checkboxes by truth, options by what they hold."""
    hubspot.add_property("contacts", "ours", **kind)
    samples = {"number": "1 2 10", "bool": "true false", "enumeration": "a a;b a;b;c"}
    made = {
        hubspot.create("contacts", lastname="Z", ours=value): value
        for value in samples[kind["type"]].split()
    }

    assert [made[each] for each in members(wanted(operation))] == values.split()


DATES = filtered("createdate", "NUMBER", "IS_EQUAL_TO", value=1)
DEALS = association("0-3", 4, [WON])
REFUSED = {
    "no tree": wanted(ANA, filterBranch=None),
    "a root that is AND": wanted(ANA, filterBranch=branch("AND", [ANA], [])),
    "a root with filters": wanted(filterBranch=branch("OR", [ANA], [branch("AND", [], [])])),
    "a root alone": wanted(filterBranch=branch("OR", [], [])),
    "OR below OR": wanted(filterBranch=branch("OR", [], [branch("OR", [], [])])),
    "AND below AND": wanted(branches=[branch("AND", [ANA], [])]),
    "an unknown property": wanted(filtered("nope", "STRING", "IS_EQUAL_TO", value="x")),
    "an operation of another type": wanted(DATES),
    "an unknown operator": wanted(filtered("email", "STRING", "IS", value="x")),
    "a value that is text": wanted(filtered("email", "MULTISTRING", "CONTAINS", values="x")),
    "no value": wanted(filtered("email", "MULTISTRING", "CONTAINS", values=[])),
    "no operation": wanted({"filterType": "PROPERTY", "property": "email"}),
    "another filter": wanted({"filterType": "PAGE_VIEW"}),
    "a type id of the other way": wanted(branches=[association("0-3", 3, [WON])]),
    "line items at once": wanted(branches=[association("0-8", 19, [NAMED])]),
    "another operator": wanted(branches=[{**DEALS, "operator": "NOT_IN_LIST"}]),
    "own associations": wanted(branches=[{**DEALS, "associationCategory": "USER_DEFINED"}]),
    "an association without filters": wanted(branches=[association("0-3", 4, [])]),
    "companies behind deals": wanted(
        branches=[association("0-3", 4, [WON], association("0-2", 341, []))]
    ),
    "two branches within one": wanted(branches=[association("0-3", 4, [WON], LINES, LINES)]),
    "two associations for deals": wanted(
        branches=[association("0-1", 3, [ANA], DEALS)], objectTypeId="0-3"
    ),
    "an object without lists": wanted(NAMED, objectTypeId="0-8"),
    "another processing": wanted(ANA, processingType="LIVE"),
    "a manual list with filters": wanted(ANA, processingType="MANUAL"),
    "no name": wanted(ANA, name=" "),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_what_hubspot_refuses_is_refused(hubspot, body):
    """400, and no list comes of it."""
    assert hubspot.send("POST", LISTS, body).status_code == 400
    assert hubspot.send("POST", f"{LISTS}/search", searched()).json()["total"] == 0
