"""kill -9 at any moment: the next run leaves what an undisturbed one would have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cartwheel.core.errors import AccessDenied
from sandbox.server import Sandbox
from tests.torture.extract.kill import EVERYDAY, Extract, Held, Kill, kills
from tests.torture.extract.matrix import chosen
from tests.torture.extract.rows import different
from tests.torture.extract.store import first_store, later_store
from tests.torture.extract.trial import Control


class Undisturbed:
    """Runs that were left alone: how long they took, what they brought."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stores = {
            ("first", False): first_store().write(folder / "first"),
            ("later", False): later_store(deletions=False).write(folder / "later"),
            ("later", True): later_store(deletions=True).write(folder / "deleted"),
        }
        self._runs: dict[tuple[str, str, bool], tuple[float, Held, Path]] = {}
        self._made = 0

    def extract(self, kill: Kill, sandbox: Sandbox) -> Extract:
        """A warehouse as the run to be killed finds it."""
        self._made += 1
        warehouse = self._folder / f"{self._made}.duckdb"
        if kill.stage == "later":
            shutil.copyfile(self._first(), warehouse)
        return Extract(sandbox, warehouse)

    def served(self, kill: Kill) -> Sandbox:
        """The store, to be served."""
        return Sandbox(self._stores[(kill.stage, kill.sweep)])

    def run(self, kill: Kill):
        """The length of an undisturbed run, and what the warehouse holds after it."""
        key = (kill.via, kill.stage, kill.sweep)
        if key not in self._runs:
            with self.served(kill) as sandbox:
                peaceful = self.extract(kill, sandbox)
                self._runs[key] = (peaceful.whole(kill), peaceful.held(), peaceful.warehouse)
        return self._runs[key][:2]

    def _first(self) -> Path:
        kill = Kill(0, "bulk", "first", 0, hangs=False)
        self.run(kill)
        return self._runs[(kill.via, kill.stage, kill.sweep)][2]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Undisturbed:
    """What nobody kills."""
    return Undisturbed(tmp_path_factory.mktemp("kills"))


@pytest.mark.parametrize("kill", chosen(kills(), EVERYDAY, 30), ids=str)
def test_next_run_makes_it_good(kill: Kill, undisturbed: Undisturbed, record_property):
    """After a kill and another run, raw and the watermarks are those of a run in peace, no
    file of the killed run is left, and no export of it runs on at Shopify."""
    length, wanted = undisturbed.run(kill)
    with undisturbed.served(kill) as sandbox:
        control = Control(sandbox.url)
        part = kill.part
        while True:
            killed = undisturbed.extract(kill, sandbox)
            if kill.hangs:
                hanging = {"kind": "bulk_stalled", "times": 1, "where": " customers\n"}
                control.send("POST", "faults", hanging)
            if killed.killed(kill, length * part):
                break
            part *= 0.9  # this run was faster than the one that was measured
        control.send("DELETE", "faults")
        record_property("landed", killed.landed())
        record_property("left_running", killed.left_running())
        if kill.hangs:
            _refused(killed, kill, control)

        killed.again(kill)

        rows, watermarks = killed.held()
        assert different(rows.living, wanted[0].living) == {}
        assert different(rows.dead, wanted[0].dead) == {}
        assert watermarks == wanted[1]
        assert list(killed.warehouse.parent.glob(f"{killed.warehouse.name}.spool")) == []
        assert killed.left_running() == 0


def _refused(killed: Extract, kill: Kill, control: Control) -> None:
    """Run without scopes; a run that comes no further must not forget what was left."""
    granted = control.send("GET", "scopes")
    control.send("POST", "scopes", {"scopes": []})
    with pytest.raises(AccessDenied):
        killed.again(kill)
    control.send("POST", "scopes", granted)
