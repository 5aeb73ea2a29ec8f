"""Control totals: after a load, the marts and HubSpot's acknowledgements must agree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from cartwheel.errors import LoadFailed
from load.catalogue import CATALOGUE
from load.plan import Plan

_RECORDS = """
select
    count(*),
    count(ledger.key) filter (where held.key is null),
    count(held.key)
from load_{object} as source
left join load_plan as held
    on held.object = '{object}' and held.key = source.{key}
    and held.action in ('rejected', 'skipped')
left join load_acknowledged as ledger
    on ledger.object = '{object}' and ledger.key = source.{key}
    and ledger.status = 'living'
"""

_AMOUNTS = """
select
    coalesce(deals.deal_currency_code, 'no currency') as currency,
    coalesce(sum(deals.amount), 0),
    coalesce(sum(json_extract_string(ledger.properties, '$.amount')::decimal(18, 4))
        filter (where held.key is null), 0),
    coalesce(sum(deals.amount) filter (where held.key is not null), 0)
from load_deals as deals
left join load_plan as held
    on held.object = 'deals' and held.key = deals.shopify_deal_key
    and held.action in ('rejected', 'skipped')
left join load_acknowledged as ledger
    on ledger.object = 'deals' and ledger.key = deals.shopify_deal_key
    and ledger.status = 'living'
group by 1
order by 1
"""


@dataclass(frozen=True)
class Records:
    """Records of an object: in the mart, acknowledged by HubSpot, rightly held back."""

    mart: int
    acknowledged: int
    held: int

    @property
    def agree(self) -> bool:
        """Whether every record of the mart is accounted for."""
        return self.mart == self.acknowledged + self.held


@dataclass(frozen=True)
class Amounts:
    """Sums of deal amounts in one currency, as Records counts records."""

    mart: Decimal
    acknowledged: Decimal
    held: Decimal

    @property
    def agree(self) -> bool:
        """Whether the amounts of all deals are accounted for."""
        return self.mart == self.acknowledged + self.held


@dataclass(frozen=True)
class Totals:
    """Control totals of a load, per object and per currency of the deals."""

    records: dict[str, Records]
    amounts: dict[str, Amounts]


def control_totals(connection: duckdb.DuckDBPyConnection, after: Plan) -> Totals:
    """Compare the marts with the ledger; `after` is the plan made since the last write.

    Raises LoadFailed where a difference is not explained by records that are
    quarantined or that a person deleted in HubSpot.
    """
    totals = Totals(_records(connection), _amounts(connection))
    compared: dict[str, Records | Amounts] = {**totals.records, **totals.amounts}
    wrong = [
        f"{name}: {found.mart} in the warehouse, {found.acknowledged} acknowledged, "
        f"{found.held} held back"
        for name, found in compared.items()
        if not found.agree
    ]
    if wrong or after.writes:
        raise LoadFailed(
            f"After the load HubSpot and the warehouse disagree ({'; '.join(wrong) or 'rows'}"
            f"; {after.writes} records are still to be written). Run: cartwheel plan, "
            "and repeat: cartwheel load"
        )
    return totals


def _records(connection: duckdb.DuckDBPyConnection) -> dict[str, Records]:
    found = {}
    for name, object_type in CATALOGUE.items():
        query = _RECORDS.format(object=name, key=object_type.key)
        ((mart, acknowledged, held),) = connection.execute(query).fetchall()
        found[name] = Records(mart, acknowledged, held)
    return found


def _amounts(connection: duckdb.DuckDBPyConnection) -> dict[str, Amounts]:
    return {
        currency: Amounts(Decimal(mart), Decimal(acknowledged), Decimal(held))
        for currency, mart, acknowledged, held in connection.execute(_AMOUNTS).fetchall()
    }
