"""Control totals: Shopify, the marts and HubSpot's acknowledgements must agree after a load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from cartwheel.core.errors import LoadFailed
from cartwheel.core.warehouse import tables
from load.objects.catalogue import CATALOGUE
from load.plan.plan import Plan
from load.plan.session import PlanSession

_RECORDS = f"""
select
    count(*),
    count(ledger.key) filter (where held.key is null),
    count(held.key)
from {{mart}} as source
left join {PlanSession.NOT_SENT} as held
    on held.object = '{{object}}' and held.key = source.{{key}}
left join {PlanSession.ACKNOWLEDGED} as ledger
    on ledger.object = '{{object}}' and ledger.key = source.{{key}}
    and ledger.status = 'living'
"""

# the amount of a deal that was sent without it counts as held back
_AMOUNTS = f"""
with held as (
    select key from {PlanSession.NOT_SENT} where object = 'deals'
    union
    select key from ops.hubspot_omitted_properties
    where object = 'deals' and property = 'amount'
)
select
    coalesce(deals.deal_currency_code, 'no currency') as currency,
    coalesce(sum(deals.amount), 0),
    coalesce(sum(nullif(coalesce(
        json_extract_string(ledger.answered, '$.amount'),
        json_extract_string(ledger.properties, '$.amount')
    ), '')::decimal(18, 4)) filter (where held.key is null), 0),
    coalesce(sum(deals.amount) filter (where held.key is not null), 0)
from {PlanSession.mart("deals")} as deals
left join held on held.key = deals.shopify_deal_key
left join {PlanSession.ACKNOWLEDGED} as ledger
    on ledger.object = 'deals' and ledger.key = deals.shopify_deal_key
    and ledger.status = 'living'
group by 1
order by 1
"""

# what Shopify has, less what is left out on purpose, and what of it is quarantined
_SHOPIFY_RECORDS = """
select
    object,
    coalesce(sum(records) filter (where not {quarantined}), 0)::bigint,
    -coalesce(sum(records) filter (where {quarantined}), 0)::bigint
from hubspot.control_totals
group by object
"""

_QUARANTINED = "entry like '%quarantined%'"

_SHOPIFY_AMOUNTS = """
select
    coalesce(currency, 'no currency'),
    coalesce(sum(amount) filter (where not {quarantined}), 0),
    -coalesce(sum(amount) filter (where {quarantined}), 0)
from hubspot.control_totals
where object = 'deals'
group by 1
having sum(records) <> 0 or sum(amount) <> 0
"""


@dataclass(frozen=True)
class Records:
    """Records of an object: in the mart, acknowledged by HubSpot, held back.

    shopify is the number by Shopify's own data, None if unknown; quarantined is how many of
    them the models quarantine. The mart must have the rest.
    """

    mart: int
    acknowledged: int
    held: int
    shopify: int | None = None
    quarantined: int = 0

    @property
    def agree(self) -> bool:
        """Whether every record of the mart is accounted for."""
        return self.mart == self.acknowledged + self.held

    @property
    def complete(self) -> bool:
        """Whether the mart and the quarantine hold what Shopify has."""
        return self.shopify is None or self.shopify == self.mart + self.quarantined


@dataclass(frozen=True)
class Amounts:
    """Sums of deal amounts in one currency, as Records counts records."""

    mart: Decimal
    acknowledged: Decimal
    held: Decimal
    shopify: Decimal | None = None
    quarantined: Decimal = Decimal(0)

    @property
    def agree(self) -> bool:
        """Whether the amounts of all deals are accounted for."""
        return self.mart == self.acknowledged + self.held

    @property
    def complete(self) -> bool:
        """Whether the deals of the mart and the quarantine add up to what Shopify has."""
        return self.shopify is None or self.shopify == self.mart + self.quarantined


@dataclass(frozen=True)
class Totals:
    """Control totals of a load, per object and per currency of the deals."""

    records: dict[str, Records]
    amounts: dict[str, Amounts]


def control_totals(session: PlanSession) -> Totals:
    """Compare Shopify, the marts and the ledger; the plan is that since the last write.

    Raises LoadFailed where a difference is not explained by records that are
    quarantined, rejected or skipped, or where the marts do not hold what
    hubspot.control_totals counted in Shopify's own data.
    """
    totals = Totals(_records(session.connection), _amounts(session.connection))
    compared: dict[str, Records | Amounts] = {**totals.records, **totals.amounts}
    problems = [*_beyond_hubspot(compared, session.counts), *_beyond_shopify(compared)]
    if problems:
        raise LoadFailed(" ".join(problems))
    return totals


def _beyond_hubspot(compared: Mapping[str, Records | Amounts], after: Plan) -> list[str]:
    """What HubSpot has not acknowledged, in one sentence with the command to run."""
    wrong = [
        f"{name}: {found.mart} in the warehouse, {found.acknowledged} acknowledged, "
        f"{found.held} held back"
        for name, found in compared.items()
        if not found.agree
    ]
    if not wrong and not after.writes:
        return []
    return [
        f"After the load HubSpot and the warehouse disagree ({'; '.join(wrong) or 'rows'}"
        f"; {after.writes} records are still to be written). Run: cartwheel plan, "
        "and repeat: cartwheel load"
    ]


def _beyond_shopify(compared: Mapping[str, Records | Amounts]) -> list[str]:
    """What the marts lost or doubled, in one sentence with the command to run."""
    wrong = [
        f"{name}: {found.shopify} in Shopify, {found.mart} in the warehouse"
        f"{f' and {found.quarantined} quarantined' if found.quarantined else ''}"
        for name, found in compared.items()
        if not found.complete
    ]
    if not wrong:
        return []
    return [
        f"After the load Shopify and the warehouse disagree ({'; '.join(wrong)}). "
        "Run: cartwheel transform, and repeat: cartwheel load"
    ]


def _records(connection: duckdb.DuckDBPyConnection) -> dict[str, Records]:
    shopify = _in_shopify(connection, _SHOPIFY_RECORDS)
    found = {}
    for name, object_type in CATALOGUE.items():
        query = _RECORDS.format(object=name, key=object_type.key, mart=PlanSession.mart(name))
        ((mart, acknowledged, held),) = connection.execute(query).fetchall()
        expected, apart = (None, 0) if shopify is None else shopify.get(name, (0, 0))
        found[name] = Records(mart, acknowledged, held, expected, apart)
    return found


def _amounts(connection: duckdb.DuckDBPyConnection) -> dict[str, Amounts]:
    shopify = _in_shopify(connection, _SHOPIFY_AMOUNTS)
    sums = {currency: rest for currency, *rest in connection.execute(_AMOUNTS).fetchall()}
    found = {}
    for currency in sorted({*sums, *(shopify or {})}):
        mart, acknowledged, held = map(Decimal, sums.get(currency, (0, 0, 0)))
        expected, apart = map(Decimal, (shopify or {}).get(currency, (0, 0)))
        known = None if shopify is None else expected
        found[currency] = Amounts(mart, acknowledged, held, known, apart)
    return found


def _in_shopify(
    connection: duckdb.DuckDBPyConnection, query: str
) -> dict[str, tuple[Any, Any]] | None:
    """What hubspot.control_totals says there is, and what of it is quarantined.

    None where an older version built the marts.
    """
    if "hubspot.control_totals" not in tables(connection):
        return None
    found = connection.execute(query.format(quarantined=_QUARANTINED)).fetchall()
    return {name: (records, apart) for name, records, apart in found}
