"""Sending records: creates, updates and archives of one object, a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from load.batch import NOT_FOUND, Reply, write_batch
from load.catalogue import ObjectType
from load.client import Body, HubSpot, objects_path, read_ids, read_properties, refuse
from load.ledger import Outcome, Rejection
from load.prepare import Row

# property -> our value -> the account's id of the same thing
Translation = Mapping[str, Mapping[str, str]]


class RecordSender:
    """Sends batches of rows of one object; safe for use by several threads at once."""

    def __init__(
        self, hubspot: HubSpot, object_type: ObjectType, translation: Translation
    ) -> None:
        self._hubspot = hubspot
        self._object = object_type
        self._translation = translation

    def create(self, rows: Sequence[Row]) -> Outcome:
        """Upsert rows by their unique property.

        Contacts that HubSpot has already are found by e-mail and updated by id (SPEC 10).
        """
        known: dict[str, str] = {}
        if self._object.name == "contacts":
            known = self._ids_by_key(rows)
        ids = {row.n: known[row.key] for row in rows if row.key in known}
        outcome = self._update(rows, ids)
        fresh = [row for row in rows if row.n not in ids]
        inputs = [
            self._input(row, row.key, row.desired) | {"idProperty": self._object.key}
            for row in fresh
        ]
        reply = write_batch(self._hubspot, self._path("upsert"), inputs)
        outcome.add(_outcome(reply))
        return outcome

    def update(self, rows: Sequence[Row]) -> Outcome:
        """Send the changed properties of rows by HubSpot id.

        A row whose record does not answer is looked up by its unique property: a merge
        gave it another id, or a person deleted it, and then it is never created again.
        """
        return self._update(rows, {row.n: row.hubspot_id for row in rows if row.hubspot_id})

    def archive(self, rows: Sequence[Row]) -> Outcome:
        """Move the rows' records to HubSpot's recycle bin."""
        answer = self._hubspot.call(
            "POST",
            self._path("archive"),
            {"inputs": [{"id": row.hubspot_id} for row in rows]},
        )
        refuse(answer, f"archive {len(rows)} {self._object.name}")
        return Outcome(archived=[row.n for row in rows])

    def _update(self, rows: Sequence[Row], ids: Mapping[int, str]) -> Outcome:
        reply = self._write_by_id(rows, ids)
        missing = [row for row in rows if _is_missing(reply, row)]
        if not missing:
            return _outcome(reply)
        for row in missing:
            del reply.refused[str(row.n)]
        found = self._ids_by_key(missing)
        moved = {row.n: found[row.key] for row in missing if row.key in found}
        reply.add(self._write_by_id(missing, moved, whole=True))
        outcome = _outcome(reply)
        outcome.gone = [row.n for row in missing if row.n not in moved]
        return outcome

    def _write_by_id(
        self, rows: Sequence[Row], ids: Mapping[int, str], *, whole: bool = False
    ) -> Reply:
        rows = [row for row in rows if row.n in ids]
        kept = self._written_by_people(rows, ids)
        inputs, reply = [], Reply()
        for row in rows:
            wanted = row.desired | row.changes if whole else row.changes
            changes = {k: v for k, v in wanted.items() if k not in kept.get(row.n, ())}
            if changes:
                inputs.append(self._input(row, ids[row.n], changes))
            else:
                reply.ids[str(row.n)] = ids[row.n]
        reply.add(write_batch(self._hubspot, self._path("update"), inputs))
        return reply

    def _written_by_people(
        self, rows: Sequence[Row], ids: Mapping[int, str]
    ) -> dict[int, list[str]]:
        """By row, the properties to clear that hold another value than Cartwheel wrote.

        A blank overwrites no value that Cartwheel did not write itself (SPEC 1.1). Only
        contacts have properties that people fill as well: HubSpot's own.
        """
        if self._object.name != "contacts":
            return {}
        cleared = {row.n: self._to_clear(row) for row in rows}
        asked = {row.n: ids[row.n] for row in rows if cleared[row.n]}
        if not asked:
            return {}
        written = {row.n: row.acknowledged for row in rows}
        names = sorted({name for each in cleared.values() for name in each})
        found = read_properties(self._hubspot, self._object.name, [*asked.values()], names)
        return {
            n: [name for name in cleared[n] if found[record_id].get(name) != written[n][name]]
            for n, record_id in asked.items()
            if record_id in found
        }

    def _to_clear(self, row: Row) -> list[str]:
        return [name for name in self._object.standard if row.changes.get(name) == ""]

    def _ids_by_key(self, rows: Sequence[Row]) -> dict[str, str]:
        keys = [row.key for row in rows]
        return read_ids(self._hubspot, self._object.name, self._object.key, keys)

    def _input(self, row: Row, record_id: str, properties: Mapping[str, str]) -> Body:
        return {
            "id": record_id,
            "objectWriteTraceId": str(row.n),
            "properties": {
                name: self._translation.get(name, {}).get(value, value)
                for name, value in properties.items()
            },
        }

    def _path(self, action: str) -> str:
        return objects_path(self._hubspot, self._object.name, action)


def _is_missing(reply: Reply, row: Row) -> bool:
    refused = reply.refused.get(str(row.n))
    return refused is not None and refused.category == NOT_FOUND


def _outcome(reply: Reply) -> Outcome:
    return Outcome(
        acknowledged={int(trace): record_id for trace, record_id in reply.ids.items()},
        rejected=[
            Rejection(int(trace), refused.category, refused.reason, refused.request_id)
            for trace, refused in reply.refused.items()
        ],
    )
