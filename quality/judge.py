"""Great Expectations judges the profiles: one suite a table, one expectation a figure."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cartwheel.core.progress import Progress
from quality.history import Finding
from quality.rule import Severity, Table
from quality.rules import DRIFT, DRIFT_RANGE, LOST_ROWS

# read at import: no usage statistics, no progress bars on somebody's terminal
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

Profile = Mapping[str, float]
_GX_SEVERITY = {"stop": "critical", "warn": "warning"}


def limits(table: Table) -> list[tuple[str, float | None, float | None, Severity, str]]:
    """Everything to be judged of a table: measure, low, high, severity, why."""
    rules: list[tuple[str, float | None, float | None, Severity, str]] = [
        ("row_count", 0, None, "warn", "How many rows the table holds; kept for later runs."),
        ("lost_rows", None, 0, "stop", LOST_ROWS),
        ("rows_against_last_run", *DRIFT_RANGE, "warn", DRIFT),
    ]
    rules += [(rule.measure, None, rule.limit, rule.severity, rule.why) for rule in table.rules]
    return rules


def judge(profiles: Mapping[Table, Profile], site: Path, progress: Progress) -> list[Finding]:
    """Judge each table's profile and write Great Expectations' pages below site.

    A profile is one row of figures, measured by DuckDB, so that memory does not grow
    with the warehouse. They are counts and shares, never money: floats are exact enough.
    """
    import great_expectations as gx
    import pandas as pd
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.core.expect_column_max_to_be_between import (
        ExpectColumnMaxToBeBetween,
    )
    from great_expectations.expectations.metadata_types import FailureSeverity

    # it tells at INFO where it keeps its own files
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    # and with a traceback what kept it from writing a page, of which write_docs tells
    logging.getLogger("great_expectations.render.renderer.site_builder").disabled = True
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name in list(context.variables.data_docs_sites or {}):
        context.delete_data_docs_site(name)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)}
    context.add_data_docs_site("local", {"class_name": "SiteBuilder", "store_backend": store})
    source = context.data_sources.add_pandas("warehouse")

    findings: list[Finding] = []
    progress.begin("tables", len(profiles))
    for number, (table, profile) in enumerate(profiles.items(), 1):
        batch = source.add_dataframe_asset(table.name).add_batch_definition_whole_dataframe(
            "profile"
        )
        expectations = [
            ExpectColumnMaxToBeBetween(
                column=measure,
                min_value=low,
                max_value=high,
                severity=FailureSeverity(_GX_SEVERITY[severity]),
                notes=why,
            )
            for measure, low, high, severity, why in limits(table)
        ]
        suite = gx.ExpectationSuite(name=table.name, expectations=expectations)
        validation = context.validation_definitions.add(
            gx.ValidationDefinition(
                name=table.name, data=batch, suite=context.suites.add(suite)
            )
        )
        frame = pd.DataFrame([dict(profile)])
        outcome = validation.run(
            batch_parameters={"dataframe": frame}, run_id=gx.RunIdentifier(run_name="gate")
        )
        passed = {
            result.expectation_config.kwargs["column"]: bool(result.success)
            for result in outcome.results
        }
        findings += [
            Finding(
                table.name, measure, severity, passed[measure], profile[measure], low, high, why
            )
            for measure, low, high, severity, why in limits(table)
        ]
        progress.advance("tables", number)
    context.build_data_docs()
    return findings
