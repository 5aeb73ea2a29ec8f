"""What a setup did, or would do: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cartwheel.core.counts import counted
from load.objects.language import ENGLISH
from load.setup.drift import Difference
from load.setup.segments import ListsReport

SHOWN = 10  # names in a line, and lines of differences


@dataclass(frozen=True)
class SetupReport:
    """What was created (with dry_run: would be), what existed, and what was kept as it is.

    restored are properties that a person had archived in HubSpot; existing is how many groups,
    properties and pipelines existed; different is what exists and differs from ours; language
    is of the labels, untranslated how many of them are English because there is no translation;
    other_languages says how many labels exist in which other language; remark why labels are
    English though nobody asked for that; relabelled is what was changed, with the former and
    the new label; it and lists are None where they were not asked for. wanted is the language,
    or the file of labels, as --language takes it; passing says that a setup which is not told
    the language takes another one; emails are those of workflows that relabelling leaves in
    another language, by the workflow; settings_file is where a person would say so for good.
    """

    created: list[str] = field(default_factory=list)
    existing: int = 0
    dry_run: bool = False
    restored: list[str] = field(default_factory=list)
    different: list[Difference] = field(default_factory=list)
    language: str = ENGLISH
    untranslated: int = 0
    other_languages: dict[str, int] = field(default_factory=dict)
    remark: str = ""
    relabelled: list[Difference] | None = None
    lists: ListsReport | None = None
    wanted: str = ENGLISH
    passing: bool = False
    emails: dict[str, str] = field(default_factory=dict)
    settings_file: str = ".env"

    def in_words(self) -> Iterator[str]:
        """The report as text, line by line."""
        create, restore = (
            ("would create", "would restore") if self.dry_run else ("created", "restored")
        )
        yield f"{create} {_named(self.created)}; {self.existing} already existed"
        if self.restored:
            yield f"{restore} {_named(self.restored)}; a user had archived them"
        if self.remark:
            yield self.remark
        if self.relabelled is not None:
            yield f"{'would relabel' if self.dry_run else 'relabelled'} {len(self.relabelled)}"
            yield from (
                f"  {each.where}: {each.theirs!r} becomes {each.ours!r}"
                for each in self.relabelled[:SHOWN]
            )
            if (more := len(self.relabelled) - SHOWN) > 0:
                yield f"  and {more} more"
        if self.different:
            yield f"unchanged in HubSpot, but different from ours: {len(self.different)}"
            yield from (f"  {each.in_words()}" for each in self.different[:SHOWN])
            yield from _further(self.different)
        for language, count in self.other_languages.items():
            yield (
                f"unchanged in HubSpot: {counted(count, 'label')} in the language {language}; "
                f"to change those that are ours to {self.language}, run: cartwheel setup "
                f"--relabel --language {self.wanted}; to keep {language}: "
                f"CARTWHEEL_LANGUAGE={language} in {self.settings_file}"
            )
        if self.relabelled is not None and self.passing and not self.dry_run:
            yield (
                "without --language, labels are in another language (CARTWHEEL_LANGUAGE, else "
                f"the shop's): to keep {self.language}, put CARTWHEEL_LANGUAGE={self.wanted} "
                f"into {self.settings_file}"
            )
        for workflow, theirs in self.emails.items():
            yield (
                f"the e-mails of {workflow} stay in {theirs}; for others in {self.language}, "
                f"run: cartwheel workflows create {workflow} --language {self.language}"
            )
        if self.untranslated:
            yield (
                f"{counted(self.untranslated, 'label')} in English: {self.language} has no "
                "translation"
            )
        if self.lists is not None:
            there = f"{len(self.lists.existing)} already existed"
            yield f"{create} {_named(self.lists.created, 'lists')}; {there}"
            yield from (f"not created: {reason}" for reason in self.lists.refused)


def _named(names: Sequence[str], what: str = "") -> str:
    """How many there are, and the first of them by name."""
    count = f"{len(names)} {what}".rstrip()
    if not names:
        return count
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{count}: {', '.join(names[:SHOWN])}{more}"


def _further(found: Sequence[object]) -> Iterator[str]:
    if len(found) > SHOWN:
        yield f"  and {len(found) - SHOWN} more; to see all: cartwheel setup --dry-run --json"
