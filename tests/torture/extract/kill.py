"""An extract in a process of its own, killed at a moment; and what it left behind."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from cartwheel.core.settings import Settings
from extract.read.strategy import Via
from extract.run import extract
from extract.shopify.client import Shopify
from extract.shopify.resources import ALL
from sandbox.server import Sandbox, write_settings
from tests.torture.extract.case import Stage
from tests.torture.extract.rows import Rows
from tests.torture.extract.trial import PATIENCE, hurry

ROOT = Path(__file__).resolve().parents[3]
LOOK, LONGEST = 0.002, 120.0  # seconds
NUMBER, SEED = 50, 9
EVERYDAY = 1  # every 30th of it: both ways, both stages and an export left running
VIAS: tuple[Via, ...] = ("auto", "bulk", "pages")

Held = tuple[Rows, set[tuple[str, datetime]]]


@dataclass(frozen=True)
class Kill:
    """When to kill an extract: at which part of the length of an undisturbed one, 0 to 1.

    hangs lets an export never end, so that the killed run leaves it behind at Shopify.
    """

    number: int
    via: Via
    stage: Stage
    part: float
    hangs: bool

    @property
    def sweep(self) -> bool:
        """Whether the runs compare all ids."""
        return self.stage == "later" and self.number // 6 % 2 == 0

    def __str__(self) -> str:
        """The kill's name among the tests."""
        hangs = "-export_hangs" if self.hangs else ""
        return f"{self.number:02}-{self.via}-{self.stage}-at-{self.part:.2f}{hangs}"


def kills() -> list[Kill]:
    """All of them: each at a random moment of a part of its own of the whole length."""
    chance = random.Random(SEED)
    places = chance.sample(range(NUMBER), NUMBER)
    return [
        Kill(
            number,
            via := VIAS[number % len(VIAS)],
            ("first", "later")[number // len(VIAS) % 2],
            (place + chance.random()) / NUMBER,
            hangs=via == "bulk" and number // 6 % 2 == 1,
        )
        for number, place in enumerate(places)
    ]


@dataclass
class Extract:
    """Runs of `cartwheel extract` of a served store into one warehouse."""

    sandbox: Sandbox
    warehouse: Path
    settings: Settings = field(init=False)
    _env_file: Path = field(init=False)

    def __post_init__(self) -> None:
        """Write the settings that a process of its own reads."""
        self._env_file = self.warehouse.with_suffix(".env")
        environ = {**self.sandbox.env, "CARTWHEEL_WAREHOUSE": str(self.warehouse)}
        write_settings(self._env_file, environ)
        self.settings = Settings.read(self._env_file, environ={})

    def whole(self, kill: Kill) -> float:
        """Run to the end; give the seconds from its first request on."""
        process = self._begin(kill)
        began = self._first_request(process)
        assert process.wait(LONGEST) == 0
        return time.monotonic() - began

    def killed(self, kill: Kill, seconds: float) -> bool:
        """Run, and kill it so long after its first request; False if it had ended by then."""
        process = self._begin(kill)
        began = self._first_request(process)
        try:
            process.wait(max(0.0, began + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        return False

    def again(self, kill: Kill) -> None:
        """Run to the end, in this process."""
        extract(self.settings, via=kill.via, sweep=kill.sweep, patience=PATIENCE, sleep=hurry)

    def left_running(self) -> int:
        """How many exports Shopify has not ended."""
        shopify = Shopify(self.settings, print)
        try:
            found = shopify.query(
                "bulk_running", {"filter": "status:created OR status:running"}
            )
        finally:
            shopify.close()
        return len(found["bulkOperations"]["nodes"])

    def held(self) -> Held:
        """The rows of raw that are of account, and the watermarks."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            marks = connection.execute("select resource, watermark from ops.watermarks")
            return Rows.of(connection), set(marks.fetchall())

    def landed(self) -> int:
        """How many tables of raw hold anything from the run that was killed last."""
        if not self.warehouse.exists():
            return 0
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            last = "(select run_id from ops.extract_runs order by started_at desc limit 1)"
            try:
                return sum(
                    bool(
                        connection.execute(
                            f"select 1 from raw.{table.name} where run_id = {last} limit 1"
                        ).fetchone()
                    )
                    for resource in ALL
                    for table in resource.tables
                )
            except duckdb.CatalogException:
                return 0

    def _begin(self, kill: Kill) -> subprocess.Popen[bytes]:
        self.sandbox.log.forget()
        ours = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "cartwheel", "--env", str(self._env_file)),
                *("extract", "--via", kill.via, *(["--sweep"] if kill.sweep else [])),
            ],
            cwd=self.warehouse.parent,
            env={**environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
        )

    def _first_request(self, process: subprocess.Popen[bytes]) -> float:
        """Wait for it; give the time."""
        until = time.monotonic() + LONGEST
        while not self.sandbox.log.entries("shopify"):
            assert process.poll() is None, "the run ended before it asked anything"
            assert time.monotonic() < until, "the run asked nothing"
            time.sleep(LOOK)
        return time.monotonic()
