"""The rows that a dbt test found, in words: a test's own name says nothing to a person."""

from __future__ import annotations

from typing import Any

import duckdb

TOLD = 5  # rows that a message holds

# texts that name a record and hold nothing of a person
_NAMES = frozenset(
    """
    shop order_id order_name order_line_id refund_id sale_id agreement_id agreement_type
    customer_id checkout_id checkout_line_id product_id variant_id transaction_id kind
    line_type object entry currency record reason detail resource source_id value_field
    shopify_deal_key shopify_product_key shopify_line_item_key
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)


def tell_rows(connection: duckdb.DuckDBPyConnection, result: Any) -> str:
    """A node of dbt that warned or failed: its name, and the first of the rows it found.

    Texts that may hold something of a person are left out. Of a model or a unit test,
    which find no rows, it gives dbt's message.
    """
    name = str(result.node.name)
    compiled = getattr(result.node, "compiled_code", None)
    if str(result.node.resource_type) != "test" or not compiled or not result.failures:
        return f"{name}: {result.message}"
    kept = result.node.config.store_failures
    rows = result.node.relation_name if kept else f"({compiled})"
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
        else:
            present = {name: value for name, value in values.items() if value is not None}
            lines.append(", ".join(f"{name} {value}" for name, value in present.items()))
    found = "; ".join(filter(None, lines)) or "rows"
    more = f"; {result.failures} in all" if result.failures > TOLD else ""
    see = (
        f". All of them: select * from {result.node.schema}.{result.node.alias}" if kept else ""
    )
    return f"{name}: {found}{more}{see}"
