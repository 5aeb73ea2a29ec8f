"""The machine: Python, the versions of what is installed, disk, memory, the clock."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

from cartwheel.core.setting_values import in_bytes
from cartwheel.core.settings import Settings
from cartwheel.core.shop_name import is_made_up
from cartwheel.doctor.checks import AGAIN, Check, Checks, Finding, ok, warning, wrong

SHOWN = ("dbt-core", "dbt-duckdb", "duckdb")
LEAST_DISK = 500_000_000  # bytes: less does not hold what a run writes beside the warehouse
GOOD_DISK = 2_000_000_000
PYTHON_MEMORY = 500_000_000  # bytes that a run takes on top of DuckDB's
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def free_disk(folder: Path) -> int:
    """The bytes that this user can still write to the disk of a folder."""
    return shutil.disk_usage(folder).free


def memory() -> int:
    """The bytes of memory that this process may have: the machine's, or its container's."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _CGROUP.read_text().strip() if _CGROUP.is_file() else ""
    return min(whole, int(limit)) if limit.isdecimal() else whole


def machine_now() -> datetime:
    """The machine's clock: aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Machine:
    """What this machine says of itself; a test hands in another one."""

    now: Callable[[], datetime] = machine_now
    free_disk: Callable[[Path], int] = free_disk
    memory: Callable[[], int] = memory
    python: tuple[int, int, int] = sys.version_info[:3]


def check_machine(machine: Machine, settings: Settings | None) -> list[Check]:
    """The checks of the machine; without settings, with the defaults."""
    checks = Checks("machine")
    checks.run("Python", lambda: _python(machine))
    checks.run("versions", _versions)
    warehouse = settings.warehouse if settings else Path("warehouse.duckdb").absolute()
    checks.run("disk", lambda: _disk(machine, warehouse))
    if settings is not None:
        checks.run("memory", lambda: _memory(machine, settings))
        if settings.now is not None:
            checks.run("fixed clock", lambda: _fixed_clock(settings))
    return checks.done


def _python(machine: Machine) -> Finding:
    from packaging.specifiers import SpecifierSet  # dbt brings it

    found = ".".join(map(str, machine.python))
    wanted = metadata("cartwheel")["Requires-Python"]
    if SpecifierSet(wanted).contains(found):
        return ok(found)
    return wrong(
        f"Python {found} is not supported; Cartwheel needs {wanted}",
        f"Install such a Python, remove .venv, run: make demo, {AGAIN}",
    )


def _versions() -> Finding:
    """The installed versions against those that the package asks for."""
    from packaging.requirements import Requirement

    wanted = [Requirement(text) for text in requires("cartwheel") or ()]
    problems = []
    for each in wanted:
        if each.marker is not None and not each.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(each.name)
        except PackageNotFoundError:
            problems.append(f"{each.name} is not installed")
            continue
        if not each.specifier.contains(found, prereleases=True):
            problems.append(f"{each.name} is {found}, not {each.specifier}")
    if problems:
        return wrong(
            "; ".join(problems),
            f"Run: pip install --require-hashes -r requirements.lock, {AGAIN}",
        )
    return ok(", ".join(f"{name} {version(name)}" for name in ("cartwheel", *SHOWN)))


def _disk(machine: Machine, warehouse: Path) -> Finding:
    folder = next(each for each in warehouse.parents if each.is_dir())
    free = machine.free_disk(folder)
    size = warehouse.stat().st_size if warehouse.is_file() else 0
    said = f"{in_gb(free)} free on the disk of {folder}"
    if size:
        said = f"{in_gb(free)} free beside the warehouse, which has {in_gb(size)}"
    fix = f"Free space on the disk of {folder}, or name another in CARTWHEEL_WAREHOUSE, {AGAIN}"
    if free < LEAST_DISK:
        return wrong(f"only {said}; less than {in_gb(LEAST_DISK)} stops a run", fix)
    if free < max(GOOD_DISK, size):
        return warning(f"only {said}; a full build may need as much again", fix)
    return ok(said)


def _memory(machine: Machine, settings: Settings) -> Finding:
    found, limit = machine.memory(), in_bytes(settings.memory_limit)
    said = f"{in_gb(found)}, of which DuckDB may take {settings.memory_limit}"
    if found >= limit + PYTHON_MEMORY:
        return ok(said)
    fitting = max((found - PYTHON_MEMORY) // 1_000_000, 300)
    return warning(
        f"{said}; with Python on top, a run may be ended by the system",
        f"Set CARTWHEEL_MEMORY_LIMIT={fitting}MB in {settings.settings_file}, {AGAIN}",
    )


def _fixed_clock(settings: Settings) -> Finding:
    shops = [each.shop for each in settings.listed or (settings,)]
    said = f"CARTWHEEL_NOW fixes it at {settings.now:%Y-%m-%d %H:%M} UTC"
    if all(is_made_up(shop) for shop in shops):
        return ok(f"{said}, for a generated store")
    return warning(
        f"{said}: no checkout becomes abandoned, nobody lapses",
        f"Remove CARTWHEEL_NOW from {settings.settings_file} and from the environment, {AGAIN}",
    )


def in_gb(number: int) -> str:
    """Bytes as people read them: 512 MB, 3.4 GB."""
    if number < 1_000_000_000:
        return f"{number / 1_000_000:,.0f} MB"
    return f"{number / 1_000_000_000:,.1f} GB"
