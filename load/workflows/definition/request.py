"""What a person asks of `create` and `clone`, and what that means for a flow."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cartwheel.core.errors import SettingsError
from cartwheel.core.warehouse import open_warehouse
from load.workflows.definition.conditions import Clone, check_clone
from load.workflows.definition.flow import LONGEST_NAME, PREFIX
from load.workflows.definition.steps import CHECKS, Step, read_steps, without
from load.workflows.definition.templates import (
    TEMPLATES,
    TITLES,
    Template,
    template_named,
)
from load.workflows.state.ledger import Created, created_workflows

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NO_CLONE = Clone()


@dataclass(frozen=True)
class WorkflowRequest:
    """A workflow as it is asked for.

    title is its name in HubSpot without "Cartwheel: ". actions are the steps as typed, empty
    for the recommended ones; left_out are those that --without names. language is of the
    e-mails, from_name and reply_to are their sender's. clone is None of a default.
    """

    template: Template
    title: str = ""
    actions: str = ""
    left_out: tuple[str, ...] = ()
    language: str = ""
    from_name: str = ""
    reply_to: str = ""
    clone: Clone | None = None

    @property
    def key(self) -> str:
        """Its name in the ledger, in the flow's marker and on the command line."""
        if self.clone is None:
            return self.template.name
        plain = normalize("NFKD", self.title).encode("ascii", "ignore").decode()
        return _NOT_IN_KEYS.sub("_", plain.lower()).strip("_")

    @property
    def name(self) -> str:
        """Its name in HubSpot."""
        return PREFIX + (self.title or self.template.title)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps, in their order."""
        steps = (
            read_steps(self.actions, self.template.mails)
            if self.actions
            else self.template.steps
        )
        left_out = [each for each in self.left_out if each != CHECKS]
        return without(steps, left_out, self.template.mails)

    @property
    def has_checks(self) -> bool:
        """Whether a branch looks again before each later e-mail."""
        return CHECKS not in self.left_out and self.template.is_deal_based

    @property
    def trigger(self) -> str:
        """When it enrols, as a sentence without its full stop."""
        if self.clone is None:
            return self.template.trigger
        consent = "the person agreed to e-mail marketing"
        own = [consent] if self.clone.days else [self.template.trigger]
        return ", and ".join([*own, *self.clone.in_words()])

    @property
    def waits(self) -> str:
        """What to know of the time at which it enrols."""
        if self.clone is not None and self.clone.days:
            return "HubSpot itself counts the days; it enrols each person once."
        return self.template.waits

    def actions_in_words(self, steps: Sequence[Step]) -> list[str]:
        """The steps as people read them, with what is checked before each later e-mail."""
        told, mailed = [], False
        for step in steps:
            checked = step.is_mail and mailed and self.has_checks
            told.append(
                f"{step.in_words()}, if {self.template.holds}" if checked else step.in_words()
            )
            mailed = mailed or step.is_mail
        return told

    def as_data(self) -> dict[str, Any]:
        """What a person is shown of it, for a script; actions can be typed as --actions."""
        return {
            "name": self.key,
            "title": self.name,
            "object": self.template.object_name,
            "enrols_when": self.trigger,
            "ends_when": self.template.leaves,
            "waits": self.waits,
            "actions": [step.typed() for step in self.steps],
            "actions_in_words": self.actions_in_words(self.steps),
        }

    def check(self, before: Sequence[Created]) -> None:
        """Raise SettingsError for what cannot be; before are the workflows that there are."""
        if not self.steps:
            raise SettingsError("Nothing is left to do: --without leaves out every action")
        if len(self.name) > LONGEST_NAME:
            raise SettingsError(
                f"HubSpot takes names of at most {LONGEST_NAME} characters; this one, with "
                f"{PREFIX!r} before it, has {len(self.name)}"
            )
        if not self.name.isprintable():
            raise SettingsError(f"--as {self.title!r} has a character that cannot be printed")
        if self.reply_to and not _ADDRESS.fullmatch(self.reply_to):
            raise SettingsError(f"--reply-to {self.reply_to!r} is not a valid e-mail address")
        if self.clone is None:
            return
        check_clone(self.template, self.clone)
        same = next((each for each in before if each.workflow == self.key), None)
        is_other = same is not None and (same.template, same.title) != (
            self.template.name,
            self.name,
        )
        of_default = self.title.casefold() in {each.casefold() for each in TITLES.values()}
        if not self.key or self.key in TEMPLATES or of_default or is_other:
            raise SettingsError(
                f"--as {self.title!r} is not a free name: a workflow has it already, or one "
                "that differs in nothing but marks, or it has no letters from a to z. Give it "
                "another name"
            )

    def recorded(self) -> Created:
        """The request as the ledger keeps it."""
        options: dict[str, Any] = {
            name: value
            for name, value in asdict(replace(self, clone=None)).items()
            if name not in ("template", "clone")
        }
        if self.clone is not None:
            since = self.clone.since.isoformat() if self.clone.since else None
            options["clone"] = {**asdict(self.clone), "since": since}
        return Created(self.key, self.template.name, self.name, options)


def recorded_request(created: Created) -> WorkflowRequest:
    """The request that the ledger kept."""
    options = dict(created.options)
    clone = options.pop("clone", None)
    options["left_out"] = tuple(options.get("left_out", ()))
    template = template_named(created.template)
    return WorkflowRequest(template=template, clone=_clone(clone), **options)


def request_named(warehouse: Path, name: str) -> WorkflowRequest:
    """The request of a template, or of a clone that was created, by its name.

    Raises SettingsError naming those there are.
    """
    if name in TEMPLATES or not warehouse.exists():
        return WorkflowRequest(template_named(name))
    with open_warehouse(warehouse, read_only=True) as connection:
        found = {each.workflow: each for each in created_workflows(connection)}
    if name in found:
        return recorded_request(found[name])
    return WorkflowRequest(template_named(name))


def completed(request: WorkflowRequest, before: Sequence[Created]) -> WorkflowRequest:
    """The request, with what it leaves open as it was when the workflow was created."""
    created = next((each for each in before if each.workflow == request.key), None)
    if created is None:
        return request
    former = recorded_request(created)
    steps = request if request.actions or request.left_out else former
    return replace(
        request,
        actions=steps.actions,
        left_out=steps.left_out,
        language=request.language or former.language,
        from_name=request.from_name or former.from_name,
        reply_to=request.reply_to or former.reply_to,
        clone=former.clone if request.clone == _NO_CLONE else request.clone,
    )


def _clone(options: Mapping[str, Any] | None) -> Clone | None:
    if options is None:
        return None
    since = options.get("since")
    return Clone(
        days=options.get("days"),
        where=tuple(options.get("where", ())),
        shop=options.get("shop", ""),
        since=date.fromisoformat(since) if since else None,
    )
