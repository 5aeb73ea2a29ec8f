"""The lock that keeps a second sync of a warehouse out, such as cron's next one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cartwheel.core.errors import AlreadyRunning
from cartwheel.core.working_folders import locked
from cartwheel.step_runs import SYNC, read_noted


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
            held.enter_context(locked(warehouse.with_name(f"{warehouse.name}.sync.lock")))
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another sync of {warehouse} is at work{_told(warehouse)}, so this one did "
                "nothing. The next one goes on where that one ends. To see how far it is, "
                "run: cartwheel status"
            ) from None
        yield


def _told(warehouse: Path) -> str:
    """Since when, and by which process, as that has noted it; empty where it has not yet."""
    for run in read_noted(warehouse).alive():
        if run.step == SYNC:
            process = f"process {run.process.pid} on {run.process.host}"
            return f" since {run.started_at:%Y-%m-%d %H:%M:%S} UTC ({process})"
    return ""
