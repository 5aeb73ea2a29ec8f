"""What the parts of one run share: the client, the warehouse, the figures, the warnings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cartwheel.core.errors import CartwheelError, WarehouseError, WarehouseLocked
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from extract.land.delivery import Delivery
from extract.land.kept_files import keep_file
from extract.land.landing import land
from extract.land.run_log import Connection, Run, TableFigures, Tally
from extract.read.bulk import BulkReader, Patience
from extract.read.progress import Progress, Watch
from extract.read.strategy import Via
from extract.shopify.api_usage import Reading
from extract.shopify.client import Shopify

LOOK_AGAIN = 0.5  # seconds, for a warehouse that somebody else has open


@dataclass(frozen=True)
class Options:
    """How to read.

    via chooses the way by size unless told; since leaves out orders created longer ago;
    sweep compares all ids even where nothing speaks for it; allow_deletes marks more
    records as deleted than CARTWHEEL_SWEEP_LIMIT; keep is a folder in which the files that
    were landed stay; patience is with bulk operations and with a warehouse that another
    program has open; sleep is how waits between tries of a request are waited.
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
        self.tallies: list[Tally] = []
        self.progress = Progress(settings.shop, watch)
        self.stop = threading.Event()
        self.shopify = Shopify(settings, self.note, sleep=options.sleep, tell=say)

    @contextmanager
    def warehouse(self) -> Iterator[Connection]:
        """The warehouse, open; briefly, because it shuts everybody else out.

        Waits for another program that has it open, because what was read would be lost.
        Raises WarehouseLocked if that takes too long.
        """
        give_up = time.monotonic() + self.options.patience.locked
        while True:
            with ExitStack() as stack:
                try:
                    connection = stack.enter_context(
                        open_warehouse(
                            self.settings.warehouse,
                            memory_limit=self.settings.memory_limit,
                            spill=self.folder / "spill",
                        )
                    )
                except WarehouseLocked:
                    if time.monotonic() > give_up or self.stop.wait(LOOK_AGAIN):
                        raise
                    continue
                yield connection
                return

    def note(self, warning: str) -> None:
        """Tell a warning now, and again in the report."""
        self.warnings.append(warning)
        self.say(warning)

    def tally(self, resource: str, via: str) -> Tally:
        """A new row of the manifest; it is written as soon as something is landed."""
        self.tallies.append(Tally(resource, via))
        return self.tallies[-1]

    def not_tallied(self) -> Reading:
        """What the run took of Shopify so far and no row of the manifest says yet."""
        took = self.shopify.took
        return Reading(
            took.requests - sum(tally.requests for tally in self.tallies),
            took.points - sum(tally.points for tally in self.tallies),
            took.size - sum(tally.size for tally in self.tallies),
        )

    @contextmanager
    def recorded(self, tally: Tally) -> Iterator[None]:
        """Write into the manifest what makes the block fail."""
        try:
            yield
        except WarehouseError:
            raise  # there is nothing to write it into
        except CartwheelError as problem:
            self.failed(tally, problem)
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

    def land(self, delivery: Delivery, tally: Tally) -> list[TableFigures]:
        """Land a delivery, remove its file, and write what became of it into the manifest."""
        with self.warehouse() as connection:
            figures = land(
                connection,
                delivery,
                self.run,
                batch_size=self.settings.batch_size,
                say=self.note,
            )
            tally.add(figures, delivery.reading)
            if delivery.last:
                tally.status = "succeeded"
            tally.write(connection, self.run)
        if delivery.spool:
            self._put_away(delivery.spool)
        self.count(figures)
        return figures

    def _put_away(self, spool: Path) -> None:
        if self.options.keep is None:
            spool.unlink()
            return
        keep_file(spool, self.options.keep)

    def count(self, figures: list[TableFigures]) -> None:
        """Add figures to those of the run."""
        for each in figures:
            held = self.figures.get(each.table, TableFigures(each.table))
            self.figures[each.table] = held.plus(each)

    def tell(self, tally: Tally) -> None:
        """Say a line for each table of a resource that has been read."""
        for line in tally.lines():
            self.say(line)

    def failed(self, tally: Tally, problem: CartwheelError) -> None:
        """Write into the manifest that a resource could not be read."""
        tally.status, tally.message = "failed", str(problem)
        with self.warehouse() as connection:
            tally.write(connection, self.run)
