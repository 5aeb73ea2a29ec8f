"""Differences between the account and what setup would create; setup keeps them.

With --relabel it changes the labels that are ours and that nobody has changed since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from load.account.state import AccountState
from load.objects.catalogue import CATALOGUE
from load.objects.language import Labels, shipped_labels
from load.setup.labels_in_place import PlacedLabel, placed_labels
from load.setup.written_labels import Written

COMPARED = {"fieldType": "field type", "groupName": "group"}
CHANGED, MADE, FIXED = (
    "a person changed it",
    "a person made it",
    "HubSpot lets nobody change it",
)


@dataclass(frozen=True)
class Difference:
    """A difference in something that exists: where, which trait, HubSpot's value, ours.

    reason says why it stays, where it was asked to be changed.
    """

    where: str
    trait: str
    theirs: str
    ours: str
    reason: str = ""

    def in_words(self) -> str:
        """The difference as text."""
        said = f"{self.where}: {self.trait} is {self.theirs!r}, Cartwheel's is {self.ours!r}"
        return f"{said} ({self.reason})" if self.reason else said


@dataclass
class Comparison:
    """What differs and stays, and what is to be relabelled.

    other_languages says how many labels are merely those of another shipped language.
    """

    different: list[Difference] = field(default_factory=list)
    other_languages: Counter[str] = field(default_factory=Counter)
    to_relabel: list[PlacedLabel] = field(default_factory=list)


def compare(
    account: AccountState, labels: Labels, written: Written, *, relabel: bool = False
) -> Comparison:
    """Compare what exists with what setup would create with these labels.

    written is what setup wrote before; with relabel, what is ours is to be relabelled.
    """
    found = Comparison()
    for each in placed_labels(account):
        wanted = labels.texts[each.key]
        if each.text == wanted:
            continue
        if relabel:
            reason = why_kept(each, written)
            if reason:
                found.different.append(
                    Difference(each.where, "label", each.text, wanted, reason)
                )
            else:
                found.to_relabel.append(each)
        elif language := _language_of(each):
            found.other_languages[language] += 1
        else:
            found.different.append(Difference(each.where, "label", each.text, wanted))
    found.different += _traits(account)
    return found


def why_kept(label: PlacedLabel, written: Written) -> str:
    """Why a label may not be changed; "" for one that is ours and unchanged.

    What setup wrote decides. Of a label that it does not remember, as when the warehouse is
    a new one, the texts that are shipped are ours, in any language.
    """
    if label.is_fixed:
        return FIXED
    ours = written.get(label.place)
    if ours is not None:
        return "" if label.text in ours else CHANGED
    if not label.is_of_ours:
        return MADE
    return "" if _language_of(label) else CHANGED


def _language_of(label: PlacedLabel) -> str:
    """The first shipped language that has this text at this place, "" for none."""
    return next(
        (each.language for each in shipped_labels() if each.texts[label.key] == label.text), ""
    )


def _traits(account: AccountState) -> Iterator[Difference]:
    for name, object_type in CATALOGUE.items():
        known = account.definitions.get(name, {})
        for ours in object_type.ours:
            wanted = ours.definition()
            for key, trait in COMPARED.items():
                theirs = str(known.get(ours.name, wanted).get(key, ""))
                if theirs != wanted[key]:
                    yield Difference(f"{name}: {ours.name}", trait, theirs, wanted[key])
