"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage, which

import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.torture.extract.summary", "tests.torture.load.load_summary"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
# modules that look at the same stores, which are synced or built once in a process
TOGETHER = [
    r"end_to_end/test_(road|real_store|generated_store|notebooks|data_quality)\.py",
    r"end_to_end/test_(changes|people)\.py",
    r"end_to_end/test_(output|case_all_refused)\.py",
    r"end_to_end/test_case_(cancelled|exchange|one_of|open|restocking|returned|tip|total)\w*\.py",
    r"integration/models/(dashboard/)?test_\w+\.py",
]

# what takes longest as one piece: if it began last, the other process would wait for it
FIRST = ("tests/integration/models", "tests/torture", "tests/end_to_end")

# what a browser does by itself is neither asked for nor waited for
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # a shell has its background processes ignore Ctrl-C, and they theirs: tests send it
    signal.signal(signal.SIGINT, signal.default_int_handler)

# a process of the tests holds dbt, its manifests and much else, which each collection looks at:
# a seventh of all processor time
gc.set_threshold(2_000_000, 20, 1000)

MEMORY = Path("/dev/shm")  # noqa: S108, a file system in memory, where Linux has one
ENOUGH = 6 * 1024**3

if os.access(MEMORY, os.W_OK) and disk_usage(MEMORY).free > ENOUGH:
    # no test's warehouse has to survive a power cut, and DuckDB waits for the disk often;
    # pytest itself may have asked for the folder already
    os.environ.setdefault("TMPDIR", str(MEMORY))
    tempfile.tempdir = None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


class Scheduler(LoadScopeScheduling):
    """Gives a process whole modules, and those of TOGETHER all at once."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return next((each for each in TOGETHER if re.search(each, module)), module)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduler | None:
    """Used with --dist loadscope, as make test does."""
    return Scheduler(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session", autouse=True)
def target_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Each process of the tests has dbt's compiled code to itself; they share what was parsed.

    To parse and compile the project takes ten seconds.
    """
    target = tmp_path_factory.mktemp("target")
    of_all = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_all = of_all.parent
    for name in ("parsed", "compiled_tests"):
        (of_all / name).mkdir(exist_ok=True)
        (target / name).symlink_to(of_all / name)
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("DBT_TARGET_PATH", str(target))
        yield target


def _needed(present: bool, reason: str) -> None:
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI requires it")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared stores and contracts beside the checkout."""
    _needed(SHARED.is_dir(), f"there is no folder {SHARED.name} beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium."""
    found = which("chromium") or which("chromium-browser")
    _needed(found is not None, "Chromium is not installed")
    assert found
    return found


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A browser for all pages of a process: Playwright allows one at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield browser
        browser.close()
