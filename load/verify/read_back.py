"""Reads back what HubSpot holds, and compares it with what it acknowledged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import duckdb
import orjson

from cartwheel.core.progress import Progress
from load.account.state import AccountState
from load.hubspot.batch_read import read_properties
from load.hubspot.batch_write import batched
from load.hubspot.client import HubSpot
from load.hubspot.concurrency import concurrently
from load.ledger.results import LIVING
from load.objects.catalogue import CATALOGUE, ObjectType
from load.objects.values import same

WINDOW = 5_000  # records of the ledger in memory at a time
ALL = 10**12

# the sample is the same for the same keys, and spread over all of them
_SAMPLE = """
select key, hubspot_id from ops.hubspot_records
where object = ? and list_contains(?, status) order by hash(key), key limit ?
"""
_NUMBER = """
select count(*) from ops.hubspot_records
where list_contains(?, status) and list_contains(?, object) group by object
"""
_WINDOW = """
select key, hubspot_id, properties::varchar, answered::varchar from ops.hubspot_records
where object = ? and key > ? and key in (select key from records_to_read)
order by key limit ?
"""


class Known(NamedTuple):
    """A record as HubSpot acknowledged it."""

    key: str
    hubspot_id: str
    properties: dict[str, str]


class Difference(NamedTuple):
    """A property that HubSpot holds otherwise than acknowledged; None: the whole record."""

    object: str
    key: str
    hubspot_id: str
    property: str | None
    acknowledged: str | None
    found: str | None


@dataclass
class ReadBack:
    """What was read back: records and properties compared, and the differences."""

    records: int = 0
    properties: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def gone(self) -> list[Difference]:
        """The records that were not found."""
        return [each for each in self.differences if each.property is None]


def read_back(
    connection: duckdb.DuckDBPyConnection,
    hubspot: HubSpot,
    account: AccountState,
    most: int | None = None,
    *,
    statuses: Sequence[str] = (LIVING,),
    progress: Progress | None = None,
) -> ReadBack:
    """Read records of these statuses (of each object a sample of `most`) and compare them.

    Compared are the properties that were acknowledged, each by HubSpot's type: numbers as
    numbers, moments as moments. Blanks are not ours to compare, nor is the key, which an
    update by id does not send: a person may have given a contact another e-mail. One
    request for each 100 records; memory grows with the differences only. progress is told how
    many were read.
    """
    found = ReadBack()
    if progress:
        progress.begin("records", _number(connection, most, statuses))
    for object_type in CATALOGUE.values():
        compare = partial(_compare, hubspot, object_type, account)
        batches = _batches(connection, object_type.name, most, statuses)
        for part in concurrently(partial(compare, batch) for batch in batches):
            found.records += part.records
            found.properties += part.properties
            found.differences += part.differences
            if progress:
                progress.advance("records", found.records)
    return found


def _number(
    connection: duckdb.DuckDBPyConnection, most: int | None, statuses: Sequence[str]
) -> int:
    """How many records there are to read."""
    known = connection.execute(_NUMBER, [list(statuses), list(CATALOGUE)]).fetchall()
    return sum(min(number, most or ALL) for (number,) in known)


def _compare(
    hubspot: HubSpot, object_type: ObjectType, account: AccountState, batch: Sequence[Known]
) -> ReadBack:
    name = object_type.name
    translation = account.pipeline.translation() if name == "deals" else {}
    kinds = {each: str(known.get("type")) for each, known in account.definitions[name].items()}
    names = sorted({each for known in batch for each in known.properties})
    living = read_properties(hubspot, name, [known.hubspot_id for known in batch], names)
    result = ReadBack(records=len(batch))
    for known in batch:
        holds = living.get(known.hubspot_id)
        if holds is None:
            missing = Difference(name, known.key, known.hubspot_id, None, None, None)
            result.differences.append(missing)
            continue
        result.properties += len(known.properties)
        result.differences += _differing(name, known, holds, translation, kinds)
    return result


def _differing(
    name: str,
    known: Known,
    holds: Mapping[str, Any],
    translation: Mapping[str, Mapping[str, str]],
    kinds: Mapping[str, str],
) -> Iterator[Difference]:
    for each, ours in known.properties.items():
        wanted = translation.get(each, {}).get(ours, ours)
        found = str(holds.get(each) or "")
        if not same(kinds.get(each, "string"), wanted, found):
            back = {theirs: own for own, theirs in translation.get(each, {}).items()}
            shown = back.get(found, found) or None
            yield Difference(name, known.key, known.hubspot_id, each, ours, shown)


def _acknowledged(kept: str, answered: str | None, key: str) -> dict[str, str]:
    held = orjson.loads(kept) | (orjson.loads(answered) if answered else {})
    return {name: value for name, value in held.items() if value and name != key}


def _batches(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    most: int | None,
    statuses: Sequence[str],
) -> Iterator[list[Known]]:
    connection.execute(
        f"create or replace temp table records_to_read as {_SAMPLE}",
        [name, list(statuses), most or ALL],
    )
    last = ""
    while True:
        window = connection.execute(_WINDOW, [name, last, WINDOW]).fetchall()
        known = [
            Known(key, record, _acknowledged(kept, answered, CATALOGUE[name].key))
            for key, record, kept, answered in window
        ]
        yield from batched(known)
        if len(window) < WINDOW:
            return
        last = known[-1].key
