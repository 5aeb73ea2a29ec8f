"""Values of DuckDB become HubSpot's strings in one way only."""

from __future__ import annotations

import duckdb
import pytest

from load.objects.serialization import as_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("100.0000::decimal(18, 4)", "100"),
        ("1.5000::decimal(18, 4)", "1.5"),
        ("10.0500::decimal(18, 4)", "10.05"),
        ("1.2345::decimal(18, 4)", "1.2345"),
        ("0::decimal(18, 4)", "0"),
        ("-0.5::decimal(18, 4)", "-0.5"),
        ("0.1::double + 0.2::double", "0.3"),
        ("9007199254740993::bigint", "9007199254740993"),
        ("true", "true"),
        ("false", "false"),
        ("timestamp '2026-05-06 07:08:09.123456'", "2026-05-06T07:08:09.123Z"),
        ("date '2026-05-06'", "2026-05-06"),
        ("' kept as it is '", " kept as it is "),
        ("'   '", None),
        ("''", None),
        ("null::varchar", None),
    ],
)
def test_a_value_has_one_text(value, text):
    """The text is what HubSpot expects, and a blank is no value."""
    with duckdb.connect() as connection:
        (kind,) = connection.execute(f"select typeof({value})").fetchone()
        found = connection.execute(f"select {as_text('x', kind)} from (select {value} as x)")

        assert found.fetchone() == (text,)
