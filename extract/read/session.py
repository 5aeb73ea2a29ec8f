"""What the parts of one run share: client, warehouse, figures and warnings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cartwheel.core.errors import CartwheelError, WarehouseError
from cartwheel.core.progress import Progress, Say, Watch
from cartwheel.core.settings import Settings
from cartwheel.core.waiting import waiting
from cartwheel.core.warehouse import open_warehouse
from extract.land.kept_files import keep_file
from extract.land.landing import land
from extract.land.run_log import Connection, Run, RunLogEntry, TableFigures
from extract.land.staged_file import StagedFile
from extract.read.bulk import BulkReader, Patience
from extract.read.strategy import Via
from extract.shopify.api_usage import Usage
from extract.shopify.client import Shopify


@dataclass(frozen=True)
class Options:
    """How to read.

    via is auto (chosen by size), bulk or pages; since leaves out older orders; sweep compares
    all ids even if it is not due; allow_deletes lets a run mark more records as deleted than
    CARTWHEEL_SWEEP_LIMIT; keep is a folder for the landed files; patience limits the waits for
    bulk operations and for a warehouse that another program has open; sleep waits between
    attempts of a request.
    """

    via: Via = "auto"
    since: timedelta | None = None
    sweep: bool = False
    allow_deletes: bool = False
    keep: Path | None = None
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep


class Session:
    """One run of one shop, with its files in a folder of its own."""

    def __init__(
        self, settings: Settings, options: Options, folder: Path, say: Say, watch: Watch
    ) -> None:
        self.settings = settings
        self.options = options
        self.folder = folder
        self.run = Run(settings)
        self.say = say
        self.warnings: list[str] = []
        self.figures: dict[str, TableFigures] = {}
        self.entries: list[RunLogEntry] = []
        self.progress = Progress(settings.shop, watch)
        self.stop = threading.Event()
        self.shopify = Shopify(settings, self.note, sleep=options.sleep, tell=say)

    @contextmanager
    def warehouse(self) -> Iterator[Connection]:
        """Open the warehouse, briefly, because that locks everybody else out.

        Waits for another program that has it open, because what was read would be lost.
        Raises WarehouseLocked if that takes too long.
        """
        with (
            waiting(self.say, limit=self.options.patience.locked, sleep=self.stop.wait),
            open_warehouse(
                self.settings.warehouse,
                memory_limit=self.settings.memory_limit,
                spill=self.folder / "spill",
            ) as connection,
        ):
            yield connection

    def note(self, warning: str) -> None:
        """Show a warning now, and again in the report."""
        self.warnings.append(warning)
        self.say(warning)

    def entry(self, resource: str, via: str) -> RunLogEntry:
        """A new row of the run log; it is written as soon as something is landed."""
        self.entries.append(RunLogEntry(resource, via))
        return self.entries[-1]

    def not_logged(self) -> Usage:
        """The API usage so far that no row of the run log covers yet."""
        took = self.shopify.took
        return Usage(
            took.requests - sum(entry.requests for entry in self.entries),
            took.points - sum(entry.points for entry in self.entries),
            took.size - sum(entry.size for entry in self.entries),
        )

    @contextmanager
    def recorded(self, entry: RunLogEntry) -> Iterator[None]:
        """Write to the run log what makes the block fail."""
        try:
            yield
        except WarehouseError:
            raise  # there is nothing to write it into
        except CartwheelError as problem:
            self.failed(entry, problem)
            raise

    def bulk_reader(self) -> BulkReader:
        """A reader of bulk operations for the calling thread."""
        return BulkReader(
            self.shopify,
            stop=self.stop,
            say=self.say,
            progress=self.progress,
            patience=self.options.patience,
        )

    def land(self, staged: StagedFile, entry: RunLogEntry) -> list[TableFigures]:
        """Land a delivery, remove its file, and write the result to the run log."""
        with self.warehouse() as connection:
            figures = land(
                connection,
                staged,
                self.run,
                batch_size=self.settings.batch_size,
                say=self.note,
            )
            entry.add(figures, staged.usage)
            if staged.last:
                entry.status = "succeeded"
            entry.write(connection, self.run)
        if staged.path:
            self._put_away(staged.path)
        self.count(figures)
        return figures

    def _put_away(self, path: Path) -> None:
        if self.options.keep is None:
            path.unlink()
            return
        keep_file(path, self.options.keep)

    def count(self, figures: list[TableFigures]) -> None:
        """Add figures to those of the run."""
        for each in figures:
            held = self.figures.get(each.table, TableFigures(each.table))
            self.figures[each.table] = held.plus(each)

    def tell(self, entry: RunLogEntry) -> None:
        """Say a line for each table of a resource that has been read."""
        for line in entry.lines():
            self.say(line)

    def failed(self, entry: RunLogEntry, problem: CartwheelError) -> None:
        """Write to the run log that a resource could not be read."""
        entry.status, entry.message = "failed", str(problem)
        with self.warehouse() as connection:
            entry.write(connection, self.run)
