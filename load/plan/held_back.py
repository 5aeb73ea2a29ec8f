"""What is held back and why: quarantined by our rules, rejected by HubSpot, or skipped.

One view over the models' quarantine and the plan; everything that counts or lists such
records reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import duckdb

from cartwheel.core.sql import SqlFiles
from cartwheel.core.warehouse import tables
from load.objects.catalogue import CATALOGUE

sql = SqlFiles(__file__)

QUARANTINED, REJECTED, SKIPPED = FATES = ("quarantined", "rejected", "skipped")

WINDOW = 2_000  # records in memory at a time

DELETED_BY_USER = "deleted by a user in HubSpot"  # a reason to skip a record

# what a person calls a record, as SQL; contacts have their e-mail alone, and a line item is
# called as in hubspot.quarantined_line_items, since many have the name of one product
_NAMES = {
    "deals": "source.dealname",
    "products": "source.name",
    "line_items": "replace(split_part(planned.key, '/', 2), ':', ' ') || ' of ' || coalesce("
    "(select dealname from load_deals where shopify_deal_key = source.shopify_deal_key), "
    "source.shopify_deal_key)",
    "contacts": "source.email",
}

# the columns of every part
_NOTHING = """
select
    null::varchar as object, null::varchar as fate, null::varchar as key,
    null::varchar as record, null::varchar as source_id, null::varchar as reason,
    null::varchar as detail, false as is_ordinary, null::varchar as request_id
where false
"""

_OF_MODELS = """
select
    '{object}' as object, 'quarantined' as fate, key, record, source_id, reason, detail,
    is_ordinary, null as request_id
from hubspot.quarantined_{object}
"""

_OF_ASSOCIATIONS = """
select
    'associations' as object, 'rejected' as fate,
    planned.from_key || ' > ' || planned.to_key as key, null as record,
    null as source_id, refused.category as reason, refused.reason as detail,
    false as is_ordinary, refused.request_id
from load_association_plan as planned
left join load_rejected as refused
    on refused.object = planned.association_type
    and refused.key = planned.from_key || ' > ' || planned.to_key
where planned.action = 'rejected'
"""

_SUMMARY = """
select
    object, fate, reason, is_ordinary, count(*),
    -- one that is known by its key alone is a person, by the e-mail
    coalesce(min(record) filter (where record is distinct from key), ''),
    min(detail), coalesce(min(request_id), '')
from load_held_back
group by object, fate, reason, is_ordinary
order by object, fate, count(*) desc, reason
"""

_RECORDS = """
select object, fate, key, record, reason, detail, is_ordinary, coalesce(request_id, '')
from load_held_back
where object = ?
order by fate, reason, record, id
"""


@dataclass(frozen=True)
class HeldBack:
    """A record that is held back; key is its unique key, None where it would have none.

    record is what a person calls it, request HubSpot's id of the refused request.
    """

    object: str
    fate: str
    key: str | None
    record: str
    reason: str
    detail: str
    is_ordinary: bool
    request: str


@dataclass(frozen=True)
class Reason:
    """How many records of an object are held back for a reason; example is one's detail."""

    object: str
    fate: str
    reason: str
    is_ordinary: bool
    records: int
    record: str
    example: str
    request: str


def find_held_back(connection: duckdb.DuckDBPyConnection, planned: Collection[str]) -> None:
    """Make the view load_held_back: of the models, and of these objects of the plan.

    Objects of which the plan holds nothing back are left out: to bind the view takes longer
    than to read it.
    """
    present = tables(connection)
    parts = [_NOTHING]
    parts += [
        _OF_MODELS.format(object=name)
        for name in CATALOGUE
        if f"hubspot.quarantined_{name}" in present
    ]
    parts += [
        sql("held_back_in_plan", object=name, record=_NAMES[name], deleted=DELETED_BY_USER)
        for name in CATALOGUE
        if name in planned
    ]
    if "associations" in planned:
        parts.append(_OF_ASSOCIATIONS)
    union = "\nunion all by name\n".join(f"({part})" for part in parts)
    connection.execute(sql("held_back", parts=union))


def reasons_without_plan(connection: duckdb.DuckDBPyConnection) -> list[Reason]:
    """What is held back according to the warehouse alone, before a plan is possible."""
    find_held_back(connection, ())
    return reasons(connection)


def reasons(connection: duckdb.DuckDBPyConnection) -> list[Reason]:
    """How many are held back for which reason; find_held_back() comes before."""
    return [Reason(*row) for row in connection.execute(_SUMMARY).fetchall()]


def held_back(connection: duckdb.DuckDBPyConnection, object_name: str) -> Iterator[HeldBack]:
    """Each record of an object that is held back; plan() comes before."""
    result = connection.execute(_RECORDS, [object_name])
    while rows := result.fetchmany(WINDOW):
        yield from (HeldBack(*row) for row in rows)
