"""The products, vendors and types that people bought, for lists of their buyers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cartwheel.core.errors import SettingsError, WarehouseError
from cartwheel.core.warehouse import open_warehouse, tables
from load.objects.catalogue import purchase_stages

KINDS = ("product", "vendor", "type")
TABLES = ("hubspot.line_items", "hubspot.deals", "core.products")

_SOLD = """
with sold as (
    select
        coalesce(products.title, line_items.name) as product,
        line_items.shopify_vendor as vendor,
        line_items.shopify_product_type as type,
        line_items.shopify_product_id as product_id,
        line_items.name,
        line_items.quantity
    from hubspot.line_items
    inner join hubspot.deals using (shopify_deal_key)
    left join core.products
        on
            deals.shopify_store = products.shop
            and line_items.shopify_product_id = products.product_id
    where list_contains(?, deals.dealstage)
)
"""
# spellings that differ in case are one: HubSpot compares text without regard to case
_BY_UNITS = """
select
    min({kind}),
    list(distinct {kind} order by {kind}),
    list(distinct product_id order by product_id) filter (where product_id <> ''),
    list(distinct name order by name) filter (where coalesce(product_id, '') = '')
from sold
where trim({kind}) <> '' and (?::varchar is null or lower({kind}) = lower(?))
group by lower({kind})
order by sum(quantity) desc, 1
limit ?
"""


@dataclass(frozen=True)
class SegmentRequest:
    """A list of the buyers of something; tests are properties of line items with values.

    A line item is of the thing if it has one of the values of any test.
    """

    kind: str
    name: str
    tests: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def list_name(self) -> str:
        """What the list is called in HubSpot, in every language."""
        return f"Shopify: bought {self.kind} {self.name}"


def read_segment_requests(
    warehouse: Path, most: int | None, named: Sequence[tuple[str, str]]
) -> list[SegmentRequest]:
    """The `most` products, vendors and types that sold most units, and those named.

    named are pairs of kind and name, the case of letters aside; each thing comes once.
    Raises SettingsError for one that nobody bought, naming some that were bought;
    WarehouseError if the warehouse lacks the tables.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        _check_tables(connection)
        best = [each for kind in KINDS for each in _sold(connection, kind, most or 0)]
        found = {(each.kind, each.name): each for each in best}
        for kind, name in named:
            wishes = _sold(connection, kind, 1, name)
            if not wishes:
                some = ", ".join(repr(each.name) for each in _sold(connection, kind, 5))
                raise SettingsError(
                    f"Nobody bought anything of the {kind} {name!r}, according to the "
                    f"warehouse. Bought most: {some or 'nothing'}. Name one of these, or "
                    "run: cartwheel setup --lists"
                )
            found[kind, wishes[0].name] = wishes[0]
    return list(found.values())


def _sold(
    connection: duckdb.DuckDBPyConnection, kind: str, most: int, name: str | None = None
) -> list[SegmentRequest]:
    query = _SOLD + _BY_UNITS.format(kind=kind)
    wanted = None if name is None else name.strip()
    rows = connection.execute(query, [purchase_stages(), wanted, wanted, most]).fetchall()
    return [
        SegmentRequest(kind, title, _tests(kind, spellings, ids or (), names or ()))
        for title, spellings, ids, names in rows
    ]


def _tests(
    kind: str, spellings: Sequence[str], ids: Sequence[str], names: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """How a thing's line items are found; a deleted product is known by name alone."""
    if kind != "product":
        name = {"vendor": "shopify_vendor", "type": "shopify_product_type"}[kind]
        return ((name, tuple(spellings)),)
    both = (("shopify_product_id", tuple(ids)), ("name", tuple(names)))
    return tuple(test for test in both if test[1])


def _check_tables(connection: duckdb.DuckDBPyConnection) -> None:
    if lacking := sorted(set(TABLES) - tables(connection)):
        raise WarehouseError(
            f"The warehouse lacks {', '.join(lacking)}, from which the lists are taken. "
            "Run: cartwheel sync"
        )
