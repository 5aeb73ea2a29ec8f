"""Files that hold secrets or customers' data: readable by their owner alone."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from cartwheel.core.errors import SettingsError
from cartwheel.core.privacy import OTHERS
from cartwheel.core.settings import Settings
from cartwheel.doctor.checks import AGAIN, Check, Checks, Finding, ok, warning, wrong


def check_files(env_file: Path, settings: Settings | None) -> list[Check]:
    """The checks of the settings file and, where settings name it, of the warehouse's files."""
    checks = Checks("files")
    checks.run("settings file", lambda: _settings_file(env_file, settings))
    if settings is not None:
        checks.run("data files", lambda: _data_files(settings.warehouse))
    return checks.done


def _settings_file(path: Path, settings: Settings | None) -> Finding:
    if not path.exists():
        said = f"there is no {path}; the settings come from the environment alone"
        if settings is not None and _are_complete(settings):
            return ok(said)
        return warning(said, "To write it, run: cartwheel init")
    return _private([path]) or ok(f"{path} is readable by its owner alone")


def _are_complete(settings: Settings) -> bool:
    """Whether a sync would miss no setting."""
    try:
        settings.shops(to_hubspot=True)
    except SettingsError:
        return False
    return True


def _data_files(warehouse: Path) -> Finding:
    """Look at the warehouse and at what is beside it while it is used."""
    beside = [Path(f"{warehouse}{suffix}") for suffix in ("", ".wal", ".tmp", ".spool")]
    there = [path for path in beside if path.exists()]
    if not there:
        return ok(f"there is no warehouse at {warehouse} yet")
    names = ", ".join(path.name for path in there)
    return _private(there) or ok(f"{names}: readable by their owner alone")


def _private(paths: list[Path]) -> Finding | None:
    """What is wrong with the owner or the mode of files, None if nothing is."""
    found = [(path, path.stat()) for path in paths]
    foreign = [path for path, each in found if each.st_uid != os.geteuid()]
    if foreign:
        return wrong(
            f"{_named(foreign)}: belongs to another user",
            f"Run: sudo chown {os.geteuid()} {_typed(foreign)}, {AGAIN}",
        )
    opened = [path for path, each in found if stat.S_IMODE(each.st_mode) & OTHERS]
    if opened:
        return wrong(
            f"{_named(opened)}: other users of this machine can read or change it",
            f"Run: chmod go= {_typed(opened)}, and ask for new secrets if somebody may have "
            f"read them, {AGAIN}",
        )
    return None


def _named(paths: list[Path]) -> str:
    return ", ".join(str(path) for path in paths)


def _typed(paths: list[Path]) -> str:
    return " ".join(shlex.quote(str(path)) for path in paths)
