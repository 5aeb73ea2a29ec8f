"""An extract in a process of its own, killed at a moment; and what it left behind."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from torture.case import Stage
from torture.rows import Rows
from torture.store import Store

from cartwheel.settings import Settings
from extract.client import Shopify
from sandbox.server import Sandbox, write_settings

ROOT = Path(__file__).resolve().parents[3]
LOOK, LONGEST = 0.002, 120.0  # seconds
NUMBER, SEED = 50, 9
VIAS = ("auto", "bulk", "pages")


@dataclass(frozen=True)
class Kill:
    """When to kill an extract: at which part of the length of an undisturbed one, 0 to 1.

    hangs lets an export never end, so that the killed run leaves it behind at Shopify.
    """

    number: int
    via: str
    stage: Stage
    part: float
    hangs: bool

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
            hangs=via == "bulk" and number % 2 == 1,
        )
        for number, place in enumerate(places)
    ]


@dataclass
class Extract:
    """Runs of `cartwheel extract` against a served store, into one warehouse."""

    sandbox: Sandbox
    warehouse: Path
    env_file: Path = field(init=False)

    def __post_init__(self) -> None:
        self.env_file = self.warehouse.with_suffix(".env")
        environ = {**self.sandbox.env, "CARTWHEEL_WAREHOUSE": str(self.warehouse)}
        write_settings(self.env_file, environ)

    @property
    def settings(self) -> Settings:
        """The settings of the runs."""
        return Settings.read(self.env_file, environ={})

    def whole(self, kill: Kill) -> float:
        """Run to the end; give the seconds from its first request on."""
        process = self._begin(kill)
        began = self._asked(process)
        assert process.wait(LONGEST) == 0
        return time.monotonic() - began

    def killed(self, kill: Kill, seconds: float) -> bool:
        """Run and kill it so long after its first request; False if it had ended by then."""
        process = self._begin(kill)
        began = self._asked(process)
        try:
            process.wait(max(0.0, began + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True
        return False

    def left_running(self) -> list[str]:
        """The exports that Shopify has not ended."""
        shopify = Shopify(self.settings, print)
        try:
            found = shopify.query(
                "bulk_running", {"filter": "status:created OR status:running"}
            )
        finally:
            shopify.close()
        return [operation["id"] for operation in found["bulkOperations"]["nodes"]]

    def rows(self) -> Rows:
        """The rows of raw that are of account."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return Rows.of(connection)

    def landed(self) -> int:
        """How many resources have landed to their end, as their watermarks tell."""
        if not self.warehouse.exists():
            return 0
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            tables = connection.execute(
                "from duckdb_tables() where table_name = 'watermarks'"
            ).fetchall()
            if not tables:
                return 0
            row = connection.execute("select count(*) from ops.watermarks").fetchone()
        return int(row[0]) if row else 0

    def _begin(self, kill: Kill) -> subprocess.Popen[bytes]:
        self.sandbox.log.forget()
        ours = ("SHOPIFY_", "HUBSPOT_", "CARTWHEEL_")
        environ = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
        sweep = ["--sweep"] if kill.stage == "later" else []
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "cartwheel", "--env", str(self.env_file)),
                *("extract", "--via", kill.via, *sweep),
            ],
            cwd=self.warehouse.parent,
            env={**environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
        )

    def _asked(self, process: subprocess.Popen[bytes]) -> float:
        """Wait for the process's first request; give the time."""
        until = time.monotonic() + LONGEST
        while not self.sandbox.log.entries("shopify"):
            assert process.poll() is None, "it ended before it asked anything"
            assert time.monotonic() < until, "it asked nothing"
            time.sleep(LOOK)
        return time.monotonic()


def whole_store(store: Store, folder: Path) -> Path:
    """Write a store with all its records."""
    return store.write(folder)
