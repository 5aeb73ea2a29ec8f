"""Records in one form, whether HubSpot shows them or a mart: a mapping of values by key."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.end_to_end.journey import Journey

Records = dict[str, dict[str, Any]]

KEYS = {
    "contacts": "email",
    "deals": "shopify_deal_key",
    "products": "shopify_product_key",
    "line_items": "shopify_line_item_key",
}


def of_hubspot(road: Journey, object_type: str) -> Records:
    """HubSpot's living records of an object, in the properties that its mart has."""
    columns = _columns(road, object_type)
    return {
        str(record[KEYS[object_type]]): {
            name: _as_value(record.get(name), data_type) for name, data_type in columns.items()
        }
        for record in road.hubspot_records(object_type)
    }


def of_mart(road: Journey, object_type: str) -> Records:
    """The rows of hubspot.<object>."""
    columns = _columns(road, object_type)
    return {
        row[list(columns).index(KEYS[object_type])]: {
            name: _of_mart(value, columns[name])
            for name, value in zip(columns, row, strict=True)
        }
        for row in road.rows(f"select {', '.join(columns)} from hubspot.{object_type}")
    }


def _columns(road: Journey, table: str) -> dict[str, str]:
    """Name and DuckDB type of each column of a hubspot table."""
    return dict(
        road.rows(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'hubspot' and table_name = ?",
            [table],
        )
    )


def _as_value(text: str | None, data_type: str) -> Any:
    """A HubSpot property's text as the value that the mart's type gives it; blank is None."""
    if text in (None, ""):
        return None
    if data_type == "BOOLEAN":
        return text == "true"
    if data_type.startswith(("DECIMAL", "BIGINT", "INTEGER")):
        return Decimal(text)
    if data_type.startswith("TIMESTAMP"):
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC).replace(tzinfo=None)
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    return text


def _of_mart(value: Any, data_type: str) -> Any:
    """The mart's own value in the same terms: whole milliseconds, Decimals, blank is None."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, int) and data_type != "BOOLEAN":
        return Decimal(value)
    return None if value == "" else value
