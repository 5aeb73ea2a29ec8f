"""The last run of each step in a file beside the warehouse: who runs, since when, how it ended.

DuckDB lets one process have the warehouse open, so that nothing can ask it while a step is at
work. The file answers then. It holds no customer's data, and is written as each step begins
and ends.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cartwheel.core.clock import machine_time
from cartwheel.core.errors import CartwheelError, OutputError
from cartwheel.core.interruptions import is_interruption
from cartwheel.core.privacy import write_whole
from cartwheel.core.processes import Process, this_process
from cartwheel.core.redaction import redacted
from cartwheel.core.settings import Settings
from cartwheel.core.working_folders import locked

logger = logging.getLogger(__name__)

SYNC = "sync"  # in the file's words a step as well: the one around the others
RUNNING, SUCCEEDED, FAILED, INTERRUPTED = "running", "succeeded", "failed", "interrupted"
# how the detail begins of a step that a sync had nothing to do for, and of no other run
UNCHANGED = "nothing new since"

_LONGEST = 500  # characters of what a run says
_PATIENCE = 2.0  # seconds to wait while another process writes the file


@dataclass(frozen=True)
class StepRun:
    """A run of a step, of an extract for one shop; times are naive UTC.

    status is running, succeeded, failed or interrupted, as its process noted it; detail is
    what it did, or why it failed; succeeded_at when a run of it, this or an earlier one,
    succeeded last.
    """

    step: str
    shop: str
    process: Process
    started_at: datetime
    finished_at: datetime | None = None
    status: str = RUNNING
    detail: str = ""
    succeeded_at: datetime | None = None

    @property
    def state(self) -> str:
        """Its status; interrupted, if its process ended without noting how."""
        if self.status == RUNNING and self.process.has_ended():
            return INTERRUPTED
        return self.status

    @property
    def is_confirmation(self) -> bool:
        """Whether no step ran: a sync found that its last run had left nothing to do."""
        return self.status == SUCCEEDED and self.detail.startswith(UNCHANGED)

    def is_of(self, step: str, shop: str) -> bool:
        """Whether it is a run of that step, for that shop."""
        return (self.step, self.shop) == (step, shop)


@dataclass(frozen=True)
class StoreCount:
    """How many records of a store HubSpot has, as acknowledged."""

    shop: str
    contacts: int = 0
    deals: int = 0
    products: int = 0


@dataclass(frozen=True)
class HeldBackCount:
    """How many records of an object are held back for a reason; it names none of them."""

    object: str
    fate: str
    reason: str
    records: int


@dataclass(frozen=True)
class Carried:
    """What HubSpot had when the last load ended: records per object, and per store.

    held_back is what it did not get. portal_id is that of the account, None if not known.
    """

    at: datetime
    portal_id: int | None
    objects: dict[str, int]
    stores: tuple[StoreCount, ...]
    held_back: tuple[HeldBackCount, ...] = ()


@dataclass(frozen=True)
class Noted:
    """What the file says; empty where there is none, or none that can be read."""

    runs: tuple[StepRun, ...] = ()
    carried: Carried | None = None

    def alive(self) -> list[StepRun]:
        """The runs that are not over, that of a whole sync first."""
        found = [run for run in self.runs if run.state == RUNNING]
        return sorted(found, key=lambda run: (run.step != SYNC, run.started_at))


class Recorder:
    """What a step may tell of its run while it is noted as running."""

    def __init__(self) -> None:
        self.detail = ""


def path_of(warehouse: Path) -> Path:
    """The file of a warehouse."""
    return warehouse.with_name(f"{warehouse.name}.status.json")


@contextmanager
def recorded(settings: Settings, step: str, shop: str = "") -> Iterator[Recorder]:
    """Note a run of a step while it lasts, and how it ended; its errors pass.

    A run that another one keeps out, since that is at work on the same, is not noted. If the
    file cannot be written the step runs without it.
    """
    run = StepRun(step, shop, this_process(), machine_time())
    recorder, status, detail = Recorder(), INTERRUPTED, ""
    _change(settings.warehouse, lambda noted: _begun(noted, run))
    try:
        yield recorder
        status, detail = SUCCEEDED, recorder.detail
    except CartwheelError as error:
        status = FAILED
        detail = redacted(str(error), settings.secret_values())
        raise
    except Exception as error:
        # of an error that nobody thought of, the kind: its words may hold data
        if not is_interruption(error):
            status, detail = FAILED, type(error).__name__
        raise
    finally:
        detail = " ".join(detail.split())[:_LONGEST]
        ended = replace(run, finished_at=machine_time(), status=status, detail=detail)
        _change(settings.warehouse, lambda noted: _ended(noted, ended))


def confirm(settings: Settings, *steps: str) -> None:
    """Note steps that had nothing to do, since their last run left nothing, as run now."""
    now, process = machine_time(), this_process()

    def change(noted: Noted) -> Noted:
        kept = [run for run in noted.runs if run.step not in steps]
        for step in steps:
            last = next((run for run in noted.runs if run.is_of(step, "")), None)
            began = last.started_at if last else now
            said = last.detail if last else ""
            if not said.startswith(UNCHANGED):
                said = f"{UNCHANGED}: {said}" if said else f"{UNCHANGED} the last run"
            kept.append(StepRun(step, "", process, began, now, SUCCEEDED, said, now))
        return replace(noted, runs=tuple(kept))

    _change(settings.warehouse, change)


def note_carried_records(settings: Settings, carried: Carried) -> None:
    """Note what HubSpot has, after a load."""
    _change(settings.warehouse, lambda noted: replace(noted, carried=carried))


def read_noted(warehouse: Path) -> Noted:
    """What the file says; nothing of what is not as this version writes it."""
    try:
        # a link would lead to a file that is not ours
        if path_of(warehouse).is_symlink():
            return Noted()
        found = json.loads(path_of(warehouse).read_text(encoding="utf-8"))
        carried = found["carried"]
        return Noted(
            tuple(_run(each) for each in found["runs"]),
            _carried(carried) if carried else None,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Noted()


def _begun(noted: Noted, run: StepRun) -> Noted:
    """What is noted, with a run that begins in place of the last one."""
    last = next((each for each in noted.runs if each.is_of(run.step, run.shop)), None)
    others = [each for each in noted.runs if each is not last]
    if last:
        at_work = last.state == RUNNING and last.process.is_here()
        if at_work and last.process != run.process:
            return noted
        run = replace(run, succeeded_at=last.succeeded_at)
    return replace(noted, runs=(*others, run))


def _ended(noted: Noted, ended: StepRun) -> Noted:
    """What is noted, with the end of a run whose begin is."""

    def after(run: StepRun) -> StepRun:
        begun = (run.step, run.shop, run.process, run.started_at)
        if begun != (ended.step, ended.shop, ended.process, ended.started_at):
            return run
        is_well = ended.status == SUCCEEDED
        at = ended.finished_at if is_well else run.succeeded_at
        return replace(ended, succeeded_at=at)

    return replace(noted, runs=tuple(after(run) for run in noted.runs))


def _change(warehouse: Path, change: Callable[[Noted], Noted]) -> None:
    """Write the file whole, with a change; processes that do so come one after the other."""
    if not warehouse.parent.is_dir():
        return
    path, until = path_of(warehouse), time.monotonic() + _PATIENCE
    while True:
        try:
            with locked(path.with_name(f"{path.name}.lock")):
                noted = change(read_noted(warehouse))
                write_whole(path, json.dumps(asdict(noted), default=str, indent=1), 0o600)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                return
            time.sleep(0.02)
        except (OutputError, OSError) as error:
            # the step matters more than what tells of it
            logger.debug("%s was not written: %s", path, error)
            return


def _run(found: dict[str, Any]) -> StepRun:
    process = found["process"]
    return StepRun(
        str(found["step"]),
        str(found["shop"]),
        Process(int(process["pid"]), str(process["host"]), str(process["began"])),
        datetime.fromisoformat(found["started_at"]),
        _moment(found["finished_at"]),
        str(found["status"]),
        str(found["detail"]),
        _moment(found["succeeded_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _carried(found: dict[str, Any]) -> Carried:
    portal = found["portal_id"]
    return Carried(
        datetime.fromisoformat(found["at"]),
        int(portal) if portal is not None else None,
        {str(name): int(records) for name, records in found["objects"].items()},
        tuple(
            StoreCount(
                str(each["shop"]),
                *(int(each[name]) for name in ("contacts", "deals", "products")),
            )
            for each in found["stores"]
        ),
        tuple(
            HeldBackCount(
                str(each["object"]),
                str(each["fate"]),
                str(each["reason"]),
                int(each["records"]),
            )
            for each in found["held_back"]
        ),
    )
