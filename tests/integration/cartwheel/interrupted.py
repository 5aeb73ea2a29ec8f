"""Commands that are interrupted at a moment that the sandbox, or what they said, tells."""

from __future__ import annotations

import json
import signal
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bench.recording import Moment, Recording, record
from sandbox.server import Sandbox
from tests.conftest import ROOT
from tests.end_to_end.journey import own_environment

# seconds that an answer takes, in which the signal comes: what is read is not waited for, of
# what is written the answer says what HubSpot has
SLOW = {"shopify": 20.0, "hubspot": 3.0}
SOON = 10.0  # seconds from the signal to the end
# what may stand beside the settings after an interruption: what a whole run leaves as well
KEPT = {
    "s.env",
    "warehouse.duckdb",
    "warehouse.duckdb.status.json",
    "data_docs",
    "dashboard.html",
    "clients",
}


@dataclass(frozen=True)
class Case:
    """A command, the stage of the warehouse that it begins with, and when it is interrupted.

    That is `later` seconds after it said something, or, with slow, after the sandbox began to
    answer late: a part of a GraphQL document or of HubSpot's path. before is what is run to the
    end before it; then what is run again, None where that is the command itself, empty where
    nothing is.
    """

    name: str
    command: tuple[str, ...]
    stage: str
    said: str = ""
    slow: str = ""
    later: float = 0.0
    before: tuple[str, ...] = ()
    then: tuple[str, ...] | None = None

    def __str__(self) -> str:
        """Its name, in the tests' ids."""
        return self.name


@dataclass
class Place:
    """A folder with a warehouse and a sandbox that answers as it is told."""

    folder: Path
    sandbox: Sandbox
    target: Path
    temporary: Path = field(init=False)

    def __post_init__(self) -> None:
        self.temporary = self.folder.with_name("tmp")
        self.temporary.mkdir()
        settings = self.sandbox.env | {"CARTWHEEL_WAREHOUSE": "warehouse.duckdb"}
        lines = [f"{name}={value}\n" for name, value in settings.items()]
        client = self.folder / "clients" / "ada"
        client.mkdir(parents=True)
        for path in (self.folder / "s.env", client / ".env"):
            path.touch(0o600)
            path.write_text("".join(lines))

    def run(
        self,
        *command: str,
        on_terminal: bool = False,
        interrupt: Moment | None = None,
        number: signal.Signals = signal.SIGINT,
    ) -> Recording:
        """Run a command to its end."""
        words = [sys.executable, "-m", "cartwheel"]
        words += [] if command[0] == "each" else ["--env", "s.env"]
        environ = own_environment() | {
            "PYTHONPATH": str(ROOT),
            "DBT_TARGET_PATH": str(self.target),
            "TMPDIR": str(self.temporary),
        }
        return record(
            [*words, *command],
            on_terminal=on_terminal,
            environ=environ,
            folder=self.folder,
            interrupt=interrupt,
            number=number,
            patience=120,
        )

    def interrupted(
        self, case: Case, *, on_terminal: bool, number: signal.Signals
    ) -> Recording:
        """Run a case's command and interrupt it at its moment."""
        if case.before:
            assert self.run(*case.before).exit_code == 0
        if case.slow:
            api, _, where = case.slow.partition(" ")
            fault = {"kind": "slow", "seconds": SLOW[api], "where": where}
            self._control("POST", f"/_sandbox/{api}/faults", fault)
        moment = _Moment(self, case)
        recording = self.run(
            *case.command, on_terminal=on_terminal, interrupt=moment, number=number
        )
        assert moment.came, recording.text
        assert time.monotonic() - moment.at < SOON, recording.text
        return recording

    def pending(self, api: str) -> list[object]:
        """The faults that are still to happen."""
        return json.loads(self._control("GET", f"/_sandbox/{api}/faults"))

    def litter(self) -> list[str]:
        """What a run left behind that no run should, here and among temporary files."""
        there = [*self.folder.iterdir(), *self.folder.glob("clients/ada/*")]
        left = [path.name for path in there if path.name not in KEPT | {".env", "ada"}]
        return sorted(left + [path.name for path in self.temporary.iterdir()])

    def _control(self, method: str, path: str, body: object = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.sandbox.url + path, data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())


class _Moment:
    """Whether a case's moment has come, by what was said and what the sandbox does."""

    def __init__(self, place: Place, case: Case) -> None:
        self._place, self._case = place, case
        self._since: float | None = None
        self.came, self.at = False, 0.0

    def __call__(self, text: str) -> bool:
        if self._since is None and self._begun(text):
            self._since = time.monotonic()
        self.at = time.monotonic()
        self.came = self._since is not None and self.at - self._since >= self._case.later
        return self.came

    def _begun(self, text: str) -> bool:
        if self._case.slow:
            return not self._place.pending(self._case.slow.partition(" ")[0])
        return self._case.said in text
