"""Great Expectations judges what DuckDB measured, and describes it for its pages."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

from cartwheel.core.errors import SettingsError
from quality.conditions import AGGREGATES, CONDITIONS, QUERY
from quality.figures import FigureValue
from quality.finding import SHOWN, Finding, Row
from quality.measure import Measured
from quality.suite import Suite

# read at import: no usage statistics
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

_FORMAT = {
    "result_format": {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": ["row"],
        "partial_unexpected_count": SHOWN,
    }
}


def judge(
    suite: Suite, measured: Sequence[Measured], figures: Sequence[FigureValue]
) -> tuple[list[Finding], list[Any]]:
    """Judge a suite: the findings, and Great Expectations' own result of each expectation.

    Its expectations decide on metrics, here those that DuckDB counted over all rows, with the
    first failing rows as the unexpected ones.

    Raises SettingsError if the suite holds what Great Expectations does not take.
    """
    # it warns of a notebook's way to write expectations
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    findings, results = [], []
    for each in measured:
        expectation = _build(suite, each.expectation.name, each)
        outcome = expectation._validate(_metrics(expectation, each), _FORMAT)
        findings.append(_finding(suite, each, success=bool(outcome["success"])))
        results.append(_result(expectation, outcome))
    for figure in figures:
        outcome = {"success": True}
        if figure.usual is not None:
            expectation = _of_figure(figure)
            outcome = expectation._validate(_metrics_of_figure(expectation, figure), _FORMAT)
            results.append(_result(expectation, outcome))
        findings.append(_finding_of_figure(suite, figure, success=bool(outcome["success"])))
    return findings, results


def result_of_table(table: str, results: Sequence[Any], now: datetime) -> Any:
    """Great Expectations' result of a table, of all suites that are about it, to be drawn."""
    from great_expectations import __version__
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
    )

    passed = sum(bool(result.success) for result in results)
    return ExpectationSuiteValidationResult(
        success=passed == len(results),
        results=[*results],
        suite_name=table,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100.0 * passed / max(len(results), 1),
        },
        meta={
            "run_id": {"run_name": "gate", "run_time": now.isoformat()},
            "great_expectations_version": __version__,
            "batch_spec": {"data_asset_name": table},
        },
    )


def _build(suite: Suite, name: str, measured: Measured) -> Any:
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.registry import get_expectation_impl

    asked = measured.expectation
    try:
        return get_expectation_impl(asked.type)(
            **asked.kwargs, severity=FailureSeverity(asked.severity), notes=asked.notes
        )
    except (TypeError, ValueError) as error:
        said = "; ".join(line.strip() for line in str(error).splitlines()[1:]) or str(error)
        raise SettingsError(
            f"The suite quality/suites/{suite.file}, {name}: Great Expectations does not take "
            f"it as {asked.type}: {said}. Correct the file (docs/quality.md), then run: "
            "cartwheel check"
        ) from error


def _metrics(expectation: Any, measured: Measured) -> dict[str, Any]:
    """What DuckDB counted, by Great Expectations' names."""
    kind, rows = measured.expectation.type, measured.rows
    if kind in AGGREGATES:
        return {AGGREGATES[kind][0]: measured.value}
    if kind == QUERY:
        examples = [{"row": escape(row.key)} for row in measured.examples]
        return {
            "unexpected_rows_query.row_count": measured.failing,
            "unexpected_rows_query.table": examples,
        }
    if kind not in CONDITIONS:
        return {"table.row_count": rows}
    metrics = {"table.row_count": rows}
    metrics["column_values.nonnull.unexpected_count"] = measured.nulls
    return metrics | _unexpected(
        expectation.map_metric, measured.failing, rows - measured.nulls, measured.examples
    )


def _unexpected(
    metric: str, failing: int, considered: int, examples: Iterable[Row]
) -> dict[str, Any]:
    # Great Expectations puts values into its pages as they are
    rows = [Row(escape(row.key), escape(row.value)) for row in examples]
    return {
        f"{metric}.unexpected_count": failing,
        f"{metric}.filtered_row_count": considered,
        f"{metric}.unexpected_values": [row.value for row in rows],
        f"{metric}.unexpected_index_list": [
            {"value": row.value, "row": row.key} for row in rows
        ],
    }


def _of_figure(figure: FigureValue) -> Any:
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )
    from great_expectations.expectations.metadata_types import FailureSeverity

    of = f" of {figure.part}" if figure.part else ""
    return ExpectColumnValuesToBeBetween(
        column=escape(f"{figure.figure.name}{of}"),
        min_value=figure.low,
        max_value=figure.high,
        severity=FailureSeverity(figure.figure.severity),
        notes=f"{figure.figure.notes} Usually {figure.usual:.6g}.",
    )


def _metrics_of_figure(expectation: Any, figure: FigureValue) -> dict[str, Any]:
    fails = figure.is_unusual()
    row = Row(figure.part or "all", f"{figure.value:.6g}")
    return {
        "table.row_count": 1,
        "column_values.nonnull.unexpected_count": 0,
        **_unexpected(expectation.map_metric, int(fails), 1, [row] if fails else []),
    }


def _result(expectation: Any, outcome: dict[str, Any]) -> Any:
    from great_expectations.core.expectation_validation_result import (
        ExpectationValidationResult,
    )

    return ExpectationValidationResult(
        success=outcome["success"],
        expectation_config=expectation.configuration,
        result=outcome["result"],
        exception_info={
            "raised_exception": False,
            "exception_message": None,
            "exception_traceback": None,
        },
    )


def _finding(suite: Suite, measured: Measured, *, success: bool) -> Finding:
    asked = measured.expectation
    of_rows = asked.type in CONDITIONS or asked.type == QUERY
    value = measured.value if asked.type in AGGREGATES else float(measured.rows)
    return Finding(
        table=suite.table,
        name=asked.name,
        severity=asked.severity,
        success=success,
        observed=float(measured.failing) if of_rows else value,
        judged=measured.rows,
        why=" ".join(asked.notes.split()),
        of_rows=of_rows,
        allowed=round(1 - float(asked.kwargs.get("mostly", 1)), 9) if of_rows else 0.0,
        low=None if of_rows else asked.kwargs.get("min_value"),
        high=None if of_rows else asked.kwargs.get("max_value"),
        rows=() if success else measured.examples,
        see="" if success else measured.see,
        file=suite.file,
    )


def _finding_of_figure(suite: Suite, figure: FigureValue, *, success: bool) -> Finding:
    return Finding(
        table=suite.table,
        name=figure.figure.name,
        severity=figure.figure.severity,
        success=success,
        observed=figure.value,
        judged=figure.judged,
        why=" ".join(figure.figure.notes.split()),
        of_rows=False,
        part=figure.part,
        low=figure.low,
        high=figure.high,
        usual=figure.usual,
        earlier_runs=figure.earlier_runs,
        file=suite.file,
    )
