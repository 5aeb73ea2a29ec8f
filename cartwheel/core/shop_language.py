"""The language of the shop, which labels and reports are in unless a setting says otherwise."""

from __future__ import annotations

from pathlib import Path

import duckdb

from cartwheel.core.warehouse import open_warehouse, tables

_LANGUAGE = """
select coalesce(primary_locale, '') from staging.stg_shopify__shops
order by primary_locale is null, created_at, shop limit 1
"""


def shop_language(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The code of the shop's primary language, such as fr or pt-BR.

    Of several stores, that of the one that was opened first. "" where no store tells its
    language, None where no store was read, or by an earlier version.
    """
    if "staging.stg_shopify__shops" not in tables(connection):
        return None
    try:
        found = connection.execute(_LANGUAGE).fetchone()
    except duckdb.BinderException:
        return None
    return str(found[0]) if found else None


def language_in(warehouse: Path) -> str | None:
    """shop_language() for whoever has not opened the warehouse; there may be none."""
    if not warehouse.exists():
        return None
    with open_warehouse(warehouse, read_only=True) as connection:
        return shop_language(connection)
