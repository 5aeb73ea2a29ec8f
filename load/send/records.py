"""Sending records: creates, updates and archives of one object, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from cartwheel.core.errors import ServiceError
from load.hubspot.batch_read import Match, read_matches, read_properties
from load.hubspot.batch_write import CONFLICT, NOT_FOUND, Accepted, Reply, RowError, write_batch
from load.hubspot.client import Body, HubSpot, objects_path, raise_for_error
from load.ledger.results import (
    ARCHIVED,
    DELETED,
    MERGED,
    Acknowledged,
    IdChange,
    MatchedRow,
    Outcome,
    Rejected,
)
from load.objects.account_values import AccountValues
from load.objects.catalogue import CATALOGUE, LINE_ITEM_TO_DEAL
from load.plan.rows import Row
from load.send.drafts import Draft, draft, with_companions

# the association of a record that is created with its parent
TO_PARENT = [LINE_ITEM_TO_DEAL.spec]
PRODUCT_ID = "hs_product_id"  # of a line item

# which of some e-mails are rows of our own
Ours = Callable[[Iterable[str]], set[str]]


class _Written:
    """HubSpot's answers to drafts, and records found under other ids meanwhile."""

    def __init__(self) -> None:
        self.reply = Reply()
        self.id_changes: list[IdChange] = []

    def take_refused(self, drafts: Sequence[Draft], category: str) -> list[Row]:
        """Take out the rows that were refused for a category, for another attempt."""
        found = [
            each
            for each in drafts
            if (why := self.reply.refused.get(each.trace)) and why.category.startswith(category)
        ]
        for each in found:
            del self.reply.refused[each.trace]
        return [each.row for each in found]

    def outcome(self, drafts: Sequence[Draft]) -> Outcome[Row]:
        """The outcome of the rows."""
        outcome = Outcome[Row](id_changes=self.id_changes, error=self.reply.error)
        for each in drafts:
            if taken := self.reply.taken.get(each.trace):
                outcome.acknowledged.append(each.acknowledged(taken))
            elif why := self.reply.refused.get(each.trace):
                outcome.rejected.append(each.rejected(why))
        return outcome


def _go_on(outcome: Outcome[Row], step: Callable[[], Outcome[Row]]) -> None:
    """Do a further step for a batch; earlier results are not lost if it fails."""
    if outcome.error:
        return
    try:
        outcome.add(step())
    except ServiceError as error:
        outcome.error = error


class RecordSender:
    """Sends batches of rows of one object; safe for use by several threads at once."""

    def __init__(self, hubspot: HubSpot, account_values: AccountValues, ours: Ours) -> None:
        self._hubspot = hubspot
        self._object = account_values.object_type
        self._wording = account_values
        self._ours = ours

    def find(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Which rows HubSpot already has, by their unique property.

        The rule: docs/reference/rules.md#adoption

        A contact is found by a secondary e-mail as well. Of several rows of ours that are
        one contact, the one whose e-mail comes first there writes it; the others share it.
        """
        outcome = Outcome[Row]()
        self._place(rows, self._matches(rows), outcome)
        return outcome

    def create(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Upsert rows by their unique property."""
        key = self._object.key
        drafts = [draft(row, self._wording) for row in rows]
        written = self._write("upsert", drafts, lambda row: {"id": row.key, "idProperty": key})
        return written.outcome(drafts)

    def create_with_parent(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Create rows together with the association to their parent.

        Only a create takes one (docs/reference/hubspot.md#associations-made-on-creation). Those
        that exist already, since an answer was lost or a run was killed, are upserted, and
        their associations follow with the others. Those whose parent no longer exists go with
        the record that has its key by now, or wait.
        """
        drafts = [draft(row, self._wording) for row in rows]
        written = self._write(
            "create",
            drafts,
            lambda row: {"associations": [{"to": {"id": row.parent_id}, "types": TO_PARENT}]},
            unique=self._object.key,
        )
        there = written.take_refused(drafts, CONFLICT)
        lost = written.take_refused(drafts, NOT_FOUND)
        outcome = written.outcome(drafts)
        outcome.acknowledged = [
            replace(done, parent_id=done.row.parent_id) for done in outcome.acknowledged
        ]
        if there:
            _go_on(outcome, lambda: self.create(there))
        if lost:
            _go_on(outcome, lambda: self._create_with_parent_again(lost))
        return outcome

    def _create_with_parent_again(self, lost: Sequence[Row]) -> Outcome[Row]:
        outcome = Outcome[Row]()
        parents, key = LINE_ITEM_TO_DEAL.to_object, CATALOGUE[LINE_ITEM_TO_DEAL.to_object].key
        keys = {row.n: row.desired[key] for row in lost}
        matches = read_matches(self._hubspot, parents, key, sorted({*keys.values()}))
        again = []
        for row in lost:
            match = matches.get(keys[row.n])
            if match is None:
                outcome.id_changes.append(IdChange(parents, keys[row.n], None))
            elif match.hubspot_id == row.parent_id:
                reason = f"HubSpot has no deal {row.parent_id} to create it with"
                outcome.rejected.append(Rejected(row, NOT_FOUND, reason))
            else:
                outcome.id_changes.append(IdChange(parents, keys[row.n], match.hubspot_id))
                again.append(row._replace(parent_id=match.hubspot_id))
        if again:
            outcome.add(self.create_with_parent(again))
        return outcome

    def update(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Send the changed properties of rows by HubSpot id.

        A row whose record is not found by id is looked up by its unique property: a merge gave
        it another id, or a user deleted it, and then it is never created again.
        """
        outcome, missing = self._write_by_id(
            rows, {row.n: row.hubspot_id or "" for row in rows}
        )
        if missing:
            _go_on(outcome, lambda: self._follow(missing))
        return outcome

    def _follow(self, missing: Sequence[Row]) -> Outcome[Row]:
        """Update the rows under the current ids of their records."""
        matches = self._matches(missing)
        moved = Outcome[Row]()
        self._place(missing, matches, moved)
        ids = {found.n: found.hubspot_id for found in moved.matched}
        outcome = Outcome[Row](acknowledged=moved.acknowledged, id_changes=moved.id_changes)
        followed, lost = self._write_by_id(
            [row for row in missing if row.n in ids], ids, whole=True
        )
        outcome.add(followed)
        gone = [row for row in missing if row.key not in matches] + lost
        outcome.acknowledged += [Acknowledged(row, DELETED, row.hubspot_id) for row in gone]
        return outcome

    def archive(self, rows: Sequence[Row]) -> Outcome[Row]:
        """Move the rows' records to HubSpot's recycle bin."""
        answer = self._hubspot.call(
            "POST",
            objects_path(self._hubspot, self._object.name, "archive"),
            {"inputs": [{"id": row.hubspot_id} for row in rows]},
        )
        raise_for_error(answer, f"archive {len(rows)} {self._object.name}")
        return Outcome(
            [Acknowledged(row, ARCHIVED, row.hubspot_id, {}, answer.request_id) for row in rows]
        )

    def _place(
        self, rows: Sequence[Row], matches: Mapping[str, Match], outcome: Outcome[Row]
    ) -> None:
        held = [row for row in rows if row.key in matches]
        earlier = {row.key: _before(row.key, matches[row.key].keys) for row in held}
        ours = self._ours(email for emails in earlier.values() for email in emails)
        for row in held:
            record_id = matches[row.key].hubspot_id
            if writing := [email for email in earlier[row.key] if email in ours]:
                outcome.acknowledged.append(Acknowledged(row, MERGED, record_id))
                outcome.id_changes.append(IdChange(self._object.name, writing[0], record_id))
            else:
                outcome.matched.append(MatchedRow(row.n, record_id))

    def _write(
        self,
        action: str,
        drafts: Sequence[Draft],
        record: Callable[[Row], Body],
        unique: str | None = None,
    ) -> _Written:
        """Send drafts, again without the properties for which they were refused.

        record says of a row which record it is. A draft with nothing left to send counts as
        accepted without a request.
        """
        written = _Written()
        reply = written.reply
        waiting = [each for each in drafts if each.sent]
        while waiting and not reply.error:
            inputs = [each.input(record(each.row)) for each in waiting]
            path = objects_path(self._hubspot, self._object.name, action)
            try:
                said = write_batch(self._hubspot, path, inputs, unique=unique)
            except ServiceError as error:
                if not reply.taken and not reply.refused:
                    raise
                reply.error = error  # what was taken before must not be lost
                break
            refused = [(each, said.refused.get(each.trace)) for each in waiting]
            try:
                written.id_changes += self._look_up_products(refused)
            except ServiceError as error:
                said.error = error
            waiting = [each for each, why in refused if why and each.without_blamed(why)]
            for each in waiting:
                del said.refused[each.trace]
            reply.add(said)
            waiting = [each for each in waiting if each.sent]
        for each in drafts:
            if not each.sent:
                reply.taken[each.trace] = Accepted(str(record(each.row).get("id", "")), None)
        return written

    def _look_up_products(
        self, refused: Sequence[tuple[Draft, RowError | None]]
    ) -> list[IdChange]:
        """Point line items whose product no longer exists to the one with its key by now."""
        lost = [
            (each, why)
            for each, why in refused
            if why and PRODUCT_ID in why.property_errors and each.sent.get(PRODUCT_ID)
        ]
        if not lost:
            return []
        key = CATALOGUE["products"].key
        keys = sorted({each.desired[key] for each, _ in lost if key in each.desired})
        matches = read_matches(self._hubspot, "products", key, keys)
        moved = {each: IdChange("products", each, None) for each in keys}
        for each, why in lost:
            match = matches.get(each.desired.get(key, ""))
            if match is None:
                each.unlink(PRODUCT_ID, why)
                continue
            moved[each.desired[key]] = IdChange("products", each.desired[key], match.hubspot_id)
            if match.hubspot_id != each.sent[PRODUCT_ID]:
                each.refer(PRODUCT_ID, match.hubspot_id)
        return [*moved.values()]

    def _write_by_id(
        self, rows: Sequence[Row], ids: Mapping[int, str], *, whole: bool = False
    ) -> tuple[Outcome[Row], list[Row]]:
        """Update rows, and return those whose record was not found.

        With whole, every value is sent: a merge may have brought others. Of contacts that
        are adopted the values are read that are overwritten.
        """
        kept = self._written_by_people(rows, ids)
        drafts = []
        for row in rows:
            changes = with_companions(row.changes, row.desired)
            wanted = row.desired | changes if whole else changes
            leave = {*kept.get(row.n, ()), *self._key_that_stays(row)}
            wanted = {name: value for name, value in wanted.items() if name not in leave}
            drafts.append(draft(row, self._wording, wanted))
            if whole:
                drafts[-1].disown()
        self._adopt([each for each in drafts if each.row.action == "adopt"], ids)
        written = self._write("update", drafts, lambda row: {"id": ids[row.n]})
        missing = written.take_refused(drafts, NOT_FOUND)
        return written.outcome(drafts), missing

    def _adopt(self, drafts: Sequence[Draft], ids: Mapping[int, str]) -> None:
        if not drafts:
            return
        names = sorted({name for each in drafts for name in each.sent})
        records = [ids[each.row.n] for each in drafts]
        found = read_properties(self._hubspot, self._object.name, records, names)
        for each in drafts:
            each.adopt(found.get(ids[each.row.n], {}))

    def _key_that_stays(self, row: Row) -> list[str]:
        """The key, unless Shopify has changed it.

        The record is named by its id; a person may have given it another e-mail, and it may
        have been found by a further one.
        """
        key = self._object.key
        sent_before = row.last_wanted.get(key)
        return [] if sent_before and sent_before != row.desired.get(key) else [key]

    def _written_by_people(
        self, rows: Sequence[Row], ids: Mapping[int, str]
    ) -> dict[int, list[str]]:
        """By row, the properties to clear that hold another value than Cartwheel wrote.

        A blank overwrites no value that Cartwheel did not write itself
        (docs/reference/rules.md#what-is-overwritten). Only contacts have properties that people
        fill as well: HubSpot's own.
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
            n: [
                name
                for name in cleared[n]
                if (found[record_id].get(name) or "") != written[n].get(name, "")
            ]
            for n, record_id in asked.items()
            if record_id in found
        }

    def _to_clear(self, row: Row) -> list[str]:
        changes = row.changes
        return [name for name in self._object.standard if changes.get(name) == ""]

    def _matches(self, rows: Sequence[Row]) -> dict[str, Match]:
        """The records of rows by their keys, or by the e-mail that they were sent under."""
        name, key = self._object.name, self._object.key
        found = read_matches(self._hubspot, name, key, [row.key for row in rows])
        former = {row.key: row.last_wanted.get(key, row.key) for row in rows}
        asked = {ours: old for ours, old in former.items() if ours not in found and old != ours}
        if asked:
            by_former = read_matches(self._hubspot, name, key, sorted({*asked.values()}))
            found |= {ours: by_former[old] for ours, old in asked.items() if old in by_former}
        return found


def _before(key: str, keys: Sequence[str]) -> Sequence[str]:
    return keys[: keys.index(key)] if key in keys else ()
