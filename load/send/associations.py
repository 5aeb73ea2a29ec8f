"""Associations: created 2,000 per call, archived 100 per call, kept in their own ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cartwheel.core.warehouse import transaction
from load.hubspot.batch_read import read_matches
from load.hubspot.batch_write import NOT_FOUND, RowError, batched, first_error, row_error
from load.hubspot.client import Answer, HubSpot, raise_for_error
from load.ledger.ledger import Ledger
from load.ledger.results import ARCHIVED, LIVING, Acknowledged, Outcome, Rejected
from load.objects.catalogue import AssociationType
from load.plan.rows import Pair
from load.plan.session import PlanSession

CREATE_SIZE, ARCHIVE_SIZE = 2_000, 100  # docs/reference/hubspot.md#associations
JOINT = " > "  # between the two keys of a pair, in ops and in the plan

# pairs refused alone, for one category, after which the rest of a refused batch is rejected too
ENOUGH = 5

_REMEMBER = f"""
merge into ops.hubspot_associations as ledger
using (
    select planned.*
    from (select unnest(?::bigint[]) as n) as acknowledged
    join {PlanSession.PLANNED_ASSOCIATIONS} as planned using (n)
) as news
on ledger.association_type = news.association_type
    and ledger.from_key = news.from_key and ledger.to_key = news.to_key
when matched then update set
    from_id = news.from_id, to_id = news.to_id, acknowledged_at = ?, run_id = ?, stale = false
when not matched then insert values (
    news.association_type, news.from_object, news.from_key, news.from_id,
    news.to_object, news.to_key, news.to_id, ?, ?, false
)
"""

_FORGET = f"""
delete from ops.hubspot_associations as ledger
using {PlanSession.PLANNED_ASSOCIATIONS} as planned
where planned.n in (select unnest(?::bigint[]))
    and ledger.association_type = planned.association_type
    and ledger.from_key = planned.from_key and ledger.to_key = planned.to_key
"""

_AUDIT = f"""
insert into ops.hubspot_writes
select
    ?, ?, done.request_id, ?, planned.association_type,
    planned.from_key || ' > ' || planned.to_key,
    planned.from_id || ' > ' || planned.to_id, planned.action, []
from (select unnest(?::bigint[]) as n, unnest(?::varchar[]) as request_id) as done
join {PlanSession.PLANNED_ASSOCIATIONS} as planned using (n)
"""


class Patience:
    """Counts the single pairs of a kind that HubSpot refused in this run, by category and end.

    After ENOUGH of them, a batch that is refused as a whole is no longer halved: otherwise a
    limit of the account would cost two requests for every pair beyond it.
    """

    def __init__(self) -> None:
        self._refused: Counter[str] = Counter()
        self._ends: Counter[tuple[str, str]] = Counter()

    def note(self, why: RowError, row: Pair) -> None:
        """Count a pair that was refused alone."""
        self._refused[why.category] += 1
        self._ends.update([("from", row.from_id), ("to", row.to_id)])

    def is_over(self, why: RowError) -> bool:
        """Whether halving a batch is not worth it."""
        return self._refused[why.category] >= ENOUGH

    def suspected(self, rows: Sequence[Pair]) -> list[Pair]:
        """The pairs of a record of which ENOUGH others were refused."""
        ends = {end for end, number in self._ends.items() if number >= ENOUGH}
        return [row for row in rows if {("from", row.from_id), ("to", row.to_id)} & ends]


def create(
    patience: Patience, hubspot: HubSpot, kind: AssociationType, rows: Sequence[Pair]
) -> Outcome[Pair]:
    """Associate at most 2,000 pairs, also with contacts that a merge gave another id.

    The ledger keeps the id that it knows until the contact itself is written.
    """
    outcome = _create(patience, hubspot, kind, rows)
    lost = [bad.row for bad in outcome.rejected if bad.category == NOT_FOUND]
    moved = _moved(hubspot, lost) if kind.to_object == "contacts" else []
    if moved:
        numbers = {row.n for row in moved}
        outcome.rejected = [bad for bad in outcome.rejected if bad.row.n not in numbers]
        outcome.add(_create(patience, hubspot, kind, moved))
    return outcome


def _moved(hubspot: HubSpot, lost: Sequence[Pair]) -> list[Pair]:
    """Of pairs with a contact, those whose e-mail a contact of another id has, with that."""
    moved = []
    for batch in batched(lost):
        emails = {row: row.key.split(JOINT)[1] for row in batch}
        matches = read_matches(hubspot, "contacts", "email", sorted({*emails.values()}))
        moved += [
            row._replace(to_id=matches[email].hubspot_id)
            for row, email in emails.items()
            if email in matches and matches[email].hubspot_id != row.to_id
        ]
    return moved


def _create(
    patience: Patience, hubspot: HubSpot, kind: AssociationType, rows: Sequence[Pair]
) -> Outcome[Pair]:
    """Associate pairs as they are; a batch that is refused as a whole is split and resent.

    The pairs to blame, by the answer or by earlier ones, are separated from the others; else
    the batch is halved. When no patience is left, its pairs are rejected.
    """
    answer = hubspot.call(
        "POST",
        _path(hubspot, kind, "create"),
        {
            "inputs": [
                {"from": {"id": row.from_id}, "to": {"id": row.to_id}, "types": [kind.spec]}
                for row in rows
            ]
        },
    )
    said, outcome, open_ones = _Answers(answer), Outcome[Pair](), []
    for row in rows:
        if said.made(row):
            outcome.acknowledged.append(Acknowledged(row, LIVING, request_id=answer.request_id))
        elif why := said.row_error(row):
            outcome.rejected.append(_rejected(row, why))
        else:
            open_ones.append(row)
    why = row_error(answer, first_error(answer))
    if len(rows) == 1 and open_ones:
        patience.note(why, rows[0])
        outcome.rejected.append(_rejected(rows[0], why))
        return outcome
    property_errors = (
        said.property_errors(open_ones) or patience.suspected(open_ones) or open_ones
    )
    numbers = {row.n for row in property_errors}
    others = [row for row in open_ones if row.n not in numbers]
    if not answer.ok and patience.is_over(why):
        outcome.rejected += [_rejected(row, why) for row in property_errors]
        parts = [others]
    elif others:
        parts = [others, property_errors]
    else:
        middle = (len(open_ones) + 1) // 2
        parts = [open_ones[:middle], open_ones[middle:]]
    for part in parts:
        if part:
            outcome.add(_create(patience, hubspot, kind, part))
    return outcome


def archive(hubspot: HubSpot, kind: AssociationType, rows: Sequence[Pair]) -> Outcome[Pair]:
    """Remove the associations of at most 100 pairs; those removed already stay so.

    HubSpot is silent about contacts that do not answer, so a merged one is looked up first.
    """
    moved = _moved(hubspot, rows) if kind.to_object == "contacts" else []
    also = {row.n: [{"id": row.to_id}] for row in moved}
    answer = hubspot.call(
        "POST",
        _path(hubspot, kind, "archive"),
        {
            "inputs": [
                {"from": {"id": row.from_id}, "to": [{"id": row.to_id}, *also.get(row.n, [])]}
                for row in rows
            ]
        },
    )
    raise_for_error(answer, f"part {kind.from_object} from {kind.to_object}")
    return Outcome([Acknowledged(row, ARCHIVED, request_id=answer.request_id) for row in rows])


def remember(ledger: Ledger, outcomes: Sequence[Outcome[Pair]]) -> None:
    """Make outcomes of associations durable, each in one transaction."""
    for outcome in outcomes:
        _remember(ledger, outcome)


def _remember(ledger: Ledger, outcome: Outcome[Pair]) -> None:
    connection, stamp = ledger.connection, [ledger.now, ledger.run_id]
    made = [done.row.n for done in outcome.acknowledged if done.status == LIVING]
    parted = [done.row.n for done in outcome.acknowledged if done.status == ARCHIVED]
    with transaction(connection):
        if outcome.acknowledged:
            ledger.rejections.forget_of(outcome.acknowledged)
            connection.execute(
                _AUDIT,
                [
                    ledger.run_id,
                    ledger.next_batch(),
                    ledger.now,
                    [done.row.n for done in outcome.acknowledged],
                    [done.request_id for done in outcome.acknowledged],
                ],
            )
        if made:
            connection.execute(_REMEMBER, [made, *stamp, *stamp])
        if parted:
            connection.execute(_FORGET, [parted])
        ledger.rejections.add(outcome.rejected)


class _Answers:
    """An answer's result for pairs: made, or refused because of one end or both."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._errors = (answer.body.get("errors") or []) if answer.ok else []
        self._made = {
            (str(made.get("fromObjectId")), str(made.get("toObjectId")))
            for made in answer.body.get("results") or []
        }

    def made(self, row: Pair) -> bool:
        """Whether the pair is associated; without errors all of them are."""
        if not self._answer.ok:
            return False
        return not self._errors or (row.from_id, row.to_id) in self._made

    def property_errors(self, rows: Sequence[Pair]) -> list[Pair]:
        """The pairs that a refusal of the whole batch names by one of their ends.

        Either end counts: a limit on contacts may be reported as one on "from" records.
        """
        context = self._answer.body.get("context") or {}
        if self._answer.ok or not isinstance(context, dict):
            return []
        ids = _texts(context.get("fromObjectId")) | _texts(context.get("toObjectId"))
        of_from = [row for row in rows if row.from_id in ids]
        return of_from or [row for row in rows if row.to_id in ids]

    def row_error(self, row: Pair) -> RowError | None:
        """Why the pair was refused, None if no error names it."""
        for error in self._errors:
            context = error.get("context") or {}
            from_ids, to_ids = (_texts(context.get(f"{end}ObjectId")) for end in ("from", "to"))
            if not from_ids and not to_ids:
                continue
            of_from = not from_ids or row.from_id in from_ids
            if of_from and (not to_ids or row.to_id in to_ids):
                return row_error(self._answer, error)
        return None


def _texts(values: object) -> set[str]:
    listed = values if isinstance(values, list) else [] if values is None else [values]
    return {str(value) for value in listed}


def _rejected(row: Pair, why: RowError) -> Rejected[Pair]:
    return Rejected(row, why.category, why.reason, why.request_id)


def _path(hubspot: HubSpot, kind: AssociationType, action: str) -> str:
    between = f"{kind.from_object}/{kind.to_object}"
    return f"/crm/associations/{hubspot.version}/{between}/batch/{action}"
