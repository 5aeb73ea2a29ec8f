"""Progress on a terminal: a bar for each resource that a step works at, and a sign of life."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn
from rich.spinner import Spinner

from cartwheel.cli.terminal import console_of, visible
from cartwheel.core.awaited import in_words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import TaskID

    from cartwheel.core.progress import Update


class Bars(Progress):
    """Bars below what was printed, until they are hidden again.

    Below them a mark turns, beside the step that is at work and the seconds since it said
    something: what waits shows that it does.
    """

    def __init__(self, stream: IO[str], step: str, since: float) -> None:
        self._step, self._since = step, since
        self._mark = Spinner("line")  # which any terminal can show
        self._shown: dict[tuple[str, str, str], TaskID] = {}
        # which draws once, and so needs all of the above
        super().__init__(
            BarColumn(bar_width=24),
            TextColumn("{task.description}", markup=False),
            console=console_of(stream),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self.start()

    def show(self, update: Update) -> None:
        """Draw how far a step is with a resource; of an unknown total, that it goes on."""
        resource = (update.step, update.shop, update.resource)
        if resource not in self._shown:
            self._shown[resource] = self.add_task("")
        self._step = update.step
        self.update(
            self._shown[resource],
            total=update.total,
            completed=update.read,
            description=visible(str(update)),
        )

    def hide(self) -> None:
        """Take the bars off the screen, for what is printed next."""
        self.stop()

    def get_renderables(self) -> Iterable[RenderableType]:
        """The bars, if there are any, and the mark: what is drawn ten times a second."""
        if self.tasks:
            yield self.make_tasks_table(self.tasks)
        waited = f"{self._step} {time.monotonic() - self._since:.0f} s"
        self._mark.update(text="; ".join(filter(None, (waited, in_words()))))
        yield self._mark
