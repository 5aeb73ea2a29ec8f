"""Two commits' outcomes are compared table by table, and nothing differs in silence."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench.equality import Compared, Exceptions, compare

ROWS = "(1, 10.00), (2, 20.00), (2, 20.00)"


@pytest.fixture
def outcome(tmp_path):
    """Write an outcome of core.orders by its rows and, if told, another name and columns."""

    def outcome(side: str, rows: str, table: str = "orders", columns: str = "id, amount"):
        file = tmp_path / f"{side}.duckdb"
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema core")
            connection.execute(
                f"create table core.{table} as from (values {rows}) as made({columns})"
            )
        return file

    return outcome


def compared(before: Path, after: Path, listed: str = "") -> list[Compared]:
    """The lines of a comparison under the exceptions that are listed."""
    file = before.with_name("exceptions.toml")
    file.write_text(listed)
    return compare("demo", before, after, Exceptions.read(file))


def test_equal_tables_have_no_differences(outcome):
    """The same rows in another order are the same."""
    after = outcome("after", "(2, 20.00), (1, 10.00), (2, 20.00)")

    [line] = compared(outcome("before", ROWS), after)

    assert (line.before, line.after, line.differences, line.notes) == (3, 3, 0, [])


def test_a_changed_value_is_counted_and_its_column_named(outcome):
    """A row that changed is one that went and one that came; the column at fault is named."""
    [line] = compared(outcome("before", ROWS), outcome("after", ROWS.replace("10.", "11.")))

    assert line.differences == 2
    assert "differs in: amount" in line.notes


def test_a_row_that_is_there_once_less_is_a_difference(outcome):
    """Rows are compared with how often they occur."""
    [line] = compared(outcome("before", ROWS), outcome("after", "(1, 10.00), (2, 20.00)"))

    assert line.differences == 1


def test_a_column_that_went_or_changed_its_type_is_a_difference(outcome):
    """A column is known by its name and type, even where the values look alike."""
    before = outcome("before", "(1, 10.00, 'x')", columns="id, amount, note")

    [line] = compared(before, outcome("after", "(1::bigint, 10.00)"))

    assert line.differences == 2
    assert line.notes == ["column id: INTEGER -> BIGINT", "column note: VARCHAR -> gone"]


def test_a_table_that_went_is_a_difference_although_it_was_empty(outcome):
    """A table on one side alone counts itself and its rows."""
    before, after = outcome("before", ROWS), outcome("after", ROWS, table="sales")

    orders, sales = compared(before, after)

    assert (orders.differences, sales.differences) == (4, 4)


def test_what_was_renamed_is_compared_under_its_new_name(outcome):
    """Renamed tables and columns are found again, and still compared."""
    after = outcome("after", ROWS.replace("10.", "11."), "purchases", "id, total")
    listed = """
        [renamed.tables]
        "core.orders" = "core.purchases"
        [renamed.columns."core.purchases"]
        amount = "total"
    """

    [line] = compared(outcome("before", ROWS), after, listed)

    assert (line.table, line.differences) == ("core.purchases", 2)


@pytest.mark.parametrize(
    "which", ["columns = ['amount']", "where = 'id = 1'", ""], ids=["column", "rows", "whole"]
)
def test_what_is_meant_is_left_out(outcome, which):
    """A meant difference is none, whether it is of a column, of rows or of a table."""
    listed = f"[[meant]]\ntable = 'core.orders'\nwhy = 'cheaper now'\n{which}"
    after = outcome("after", ROWS.replace("10.", "11."))

    [line] = compared(outcome("before", ROWS), after, listed)

    assert line.differences == 0
    assert line.notes == ["meant: cheaper now"]


def test_a_type_that_is_meant_excuses_no_value(outcome):
    """Where only the type may differ, the values are compared all the same."""
    listed = "[[meant]]\ntable = 'core.orders'\ntypes = ['id']\nwhy = 'wider'"
    before = outcome("before", "(1, 10.00), (2, 20.00)")

    [line] = compared(before, outcome("after", "(1::bigint, 10.00), (3, 20.00)"), listed)

    assert line.differences == 2
    assert "differs in: id" in line.notes


def test_what_is_meant_elsewhere_stays_a_difference(outcome):
    """A meant difference of other rows, or of another store, excuses nothing here."""
    listed = """
        [[meant]]
        table = 'core.orders'
        where = 'id = 2'
        why = 'another row'
        [[meant]]
        table = 'core.orders'
        store = 'real'
        why = 'another store'
    """
    after = outcome("after", ROWS.replace("10.", "11."))

    [line] = compared(outcome("before", ROWS), after, listed)

    assert line.differences == 2


def test_a_meant_difference_needs_its_reason(outcome):
    """A list without reasons is not taken."""
    before = outcome("before", ROWS)

    with pytest.raises(ValueError, match="needs table and why"):
        compared(before, before, "[[meant]]\ntable = 'core.orders'")
