"""What creating a workflow did, or would do: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from load.workflows.audiences import Audience

# exists: as it should be; kept: a person changed it or switched it on, so it is as they left it
Fate = Literal["created", "updated", "exists", "kept", "not possible"]


@dataclass(frozen=True)
class Part:
    """An e-mail, a list, a file or the flow: its name, its fate, HubSpot's id, and why."""

    kind: str
    name: str
    fate: Fate
    hubspot_id: str = ""
    note: str = ""


@dataclass
class CreateReport:
    """The outcome of `cartwheel workflows create` or `clone`.

    audience is None of a clone: HubSpot alone knows who matches it. lacking has a sentence for
    each thing that the account's plan or the token's scopes do not allow; different names what
    HubSpot stores otherwise than sent; folder is where files were left on disk.
    """

    workflow: str
    title: str
    trigger: str
    leaves: str
    waits: str
    actions: list[str] = field(default_factory=list)
    audience: Audience | None = None
    dry_run: bool = False
    parts: list[Part] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    link: str = ""
    folder: str = ""

    @property
    def flow(self) -> Part | None:
        """The flow, if one was wanted."""
        return next((part for part in self.parts if part.kind == "workflow"), None)

    def in_words(self) -> Iterator[str]:
        """The report as text, line by line."""
        yield f"{self.title} enrols when {self.trigger}. It is left when {self.leaves}."
        for number, action in enumerate(self.actions, 1):
            yield f"  {number}. {action}"
        yield ""
        for reason in self.lacking:
            yield f"This account gets {reason}."
        for part in self.parts:
            yield part_in_words(part, dry_run=self.dry_run)
        for where in self.different:
            yield f"HubSpot stores {where} otherwise than it was sent: compare it there"
        if self.folder:
            yield f"files of the e-mails, to upload by hand: {self.folder}"
        yield ""
        yield self.waits
        if self.audience is not None:
            yield (
                f"{self.audience.now:,} match now, {self.audience.mailable:,} of them can be "
                "mailed."
            )
        if self.link:
            yield ""
            yield f"Review it and turn it on: {self.link}"
            yield "  1. Review and publish, at the top right"
            yield (
                "  2. Choose whether those who match already are enrolled: for a first look, no"
            )
            yield "  3. Turn on"


def part_in_words(part: Part, *, dry_run: bool) -> str:
    """A part as a line: what happens to it, and why."""
    fate = part.fate
    if dry_run and fate in ("created", "updated"):
        fate_text = f"would be {fate}"
    else:
        fate_text = "created, off" if (part.kind, fate) == ("workflow", "created") else fate
    named = f"{part.kind} {part.name}"
    number = f" (id {part.hubspot_id})" if part.hubspot_id else ""
    return f"{named}: {fate_text}{number}{f'; {part.note}' if part.note else ''}"
