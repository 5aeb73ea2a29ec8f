"""What keeps a second sync of a warehouse, and other commands, out while a run is at work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cartwheel.core.errors import AlreadyRunning
from cartwheel.core.processes import this_process
from cartwheel.core.working_folders import is_held, locked
from cartwheel.step_runs import SYNC, StepRun, read_noted


@contextmanager
def alone(warehouse: Path) -> Iterator[None]:
    """Be the only sync of a warehouse within the block.

    Raises AlreadyRunning, naming the other one, while another process is; its kill frees the
    lock.
    """
    if not warehouse.parent.is_dir():
        yield  # the first step says what is wrong
        return
    with ExitStack() as held:
        try:
            held.enter_context(locked(_lock(warehouse)))
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another sync of {warehouse} is at work{_told(warehouse)}, so this one did "
                "nothing. The next one goes on where that one ends. To see how far it is, "
                "run: cartwheel status"
            ) from None
        yield


def expect_nobody_at_work(warehouse: Path) -> None:
    """Make sure that no other process of this machine runs a sync, or a step, of a warehouse.

    It would wait for whoever opens the warehouse meanwhile, or keep that one out. Raises
    AlreadyRunning, naming the step and its process.
    """
    runs = [run for run in read_noted(warehouse).alive() if run.process.is_here()]
    others = [run for run in runs if run.process != this_process()]
    is_ours = len(others) < len(runs)
    if others:
        step, of, told = others[0].step, others[0].shop or str(warehouse), _since(others[0])
    elif is_held(_lock(warehouse)) and not is_ours:
        step, of, told = SYNC, str(warehouse), ""  # it has just begun
    else:
        return
    raise AlreadyRunning(
        f"Another {step} of {of} is at work{told}, so this command did not open the "
        "warehouse. Repeat it when that has ended. To see how far it is, run: cartwheel status"
    )


def _lock(warehouse: Path) -> Path:
    return warehouse.with_name(f"{warehouse.name}.sync.lock")


def _told(warehouse: Path) -> str:
    """Since when, and by which process, as that has noted it; empty where it has not yet."""
    syncs = [run for run in read_noted(warehouse).alive() if run.step == SYNC]
    return _since(syncs[0]) if syncs else ""


def _since(run: StepRun) -> str:
    process = f"process {run.process.pid} on {run.process.host}"
    return f" since {run.started_at:%Y-%m-%d %H:%M:%S} UTC ({process})"
