"""The page of the properties: from Shopify's field by a column to HubSpot's property."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from docs_reference.lineage import Lineage, Origin
from docs_reference.markdown import page, table
from docs_reference.tables import described
from load.objects.contracts import models_of_hubspot

PATH = "reference/properties.md"
MANY = 8  # more fields than this are counted, not listed
FILES = {"products": "hubspot_products"}  # models whose file is not named after the table


def properties_page(compiled: Mapping[str, str]) -> str:
    """Every property of the four objects; compiled are all models' SQL by schema.table."""
    lineage = Lineage.of(compiled)
    return page(
        "From field to property",
        "the models' SQL, followed column by column",
        "Each property that Cartwheel fills: the columns that it is made from, and behind them "
        "the fields of Shopify's JSON, as the tables of `raw` hold it. "
        "What only selects, joins or sorts rows is left out.",
        "A field such as `orders` `customer.id` is `customer.id` in the payload of "
        "`raw.orders`; where a column names no schema, it is one of `core`, or of "
        "`intermediate` if it begins with `int_`. "
        "A property without a field is counted, constant or "
        "filled by the load. [hubspot](tables/hubspot.md) has the types.",
        *(
            part
            for model in models_of_hubspot()
            for part in _object(lineage, model.object_type)
        ),
    )


def _object(lineage: Lineage, name: str) -> Iterator[str]:
    yield f"## {name}"
    yield table(
        ["Shopify's field", "column", f"property of {name}"],
        (
            (
                _fields(lineage, made_from),
                _named(made_from),
                f"`{column}`<br>{described(FILES.get(name, name), column, PATH)}",
            )
            for column, made_from in lineage.columns(f"hubspot.{name}")
        ),
    )


def _named(columns: Iterable[Origin]) -> str:
    names = sorted({f"{each.table}.{each.column}" for each in columns})
    short = (name.removeprefix("core.").removeprefix("intermediate.") for name in names)
    return ", ".join(f"`{name}`" for name in short) or "–"


def _fields(lineage: Lineage, made_from: Iterable[Origin]) -> str:
    found = {
        below
        for each in made_from
        for below in lineage.fields(each.table, each.column, each.path)
    }
    of_raw = sorted(
        (each.table.removeprefix("raw."), _path(each))
        for each in found
        if each.table.startswith("raw.")
    )
    tables = Counter(name for name, _ in of_raw)
    if len(of_raw) > MANY:
        counted = (f"{number} of `{name}`" for name, number in sorted(tables.items()))
        return f"{len(of_raw)} fields: {', '.join(counted)}"
    return (
        "; ".join(
            f"`{name}` " + ", ".join(f"`{field}`" for each, field in of_raw if each == name)
            for name in sorted(tables)
        )
        or "–"
    )


def _path(origin: Origin) -> str:
    """A field as Shopify names it; what stands in a payload, without that word."""
    return ".".join(origin.path) or origin.column
