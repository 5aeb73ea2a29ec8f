"""/crm/lists: lists created, found, searched and deleted, and their memberships."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.core.clock import stamp
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call
from sandbox.hubspot.api.routing import both_versions
from sandbox.hubspot.core.problems import bad_request
from sandbox.hubspot.lists.lists import List, Lists

LARGEST_PAGE, LARGEST_SEARCH = 250, 500


def routes(account: Account) -> list[Route]:
    """The routes of an account's lists."""
    made: list[Route] = []
    for tail, handlers in (
        ("", {"post": create_list}),
        ("/search", {"post": search_lists}),
        ("/object-type-id/{object_type_id}/name/{name:path}", {"get": get_list_by_name}),
        ("/{list_id}", {"get": get_list, "delete": delete_list}),
        ("/{list_id}/memberships", {"get": list_memberships}),
        ("/{list_id}/update-list-filters", {"put": update_filters}),
        ("/{list_id}/update-list-name", {"put": update_name}),
    ):
        made += both_versions(account, "lists", tail, handlers)
    return made


def create_list(call: Call) -> Answer:
    """Create a list; the answer holds it with its filters."""
    return 200, {"list": _lists(call).create(call.body)}


def update_filters(call: Call) -> Answer:
    """Give a dynamic list other filters."""
    list_id, branch = call.path["list_id"], call.body.get("filterBranch")
    return 200, {"updatedList": _lists(call).refilter(list_id, branch)}


def update_name(call: Call) -> Answer:
    """Give a list the name in the address."""
    found = _lists(call).rename(call.path["list_id"], call.query.get("listName"))
    return 200, {"updatedList": _shown(call, found)["list"]}


def search_lists(call: Call) -> Answer:
    """Search by a part of the name; with their sizes, without their filters."""
    body = call.body
    offset, count = body.get("offset", 0), body.get("count", 20)
    if not isinstance(offset, int) or offset < 0:
        raise bad_request("offset must be a whole number from 0")
    if not isinstance(count, int) or not 1 <= count <= LARGEST_SEARCH:
        raise bad_request(f"count must be a whole number from 1 to {LARGEST_SEARCH}")
    found = _lists(call).search(
        str(body.get("query") or ""), _texts(body, "processingTypes"), _texts(body, "listIds")
    )
    shown = found[offset : offset + count]
    return 200, {
        "lists": [
            {**_plain(each), "additionalProperties": _size(call, each)} for each in shown
        ],
        "hasMore": offset + count < len(found),
        "offset": offset + len(shown),
        "total": len(found),
    }


def get_list(call: Call) -> Answer:
    """One list by its id."""
    return 200, _shown(call, _lists(call).get(call.path["list_id"]))


def get_list_by_name(call: Call) -> Answer:
    """One list by its object type and its whole name."""
    return 200, _shown(call, _lists(call).named(call.path["object_type_id"], call.path["name"]))


def delete_list(call: Call) -> Answer:
    """Delete a list."""
    _lists(call).delete(call.path["list_id"])
    return 204, None


def list_memberships(call: Call) -> Answer:
    """A page of the records in a list, in order of id."""
    limit, after = call.number("limit", 100, LARGEST_PAGE), call.query.get("after", "0")
    if not after.isdecimal():
        raise bad_request(f"after must be the cursor of a page, not {after}")
    members = _lists(call).members(call.path["list_id"])
    start, moment = int(after), stamp(call.account.clock.now())
    body: dict[str, Any] = {
        "results": [
            {"recordId": record_id, "membershipTimestamp": moment}
            for record_id in members[start : start + limit]
        ],
        "total": len(members),
    }
    if start + limit < len(members):
        body["paging"] = {"next": {"after": str(start + limit), "link": ""}}
    return 200, body


def _lists(call: Call) -> Lists:
    return call.account.lists


def _shown(call: Call, found: List) -> dict[str, List]:
    return {"list": found if call.flag("includeFilters") else _plain(found)}


def _plain(found: List) -> List:
    return {name: value for name, value in found.items() if name != "filterBranch"}


def _size(call: Call, found: List) -> dict[str, str]:
    return {"hs_list_size": str(len(_lists(call).members(found["listId"])))}


def _texts(body: dict[str, Any], name: str) -> list[str]:
    found = body.get(name) or []
    if not isinstance(found, list):
        raise bad_request(f"{name} must be a list")
    return [str(each) for each in found]
