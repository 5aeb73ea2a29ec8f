"""What a person does in HubSpot behind a loader's back: restores, edits, merges.

Each function gives the record as it is then, with all its values. Raises Problem where HubSpot
would refuse it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.hubspot.core.object_types import missing
from sandbox.hubspot.core.problems import bad_request
from sandbox.hubspot.core.values import email as checked_email
from sandbox.hubspot.records.batches import Batch
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import (
    ADDITIONAL_EMAILS,
    Record,
    Records,
    additional_emails,
    joined,
)

Shown = dict[str, Any]

MERGED = "hs_merged_object_ids"


def create(crm: Crm, object_type: str, properties: Mapping[str, str]) -> Shown:
    """Make a record by hand, under the rules that the API has as well."""
    row = {"properties": dict(properties)}
    record_id = Batch(crm, object_type, "create", by_person=True).write_one(row)["id"]
    return crm.find(object_type, record_id).wire()


def edit(crm: Crm, object_type: str, record_id: str, properties: Mapping[str, str]) -> Shown:
    """Change values of a living record, under the rules that the API has as well."""
    row = {"id": record_id, "properties": dict(properties)}
    Batch(crm, object_type, "update", by_person=True).write_one(row)
    return crm.find(object_type, record_id).wire()


def restore(crm: Crm, object_type: str, record_id: str) -> Shown:
    """Take a record out of the recycle bin, without the associations that it had.

    409 if a living record has its e-mail or another of its unique values by now.
    Whether HubSpot brings the associations back is unknown; a loader must cope without.
    """
    record = crm.find(object_type, record_id, archived=True)
    records = crm.records[object_type]
    records.check_unique(None, record.properties, crm.properties[object_type].unique)
    records.restore(record, crm.clock.now())
    return record.wire()


def add_email(crm: Crm, record_id: str, address: str) -> Shown:
    """Give a contact one more e-mail; 409 if any living contact has it already."""
    record = crm.find("contacts", record_id)
    try:
        address = crm.behaviours.stored("contacts", "email", checked_email(address))
    except ValueError as error:
        raise bad_request(str(error), "INVALID_EMAIL") from None
    _records(crm).check_unique(None, {"email": address}, ["email"])
    addresses = [*additional_emails(record.properties), address]
    return _write(crm, record, {ADDITIONAL_EMAILS: joined(addresses, "")}).wire()


def merge(crm: Crm, primary_id: str, other_id: str, *, keep_primary: bool = False) -> Shown:
    """Make one contact of two: the primary's values win, blanks are filled.

    Facts: docs/reference/hubspot.md#merged-contacts

    The e-mail stays the primary's, all others become secondary ones. The merged contact
    has a new id, or with keep_primary ("Primary ID preservation") the primary's; the ids
    that no longer exist answer nowhere, not even as archived, and are in hs_merged_object_ids
    with those of earlier merges.
    """
    if primary_id == other_id:
        raise bad_request("A contact cannot be merged with itself")
    primary, other = (crm.find("contacts", each) for each in (primary_id, other_id))
    values = _merged_values(primary, other)
    ids = [*_merged_ids(primary), *([] if keep_primary else [primary.id])]
    values[MERGED] = ";".join([*ids, *_merged_ids(other), other.id])
    _records(crm).erase(other)
    if not keep_primary:
        _records(crm).erase(primary)
    merged = _write(crm, primary if keep_primary else None, values)
    merged.created_at = values["createdate"]
    for old in (primary, other):
        if old is not merged:
            crm.links.move("contacts", old.id, merged.id)
    return merged.wire()


def erase(crm: Crm, object_type: str, record_id: str) -> None:
    """Delete a record for good, living or archived: nothing of it is left."""
    records = crm.records[object_type]
    record = records.get(record_id) or records.get(record_id, archived=True)
    if record is None:
        raise missing(object_type, [record_id])
    crm.links.remove_record(object_type, record.id)
    records.erase(record)


def _merged_values(primary: Record, other: Record) -> dict[str, str]:
    values = {**other.properties, **primary.properties}
    for name in ("hs_object_id", "lastmodifieddate"):
        values.pop(name, None)
    values["createdate"] = min(primary.created_at, other.created_at)
    addresses = [
        address
        for each in (primary, other)
        for address in (each.properties.get("email", ""), *additional_emails(each.properties))
    ]
    values[ADDITIONAL_EMAILS] = joined(addresses, values.get("email", ""))
    return values


def _merged_ids(record: Record) -> list[str]:
    return [each for each in record.properties.get(MERGED, "").split(";") if each]


def _records(crm: Crm) -> Records:
    return crm.records["contacts"]


def _write(crm: Crm, record: Record | None, values: dict[str, str]) -> Record:
    unique = crm.properties["contacts"].unique
    return _records(crm).write(record, values, unique, crm.clock.now())
