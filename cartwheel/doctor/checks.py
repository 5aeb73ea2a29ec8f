"""A check, what it found, and the checks of one subject, of which none stops the others."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cartwheel.core.errors import CartwheelError

State = Literal["ok", "warning", "wrong", "not checked"]

AGAIN = "then run: cartwheel doctor"
# errors say first what is wrong, then what to do
_NEXT_SENTENCE = re.compile(r"(?<=\S)\.\s+(?=[A-Z])")


@dataclass(frozen=True)
class Finding:
    """What a look at one thing found; fix is what to do, "" where nothing is to be done."""

    state: State
    said: str
    fix: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong, so that what depends on it cannot be checked."""
        return self.state == "wrong"


@dataclass(frozen=True)
class Check:
    """A finding with its subject (the machine, a store, HubSpot) and its name."""

    subject: str
    name: str
    state: State
    said: str
    fix: str = ""


@dataclass(frozen=True)
class Report:
    """All checks, in their order."""

    checks: tuple[Check, ...]
    wrong: int = field(init=False)
    warnings: int = field(init=False)

    def __post_init__(self) -> None:
        """Count the faults."""
        object.__setattr__(self, "wrong", self.number("wrong"))
        object.__setattr__(self, "warnings", self.number("warning"))

    def number(self, state: State) -> int:
        """How many checks ended so."""
        return sum(each.state == state for each in self.checks)


def ok(said: str) -> Finding:
    """Nothing is to be done."""
    return Finding("ok", said)


def warning(said: str, fix: str) -> Finding:
    """It works, but not as it should."""
    return Finding("warning", said, fix)


def wrong(said: str, fix: str) -> Finding:
    """It does not work."""
    return Finding("wrong", said, fix)


def unknown(said: str) -> Finding:
    """It could not be checked, for a reason that another check names."""
    return Finding("not checked", said)


def of_error(error: CartwheelError) -> Finding:
    """What an error says: its first sentence is the fault, the others are what to do."""
    said, *rest = _NEXT_SENTENCE.split(str(error), maxsplit=1)
    return wrong(said, rest[0] if rest else f"Fix that, {AGAIN}")


class Checks:
    """The checks of one subject."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.done: list[Check] = []

    def run(self, name: str, look: Callable[[], Finding]) -> Finding:
        """Look, and note what was found; an error of whatever kind is a finding too."""
        try:
            found = look()
        except CartwheelError as error:
            found = of_error(error)
        except Exception as error:
            # its words may hold data: only the kind and the place are told
            place = traceback.extract_tb(error.__traceback__)[-1]
            found = wrong(
                f"the check itself failed: {type(error).__name__} in {place.name}, line "
                f"{place.lineno}",
                "Run: cartwheel --verbose doctor, and report what it shows",
            )
        self.done.append(Check(self.subject, name, found.state, found.said, found.fix))
        return found

    def skip(self, because: str, *names: str) -> None:
        """Note checks that depend on another one, which found a fault."""
        for name in names:
            self.run(name, lambda: unknown(f"because of: {because}"))
