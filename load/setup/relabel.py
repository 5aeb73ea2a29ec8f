"""Gives what exists in HubSpot the labels of another language.

Each is remembered before it is sent, together with the one before: after a kill neither of the
two is taken for a person's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from cartwheel.core.settings import Settings
from load.account.pipeline import relabel_pipeline, relabel_stage
from load.account.provisioning import change_property, relabel_group
from load.account.state import AccountState
from load.hubspot.client import Answer, Body, HubSpot
from load.hubspot.concurrency import concurrently
from load.objects.language import Labels
from load.setup.drift import CHANGED, Difference
from load.setup.labels_in_place import PlacedLabel
from load.setup.written_labels import note_written
from load.workflows.list_names import other_list_names, rename

_OPTION = ("label", "value", "displayOrder", "hidden", "description")  # what HubSpot takes back

Outcome = tuple[Sequence[PlacedLabel], Answer]


@dataclass
class Relabelled:
    """What was changed (in a dry run: would be), what HubSpot refused, and a person's lists."""

    done: list[Difference] = field(default_factory=list)
    refused: list[Difference] = field(default_factory=list)
    of_persons: list[Difference] = field(default_factory=list)

    @property
    def kept(self) -> list[Difference]:
        """What stays, each with its reason."""
        return [*self.of_persons, *self.refused]

    def add(self, found: Difference) -> None:
        """Count a label that is ours: as refused if there is a reason."""
        (self.refused if found.reason else self.done).append(found)


def relabel_account(
    settings: Settings,
    hubspot: HubSpot,
    account: AccountState,
    placed: Sequence[PlacedLabel],
    labels: Labels,
    *,
    dry_run: bool,
) -> Relabelled:
    """Change these labels, and the names of the workflows' lists that are ours.

    account is as it was before. In a dry run nothing is written.
    """
    report = Relabelled()
    refusals = {} if dry_run else _relabel(settings, hubspot, account, placed, labels)
    for each in placed:
        ours, reason = labels.texts[each.key], refusals.get(each.place, "")
        report.add(Difference(each.where, "label", each.text, ours, reason))
    for found in [*other_list_names(settings, hubspot, labels)]:
        where = f"list of the workflow {found.workflow}"
        named = Difference(where, "name", found.theirs, found.ours, found.refused)
        if not found.is_ours:
            report.of_persons.append(replace(named, reason=CHANGED))
        elif named.reason or dry_run:
            report.add(named)
        else:
            report.add(replace(named, reason=rename(settings, hubspot, found)))
    return report


def _relabel(
    settings: Settings,
    hubspot: HubSpot,
    account: AccountState,
    placed: Sequence[PlacedLabel],
    labels: Labels,
) -> dict[str, str]:
    """Send these labels; return HubSpot's reason for each that it refused, by place."""
    wanted = {each.place: labels.texts[each.key] for each in placed}
    note_written(settings, wanted, {each.place: each.text for each in placed})
    refused: dict[str, str] = {}
    held: dict[str, str] = {}
    for changed, answer in _sent(hubspot, account, placed, labels):
        for each in changed:
            held[each.place] = wanted[each.place] if answer.ok else each.text
            if not answer.ok:
                refused[each.place] = str(answer.body.get("message", answer.status))
    note_written(settings, held)
    return refused


def _sent(
    hubspot: HubSpot, account: AccountState, placed: Sequence[PlacedLabel], labels: Labels
) -> Iterator[Outcome]:
    """Send the changes, one request for each thing, and give HubSpot's answers as they come."""
    properties: dict[tuple[str, str], list[PlacedLabel]] = defaultdict(list)
    alone: list[PlacedLabel] = []
    for each in placed:
        if each.key[0] in ("", "stages"):
            alone.append(each)
        else:
            object_name, name = each.place.split("/")[:2]
            properties[object_name, name].append(each)
    yield from concurrently(
        partial(_change_property, hubspot, account, where, changed, labels)
        for where, changed in properties.items()
    )
    for each in alone:
        yield [each], _change(hubspot, account, each, labels.texts[each.key])


def _change(hubspot: HubSpot, account: AccountState, label: PlacedLabel, text: str) -> Answer:
    section, name = label.key
    if section == "stages":
        return relabel_stage(hubspot, account.pipeline, name, text)
    if name == "pipeline":
        return relabel_pipeline(hubspot, account.pipeline, text)
    return relabel_group(hubspot, label.place.partition("/")[0], text)


def _change_property(
    hubspot: HubSpot,
    account: AccountState,
    where: tuple[str, str],
    changed: Sequence[PlacedLabel],
    labels: Labels,
) -> Outcome:
    """Send a property's label and its options' labels; options are replaced as a whole."""
    object_name, name = where
    changes: Body = {}
    of_options: dict[str, str] = {}
    for each in changed:
        text, value = labels.texts[each.key], each.place.split("/")[2:]
        if value:
            of_options[value[0]] = text
        else:
            changes["label"] = text
    if of_options:
        changes["options"] = [
            {
                **{key: option[key] for key in _OPTION if key in option},
                "label": of_options.get(option["value"], option["label"]),
            }
            for option in account.definitions[object_name][name]["options"]
        ]
    return changed, change_property(hubspot, object_name, name, changes)
