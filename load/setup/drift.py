"""Differences between the account and what setup would create; setup keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from load.account.state import AccountState
from load.objects.catalogue import CATALOGUE, GROUP, PIPELINE_LABEL, stages
from load.objects.language import Key, Labels, shipped_labels

COMPARED = {"fieldType": "field type", "groupName": "group"}


@dataclass(frozen=True)
class Difference:
    """A difference in something that exists: where, which trait, HubSpot's value, ours."""

    where: str
    trait: str
    theirs: str
    ours: str

    def in_words(self) -> str:
        """The difference as text."""
        return f"{self.where}: {self.trait} is {self.theirs!r}, Cartwheel's is {self.ours!r}"


@dataclass
class Comparison:
    """What differs, and how many labels are merely those of another shipped language."""

    different: list[Difference] = field(default_factory=list)
    other_languages: Counter[str] = field(default_factory=Counter)


def compare(missing: AccountState, labels: Labels) -> Comparison:
    """Compare what exists with what setup would create with these labels."""
    found = Comparison()
    for where, key, theirs in _labels(missing):
        if theirs == labels.texts[key]:
            continue
        other = next((each for each in shipped_labels() if each.texts[key] == theirs), None)
        if other:
            found.other_languages[other.language] += 1
        else:
            found.different.append(Difference(where, "label", theirs, labels.texts[key]))
    found.different += _traits(missing)
    return found


def _labels(missing: AccountState) -> Iterator[tuple[str, Key, str]]:
    """Every label that exists: of what it is, its place among ours, and its text."""
    for name, label in missing.group_labels.items():
        yield f"{name}: group {GROUP}", ("", "group"), label
    for name, object_type in CATALOGUE.items():
        known = missing.definitions.get(name, {})
        for ours in object_type.ours:
            if ours.name in known:
                label = str(known[ours.name].get("label", ""))
                yield f"{name}: {ours.name}", (name, ours.name), label
    if missing.pipeline.pipeline_id is not None:
        yield f"pipeline {PIPELINE_LABEL}", ("", "pipeline"), missing.pipeline.label
    for stage in stages():
        if stage.stage_id in missing.pipeline.stage_labels:
            theirs = missing.pipeline.stage_labels[stage.stage_id]
            yield f"stage {stage.label}", ("stages", stage.stage_id), theirs


def _traits(missing: AccountState) -> Iterator[Difference]:
    for name, object_type in CATALOGUE.items():
        known = missing.definitions.get(name, {})
        for ours in object_type.ours:
            wanted = ours.definition()
            for key, trait in COMPARED.items():
                theirs = str(known.get(ours.name, wanted).get(key, ""))
                if theirs != wanted[key]:
                    yield Difference(f"{name}: {ours.name}", trait, theirs, wanted[key])
