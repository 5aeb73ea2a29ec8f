"""Whether a load succeeded completely, or left something that needs attention."""

from __future__ import annotations

from decimal import Decimal

from cartwheel.core.warehouse import transaction
from load.plan.held_back import QUARANTINED, REJECTED
from load.plan.plan import Counts, Plan
from load.plan.session import PlanSession

NAMED = 3  # records that a sentence names
FEW = 20  # records of an object that may always be held back, if they are not most of it

# what somebody has to look at, by a hash that holds nothing of a person
_ALARMING = f"""
create or replace temp table alarming_records as
select *, md5(object || ' ' || id) as id_hash
from {PlanSession.HELD_BACK}
where fate in ('{QUARANTINED}', '{REJECTED}') and not is_ordinary
"""

_NEW = """
select object, count(*), list(record || ': ' || detail order by record)[:{named}]
from alarming_records as alarming
anti join ops.held_back as before using (object, id_hash)
group by object
order by object
"""

_REMEMBER = """
delete from ops.held_back;

insert into ops.held_back select object, fate, id_hash, ? from alarming_records
"""


def find_alarms(
    session: PlanSession, run_id: str, *, share: Decimal, strict: bool = False
) -> list[str]:
    """What needs attention after a load, in sentences; remembers it for the next load.

    That is newly held back records, and objects with too many held back. With strict, every
    record held back counts. The plan is that of what is left.
    """
    connection = session.connection
    connection.execute(_ALARMING)
    news = connection.execute(_NEW.format(named=NAMED)).fetchall()
    with transaction(connection):
        for statement in _REMEMBER.split(";"):
            connection.execute(statement, [run_id] if "?" in statement else [])
    return [*(_of_news(*row) for row in news), *too_many(session.counts, share, strict=strict)]


def too_many(planned: Plan, share: Decimal, *, strict: bool = False) -> list[str]:
    """The objects with too many records held back, in sentences.

    Counted is what HubSpot rejected and what was quarantined as unreadable, contradictory
    or not for HubSpot; persons without a valid e-mail are ordinary. It is too much where it
    is more than the share of an object's records and more than FEW, or more than half of
    them; with strict, where anything is held back.
    """
    said = []
    for name, counts in planned.objects.items():
        held = _held_back(counts) if strict else planned.alarming(name)
        records = counts.create + counts.update + counts.unchanged + _held_back(counts)
        much = held * 2 > records or (held > FEW and held > share * records)
        if held and (strict or much):
            said.append(f"{name}: {held:,} of {records:,} held back")
    return said


def _of_news(name: str, number: int, examples: list[str]) -> str:
    # an e-mail is a person's, and HubSpot's words may hold it
    named = "; ".join(each for each in examples if "@" not in each)
    more = ", ..." if named and number > len(examples) else ""
    return f"{name}: {number:,} newly held back" + (f" ({named}{more})" if named else "")


def _held_back(counts: Counts) -> int:
    return counts.quarantined + counts.rejected + counts.skipped
