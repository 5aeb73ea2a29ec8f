"""Sending records: creates, updates and archives of one object, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from load.batch import CONFLICT, NOT_FOUND, Reply, write_batch
from load.catalogue import LINE_ITEM_TO_DEAL, ObjectType
from load.client import Body, HubSpot, objects_path, refuse
from load.outcome import (
    ARCHIVED,
    GONE,
    LIVING,
    SHARED,
    Found,
    Moved,
    Outcome,
    Rejected,
    Settled,
)
from load.prepare import Row
from load.reading import Holder, read_holders, read_properties

# property -> our value -> the account's id of the same thing
Translation = Mapping[str, Mapping[str, str]]
# the association of a record that is created with its parent
TO_PARENT = [LINE_ITEM_TO_DEAL.spec]

# which of some e-mails are rows of our own
Ours = Callable[[Iterable[str]], set[str]]


class RecordSender:
    """Sends batches of rows of one object; safe for use by several threads at once."""

    def __init__(
        self, hubspot: HubSpot, object_type: ObjectType, translation: Translation, ours: Ours
    ) -> None:
        self._hubspot = hubspot
        self._object = object_type
        self._translation = translation
        self._ours = ours

    def find(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Which rows HubSpot has already, by their unique property (SPEC 10).

        A contact is found by a secondary e-mail as well. Of several rows of ours that are
        one contact, the one whose e-mail comes first there writes it; the others share it.
        """
        outcome = Outcome[Row]()
        self._place(rows, self._holders(rows), outcome)
        return outcome

    def create(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Upsert rows by their unique property."""
        sent = {row.n: self._values(row.desired) for row in rows}
        inputs = [
            _input(row, row.key, sent[row.n]) | {"idProperty": self._object.key} for row in rows
        ]
        reply = write_batch(self._hubspot, self._path("upsert"), inputs)
        return _outcome(rows, reply, sent)

    def create_with_parent(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Create rows together with the association to their parent (hubspot.md 3.3).

        Those that exist already, since an answer was lost or a run was killed, are
        upserted, and their associations follow with the others.
        """
        sent = {row.n: self._values(row.desired) for row in rows}
        inputs = [
            {
                "objectWriteTraceId": str(row.n),
                "properties": sent[row.n],
                "associations": [{"to": {"id": row.parent_id}, "types": TO_PARENT}],
            }
            for row in rows
        ]
        reply = write_batch(
            self._hubspot, self._path("create"), inputs, unique=self._object.key
        )
        there = [row for row in rows if _conflicts(reply, row)]
        for row in there:
            del reply.refused[str(row.n)]
        outcome = _outcome(rows, reply, sent)
        outcome.settled = [
            replace(done, parent_id=done.row.parent_id) for done in outcome.settled
        ]
        if there:
            outcome.add(self.create(there))
        return outcome

    def update(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Send the changed properties of rows by HubSpot id.

        A row whose record does not answer is looked up by its unique property: a merge
        gave it another id, or a person deleted it, and then it is never created again.
        """
        outcome, missing = self._write_by_id(
            rows, {row.n: row.hubspot_id or "" for row in rows}
        )
        if not missing:
            return outcome
        holders = self._holders(missing)
        moved = Outcome[Row]()
        self._place(missing, holders, moved)
        ids = {found.n: found.hubspot_id for found in moved.found}
        outcome.settled += moved.settled
        outcome.moved += moved.moved
        followed, lost = self._write_by_id(
            [row for row in missing if row.n in ids], ids, whole=True
        )
        outcome.add(followed)
        gone = [row for row in missing if row.key not in holders] + lost
        outcome.settled += [Settled(row, GONE, row.hubspot_id) for row in gone]
        return outcome

    def archive(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Move the rows' records to HubSpot's recycle bin."""
        answer = self._hubspot.call(
            "POST",
            self._path("archive"),
            {"inputs": [{"id": row.hubspot_id} for row in rows]},
        )
        refuse(answer, f"archive {len(rows)} {self._object.name}")
        return Outcome(
            [Settled(row, ARCHIVED, row.hubspot_id, {}, answer.request_id) for row in rows]
        )

    def _place(
        self, rows: Sequence[Row], holders: Mapping[str, Holder], outcome: Outcome[Row]
    ) -> None:
        held = [row for row in rows if row.key in holders]
        earlier = {row.key: _before(row.key, holders[row.key].keys) for row in held}
        ours = self._ours(email for emails in earlier.values() for email in emails)
        for row in held:
            record_id = holders[row.key].hubspot_id
            if writing := [email for email in earlier[row.key] if email in ours]:
                outcome.settled.append(Settled(row, SHARED, record_id))
                outcome.moved.append(Moved(self._object.name, writing[0], record_id))
            else:
                outcome.found.append(Found(row.n, record_id))

    def _write_by_id(
        self, rows: Sequence[Row], ids: Mapping[int, str], *, whole: bool = False
    ) -> tuple[Outcome[Row], list[Row]]:
        """Update rows, and give those whose record does not answer."""
        kept = self._written_by_people(rows, ids)
        sent: dict[int, dict[str, str]] = {}
        unchanged = Outcome[Row]()
        for row in rows:
            wanted = row.desired | row.changes if whole else row.changes
            # the record is named by its id; its e-mail may be another one by now
            leave = {self._object.key, *kept.get(row.n, ())}
            if changes := {k: v for k, v in wanted.items() if k not in leave}:
                sent[row.n] = self._values(changes)
            else:
                unchanged.settled.append(Settled(row, LIVING, ids[row.n]))
        inputs = [_input(row, ids[row.n], sent[row.n]) for row in rows if row.n in sent]
        reply = write_batch(self._hubspot, self._path("update"), inputs)
        missing = [row for row in rows if _is_missing(reply, row)]
        for row in missing:
            del reply.refused[str(row.n)]
        outcome = _outcome(rows, reply, sent)
        outcome.add(unchanged)
        return outcome, missing

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
        changes = row.changes
        return [name for name in self._object.standard if changes.get(name) == ""]

    def _holders(self, rows: Sequence[Row]) -> dict[str, Holder]:
        keys = [row.key for row in rows]
        return read_holders(self._hubspot, self._object.name, self._object.key, keys)

    def _values(self, properties: Mapping[str, str]) -> dict[str, str]:
        return {
            name: self._translation.get(name, {}).get(value, value)
            for name, value in properties.items()
        }

    def _path(self, action: str) -> str:
        return objects_path(self._hubspot, self._object.name, action)


def _before(key: str, keys: Sequence[str]) -> Sequence[str]:
    return keys[: keys.index(key)]


def _input(row: Row, record_id: str, properties: Mapping[str, str]) -> Body:
    return {"id": record_id, "objectWriteTraceId": str(row.n), "properties": dict(properties)}


def _is_missing(reply: Reply, row: Row) -> bool:
    refused = reply.refused.get(str(row.n))
    return refused is not None and refused.category == NOT_FOUND


def _conflicts(reply: Reply, row: Row) -> bool:
    refused = reply.refused.get(str(row.n))
    return refused is not None and refused.category.startswith(CONFLICT)


def _outcome(
    rows: Sequence[Row], reply: Reply, sent: Mapping[int, dict[str, str]]
) -> Outcome[Row]:
    outcome = Outcome[Row]()
    for row in rows:
        trace = str(row.n)
        if taken := reply.taken.get(trace):
            done = Settled(row, LIVING, taken.hubspot_id, sent[row.n], taken.request_id)
            outcome.settled.append(done)
        elif why := reply.refused.get(trace):
            outcome.rejected.append(Rejected(row, why.category, why.reason, why.request_id))
    return outcome
