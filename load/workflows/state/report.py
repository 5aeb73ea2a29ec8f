"""What creating a workflow did, or would do: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from load.workflows.state.audiences import Audience

# exists: as it should be; kept: unchanged, since a person changed it or switched it on;
# refused: HubSpot did not take it
Outcome = Literal["created", "updated", "exists", "kept", "refused"]


@dataclass(frozen=True)
class Part:
    """An e-mail, a list, files or the flow: its name, its outcome, HubSpot's id, and why.

    is_draft says of an e-mail that workflows cannot send it yet.
    """

    kind: str
    name: str
    outcome: Outcome
    hubspot_id: str = ""
    note: str = ""
    is_draft: bool = False


@dataclass
class CreateReport:
    """The outcome of `cartwheel workflows create` or `clone`.

    audience is None of a clone: HubSpot alone knows who matches it. lacking has a sentence for
    each thing that the account's plan or the token's scopes do not allow, or that HubSpot did
    not take; different names what HubSpot stores otherwise than sent; folder is where files
    were left on disk.
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

    @property
    def drafts(self) -> list[Part]:
        """The e-mails that somebody has to publish."""
        return [part for part in self.parts if part.is_draft]

    def in_words(self) -> Iterator[str]:
        """The report as text, line by line."""
        yield f"{self.title}"
        yield f"  enrols when {self.trigger}"
        yield f"  ends when {self.leaves}"
        for number, action in enumerate(self.actions, 1):
            yield f"  {number}. {action}"
        yield ""
        yield from (f"This account gets {reason}." for reason in self.lacking)
        yield from (_part_in_words(part, dry_run=self.dry_run) for part in self.parts)
        for where in self.different:
            yield f"HubSpot stores {where} otherwise than it was sent: compare it there"
        if self.folder:
            yield f"the e-mails' files, to upload by hand: see README.txt in {self.folder}"
        yield ""
        if self.flow is not None and self.flow.outcome in ("kept", "refused"):
            yield f"The workflow was left as it is: {self.flow.note}."
            if self.link:
                yield f"See it: {self.link}"
            return
        yield self.waits
        yield from self._matching()
        if self.link and not self.dry_run:
            yield from self._to_turn_on()

    def _matching(self) -> Iterator[str]:
        if self.audience is None:
            yield "Who matches now stands in the list of the same name in HubSpot."
            return
        rest = self.audience.now - self.audience.mailable
        older = self.audience.mailable - self.audience.recent
        too_old = f", and {older:,} entered too long ago" if older else ""
        yield (
            f"{self.audience.recent:,} match now; {rest:,} more cannot be mailed (no consent, "
            f"or no valid e-mail){too_old}."
        )

    def _to_turn_on(self) -> Iterator[str]:
        yield ""
        if self.drafts:
            yield (
                f"Before you turn it on, publish {len(self.drafts)} "
                f"e-mail{'' if len(self.drafts) == 1 else 's'}: in HubSpot under Marketing > "
                "Email, or with this command and the option named above."
            )
        yield f"Review it and turn it on: {self.link}"
        yield "  1. Review and publish, at the top right"
        yield "  2. Choose whether those who match already are enrolled: for a first look, no"
        yield "  3. Turn on"


def _part_in_words(part: Part, *, dry_run: bool) -> str:
    """A part as a line: its outcome, and why."""
    told: str = part.outcome
    if dry_run and part.outcome in ("created", "updated", "kept"):
        told = f"would be {part.outcome}"
    elif (part.kind, part.outcome) == ("workflow", "created"):
        told = "created, off"
    number = f" (id {part.hubspot_id})" if part.hubspot_id else ""
    return f"{part.kind} {part.name}: {told}{number}{f'; {part.note}' if part.note else ''}"
