"""The figures of a table against those of earlier runs: volumes, shares, values, rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

import duckdb

from cartwheel.core.errors import SettingsError, WarehouseError
from cartwheel.core.warehouse import tables
from quality.conditions import in_words
from quality.history import Earlier
from quality.measure import filled
from quality.suite import Figure, Suite

# a normal distribution has 99.99 % of its values within so many median deviations
_SPREAD = 4 * 1.4826


@dataclass(frozen=True)
class FigureValue:
    """A figure of this run, beside what it usually is.

    value is None where there was nothing to measure; judged is how many rows it rests on.
    usual, low and high are None where too few rows or too few earlier runs stand behind it:
    then it is kept for later runs, and not judged.
    """

    figure: Figure
    part: str
    value: float | None
    judged: int
    earlier_runs: int = 0
    usual: float | None = None
    low: float | None = None
    high: float | None = None

    def is_unusual(self) -> bool:
        """Whether it lies outside of what it usually is; False where nothing is judged."""
        if self.value is None or self.low is None or self.high is None:
            return False
        return not self.low <= self.value <= self.high


def measure_figures(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    now: datetime,
    earlier: Sequence[Earlier],
) -> list[FigureValue]:
    """Measure a suite's figures and set them beside those of earlier runs; now is naive UTC.

    Raises WarehouseError if a table is missing, SettingsError if a query cannot be run.
    """
    present = tables(connection)
    found = []
    for figure in suite.figures:
        if figure.when and figure.when not in present:
            continue
        before = [
            each for each in earlier if (each.table, each.name) == (suite.table, figure.name)
        ]
        for part, value, judged in _ask(connection, suite, figure, now):
            one = FigureValue(figure, str(part), _float(value), int(judged or 0))
            of_part = [each for each in before if each.part == one.part]
            found.append(_beside(one, of_part, rests_on_itself=judged is None))
    return found


def _beside(
    found: FigureValue, earlier: Iterable[Earlier], *, rests_on_itself: bool
) -> FigureValue:
    """A figure with what it usually is, if enough stands behind it."""
    rows = found.figure.enough.get("rows", 0)
    known = [each for each in earlier if rests_on_itself or each.judged >= rows]
    found = replace(found, earlier_runs=len(known))
    if found.value is None or len(known) < max(found.figure.enough.get("runs", 1), 1):
        return found
    usual = median(each.value for each in known)
    if (usual if rests_on_itself else found.judged) < rows:
        return found
    # what varied before may vary on
    varied = _SPREAD * median(abs(each.value - usual) for each in known)
    if found.figure.times:
        below, above = (usual * times for times in found.figure.times)
    else:
        below, above = (usual + sign * (found.figure.points or 0) for sign in (-1, 1))
    low = min(below, usual - varied)
    # what was never below zero has nothing to do there
    low = max(low, 0.0) if usual >= 0 else low
    return replace(found, usual=usual, low=low, high=max(above, usual + varied))


def _ask(
    connection: duckdb.DuckDBPyConnection, suite: Suite, figure: Figure, now: datetime
) -> list[tuple[object, object, int | None]]:
    query = filled(figure.query, suite, now)
    try:
        return connection.execute(
            f"select part, value::double, judged::bigint from ({query}\n) order by part"
        ).fetchall()
    except duckdb.CatalogException as error:
        raise WarehouseError(
            f"The gate cannot measure {figure.name} of {suite.table}: "
            f"{in_words(error)}. Run first: cartwheel transform"
        ) from error
    except (
        duckdb.BinderException,
        duckdb.ParserException,
        duckdb.ConversionException,
    ) as error:
        raise SettingsError(
            f"The suite quality/suites/{suite.file}, {figure.name}, asks for what cannot be "
            f"answered: {in_words(error)}. Correct the file, then run: "
            "cartwheel check"
        ) from error


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))
