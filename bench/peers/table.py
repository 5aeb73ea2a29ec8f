"""What a comparison found, as lines of a table: ours first, the ratios against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.peers.processes import Took

WIDTH = 34
COLUMNS = f"{'seconds':>9}{'CPU s':>8}{'MB':>8}{'of':>10}{'left':>10}{'µs each':>9}{'ratio':>7}"


@dataclass(frozen=True)
class Line:
    """One run of one tool.

    given is how many things it was given (lines, orders, records), left how many of them, or
    rows, its result has; None where that says nothing. does says what it does more or less than
    we do. Without took it could not run, and does says why.
    """

    tool: str
    took: Took | None
    given: int
    left: int | None
    does: str

    @property
    def each(self) -> float:
        """Seconds for each thing that it was given."""
        return self.took.seconds / self.given if self.took and self.given else 0.0


def table(title: str, of: str, lines: Iterable[Line]) -> Iterator[str]:
    """The text of a comparison, as it goes on; ratios are of the time for each thing."""
    first: Line | None = None
    told: dict[str, str] = {}
    yield f"{title:{WIDTH}}{COLUMNS}"
    for line in lines:
        first = first or line
        if line.does:
            told[line.tool] = line.does
        if line.took is None:
            yield f"{line.tool:{WIDTH}}  not run"
            continue
        took = line.took
        text = f"{line.tool:{WIDTH}}{took.seconds:>9.1f}{took.processor:>8.1f}"
        text += f"{took.megabytes:>8,.0f}{line.given:>10,}"
        text += f"{'-' if line.left is None else format(line.left, ','):>10}"
        text += f"{line.each * 1e6:>9,.0f}"
        yield text + (f"{line.each / first.each:>7.1f}" if first.each else f"{'-':>7}")
    yield f"of, each: {of}"
    yield from (f"  {tool}: {does}" for tool, does in told.items())


def growth(few: Sequence[Line], many: Sequence[Line]) -> Iterator[str]:
    """What each further thing costs between two sizes, and the ratio to the first tool's."""
    first = 0.0
    yield f"{'each further one':{WIDTH}}{'µs':>9}{'CPU µs':>9}{'ratio':>7}"
    for small, large in zip(few, many, strict=True):
        if small.took is None or large.took is None:
            yield f"{large.tool:{WIDTH}}  not run"
            continue
        more = large.given - small.given
        each = (large.took.seconds - small.took.seconds) / more
        processor = (large.took.processor - small.took.processor) / more
        first = first or each
        ratio = f"{each / first:>7.1f}" if first > 0 else f"{'-':>7}"
        yield f"{large.tool:{WIDTH}}{each * 1e6:>9,.0f}{processor * 1e6:>9,.0f}{ratio}"
