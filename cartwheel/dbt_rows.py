"""The rows that a dbt test found, in words: the name of a test tells a user nothing."""

from __future__ import annotations

from typing import Any

import duckdb

TOLD = 5  # rows that a message holds
STAGING = "stg_shopify__"  # the prefix of a resource's name

# columns that name a record and contain no personal data
_NAMES = frozenset(
    """
    shop order_id order_name order_line_id refund_id sale_id agreement_id agreement_type
    customer_id checkout_id checkout_line_id product_id variant_id transaction_id kind
    line_type object entry currency record reason detail resource source_id value_field
    shopify_deal_key shopify_product_key shopify_line_item_key
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)


def tell_rows(connection: duckdb.DuckDBPyConnection, result: Any) -> str:
    """A node of dbt that warned or failed, in a sentence, with the first of the rows it found.

    A test says in its meta what its rows are, as {one: "1 order has …", many: "{} orders
    have …"}; of a test of accepted values it is told from the model and the column, and of
    other nodes their name stands for it. Texts that may hold something of a person are left
    out. Of a model or a unit test, which find no rows, it gives dbt's message.
    """
    name = str(result.node.name)
    compiled = getattr(result.node, "compiled_code", None)
    if str(result.node.resource_type) != "test" or not compiled or not result.failures:
        return f"{name}: {result.message}"
    metadata = getattr(result.node, "test_metadata", None)
    if (
        metadata is not None
        and metadata.name == "accepted_values"
        and STAGING in _tested(result)
    ):
        return f"{_unknown_values(connection, result.node, _tested(result))} ({name})"
    words = result.node.config.meta
    found = _rows(connection, result)
    see = (
        f". All of them: select * from {result.node.schema}.{result.node.alias}"
        if result.node.config.store_failures
        else ""
    )
    if "one" not in words:
        return f"{name}: {found}{see}"
    said = words["one"] if result.failures == 1 else words["many"].format(result.failures)
    return f"{said}: {found} ({name}){see}"


def _tested(result: Any) -> str:
    """The model that a generic test looks at."""
    return str(result.node.refs[0].name) if result.node.refs else ""


def _unknown_values(connection: duckdb.DuckDBPyConnection, node: Any, model: str) -> str:
    """Such as: 1 order has a financial status that Cartwheel does not know: PAID_LATER (#7)."""
    [(relation, columns)] = connection.execute(
        """
        select format('"{}"."{}"', schema_name, table_name), list(column_name)
        from duckdb_columns() where table_name = ? group by schema_name, table_name
        """,
        [model],
    ).fetchall()
    found = connection.execute(
        f"select value_field, n_records from ({node.compiled_code}) order by all"
    ).fetchall()
    total = sum(records for _, records in found)
    nouns = model.removeprefix(STAGING)
    record_id = "order_name" if nouns == "orders" else f"{nouns[:-1]}_id"
    record_id = record_id if record_id in columns else "order_id"
    told = []
    for value, _ in found[:TOLD]:
        records = connection.execute(
            f"select concat_ws(' of ', {record_id}, shop) "
            f'from {relation} where "{node.column_name}" = ? order by all limit {TOLD}',
            [value],
        ).fetchall()
        told.append(f"{value} ({', '.join(record for (record,) in records)})")
    field = node.column_name.replace("_", " ")
    nouns = nouns.replace("_", " ")
    return (
        f"{f'1 {nouns[:-1]} has' if total == 1 else f'{total:,} {nouns} have'} "
        f"{'an' if field[0] in 'aeiou' else 'a'} {field} that Cartwheel does not know: "
        + ", ".join(told)
    )


def _rows(connection: duckdb.DuckDBPyConnection, result: Any) -> str:
    """The first of the rows that a test found, and how many there are."""
    kept = result.node.config.store_failures
    rows = result.node.relation_name if kept else f"({result.node.compiled_code})"
    cursor = connection.execute(f"select * from {rows} order by all limit {TOLD}")
    told = [
        (place, column)
        for place, (column, kind, *_) in enumerate(cursor.description)
        if column in _NAMES or str(kind) not in ("STRING", "VARCHAR")
    ]
    columns = [column for _, column in told]
    lines = []
    for row in cursor.fetchall():
        values = dict(zip(columns, (row[place] for place, _ in told), strict=True))
        if {"record", "shop", "detail"} <= values.keys():
            lines.append("{record} of {shop} ({detail})".format(**values))
        elif values.keys() == {"shop", "order_id", "order_name"}:
            lines.append("{order_name} of {shop}".format(**values))
        else:
            present = {name: value for name, value in values.items() if value is not None}
            lines.append(", ".join(f"{name} {value}" for name, value in present.items()))
    found = "; ".join(filter(None, lines)) or "rows"
    more = f"; {result.failures} in all" if result.failures > TOLD else ""
    return f"{found}{more}"
