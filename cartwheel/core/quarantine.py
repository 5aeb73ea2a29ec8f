"""The records that the models quarantine: which, why, and whether they are too many."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from cartwheel.core.warehouse import tables

OBJECTS = ("contacts", "deals", "products", "line_items")
# this many records of a shop's object may always be quarantined, whatever their share
ALWAYS_ALLOWED = 20
TOLD = 10

_NAMED = """
select '{name}' as object, shop, record, source_id, detail, key
from hubspot.quarantined_{name}
where not is_ordinary
"""


@dataclass(frozen=True)
class Quarantined:
    """A record that is not sent; source_id is where it is to be found, as order:<id>."""

    object: str
    shop: str
    record: str
    source_id: str
    detail: str

    def __str__(self) -> str:
        """The record and what is wrong with it, as a sentence."""
        kind = self.source_id.partition(":")[0]
        name = self.record if self.record.startswith(kind) else f"{kind} {self.record}"
        return f"{name} of {self.shop}: {self.detail}; not sent"


def tell_quarantined(connection: duckdb.DuckDBPyConnection, told: int = TOLD) -> list[str]:
    """A sentence for each of the first records that somebody should look at, and the rest.

    People without a valid e-mail are not among them: that is ordinary.
    """
    present = tables(connection)
    parts = [
        _NAMED.format(name=name) for name in OBJECTS if f"hubspot.quarantined_{name}" in present
    ]
    if not parts:
        return []
    found = connection.execute(
        f"select * exclude (key), count(*) over () from ({' union all '.join(parts)}) "
        "order by object, shop, record, key limit ?",
        [told],
    ).fetchall()
    sentences = [f"{Quarantined(*row[:-1])}." for row in found]
    if found and found[0][-1] > told:
        names = dict.fromkeys(row[0] for row in found)
        sentences.append(
            f"and {found[0][-1] - told:,} more are not sent. To see them: "
            f"select * from hubspot.quarantined_{next(iter(names))} where not is_ordinary"
        )
    return sentences


def past_limit(connection: duckdb.DuckDBPyConnection, limit: Decimal) -> list[str]:
    """A sentence for each shop and object with too many quarantined records to load.

    Too many is more than ALWAYS_ALLOWED records and more than the limit, a share (0 to 1).
    """
    if "hubspot.quarantine_shares" not in tables(connection):
        return []
    found = connection.execute(
        "select shop, object, records, quarantined from hubspot.quarantine_shares "
        "where quarantined > ? and quarantined > records * ?::decimal(18, 8) "
        "order by shop, object",
        [ALWAYS_ALLOWED, limit],
    ).fetchall()
    return [
        f"{quarantined:,} of {records:,} {name} of {shop} are quarantined, which is more than "
        f"CARTWHEEL_QUARANTINE_LIMIT allows ({limit:.2%}, and more than {ALWAYS_ALLOWED}). "
        f"To see them: select record, detail from hubspot.quarantined_{name} where shop = "
        f"'{shop}' and not is_ordinary. Correct them in Shopify, or raise the setting"
        for shop, name, records, quarantined in found
    ]
