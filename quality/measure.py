"""The counts of all rows and the rows that fail, asked of DuckDB.

A table is read once for all its expectations, whatever its size; what comes out of DuckDB are
counts and a few rows for each expectation that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import duckdb

from cartwheel.core.errors import SettingsError, WarehouseError
from quality.conditions import AGGREGATES, CONDITIONS, QUERY, column_of, in_words, literal
from quality.finding import SHOWN, Row
from quality.suite import Expectation, Suite

_PARAMETER = "$PARAMETER"
_MISTAKES = (duckdb.BinderException, duckdb.ParserException, duckdb.ConversionException)
_LONGEST = 40  # characters of a value


@dataclass(frozen=True)
class Measured:
    """What DuckDB says of an expectation.

    rows is how many the table has, nulls in how many of them the column is empty, failing how
    many fail; value is that of an aggregate. examples are the first rows that fail, by key.
    """

    expectation: Expectation
    rows: int
    nulls: int = 0
    failing: int = 0
    value: float | None = None
    examples: tuple[Row, ...] = ()
    see: str = ""


def with_parameters(kwargs: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The kwargs with {$PARAMETER: now} and {$PARAMETER: tomorrow} filled in; now is UTC."""
    known = {"now": now, "tomorrow": now + timedelta(days=1)}
    return {
        name: known.get(str(value[_PARAMETER]), value)
        if isinstance(value, dict) and _PARAMETER in value
        else value
        for name, value in kwargs.items()
    }


def filled(query: str, suite: Suite, now: datetime) -> str:
    """A suite's own query, with {batch} and {now} filled in."""
    return query.replace("{batch}", suite.batch).replace("{now}", literal(now)).strip(" ;\n")


def measure(
    connection: duckdb.DuckDBPyConnection, suite: Suite, now: datetime
) -> list[Measured]:
    """Ask DuckDB everything that a suite expects of its rows; now is naive UTC.

    Raises WarehouseError if the table is missing, naming it and the command that makes it;
    SettingsError if the suite asks for a column that the table does not have.
    """
    expectations = [
        replace(each, kwargs=with_parameters(each.kwargs, now)) for each in suite.expectations
    ]
    counts = _counts(connection, suite, expectations)
    found = []
    for number, each in enumerate(expectations):
        with _told(suite, each):
            measured = Measured(each, counts["all_rows"] or 0)
            if each.type == QUERY:
                query = filled(each.kwargs["unexpected_rows_query"], suite, now)
                rows = f"({query}\n)"
                [(failing,)] = connection.execute(f"select count(*) from {rows}").fetchall()
                measured = replace(measured, failing=failing, see=query)
                value = "''"
            elif each.type in CONDITIONS:
                condition = CONDITIONS[each.type](each.kwargs)
                rows = f"{_rows_for(suite, condition)} where {condition}"
                measured = replace(
                    measured,
                    failing=counts[f"failing_{number}"],
                    nulls=counts[f"nulls_{number}"],
                    see=f"select * from {rows}",
                )
                value = _value(each)
            else:
                measured = replace(measured, value=counts.get(f"value_{number}"))
            if measured.failing:
                examples = _examples(connection, suite, each, rows, value)
                measured = replace(measured, examples=examples)
        found.append(measured)
    return found


def _counts(
    connection: duckdb.DuckDBPyConnection, suite: Suite, expectations: Sequence[Expectation]
) -> dict[str, Any]:
    """What all expectations count, in one query; the one that cannot be asked is named."""
    with _told(suite):
        try:
            return _counted(connection, suite, expectations)
        except (*_MISTAKES, KeyError):
            for each in expectations:
                with _told(suite, each):
                    _counted(connection, suite, [each])
            raise


def _counted(
    connection: duckdb.DuckDBPyConnection, suite: Suite, expectations: Sequence[Expectation]
) -> dict[str, Any]:
    asked = ["count(*) as all_rows"]
    for number, each in enumerate(expectations):
        if each.type in CONDITIONS:
            condition = CONDITIONS[each.type](each.kwargs)
            asked.append(f"count(*) filter (where {condition}) as failing_{number}")
            asked.append(f"count(*) filter (where {_is_null(each)}) as nulls_{number}")
        elif each.type in AGGREGATES:
            sql = AGGREGATES[each.type][1].format(column_of(each.kwargs))
            asked.append(f"{sql}::double as value_{number}")
    cursor = connection.execute(f"select {', '.join(asked)} from {suite.batch}")
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone() or (), strict=True))


def _rows_for(suite: Suite, condition: str) -> str:
    """The table, with the suite's further columns only where a condition asks for them."""
    asks = any(f'"{name}"' in condition for name in suite.columns)
    return suite.batch if asks else suite.table


def _is_null(expectation: Expectation) -> str:
    names = [name for name in ("column", "column_A", "column_B") if name in expectation.kwargs]
    return " or ".join(f"{column_of(expectation.kwargs, name)} is null" for name in names)


def _value(expectation: Expectation) -> str:
    names = [name for name in ("column", "column_A", "column_B") if name in expectation.kwargs]
    columns = [column_of(expectation.kwargs, name) for name in names]
    return f"concat_ws(' and ', {', '.join(f'{column}::varchar' for column in columns)})"


def _examples(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    expectation: Expectation,
    rows: str,
    value: str,
) -> tuple[Row, ...]:
    """The first rows that fail; of what may be a person's, only the shape."""
    found = connection.execute(
        f"select ({suite.key})::varchar, left({value}, 1000) from {rows} "
        f"order by all limit {SHOWN}"
    ).fetchall()
    columns = {
        str(expectation.kwargs[name])
        for name in ("column", "column_A", "column_B")
        if name in expectation.kwargs
    }
    is_shown = not suite.rows_are_persons and columns.issubset(
        {*suite.shown, *_without_text(connection, suite)}
    )
    return tuple(
        Row(key or "a row without a key", (text if is_shown else shape(text))[:_LONGEST])
        for key, text in found
    )


def _without_text(connection: duckdb.DuckDBPyConnection, suite: Suite) -> set[str]:
    """The columns that hold numbers, times or truth values."""
    described = connection.execute(f"describe select * from {suite.batch}").fetchall()
    plain = re.compile(r"DECIMAL|.*INT|DOUBLE|FLOAT|TIMESTAMP|DATE|BOOLEAN")
    return {name for name, kind, *_ in described if plain.match(kind)}


def shape(text: str) -> str:
    """What a text looks like without what it says: ada@x2.org is aaa@a9.aaa."""
    return "".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in text)


@contextmanager
def _told(suite: Suite, expectation: Expectation | None = None) -> Iterator[None]:
    """Say what to do where DuckDB cannot answer."""
    asked = f"{suite.file}, {expectation.name}," if expectation else suite.file
    try:
        yield
    except duckdb.CatalogException as error:
        raise WarehouseError(
            f"The gate cannot read {suite.table}: {in_words(error)}. "
            "Run first: cartwheel transform"
        ) from error
    except _MISTAKES as error:
        raise SettingsError(
            f"The suite quality/suites/{asked} asks for what {suite.table} cannot answer: "
            f"{in_words(error)}. Correct the file, then run: cartwheel check"
        ) from error
    except KeyError as error:
        raise SettingsError(
            f"The suite quality/suites/{asked} lacks {error} in kwargs. Correct the file "
            "(docs/quality.md), then run: cartwheel check"
        ) from error
