"""What a dashboard shows and who may read it; named ones are kept in dashboards.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import tomlkit

from cartwheel.core.errors import SettingsError
from cartwheel.core.privacy import write_whole
from dashboard.catalogue import BY_KEY, COMPARISONS, PERIODS, REPORTS
from dashboard.report import Report
from dashboard.words import Words

DASHBOARDS_FILE = "dashboards.toml"
MODES = {"private": 0o600, "shared": 0o644}
NOTHING = "none"
_KINDS = {"reports": "a list of texts", "without_people": "true or false"}


@dataclass(frozen=True)
class Choice:
    """A dashboard: its reports (all where none is named), and how the page opens.

    access says who may read the file: private its owner, shared everybody on the machine;
    empty, a new file is private and one that exists keeps who may read it. without_people
    leaves out the reports that show single orders.

    Raises SettingsError if a report, a period, a comparison, a language or an access does not
    exist.
    """

    reports: tuple[str, ...] = ()
    title: str = ""
    access: str = ""
    shop: str | None = None
    period: str = "last_90_days"
    comparison: str = "previous_period"
    language: str = ""
    without_people: bool = False

    def __post_init__(self) -> None:
        _one_of("report", self.reports, BY_KEY)
        _one_of("period", [self.period], PERIODS)
        _one_of("comparison", [self.comparison], [*COMPARISONS, NOTHING])
        _one_of("access", [self.access] if self.access else [], MODES)
        Words(self.language)
        if not self.chosen_reports:
            raise SettingsError(
                f"Without people nothing is left of the reports {', '.join(self.reports)}"
            )

    @property
    def chosen_reports(self) -> tuple[Report, ...]:
        """The reports in the order in which they were named, else all."""
        named = tuple(BY_KEY[key] for key in dict.fromkeys(self.reports)) or REPORTS
        return tuple(each for each in named if not (self.without_people and each.shows_people))

    @property
    def mode(self) -> int | None:
        """The permissions of the file; None where they stay as they are."""
        return MODES.get(self.access)


def read_choices(path: Path) -> dict[str, Choice | SettingsError]:
    """The named dashboards of a file, none where there is no file.

    One that says what no dashboard can be is its error, which names the file and the dashboard:
    it keeps nobody from the others. Raises SettingsError if the file is not TOML.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}. Correct it, then repeat the command."
        ) from error
    choices: dict[str, Choice | SettingsError] = {}
    for name, values in found.items():
        try:
            choices[name] = _choice(path, name, values)
        except SettingsError as error:
            choices[name] = error
    return choices


def read_choice(path: Path, name: str) -> Choice | None:
    """A dashboard by its name, None where there is none.

    Raises SettingsError if it says what no dashboard can be.
    """
    found = read_choices(path).get(name)
    if isinstance(found, SettingsError):
        raise found
    return found


def _choice(path: Path, name: str, values: Any) -> Choice:
    known = [field.name for field in fields(Choice)]
    if not isinstance(values, dict):
        raise SettingsError(f"{path}: {name} is not a table. Write: [{name}]")
    for key, value in values.items():
        if key not in known:
            raise SettingsError(
                f"{path}, [{name}]: no setting {key}. There are: {', '.join(known)}"
            )
        if not _is_right(key, value):
            raise SettingsError(
                f"{path}, [{name}]: {key} must be {_KINDS.get(key, 'a text')}, not {value!r}"
            )
    try:
        return Choice(**values | {"reports": tuple(values.get("reports", ()))})
    except SettingsError as error:
        raise SettingsError(f"{path}, [{name}]: {error}") from error


def _is_right(key: str, value: Any) -> bool:
    if key == "reports":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, bool if key == "without_people" else str)


def save_choice(path: Path, name: str, choice: Choice) -> None:
    """Keep a dashboard under a name, in place of one that had it.

    The file's other dashboards and its comments stay. Raises SettingsError if what the file
    holds cannot be read, OutputError if it cannot be written.
    """
    read_choices(path)
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    document[name] = _values(choice)
    write_whole(path, tomlkit.dumps(document))


def _values(choice: Choice) -> dict[str, Any]:
    """What differs from a dashboard of which nothing was chosen."""
    plain = asdict(Choice())
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in asdict(choice).items()
        if value != plain[key]
    }


def _one_of(what: str, values: Iterable[str], known: Iterable[str]) -> None:
    for value in values:
        if value not in known:
            raise SettingsError(f"There is no {what} {value!r}. There are: {', '.join(known)}")
