"""dbt in process: the same project that plain `dbt build` runs from the root."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import rmtree
from types import FrameType
from typing import Any

import click

from cartwheel.core.clock import rfc3339
from cartwheel.core.errors import CartwheelError, TransformFailed, WarehouseLocked
from cartwheel.core.file_errors import locked_told, of_warehouse
from cartwheel.core.instances import is_open
from cartwheel.core.interruptions import interrupting_signals, is_put_off
from cartwheel.core.privacy import private_files
from cartwheel.core.settings import Settings
from cartwheel.core.waiting import in_turn
from cartwheel.core.working_folders import lock_of, locked

PROJECT = Path(__file__).resolve().parents[2]
_SELECTED = "selected_for_this_run"
_KEPT = 8  # parsed projects, of some 4 MB each


def dbt(
    settings: Settings,
    *command: str,
    only: Collection[str] | None = None,
    variables: Mapping[str, object] | None = None,
    manifest: Any = None,
    built: Callable[[], None] | None = None,
    is_logged: bool = False,
) -> list[Any]:
    """Run a dbt command over the warehouse, such as "build"; give its results, node by node.

    only are the unique ids of the nodes to select. variables are dbt's vars. With manifest, as
    parse() gave it for the same ones, the project is not parsed again. built is called when a
    model was built, or failed; by more than one thread. Of one that is logged the caller keeps
    the run in ops.transform_runs; else dbt's own hook does.

    Raises WarehouseError if the file or its disk kept dbt from starting, or if this process
    has it open; WarehouseLocked if another program has, after the wait that waiting() allows;
    TransformFailed if something else did; KeyboardInterrupt if the run was interrupted,
    whatever dbt made of that. Nodes that fail are in the results.
    """

    if is_open(settings.warehouse):
        raise WarehouseLocked(
            f"The warehouse {settings.warehouse} is open in this process. Close it, then build."
        )
    if manifest is None:
        manifest = parse(settings, variables)
    options = _vars(variables)
    if only is not None:
        # dbt compares each name that it is given with every node, three times
        for key in only:
            manifest.nodes[key].tags.append(_SELECTED)
        options += ["--select", f"tag:{_SELECTED}"]
    callbacks = [] if built is None else [partial(_tell, built)]

    def attempt() -> list[Any]:
        answer = _invoke(
            settings, [*command, *options], manifest, callbacks, is_logged=is_logged
        )
        results = getattr(answer.result, "results", None)
        if results is None:
            raise _not_started(settings, answer)
        return list(results)

    # where another program kept dbt from starting, nothing was built
    return in_turn(attempt)


def parse(settings: Settings, variables: Mapping[str, object] | None = None) -> Any:
    """dbt's manifest of the project, read again only where files changed; raises as dbt().

    dbt reads everything again for a warehouse at another path and for other vars, and what
    asks for the time for another one. Of the path only the database's name stands in a
    manifest, and nothing of the time, so all warehouses of a name share it. For each name and
    set of vars it is kept in a folder of its own, where one process parses at a time.
    """
    of_any_folder = replace(settings, warehouse=Path(settings.warehouse.name), now=None)
    written = json.dumps([settings.warehouse.stem, variables or {}], sort_keys=True)
    with private_files():
        folder = parsed_folder() / hashlib.sha256(written.encode()).hexdigest()[:16]
        folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(lock_of(folder), wait=True):
            options = [*_vars(variables), "--target-path", str(folder)]
            answer = _invoke(of_any_folder, ["parse", *options], None, [])
            if folder.is_dir():
                os.utime(folder)
            keep_newest(parsed_folder().glob("*/"), _KEPT)
    if answer.result is None:
        raise _not_started(settings, answer)
    return answer.result


def keep_newest(paths: Iterable[Path], number: int) -> None:
    """Remove the files and folders used longest ago, but for so many.

    Another process may do so at once; whoever uses one that goes makes it again.
    """
    found = []
    for path in paths:
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime, path))
    for _, former in sorted(found)[:-number]:
        if former.is_dir():
            rmtree(former, ignore_errors=True)
        else:
            former.unlink(missing_ok=True)


def parsed_folder() -> Path:
    """Where dbt keeps what it parsed, in a folder for each database's name and set of vars."""
    return target_folder() / "parsed"


def target_folder() -> Path:
    """Where dbt keeps what it compiled."""
    return Path(os.environ.get("DBT_TARGET_PATH") or PROJECT / "target")


def _vars(variables: Mapping[str, object] | None) -> list[str]:
    return ["--vars", json.dumps(dict(variables))] if variables else []


def by_hand(settings: Settings | None, arguments: Sequence[str]) -> int:
    """Run dbt as its own command does, with its own output; give its exit code.

    The project is ours, unless the arguments name another one. settings are what its models
    and its profile read; None leaves the environment as it is, for what reads neither.

    Raises KeyboardInterrupt if the run was interrupted, whatever dbt made of that.
    """
    wanted = {"DBT_PROJECT_DIR": str(PROJECT), "DBT_PROFILES_DIR": str(PROJECT)}
    if not sys.stdout.isatty():
        # dbt colours what goes into a file or another program as well
        wanted["DBT_USE_COLORS"] = os.environ.get("DBT_USE_COLORS", "false")
    if settings is not None:
        wanted |= _read_by_dbt(settings, is_logged=False)
    with (
        _variables(wanted),
        private_files(),
        _rare_collections(),
        _interruptions() as came,
    ):
        from dbt.cli.main import cli

        try:
            ended = cli.main(
                [*arguments],
                prog_name="cartwheel dbt",
                standalone_mode=False,
                # else dbt looks for outdated options among those of this process
                obj={"dbt_runner_command_args": [*arguments]},
            )
            # the code where click ended early (--help), else a result, since it succeeded
            code = ended if isinstance(ended, int) else 0
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        finally:
            _let_go()
    if came:
        raise KeyboardInterrupt
    return code


def _invoke(
    settings: Settings,
    command: Iterable[str],
    manifest: Any,
    callbacks: Iterable[Callable[[Any], None]],
    *,
    is_logged: bool = False,
) -> Any:
    with _variables(_read_by_dbt(settings, is_logged=is_logged)), private_files():
        # imported here: dbt takes seconds to load, and most commands do not need it
        from dbt.cli.main import dbtRunner

        options = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        # what failed is told by us; dbt words each event of each node for a log, and writes
        # all it knows of the project twice, which takes a sixth of a build
        options += ["--log-level", "none", "--log-level-file", "none", "--no-write-json"]
        try:
            # before it has read its options dbt would tell of an interruption, log or none
            with _rare_collections(), _interruptions() as came:
                answer = dbtRunner(manifest, [*callbacks]).invoke([*command, *options])
        finally:
            _let_go()
    if came:
        raise KeyboardInterrupt
    return answer


def _not_started(settings: Settings, answer: Any) -> CartwheelError:
    # our own hook says what to run; dbt wraps that in words about the hook
    told = str(getattr(answer.exception, "msg", answer.exception))
    path = settings.warehouse
    if trouble := locked_told(path, told) or of_warehouse(path, told):
        return trouble
    if "Run: " not in told:
        told = f"dbt could not start: {told}. To see why, run: cartwheel dbt debug"
    return TransformFailed(told, failed=[])


def _tell(built: Callable[[], None], event: Any) -> None:
    if event.info.name == "NodeFinished" and event.data.node_info.resource_type == "model":
        built()


def _let_go() -> None:
    """Close the connection that dbt keeps for its next run: it would lock others out."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Collect garbage rarely: dbt's graph is large and in use, each pass takes 0.2 s."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], 100_000), 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _silence() -> None:
    """Let dbt say nothing more: it tells of an interruption by a traceback."""
    from dbt_common.events.event_manager_client import get_event_manager

    get_event_manager().loggers.clear()


@contextmanager
def _interruptions() -> Iterator[list[int]]:
    """The signals that interrupt a command, as they come within the block.

    Each silences dbt and raises KeyboardInterrupt; dbt calls that an error of its own, or of
    the model that it was at.
    """
    came: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        if is_put_off(number, frame):
            return
        came.append(number)
        _silence()
        raise KeyboardInterrupt

    watched: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():
        watched = interrupting_signals()
    before = {number: signal.signal(number, interrupt) for number in watched}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_by_dbt(settings: Settings, *, is_logged: bool) -> dict[str, str]:
    """The variables that dbt_project.yml, profiles.yml, the macros and the hooks read."""
    return {
        "CARTWHEEL_WAREHOUSE": str(settings.warehouse),
        "CARTWHEEL_NOW": rfc3339(settings.now) if settings.now else "",
        "CARTWHEEL_QUARANTINE_LIMIT": str(settings.quarantine_limit),
        # read in a hook alone, as it ends: a value that models read has them parsed again
        "CARTWHEEL_RECORDS_THE_RUN": "1" if is_logged else "",
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def _variables(wanted: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for the time of a run."""
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
