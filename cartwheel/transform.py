"""raw to the marts: builds and tests the models that can have changed."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import duckdb

from cartwheel.build.data_tests import DataTest, run_tests
from cartwheel.build.dbt import PROJECT, dbt
from cartwheel.build.found_rows import tell_rows
from cartwheel.build.project import read_project
from cartwheel.build.run_log import NOTHING_NEW, BuildLog, logged, run_by_hand
from cartwheel.build.state import (
    BuildState,
    Seen,
    Todo,
    after_build,
    after_failure,
    forget_state,
    look,
    read_state,
    write_state,
)
from cartwheel.core.clock import machine_time
from cartwheel.core.errors import (
    CartwheelError,
    QualityGateClosed,
    TransformFailed,
    WarehouseError,
)
from cartwheel.core.file_errors import of_warehouse
from cartwheel.core.interruptions import is_interruption
from cartwheel.core.progress import Progress, Say, Watch, told_to
from cartwheel.core.quarantine import past_limit, tell_quarantined
from cartwheel.core.settings import Settings
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse
from cartwheel.failed_build import LIMIT, how_to_see, show_closed
from cartwheel.step_runs import recorded

_NAMES = "nothing_is_quarantined"  # its rows are told record by record instead


@dataclass(frozen=True)
class TransformReport:
    """What dbt built: counts of nodes (models and tests) by outcome, and seconds.

    warnings are those of this build and those that stand of earlier ones; quarantined names
    the records that are not sent, a sentence each. With nothing_new there was nothing to build.
    """

    passed: int
    warned: int
    failed: int
    seconds: float
    warnings: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()
    nothing_new: bool = False

    @property
    def counts(self) -> tuple[int, int, int]:
        """What passed, warned and failed."""
        return self.passed, self.warned, self.failed

    @property
    def status(self) -> str:
        """How the run log calls it."""
        return "failed" if self.failed else "succeeded"

    def in_words(self) -> str:
        """Such as: 389 models and tests passed, 1 warned, 0 failed."""
        passed, warned, failed = self.counts
        return (
            NOTHING_NEW
            if self.nothing_new
            else f"{passed} models and tests passed, {warned} warned, {failed} failed"
        )


def transform(
    settings: Settings,
    say: Say,
    *,
    full: bool = False,
    full_refresh: bool = False,
    variables: Mapping[str, object] | None = None,
    watch: Watch | None = None,
) -> TransformReport:
    """Build what can have changed since the last build, with `dbt build`, and test it.

    That is everything after a change of the project, its vars or its versions; else what
    depends on the tables of raw that hold something else by now, or on the time, where it has
    come to the moment at which it changes something; and nothing at all otherwise. What was
    built before stands as it is, and so do the warnings of its tests. With full everything is
    built and tested; with full_refresh all JSON is parsed again as well, not only that of
    versions landed since. variables are dbt's vars (docs/data-model.md, Variables) that differ
    in this run from what dbt_project.yml says; with any, nobody is added to ops.enrolments.
    watch is told how many models are built and tests run, say where nobody watches. The run is
    remembered in ops.transform_runs.

    Raises TransformFailed naming the models and tests that failed, QualityGateClosed if
    nothing failed but that too many records are quarantined (CARTWHEEL_QUARANTINE_LIMIT),
    and WarehouseError if nothing has been extracted yet, WarehouseLocked if another program has
    the warehouse open for more than 5 minutes.
    """
    with recorded(settings, "transform") as noted, waiting(say):
        try:
            report = _transform(
                settings, say, full, full_refresh, variables, watch or told_to(say)
            )
        except CartwheelError as error:
            show_closed(settings, error)
            raise
        noted.detail = report.in_words()
        return report


def _transform(
    settings: Settings,
    say: Say,
    full: bool,
    full_refresh: bool,
    variables: Mapping[str, object] | None,
    watch: Watch,
) -> TransformReport:
    _expect_raw(settings)
    started, clock = machine_time(), time.monotonic()
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        before = read_state(connection)
        seen = look(connection, settings, variables)
        by_hand = "" if before else run_by_hand(connection)
    if full or full_refresh:
        todo = Todo(True, f"as --full{'-refresh' if full_refresh else ''} asks")
    elif before:
        todo = before.todo(seen)
    else:
        todo = Todo(True, by_hand or "no build is known that succeeded")
    if before and not todo:
        return _nothing_new(settings, before, started, clock, say)
    say(
        f"building what has changed: {todo.why}"
        if before and not todo.everything
        else f"building everything: {todo.why}"
    )
    with logged(settings, started) as log:
        build = Build(settings, todo, before, seen, variables, watch)
        build.run(full_refresh=full_refresh)
        with open_warehouse(settings.warehouse) as connection:
            build.judge(connection)
            named = tell_quarantined(connection)
            too_many = past_limit(connection, settings.quarantine_limit)
            report = TransformReport(
                passed=build.built + build.passed,
                warned=len(build.warnings),
                failed=len(build.failures),
                seconds=time.monotonic() - clock,
                warnings=_without_names(build.warnings),
                quarantined=tuple(named),
            )
            log.end(connection, report.status, report.counts, ", ".join(build.failures))
    say(build.summary(report.seconds))
    _say_what_stands(report, say)
    if too_many and [*build.failures] == [LIMIT]:
        raise QualityGateClosed(
            "Too many records are quarantined, so nothing may be loaded: "
            f"{'; '.join(too_many)}. "
            "Then run: cartwheel sync"
        )
    if build.failures:
        reasons, failed = [*build.failures.values()], [*build.failures]
        raise TransformFailed(
            f"dbt failed: {'. '.join(reasons[:10])}. {how_to_see(settings, failed[0])}",
            failed=failed,
            reasons=reasons,
        )
    return report


class Build:
    """One build: the models by dbt, then the tests of what they changed.

    failures: the models and tests that failed, and why; warnings: the tests that warn, those
    that stand of earlier builds included.
    """

    def __init__(
        self,
        settings: Settings,
        todo: Todo,
        before: BuildState | None,
        seen: Seen,
        variables: Mapping[str, object] | None,
        watch: Watch,
    ) -> None:
        self._watch = watch
        self._settings, self._todo, self._seen = settings, todo, seen
        self._before = None if todo.everything else before
        self._variables = variables
        self._project = read_project(settings, seen.project, variables)
        self._broken: set[str] = set()
        self.failures: dict[str, str] = {}
        self.warnings: dict[str, str] = {}
        self.built = self.passed = 0

    def run(self, *, full_refresh: bool) -> None:
        """Run `dbt build` without its tests.

        What an interruption, or an error, leaves undone is left to the next build.
        """
        # unit tests judge the models' code, not the data: the project's own tests run them
        left_out = ["test", "unit_test"]
        left_out += [] if _seeds_differ(self._settings) else ["seed"]
        options, models = ["--exclude-resource-types", *left_out], [*self._project.models]
        if not self._todo.everything:
            models = self._project.to_build(self._todo.changed())
        options += ["--full-refresh"] if full_refresh else []
        number = count(1)
        progress = Progress("", self._watch, step="transform", verb="built")
        progress.begin("models", len(models))
        try:
            results = dbt(
                self._settings,
                "build",
                *options,
                only=None if self._todo.everything else models,
                variables=self._variables,
                built=lambda: progress.advance("models", next(number)),
                is_logged=True,
            )
        except BaseException as error:
            # a whole build that was interrupted takes nothing from what the one before made
            if self._before or not is_interruption(error):
                with (
                    suppress(CartwheelError),
                    open_warehouse(self._settings.warehouse) as opened,
                ):
                    self._leave_undone(opened)
            raise
        told = [str(result.message) for result in results if str(result.status) == "error"]
        if trouble := of_warehouse(self._settings.warehouse, *told):
            raise trouble
        for result in results:
            name, status = str(result.node.name), str(result.status)
            is_model = str(result.node.resource_type) == "model"
            if status == "error":
                self.failures[name] = f"{name}: {result.message}"
            if status in ("error", "skipped"):
                self._broken.add(str(result.node.unique_id))
            self.built += is_model and status == "success"

    def judge(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Run the tests of all that may hold something else now, and remember the outcome."""
        project, said = self._project, dict[str, str | None]()
        ids = project.affected(self._todo.changed())
        tests = project.tests if self._todo.everything else project.tests_of(ids)
        tests = [test for test in tests if not self._is_broken(test)]
        progress = Progress("", self._watch, step="transform", verb="run")
        progress.begin("tests", len(tests))
        for number, finding in enumerate(run_tests(connection, tests), 1):
            progress.advance("tests", number)
            said[finding.test.name] = None
            self.passed += finding.outcome == "pass"
            if finding.outcome in ("fail", "error"):
                self.failures[finding.test.name] = tell_rows(connection, finding)
            elif finding.outcome == "warn":
                said[finding.test.name] = tell_rows(connection, finding)
        if self.failures:
            self._leave_undone(connection)
            self.warnings = {name: words for name, words in said.items() if words is not None}
            return
        state = after_build(connection, self._before, self._seen, project, said)
        write_state(connection, state)
        self.warnings = state.warnings

    def _is_broken(self, test: DataTest) -> bool:
        """Whether a model that a test reads was not built."""
        return not self._broken.isdisjoint(test.parents)

    def _leave_undone(self, connection: duckdb.DuckDBPyConnection) -> None:
        if self._before:
            write_state(connection, after_failure(self._before, self._todo))
        else:
            forget_state(connection)

    def summary(self, seconds: float) -> str:
        """Such as: 102 models built, 287 tests passed, 1 warned, 0 failed in 9.1 s.

        The test that names what is quarantined warns without a line of its own.
        """
        named = " (1 names the quarantined records)" if _NAMES in self.warnings else ""
        changed = "" if self._todo.everything else f"; changed: {self._todo.why}"
        return (
            f"{self.built} models built, {self.passed} tests passed, {len(self.warnings)} "
            f"warned{named}, {len(self.failures)} failed in {seconds:.1f} s{changed}"
        )


def _nothing_new(
    settings: Settings, state: BuildState, started: datetime, clock: float, say: Say
) -> TransformReport:
    """What stands of the last build, since nothing of what it read has changed."""
    with open_warehouse(settings.warehouse) as connection:
        report = TransformReport(
            passed=0,
            warned=len(state.warnings),
            failed=0,
            seconds=time.monotonic() - clock,
            warnings=_without_names(state.warnings),
            quarantined=tuple(tell_quarantined(connection)),
            nothing_new=True,
        )
        log = BuildLog(started)
        log.begin(connection)
        log.end(connection, report.status, report.counts, NOTHING_NEW)
    say(
        f"nothing new since the build of {state.built_at:%Y-%m-%d %H:%M:%S} UTC, "
        "so nothing to build"
    )
    _say_what_stands(report, say)
    return report


def _without_names(warnings: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(words for test, words in warnings.items() if test != _NAMES)


def _say_what_stands(report: TransformReport, say: Say) -> None:
    for warning in report.warnings:
        say(f"warning: {warning}")
    for sentence in report.quarantined:
        say(f"quarantined: {sentence}")


def _expect_raw(settings: Settings) -> None:
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        found = connection.execute(
            "select 1 from information_schema.schemata where schema_name = 'raw'"
        ).fetchone()
    if found is None:
        raise WarehouseError(
            f"Nothing has been extracted into {settings.warehouse} yet. Run: cartwheel extract"
        )


def _seeds_differ(settings: Settings) -> bool:
    """Whether a seed's file holds other rows than its table, if there is one."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        for path in (PROJECT / "dbt_project" / "seeds").glob("*.csv"):
            with path.open(newline="", encoding="utf-8") as file:
                header, *rows = map(tuple, csv.reader(file))
            columns = ", ".join(f'"{name}"::varchar' for name in header)
            try:
                found = connection.execute(f'select {columns} from seeds."{path.stem}"')
            except duckdb.Error:
                return True
            if sorted(found.fetchall()) != sorted(rows):
                return True
    return False
