"""Reading records from HubSpot, at most 100 a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from load.hubspot.client import Body, HubSpot, objects_path, raise_for_error

# e-mails beside a contact's first one, which identify it too:
# docs/reference/hubspot.md#e-mail-addresses
FURTHER_EMAILS = "hs_additional_emails"
ARCHIVED_PAGE = 100


class Match(NamedTuple):
    """The record that holds a unique value: its id, and its values, the first one first."""

    hubspot_id: str
    keys: tuple[str, ...]


def read_contacts(
    hubspot: HubSpot, emails: Sequence[str], names: Sequence[str]
) -> dict[str, Body]:
    """The living contacts with these e-mails (at most 100), first or further ones, by e-mail.

    Each is {"id", "properties"} with the named properties.
    """
    found: dict[str, Body] = {}
    wanted = [*dict.fromkeys([*names, "email", FURTHER_EMAILS])]
    for record in _read(hubspot, "contacts", emails, wanted, {"idProperty": "email"}):
        found |= dict.fromkeys(_emails(record.get("properties", {})), record)
    return found


def read_matches(
    hubspot: HubSpot, object_type: str, key: str, values: Sequence[str]
) -> dict[str, Match]:
    """The living records with these values (at most 100) of a unique property, by value.

    Values that no record has are left out. E-mails are compared in lower case, and found
    among a contact's further e-mails too.
    """
    of_contacts = key == "email"
    names = [key, FURTHER_EMAILS] if of_contacts else [key]
    found: dict[str, Match] = {}
    for record in _read(hubspot, object_type, values, names, {"idProperty": key}):
        properties = record.get("properties", {})
        held = [properties.get(key) or ""]
        if of_contacts:
            held = _emails(properties)
        match = Match(str(record["id"]), tuple(dict.fromkeys(filter(None, held))))
        found |= dict.fromkeys(match.keys, match)
    return found


def _emails(properties: Body) -> list[str]:
    """A contact's e-mails, the first one first, in lower case."""
    further = (properties.get(FURTHER_EMAILS) or "").split(";")
    emails = (properties.get("email") or "", *further)
    return [*filter(None, (email.strip().lower() for email in emails))]


def read_properties(
    hubspot: HubSpot, object_type: str, ids: Sequence[str], names: Sequence[str]
) -> dict[str, Body]:
    """The named properties of the living records with these ids (at most 100), by id."""
    found = _read(hubspot, object_type, ids, names, {})
    return {str(record["id"]): record.get("properties", {}) for record in found}


def read_archived(hubspot: HubSpot, object_type: str, name: str) -> Iterator[tuple[str, str]]:
    """The id and a property of each record in HubSpot's recycle bin, page after page."""
    path = f"/crm/objects/{hubspot.version}/{object_type}"
    params = {"archived": "true", "limit": str(ARCHIVED_PAGE), "properties": name}
    while True:
        answer = hubspot.call("GET", path, params=params)
        raise_for_error(answer, f"list the archived {object_type}")
        for record in answer.body.get("results", []):
            yield str(record["id"]), str(record.get("properties", {}).get(name) or "")
        after = ((answer.body.get("paging") or {}).get("next") or {}).get("after")
        if not after:
            return
        params = {**params, "after": str(after)}


def _read(
    hubspot: HubSpot, object_type: str, ids: Sequence[str], names: Sequence[str], more: Body
) -> list[Body]:
    answer = hubspot.call(
        "POST",
        objects_path(hubspot, object_type, "read"),
        {
            **more,
            "properties": [*names],
            "propertiesWithHistory": [],
            "inputs": [{"id": value} for value in ids],
        },
    )
    raise_for_error(answer, f"read {object_type}")
    return list(answer.body.get("results", []))
