"""Where loads are killed: the state before, and what an undisturbed load makes of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from load.run import load
from load.setup.run import set_up
from sandbox.core.clock import Clock
from sandbox.hubspot.account.account import Account
from tests.torture.load import people
from tests.torture.load.holdings import Holdings
from tests.torture.load.killed_load import TOKEN, Served, served
from tests.torture.load.shop import change, first_shop

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATENCY = 0.03  # seconds, so that several requests are under way at once


@dataclass(frozen=True)
class Undisturbed:
    """A load that nobody killed: its seconds, its write requests, what it did and left.

    done counts records per object in the plan's words, cleared are the objects of which it
    cleared properties.
    """

    seconds: float
    writes: int
    done: dict[str, dict[str, int]]
    cleared: set[str]
    left: Holdings


class Grounds:
    """An account and a warehouse after a first load, with people's and the shop's changes."""

    def __init__(self, folder: Path, empty_marts: Path) -> None:
        self._folder = folder
        self._made = 0
        self._warehouse = first_shop(empty_marts, folder / "before.duckdb")
        self._account = Account(Clock(NOW), ["GBP"], TOKEN, ten_secondly_limit=10_000)
        settings = Settings(warehouse=self._warehouse, hubspot_access_token=TOKEN, now=NOW)
        with served(self._account, settings) as first:
            set_up(first.settings, silent)
            load(first.settings, silent)
        people.work(self._account)
        change(self._warehouse)
        self._undisturbed: Undisturbed | None = None

    @contextmanager
    def before(self) -> Iterator[Served]:
        """A copy of all of it, the account served, a day after the first load."""
        self._made += 1
        folder = self._folder / str(self._made)
        folder.mkdir()
        warehouse = Path(copyfile(self._warehouse, folder / "warehouse.duckdb"))
        account = copy.deepcopy(self._account)
        account.latency = LATENCY
        now = NOW + timedelta(days=1)
        settings = Settings(warehouse=warehouse, hubspot_access_token=TOKEN, now=now)
        with served(account, settings) as found:
            yield found

    def undisturbed(self) -> Undisturbed:
        """A load of it that nobody kills."""
        if self._undisturbed is None:
            with self.before() as peaceful:
                seconds = peaceful.whole()
                left = Holdings.of(peaceful.account, peaceful.settings.warehouse)
                self._undisturbed = Undisturbed(
                    seconds,
                    len(peaceful.witness.carried_out),
                    peaceful.done(),
                    peaceful.cleared(),
                    left,
                )
        return self._undisturbed
