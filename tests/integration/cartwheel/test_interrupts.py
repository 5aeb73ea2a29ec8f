"""Ctrl-C and SIGTERM in each step: one sentence, exit code 130, and nothing left behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from cartwheel.core.errors import INTERRUPTED_TOLD
from sandbox.generator import generate
from sandbox.server import Sandbox
from tests.integration.cartwheel.interrupted import Case, Place
from tests.nightly import mostly_nightly

ORDERS = 20
STAGES = {  # what is run to come to a stage, after the one before
    "empty": (),
    "extracted": ("extract",),
    "transformed": ("transform",),
}
SETUP = ("setup",)
EACH = ("each", "clients")
CREATE = ("workflows", "create", "new_customer")
DEMO = ("demo", "--orders", "30")
CASES = [
    Case("bulk", ("extract", "--via", "bulk"), "empty", slow="shopify bulkOperationRunQuery"),
    Case("begin", ("extract",), "empty", later=0.1),
    Case("imports", ("sync",), "empty", later=0.4, then=("extract",)),
    Case("libraries", ("sync",), "empty", later=0.8, then=("extract",)),
    Case("token", ("extract",), "empty", slow="shopify shop"),
    Case("poll", ("extract", "--via", "bulk"), "empty", slow="shopify rootObjectCount"),
    Case("page", ("extract", "--via", "pages"), "empty", slow="shopify orders("),
    Case("land", ("extract",), "empty", said=" landed"),
    Case("sync-extract", ("sync",), "empty", slow="shopify orders(", then=("extract",)),
    Case("parse", ("transform",), "extracted", said="building", later=0.3),
    Case("project", ("transform",), "extracted", said="building", later=1.5),
    Case("models", ("transform", "--full"), "transformed", said="building", later=3.0),
    Case("tests", ("transform", "--full"), "transformed", said="building", later=6.0),
    Case("dbt", ("dbt", "build"), "transformed", said="Found", later=0.3),
    Case("measure", ("check",), "transformed", said="judging"),
    Case("judge", ("check",), "transformed", said="judging", later=1.0),
    Case("docs", ("check",), "transformed", said="judging", later=2.5),
    Case("setup", ("setup",), "transformed", slow="hubspot properties"),
    Case("setup-create", ("setup",), "transformed", slow="hubspot batch/create"),
    Case("look-up", ("plan",), "transformed", slow="hubspot contacts/batch/read"),
    Case("load", ("load",), "transformed", slow="hubspot deals/batch/upsert", before=SETUP),
    Case("load-links", ("load",), "transformed", slow="hubspot associations", before=SETUP),
    Case(
        "read-back",
        ("load", "--verify", "all"),
        "transformed",
        slow="hubspot batch/read",
        before=SETUP,
    ),
    Case(
        "sync-load",
        ("sync",),
        "transformed",
        slow="hubspot products/batch/upsert",
        then=("load",),
    ),
    Case("workflow", CREATE, "transformed", slow="hubspot flows", before=SETUP),
    Case("dashboard", ("dashboard",), "transformed", later=0.4),
    Case("digest", ("digest",), "transformed", later=0.3),
    Case("doctor", ("doctor",), "transformed", slow="hubspot account-info"),
    Case("each", (*EACH, "extract"), "empty", slow="shopify orders("),
    Case("watch", ("sync", "--watch", "1h"), "empty", said="the next sync begins", then=()),
    Case("demo-store", DEMO, "empty", said="generating", then=()),
    Case("demo-sync", DEMO, "empty", said="listen at", later=1.5, then=()),
]
# a person who types it, and whoever ends a process: cron, systemd, a shell that is closed
CTRL_C, TERM_IN_LOG = (True, signal.SIGINT), (False, signal.SIGTERM)
OTHERS = [(True, signal.SIGTERM), (False, signal.SIGINT)]
PAIRS = [(case, way) for case in CASES for way in (CTRL_C, TERM_IN_LOG)]
PAIRS += [(CASES[0], way) for way in OTHERS]


def called(value: Case | tuple[bool, signal.Signals]) -> str:
    """What a test's id calls a case, or a way."""
    if isinstance(value, Case):
        return value.name
    on_terminal, number = value
    return f"{number.name}-{'terminal' if on_terminal else 'log'}"


@dataclass
class Stages:
    """A place, always at the same path, since dbt would parse its project again for another."""

    base: Path
    store: Path

    def at(self, name: str, sandbox: Sandbox) -> Place:
        """The place with the warehouse of a stage, which is made when it is first wanted."""
        kept = self.base / name
        if not kept.exists():
            before = [*STAGES][: [*STAGES].index(name)]
            with Sandbox(self.store) as served:
                place = self.at(before[-1], served) if before else self._place(None, served)
                if STAGES[name]:
                    done = place.run(*STAGES[name])
                    assert done.exit_code == 0, done.text
            copytree(place.folder, kept, ignore=lambda *_: {"clients", "s.env"})
        return self._place(kept, sandbox)

    def _place(self, kept: Path | None, sandbox: Sandbox) -> Place:
        rmtree(self.base / "now", ignore_errors=True)
        folder = self.base / "now" / "place"
        folder.mkdir(parents=True)
        if kept:
            copytree(kept, folder, dirs_exist_ok=True)
        return Place(folder, sandbox, self.base / "target")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """The stages of a small made-up store."""
    base = tmp_path_factory.mktemp("stages")
    generate(base / "store", ORDERS, 1)
    return Stages(base, base / "store")


@pytest.fixture
def sandbox(stages: Stages) -> Iterator[Sandbox]:
    """The store, and a HubSpot account of the test's own."""
    with Sandbox(stages.store) as served:
        yield served


@pytest.mark.parametrize(("case", "way"), mostly_nightly(PAIRS, 0), ids=called)
def test_an_interrupted_command_is_tidy(stages, sandbox, case, way):
    """It ends with 130 and the one sentence, leaves no litter, and the next run goes on."""
    here, (on_terminal, number) = stages.at(case.stage, sandbox), way

    done = here.interrupted(case, on_terminal=on_terminal, number=number)

    assert done.exit_code == 130, done.text
    assert "Traceback" not in done.text
    assert "Exception ignored" not in done.text
    assert done.text.count(INTERRUPTED_TOLD) == 1, done.text
    assert here.litter() == []
    command = case.command if case.then is None else case.then
    if command:
        again = here.run(*command)
        assert again.exit_code == 0, again.text
        assert here.litter() == []


def test_what_is_tried_again_ends_with_the_interruption(stages, sandbox):
    """Where HubSpot does not answer, threads that wait for the next try hold nobody up."""
    here = stages.at("empty", sandbox)
    sandbox.account.faults.order("unavailable", 99)
    case = Case("tried", ("setup",), "empty", said="Trying again")

    done = here.interrupted(case, on_terminal=False, number=signal.SIGINT)

    assert done.exit_code == 130, done.text
    assert done.text.splitlines()[-1].endswith(INTERRUPTED_TOLD)
