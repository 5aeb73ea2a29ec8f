"""The actions of a workflow, as a person orders them: mail1, delay:2d, mail2, task.

HubSpot's actions: docs/reference/workflows.md#actions
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cartwheel.core.errors import SettingsError

_DELAY = re.compile(r"([1-9][0-9]{0,4})(m|h|d)")
_MINUTES = {"m": 1, "h": 60, "d": 1440}
_UNIT_NAMES = {"m": "minute", "h": "hour", "d": "day"}
DEFAULT_TITLE = "Look at this record"
CHECKS = "checks"  # what --without calls the branches that look again before each later mail


@dataclass(frozen=True)
class Action:
    """An action of the catalogue: how it is ordered, and what it does.

    Where `only` says so, HubSpot's editor alone adds it, for a reason that it gives.
    """

    kind: str
    form: str
    does: str
    only: str = ""


CATALOGUE = (
    Action("mail", "mail1, mail2, mail3", "send one of the workflow's marketing e-mails"),
    Action("delay", "delay:2d (or 3h, 30m)", "wait"),
    Action("task", "task (or task:TITLE)", "create a task"),
    Action("notify", "notify:USER_ID", "notify a user in HubSpot"),
    Action("internal-email", "internal-email:USER_ID", "send an internal e-mail to a user"),
    Action("set", "set:PROPERTY=VALUE", "set a property of the record"),
    Action("list", "list:LIST_ID", "add the record to a static list"),
    Action("note", "note", "write a note", "HubSpot documents no fields of it"),
    Action("until", "until", "wait until a date", "it needs a date of the record"),
    Action("branch", "branch", "branch on a property", "it needs two ways"),
    Action("webhook", "webhook", "call a web address", "it needs Data Hub Professional"),
)
_KINDS = {action.kind: action for action in CATALOGUE}


@dataclass(frozen=True)
class Step:
    """An action that is ordered: its kind, and what it is told."""

    kind: str
    argument: str = ""

    @property
    def is_mail(self) -> bool:
        """Whether it sends one of the workflow's own e-mails."""
        return self.kind == "mail"

    @property
    def number(self) -> int:
        """Which of the workflow's e-mails it sends."""
        return int(self.argument)

    @property
    def minutes(self) -> int:
        """How long it waits."""
        amount, unit = _DELAY.fullmatch(self.argument).groups()  # type: ignore[union-attr]
        return int(amount) * _MINUTES[unit]

    @property
    def pair(self) -> tuple[str, str]:
        """The property that it sets, and the value."""
        name, _, value = self.argument.partition("=")
        return name, value

    def typed(self) -> str:
        """The step as a person types it."""
        if self.is_mail:
            return f"mail{self.argument}"
        return f"{self.kind}:{self.argument}" if self.argument else self.kind

    def in_words(self) -> str:
        """The step as a sentence without its full stop."""
        if self.is_mail:
            return f"send e-mail {self.argument}"
        if self.kind == "delay":
            amount, unit = self.argument[:-1], _UNIT_NAMES[self.argument[-1]]
            return f"wait {amount} {unit}{'' if amount == '1' else 's'}"
        if self.kind == "set":
            name, value = self.pair
            return f"set {name} to {value}"
        told = {
            "task": f"create the task {self.argument}",
            "notify": f"notify user {self.argument} in HubSpot",
            "internal-email": f"send an internal e-mail to user {self.argument}",
            "list": f"add to the static list {self.argument}",
        }
        return told[self.kind]


def read_steps(text: str, mails: int) -> tuple[Step, ...]:
    """Read steps separated by commas, for a workflow with that many e-mails.

    One with a comma in it stands in double quotes. Raises SettingsError naming the step that
    is not valid, or where there is none.
    """
    typed = next(csv.reader([text], skipinitialspace=True), [])
    steps = tuple(_read(each.strip(), mails) for each in typed if each.strip())
    if not any(step.kind != "delay" for step in steps):
        raise SettingsError(
            "--actions names no action but delays. Write them like mail1,delay:2d,mail2; to "
            "see all: cartwheel workflows show NAME --more"
        )
    return steps


def without(steps: Sequence[Step], left_out: Iterable[str], mails: int) -> tuple[Step, ...]:
    """Leave steps out, like mail3; a delay that nothing follows any more goes with them.

    Raises SettingsError for one that is not among the steps.
    """
    kept = list(steps)
    for each in left_out:
        found = [step for step in kept if step == _read(each, mails)]
        if not found:
            raise SettingsError(
                f"--without {each}: the workflow has no such action; it has "
                f"{', '.join(step.typed() for step in steps)}"
            )
        kept = [step for step in kept if step not in found]
    return _without_idle_end(kept)


def without_mails(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps of an account that cannot send marketing e-mails from a workflow."""
    return _without_idle_end([step for step in steps if not step.is_mail])


def _without_idle_end(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps without delays that nothing follows; the others come as late as before."""
    last = max((n for n, step in enumerate(steps) if step.kind != "delay"), default=-1)
    return tuple(steps[: last + 1])


def _read(text: str, mails: int) -> Step:
    if match := re.fullmatch(r"mail([0-9]+)", text):
        if not 1 <= int(match[1]) <= mails:
            raise SettingsError(
                f"The action {text} does not exist: the workflow has "
                f"{', '.join(f'mail{n}' for n in range(1, mails + 1))}"
            )
        return Step("mail", match[1])
    kind, _, argument = text.partition(":")
    argument = argument or DEFAULT_TITLE if text == "task" else argument
    action = _KINDS.get(kind)
    if action is None or kind == "mail":
        raise SettingsError(
            f"{text!r} is not a valid action. There are "
            f"{', '.join(each.form for each in CATALOGUE if not each.only)}"
        )
    if action.only:
        raise SettingsError(
            f"{kind} can only be added in HubSpot's editor, because {action.only}. Create the "
            "workflow without it, then add it there with the + below an action"
        )
    if not _fits(kind, argument):
        raise SettingsError(f"The action {text!r} is not complete. Write it as {action.form}")
    return Step(kind, argument)


def _fits(kind: str, argument: str) -> bool:
    if kind == "delay":
        return bool(_DELAY.fullmatch(argument))
    if kind in ("notify", "internal-email", "list"):
        return argument.isascii() and argument.isdigit()
    if kind == "set":
        return bool(re.fullmatch(r"[a-z][a-z0-9_]*=.+", argument))
    return bool(argument.strip())
