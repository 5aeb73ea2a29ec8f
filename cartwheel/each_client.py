"""One command for many clients, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any

from cartwheel.build.dbt import PROJECT
from cartwheel.clients import Client
from cartwheel.core.errors import FAILED, HELD_BACK, INTERRUPTED, REFUSED, WRONG_USE
from cartwheel.core.sentences import first_sentence

# from the worst to the best: what the whole ends with
WORST_FIRST = (INTERRUPTED, FAILED, REFUSED, WRONG_USE, HELD_BACK, 0)
IN_WORDS = {
    0: "succeeded",
    FAILED: "failed",
    WRONG_USE: "wrong use",
    HELD_BACK: "records held back",
    REFUSED: "stopped by a guard",
    INTERRUPTED: "interrupted",
}
CLIENT = "{client}"  # in an argument: the client's name
BUSY = "busy"  # the outcome where another run is at work
PAUSED = "paused"  # the outcome of a client that a person keeps out

_STARTED = (sys.executable, "-m", "cartwheel")

Tell = Callable[[str, str, bool], None]  # a client's name, a line of its output, whether aside

_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ")
# how AlreadyRunning and WarehouseLocked begin
_AT_WORK = re.compile(
    r"Another (\w+ of|run reads) |The warehouse .+ is open in another program"
)
# a sign of life of cartwheel/cli/screen.py
_ALIVE = re.compile(r" still at work, \d+ s")
# a line of doctor's; the line below it tells what to do
_FAULT = re.compile(r"wrong {2,}(?P<said>\S.*)")


@dataclass(frozen=True)
class Outcome:
    """How a command ended for a client; exit_code and seconds are None if it was not run.

    message is the last line of progress, or the first sentence of the error; report what the
    command printed as JSON, None if it did not. remark stands in place of the exit code's words
    where it says more, such as that another run is at work.
    """

    client: str
    env_file: str
    exit_code: int | None
    seconds: float | None
    message: str
    report: Any = None
    remark: str = ""

    @property
    def outcome(self) -> str:
        """The remark, or else the exit code in words."""
        if self.remark:
            return self.remark
        if self.exit_code is None:
            return "not run"
        return IN_WORDS.get(self.exit_code, f"ended with {self.exit_code}")

    @property
    def in_order(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.is_paused or (self.exit_code == 0 and not self.remark)

    @property
    def is_paused(self) -> bool:
        """Whether it was not run because a person said so."""
        return self.remark == PAUSED


def worst(outcomes: Iterable[Outcome]) -> int:
    """The exit code of all together: the worst one; a client that was not run is the worst.

    One that is paused does not count.
    """
    codes = [
        INTERRUPTED if each.exit_code is None else each.exit_code
        for each in outcomes
        if not each.is_paused
    ]
    known = [code if code in WORST_FIRST else FAILED for code in codes]
    return min(known, key=WORST_FIRST.index, default=0)


class EachClient:
    """Runs a command for clients; interrupted, it ends those that run and starts no other.

    With reports, what a command prints on stdout is its report, as JSON; else it is told line
    by line, as is what it prints on stderr. program is what the user typed for ours: what the
    commands tell to type begins with it.
    """

    def __init__(
        self,
        command: Sequence[str],
        tell: Tell,
        *,
        reports: bool = False,
        program: str = "cartwheel",
    ) -> None:
        self._command, self._tell, self._reports = command, tell, reports
        self._program = program
        self._lock = Lock()
        self._running: list[subprocess.Popen[str]] = []
        self._interrupted = False

    def run(self, clients: Sequence[Client], jobs: int = 1) -> list[Outcome]:
        """The outcome for each client, in their order; so many run at once.

        Ctrl-C interrupts the commands as it would each alone; a second one kills them.
        """
        futures: list[Future[Outcome]] = []
        with ThreadPoolExecutor(jobs) as pool:
            try:
                futures += (pool.submit(self._run_one, client) for client in clients)
                wait(futures)
            except KeyboardInterrupt:
                self._end(signal.SIGTERM)
                try:
                    wait(futures)
                except KeyboardInterrupt:
                    self._end(signal.SIGKILL)
        done = [future.result() for future in futures]
        return done + [_not_run(client) for client in clients[len(done) :]]

    def _end(self, number: signal.Signals) -> None:
        # by SIGTERM, which commands take like Ctrl-C, since SIGINT is ignored by what a shell
        # has put into the background
        with self._lock:
            self._interrupted = True
            for process in self._running:
                process.send_signal(number)

    def _run_one(self, client: Client) -> Outcome:
        if client.paused:
            said = f"{client.paused} keeps it out"
            return Outcome(client.name, str(client.env_file), None, None, said, remark=PAUSED)
        if client.trouble:
            trouble = client.trouble.replace("Run: cartwheel ", f"Run: {self._program} ")
            self._tell(client.name, f"Error: {trouble}", True)
            said = first_sentence(trouble)
            return Outcome(client.name, str(client.env_file), WRONG_USE, None, said)
        began = time.monotonic()
        with self._lock:
            if self._interrupted:
                return _not_run(client)
            process = self._begin(client)
            self._running.append(process)
        env = ["--env", str(client.env_file)]
        output = Output(
            client.name,
            self._tell,
            self._reports,
            lambda line: line.replace(
                shlex.join([*_STARTED, *env]), f"{self._program} {shlex.join(env)}"
            ),
        )
        output.read(process)
        code = process.wait()
        with self._lock:
            self._running.remove(process)
            if code < 0 and self._interrupted:  # it had not begun to heed signals
                code = INTERRUPTED
        return Outcome(
            client.name,
            str(client.env_file),
            FAILED if code < 0 else code,
            round(time.monotonic() - began, 1),
            f"killed by {signal.Signals(-code).name}" if code < 0 else output.message(code),
            output.report(),
            BUSY if code == FAILED and _AT_WORK.match(output.error) else "",
        )

    def _begin(self, client: Client) -> subprocess.Popen[str]:
        arguments = [argument.replace(CLIENT, client.name) for argument in self._command]
        environ = {**os.environ}
        if arguments[:1] == ["dbt"]:
            # it parses a project again for another warehouse, and two at once would both write
            target = Path(os.environ.get("DBT_TARGET_PATH") or PROJECT / "target")
            environ["DBT_TARGET_PATH"] = str(target / "clients" / client.name)
        return subprocess.Popen(  # noqa: S603 - our own command
            [*_STARTED, "--env", str(client.env_file), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environ,
            # a terminal's Ctrl-C would reach it a second time
            start_new_session=True,
        )


class Output:
    """What a command prints: told as it comes, and what remains of it for the table."""

    def __init__(
        self, name: str, tell: Tell, reports: bool, retyped: Callable[[str], str]
    ) -> None:
        self._name, self._tell, self._reports = name, tell, reports
        self._retyped = retyped
        self._printed: list[str] = []
        self.error = ""
        self._progress = self._last = self._fault = self._last_aside = ""

    def read(self, process: subprocess.Popen[str]) -> None:
        """Read both streams to their ends."""
        aside = Thread(target=self._read_aside, args=(process.stderr,))
        aside.start()
        for line in process.stdout or ():
            if self._reports:
                self._printed.append(line)
            else:
                text = self._retyped(line.rstrip())
                self._keep(text)
                self._tell(self._name, text, False)
        aside.join()

    def report(self) -> Any:
        """What was printed as JSON; anything else is told now."""
        text = "".join(self._printed)
        if not text.strip():
            return None
        try:
            return json.loads(text)
        except ValueError:
            for line in text.splitlines():
                self._tell(self._name, line, True)
            return None

    def message(self, code: int) -> str:
        """What the table says of it."""
        if code:
            said = self.error or self._fault or self._last_aside or self._last
            return first_sentence(said)
        return self._progress or self._last

    def _read_aside(self, stream: IO[str]) -> None:
        for line in stream:
            text = self._retyped(line.rstrip())
            said = _STAMP.sub("", text)
            if said.startswith("Error: "):
                self.error = self.error or said.removeprefix("Error: ")
            if said.strip():
                self._last_aside = said.strip()
            self._keep(text)
            self._tell(self._name, text, True)

    def _keep(self, text: str) -> None:
        """Remember the last line of progress, which has the time, and the last of all.

        Neither is a sign of life, nor a note, which is the same for all clients.
        """
        said = _STAMP.sub("", text)
        if _ALIVE.search(said):
            return
        if said != text:
            self._progress = " ".join(said.split())
        if said.strip() and not said.startswith("Note: "):
            self._last = " ".join(said.split())
        if fault := _FAULT.match(said):
            self._fault = self._fault or fault["said"]


def _not_run(client: Client) -> Outcome:
    return Outcome(client.name, str(client.env_file), None, None, "interrupted before it began")
