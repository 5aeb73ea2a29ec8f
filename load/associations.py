"""Associations: created 2,000 a call, archived 100 a call, remembered in their own ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cartwheel.warehouse import transaction
from load.batch import Refusal, refusal
from load.catalogue import AssociationType
from load.client import Answer, HubSpot, refuse
from load.ledger import Ledger, Outcome, Rejection

CREATE_SIZE, ARCHIVE_SIZE = 2_000, 100  # hubspot.md 3.6

_REMEMBER = """
merge into ops.association_ledger as ledger
using (
    select planned.*
    from (select unnest(?::bigint[]) as n) as acknowledged
    join load_association_plan as planned using (n)
) as news
on ledger.association_type = news.association_type
    and ledger.from_key = news.from_key and ledger.to_key = news.to_key
when matched then update set
    from_id = news.from_id, to_id = news.to_id, loaded_at = ?, run_id = ?
when not matched then insert values (
    news.association_type, news.from_object, news.from_key, news.from_id,
    news.to_object, news.to_key, news.to_id, ?, ?
)
"""

_FORGET = """
delete from ops.association_ledger as ledger
using load_association_plan as planned
where planned.n in (select unnest(?::bigint[]))
    and ledger.association_type = planned.association_type
    and ledger.from_key = planned.from_key and ledger.to_key = planned.to_key
"""

_FORGET_REJECTIONS = """
delete from ops.load_rejections as old
using load_association_plan as planned
where planned.n in (select unnest(?::bigint[]))
    and old.object = planned.association_type
    and old.key = planned.from_key || ' > ' || planned.to_key
"""

_REJECT = """
insert into ops.load_rejections
select
    planned.association_type, planned.from_key || ' > ' || planned.to_key,
    planned.from_id || ' > ' || planned.to_id, bad.category, bad.reason, bad.request_id, ?, ?
from (
    select
        unnest(?::bigint[]) as n, unnest(?::varchar[]) as category,
        unnest(?::varchar[]) as reason, unnest(?::varchar[]) as request_id
) as bad
join load_association_plan as planned using (n)
"""


class Pair(NamedTuple):
    """A row of the association plan, by HubSpot ids."""

    n: int
    from_id: str
    to_id: str


def pairs(
    ledger: Ledger, kind: AssociationType, action: str, size: int
) -> Iterator[list[Pair]]:
    """The prepared associations of a kind with an action, in groups of at most size."""
    last = 0
    while True:
        found = ledger.connection.execute(
            "select n, from_id, to_id from load_association_plan "
            "where association_type = ? and action = ? and n > ? order by n limit ?",
            [kind.name, action, last, size],
        ).fetchall()
        if not found:
            return
        yield [Pair(*row) for row in found]
        last = found[-1][0]


def create(hubspot: HubSpot, kind: AssociationType, rows: Sequence[Pair]) -> Outcome:
    """Associate at most 2,000 pairs; halves what is refused as a whole."""
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind.type_id}]
    answer = hubspot.call(
        "POST",
        _path(hubspot, kind, "create"),
        {
            "inputs": [
                {"from": {"id": row.from_id}, "to": {"id": row.to_id}, "types": types}
                for row in rows
            ]
        },
    )
    refused = {row.n: why for row in rows if (why := _refused(answer, row))}
    outcome = Outcome(
        acknowledged={row.n: "" for row in rows if answer.ok and row.n not in refused},
        rejected=[_rejection(n, why) for n, why in refused.items()],
    )
    open_ones = [row for row in rows if row.n not in outcome.acknowledged | refused]
    if len(rows) == 1 and open_ones:
        outcome.rejected.append(_rejection(rows[0].n, refusal(answer, answer.body)))
    elif open_ones:
        middle = (len(open_ones) + 1) // 2
        for half in (open_ones[:middle], open_ones[middle:]):
            if half:
                outcome.add(create(hubspot, kind, half))
    return outcome


def archive(hubspot: HubSpot, kind: AssociationType, rows: Sequence[Pair]) -> Outcome:
    """Part at most 100 pairs; pairs that are parted already stay so."""
    answer = hubspot.call(
        "POST",
        _path(hubspot, kind, "archive"),
        {"inputs": [{"from": {"id": row.from_id}, "to": [{"id": row.to_id}]} for row in rows]},
    )
    refuse(answer, f"part {kind.from_object} from {kind.to_object}")
    return Outcome(archived=[row.n for row in rows])


def remember(ledger: Ledger, outcome: Outcome) -> None:
    """Make an outcome of associations durable, in one transaction."""
    stamp = [ledger.now, ledger.run_id]
    bad = outcome.rejected
    with transaction(ledger.connection):
        if settled := [*outcome.acknowledged, *(row.n for row in bad)]:
            ledger.connection.execute(_FORGET_REJECTIONS, [settled])
        if outcome.acknowledged:
            ledger.connection.execute(_REMEMBER, [[*outcome.acknowledged], *stamp, *stamp])
        if outcome.archived:
            ledger.connection.execute(_FORGET, [outcome.archived])
        if bad:
            columns = [
                [row.n for row in bad],
                [row.category for row in bad],
                [row.reason for row in bad],
                [row.request_id for row in bad],
            ]
            ledger.connection.execute(_REJECT, [*stamp, *columns])


def _refused(answer: Answer, row: Pair) -> Refusal | None:
    if not answer.ok:
        return None
    for error in answer.body.get("errors") or []:
        context = error.get("context") or {}
        from_ids = _texts(context.get("fromObjectId"))
        to_ids = _texts(context.get("toObjectId"))
        if not from_ids and not to_ids:
            continue
        if (not from_ids or row.from_id in from_ids) and (not to_ids or row.to_id in to_ids):
            return refusal(answer, error)
    return None


def _texts(values: object) -> list[str]:
    listed = values if isinstance(values, list) else [] if values is None else [values]
    return [str(value) for value in listed]


def _rejection(n: int, why: Refusal) -> Rejection:
    return Rejection(n, why.category, why.reason, why.request_id)


def _path(hubspot: HubSpot, kind: AssociationType, action: str) -> str:
    between = f"{kind.from_object}/{kind.to_object}"
    return f"/crm/associations/{hubspot.version}/{between}/batch/{action}"
