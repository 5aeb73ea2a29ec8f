"""Bars of progress on a terminal, one for each resource that a step works at."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from cartwheel.cli.terminal import console_of, visible

if TYPE_CHECKING:
    from rich.progress import TaskID

    from cartwheel.core.progress import Update


class Bars:
    """Bars below what was printed, until they are hidden again."""

    def __init__(self, stream: IO[str]) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        self._progress = Progress(
            BarColumn(bar_width=24),
            TextColumn("{task.description}", markup=False),
            console=console_of(stream),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._tasks: dict[tuple[str, str, str], TaskID] = {}
        self._progress.start()

    def show(self, update: Update) -> None:
        """Draw how far a step is with a resource; of an unknown total, that it goes on."""
        resource = (update.step, update.shop, update.resource)
        if resource not in self._tasks:
            self._tasks[resource] = self._progress.add_task("")
        self._progress.update(
            self._tasks[resource],
            total=update.total,
            completed=update.read,
            description=visible(str(update)),
        )

    def hide(self) -> None:
        """Take the bars off the screen, for what is printed next."""
        self._progress.stop()
