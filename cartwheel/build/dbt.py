"""dbt in process: the same project that plain `dbt build` runs from the root."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cartwheel.core.errors import CartwheelError, TransformFailed, WarehouseLocked
from cartwheel.core.file_errors import of_warehouse
from cartwheel.core.instances import is_open
from cartwheel.core.privacy import private_files
from cartwheel.core.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]


def dbt(
    settings: Settings, *command: str, manifest: Any = None, by_hand: bool = True
) -> list[Any]:
    """Run a dbt command over the warehouse, such as "build"; give its results, node by node.

    With manifest, as parse() gives it, the project is not parsed again. One that is not by hand
    is a part of a run which the caller records in ops.transform_runs; else dbt's own hook does.

    Raises WarehouseError if the file or its disk kept dbt from starting, or if this process
    has it open; TransformFailed if something else did; nodes that fail are in the results.
    """
    answer = _invoke(settings, command, manifest, by_hand=by_hand)
    results = getattr(answer.result, "results", None)
    if results is None:
        raise _not_started(settings, answer)
    return list(results)


def parse(settings: Settings, *options: str) -> Any:
    """dbt's manifest of the project, read again only where files changed; raises as dbt()."""
    answer = _invoke(settings, ["parse", *options], None)
    if answer.result is None:
        raise _not_started(settings, answer)
    return answer.result


def _invoke(
    settings: Settings, command: Iterable[str], manifest: Any, *, by_hand: bool = True
) -> Any:
    if is_open(settings.warehouse):
        raise WarehouseLocked(
            f"The warehouse {settings.warehouse} is open in this process. Close it, then build."
        )
    with _environment(settings, by_hand=by_hand), private_files():
        # imported here: dbt takes seconds to load, and most commands do not need it
        from dbt.cli.main import dbtRunner

        options = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        # what failed is told by us; dbt words each event of each node for a log, and writes
        # all it knows of the project twice, which takes a sixth of a build
        options += ["--log-level", "none", "--log-level-file", "none", "--no-write-json"]
        try:
            with _rare_collections():
                return dbtRunner(manifest=manifest).invoke([*command, *options])
        finally:
            _let_go()


def _not_started(settings: Settings, answer: Any) -> CartwheelError:
    # our own hook says what to run; dbt wraps that in words about the hook
    told = str(getattr(answer.exception, "msg", answer.exception))
    if trouble := of_warehouse(settings.warehouse, told):
        return trouble
    if "Run: " not in told:
        told = f"dbt could not start: {told}. To see why, run: dbt debug"
    return TransformFailed(told, failed=[])


def _let_go() -> None:
    """Close the connection that dbt keeps for its next run: it would lock others out."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Collect garbage rarely: dbt's graph is large and in use, each pass takes 0.2 s."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _environment(settings: Settings, *, by_hand: bool) -> Iterator[None]:
    """What dbt_project.yml, profiles.yml and hooks read, set for the time of the build."""
    wanted = {
        "CARTWHEEL_WAREHOUSE": str(settings.warehouse),
        "CARTWHEEL_NOW": settings.now.strftime("%Y-%m-%dT%H:%M:%SZ") if settings.now else "",
        "CARTWHEEL_QUARANTINE_LIMIT": str(settings.quarantine_limit),
        # read in a hook alone, as it ends: a value that models read has them parsed again
        "CARTWHEEL_RECORDS_THE_RUN": "" if by_hand else "1",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
