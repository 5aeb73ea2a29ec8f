"""The rows that a data test found, in words: the name of a test tells a user nothing."""

from __future__ import annotations

import duckdb

from cartwheel.build.data_tests import DataTest, Finding

TOLD = 5  # rows that a message holds
STAGING = "stg_shopify__"  # the prefix of a resource's name

# columns that name a record and contain no personal data
_NAMES = frozenset(
    """
    shop order_id order_name order_line_id refund_id sale_id agreement_id agreement_type
    customer_id checkout_id checkout_line_id product_id variant_id transaction_id kind
    line_type object entry currency grain dimension record reason detail resource source_id
    value_field shopify_deal_key shopify_product_key shopify_line_item_key
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)


def tell_rows(connection: duckdb.DuckDBPyConnection, finding: Finding) -> str:
    """A test that warned or failed, in a sentence, with the first of the rows it found.

    A test says in its meta what its rows are, as {one: "1 order has …", many: "{} orders
    have …"}; of a test of accepted values it is told from the model and the column, and of
    other tests their name stands for it. Texts that may hold something of a person are left
    out. Of a test that could not be run it gives DuckDB's message.
    """
    test, name = finding.test, finding.test.name
    if finding.outcome == "error":
        return f"{name}: {finding.message}"
    if test.kind == "accepted_values" and STAGING in test.model:
        return f"{_unknown_values(connection, test)} ({name})"
    found = _rows(connection, finding)
    see = f". All of them: select * from {test.stored_as}" if test.stored_as else ""
    if not test.one:
        return f"{name}: {found}{see}"
    said = test.one if finding.failures == 1 else test.many.format(finding.failures)
    return f"{said}: {found} ({name}){see}"


def _unknown_values(connection: duckdb.DuckDBPyConnection, test: DataTest) -> str:
    """Such as: 1 order has a financial status that Cartwheel does not know: PAID_LATER (#7)."""
    [(relation, columns)] = connection.execute(
        """
        select format('"{}"."{}"', schema_name, table_name), list(column_name)
        from duckdb_columns() where table_name = ? group by schema_name, table_name
        """,
        [test.model],
    ).fetchall()
    found = connection.execute(
        f"select value_field, n_records from ({test.sql}) order by all"
    ).fetchall()
    total = sum(records for _, records in found)
    nouns = test.model.removeprefix(STAGING)
    record_id = "order_name" if nouns == "orders" else f"{nouns[:-1]}_id"
    record_id = record_id if record_id in columns else "order_id"
    told = []
    for value, _ in found[:TOLD]:
        records = connection.execute(
            f"select concat_ws(' of ', {record_id}, shop) "
            f'from {relation} where "{test.column}" = ? order by all limit {TOLD}',
            [value],
        ).fetchall()
        told.append(f"{value} ({', '.join(record for (record,) in records)})")
    field = test.column.replace("_", " ")
    nouns = nouns.replace("_", " ")
    return (
        f"{f'1 {nouns[:-1]} has' if total == 1 else f'{total:,} {nouns} have'} "
        f"{'an' if field[0] in 'aeiou' else 'a'} {field} that Cartwheel does not know: "
        + ", ".join(told)
    )


def _rows(connection: duckdb.DuckDBPyConnection, finding: Finding) -> str:
    """The first of the rows that a test found, and how many there are."""
    rows = finding.test.stored_as or f"({finding.test.sql})"
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
    more = f"; {finding.failures} in all" if finding.failures > TOLD else ""
    return f"{found}{more}"
