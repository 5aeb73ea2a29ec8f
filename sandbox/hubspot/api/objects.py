"""/crm/objects: records one by one, in batches, listed, archived and erased."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call, Handler
from sandbox.hubspot.api.routing import both_versions
from sandbox.hubspot.core.object_types import missing
from sandbox.hubspot.core.problems import bad_request, not_found
from sandbox.hubspot.records.batches import Batch, Mode, id_property_of, inputs_of
from sandbox.hubspot.records.records import Record
from sandbox.hubspot.records.search import search

LARGEST_PAGE = 100
SHOWN = {
    "contacts": ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate",
                 "lastname"),
    "companies": ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    "deals": ("amount", "closedate", "createdate", "dealname", "dealstage",
              "hs_lastmodifieddate", "hs_object_id", "pipeline"),
    "products": ("createdate", "description", "hs_lastmodifieddate", "hs_object_id", "name",
                 "price"),
    "line_items": ("createdate", "hs_lastmodifieddate", "hs_object_id", "quantity"),
}  # fmt: skip


def routes(account: Account) -> list[Route]:
    """The routes of all object types."""
    made: list[Route] = []
    for tail, handlers in (
        ("", {"get": list_records, "post": create_record}),
        ("/search", {"post": search_records}),
        ("/gdpr-delete", {"post": erase_record}),
        ("/batch/read", {"post": read_batch}),
        ("/batch/create", {"post": write_batch("create", 201)}),
        ("/batch/update", {"post": write_batch("update", 200)}),
        ("/batch/upsert", {"post": write_batch("upsert", 200)}),
        ("/batch/archive", {"post": archive_batch}),
        ("/{record_id}", {"get": get_record, "patch": change_record, "delete": archive_record}),
    ):
        made += both_versions(account, "objects", "/{object_type}" + tail, handlers)
    return made


def write_batch(mode: Mode, status: int) -> Handler:
    """The handler of batch create, update or upsert."""

    def handler(call: Call) -> Answer:
        batch = Batch(call.account, call.object_type, mode)
        return call.batch(status, *batch.write(inputs_of(call.body)))

    return handler


def read_batch(call: Call) -> Answer:
    """Read by id or by a unique property; what is missing is one error row of a 207.

    A record that is asked for by two of its e-mails is answered once.
    """
    archived = call.flag("archived")
    names = _names(call.object_type, call.body.get("properties"))
    id_property = id_property_of(call.body)
    wanted = [str(row.get("id")) for row in inputs_of(call.body)]
    found = {key: _find(call, key, id_property, archived=archived) for key in wanted}
    absent = [key for key, record in found.items() if record is None]
    errors = [missing(call.object_type, absent).row()] if absent else []
    records = {record.id: record for record in found.values() if record is not None}
    return call.batch(200, [record.wire(names) for record in records.values()], errors)


def archive_batch(call: Call) -> Answer:
    """Archive by id; ids that no living record has are passed over."""
    for row in inputs_of(call.body):
        if call.account.records[call.object_type].get(str(row.get("id"))):
            call.account.archive(call.object_type, str(row["id"]))
    return 204, None


def list_records(call: Call) -> Answer:
    """A page of living or, with archived=true, archived records in order of id."""
    limit = call.number("limit", 10, LARGEST_PAGE)
    after = call.query.get("after", "0")
    if not after.isdecimal():
        raise bad_request(f"after must be the cursor of a page, not {after}")
    records = call.account.records[call.object_type].page(
        int(after), limit, archived=call.flag("archived")
    )
    names = _names(call.object_type, _listed(call))
    body: dict[str, object] = {"results": [record.wire(names) for record in records[:limit]]}
    if len(records) > limit:
        body["paging"] = {"next": {"after": records[limit].id, "link": ""}}
    return 200, body


def create_record(call: Call) -> Answer:
    """Create one record, with its associations."""
    return 201, Batch(call.account, call.object_type, "create").write_one(call.body)


def get_record(call: Call) -> Answer:
    """One record by its id or, with idProperty, by a unique value."""
    key = call.path["record_id"]
    record = _find(call, key, call.query.get("idProperty"), archived=call.flag("archived"))
    if record is None:
        raise not_found("resource not found")
    return 200, record.wire(_names(call.object_type, _listed(call)))


def change_record(call: Call) -> Answer:
    """Change one record by its id or, with idProperty, by a unique value."""
    row = {"id": call.path["record_id"], "properties": call.body.get("properties")}
    if "idProperty" in call.query:
        row["idProperty"] = call.query["idProperty"]
    return 200, Batch(call.account, call.object_type, "update").write_one(row)


def archive_record(call: Call) -> Answer:
    """Archive one record."""
    call.account.archive(call.object_type, call.path["record_id"])
    return 204, None


def erase_record(call: Call) -> Answer:
    """Delete a contact for good (GDPR): by id, or by e-mail with idProperty."""
    if call.object_type != "contacts":
        raise not_found("Only contacts can be erased")
    key = str(call.body.get("objectId"))
    id_property = id_property_of(call.body)
    for archived in (False, True):
        record = _find(call, key, id_property, archived=archived)
        if record:
            call.account.erase("contacts", record.id)
            return 204, None
    raise missing("contacts", [key])


def search_records(call: Call) -> Answer:
    """Search the index, which lags behind the writes."""
    names = _names(call.object_type, call.body.get("properties"))
    return 200, search(call.account.records[call.object_type], call.body, names)


def _find(call: Call, key: str, id_property: str | None, *, archived: bool) -> Record | None:
    records = call.account.records[call.object_type]
    if id_property is None or id_property == "hs_object_id":
        return records.get(key, archived=archived)
    if id_property not in call.account.properties[call.object_type].unique:
        raise bad_request(f"{id_property} is not a unique property")
    if id_property == "email":
        key = key.strip().lower()
    owner = None if archived else records.owner(id_property, key)
    return records.get(owner) if owner else None


def _listed(call: Call) -> list[str]:
    listed = ",".join(call.query.getlist("properties"))
    return [name for name in listed.split(",") if name]


def _names(object_type: str, asked: object) -> list[str]:
    if not asked:
        return list(SHOWN[object_type])
    if not isinstance(asked, list) or not all(isinstance(name, str) for name in asked):
        raise bad_request("Invalid input JSON: properties must be a list of names")
    always = [name for name in SHOWN[object_type] if "date" in name or name == "hs_object_id"]
    return list(dict.fromkeys([*asked, *always]))
