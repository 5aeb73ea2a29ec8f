"""What a person asks of `create` and `clone`, and what that means for a flow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from cartwheel.core.errors import SettingsError
from load.workflows.conditions import Clone, check_clone
from load.workflows.flow import LONGEST_NAME, PREFIX
from load.workflows.ledger import Created
from load.workflows.steps import CHECKS, Step, read_steps, without
from load.workflows.templates import TEMPLATES, Template, template_named

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Order:
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
        return _NOT_IN_KEYS.sub("_", self.title.lower()).strip("_")

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
        return CHECKS not in self.left_out

    def check(self, taken: Iterable[str] = ()) -> None:
        """Raise SettingsError for what cannot be; taken are the keys of other workflows."""
        if not self.steps:
            raise SettingsError("Nothing is left to do: --without leaves out every action")
        if len(self.name) > LONGEST_NAME:
            raise SettingsError(
                f"HubSpot takes names of at most {LONGEST_NAME} characters; this one, with "
                f"{PREFIX!r} before it, has {len(self.name)}"
            )
        if self.clone is not None:
            check_clone(self.template, self.clone)
            if not self.key or self.key in TEMPLATES or self.key in taken:
                raise SettingsError(
                    f"--as {self.title!r} is not a free name: a workflow has it already, or it "
                    "has no letters from a to z. Give it another name"
                )

    def recorded(self) -> Created:
        """The order as the ledger keeps it."""
        options: dict[str, Any] = {
            name: value
            for name, value in asdict(replace(self, clone=None)).items()
            if name not in ("template", "clone")
        }
        if self.clone is not None:
            since = self.clone.since.isoformat() if self.clone.since else None
            options["clone"] = {**asdict(self.clone), "since": since}
        return Created(self.key, self.template.name, self.name, options)


def recorded_order(created: Created) -> Order:
    """The order that the ledger kept."""
    options = dict(created.options)
    clone = options.pop("clone", None)
    options["left_out"] = tuple(options.get("left_out", ()))
    template = template_named(created.template)
    return Order(template=template, clone=_clone(clone), **options)


def completed(order: Order, before: Sequence[Created]) -> Order:
    """The order, with what it leaves open as it was when the workflow was created."""
    created = next((each for each in before if each.workflow == order.key), None)
    if created is None:
        return order
    former = recorded_order(created)
    steps = (order.actions, order.left_out) if order.actions or order.left_out else None
    return replace(
        order,
        actions=steps[0] if steps else former.actions,
        left_out=steps[1] if steps else former.left_out,
        language=order.language or former.language,
        from_name=order.from_name or former.from_name,
        reply_to=order.reply_to or former.reply_to,
        clone=order.clone or former.clone,
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
