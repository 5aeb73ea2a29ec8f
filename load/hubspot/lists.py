"""HubSpot's lists (segments): found by name, created once.

The API: docs/reference/hubspot.md#lists
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from load.hubspot.client import Answer, HubSpot, raise_for_error

NAME_TAKEN = "ILS.DUPLICATE_LIST_NAMES"


def find_list(hubspot: HubSpot, object_type_id: str, name: str) -> str | None:
    """The id of the list of an object type with that name, None if there is none."""
    path = f"{_path(hubspot)}/object-type-id/{object_type_id}/name/{quote(name, safe='')}"
    answer = hubspot.call("GET", path)
    if answer.status == 404:
        return None
    raise_for_error(answer, f"look up the list {name}")
    return _id(answer)


def read_list(hubspot: HubSpot, list_id: str) -> dict[str, Any] | None:
    """A list with its filters, None if it does not exist (any more)."""
    params = {"includeFilters": "true"}
    answer = hubspot.call("GET", f"{_path(hubspot)}/{list_id}", params=params)
    if answer.status == 404:
        return None
    raise_for_error(answer, f"show the list {list_id}")
    return dict(answer.body.get("list", {}))


def create_list(hubspot: HubSpot, definition: dict[str, Any]) -> tuple[str | None, Answer]:
    """Create a dynamic list: its id, None where HubSpot refuses it, and the answer.

    The name of a list is the only one of the account, so one whose answer was lost is found.
    """
    answer = hubspot.call("POST", _path(hubspot), definition)
    if answer.ok:
        return _id(answer), answer
    if answer.body.get("subCategory") != NAME_TAKEN:
        return None, answer
    return find_list(hubspot, definition["objectTypeId"], definition["name"]), answer


def refilter_list(hubspot: HubSpot, list_id: str, branch: dict[str, Any]) -> Answer:
    """Give a dynamic list other filters."""
    path = f"{_path(hubspot)}/{list_id}/update-list-filters"
    return hubspot.call("PUT", path, {"filterBranch": branch})


def rename_list(hubspot: HubSpot, list_id: str, name: str) -> Answer:
    """Give a list another name."""
    path = f"{_path(hubspot)}/{list_id}/update-list-name"
    return hubspot.call("PUT", path, params={"listName": name})


def _id(answer: Answer) -> str:
    return str(answer.body.get("list", {}).get("listId", ""))


def _path(hubspot: HubSpot) -> str:
    return f"/crm/lists/{hubspot.version}"
