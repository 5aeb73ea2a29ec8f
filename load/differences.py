"""What the account has otherwise than setup would create it; setup leaves that alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from load.catalogue import CATALOGUE, GROUP, PIPELINE_LABEL, STAGES
from load.client import Body
from load.deal_pipeline import DealPipeline
from load.language import Labels

COMPARED = {"label": "label", "fieldType": "field type", "groupName": "group"}


@dataclass(frozen=True)
class Difference:
    """One trait of something that exists: where, which trait, HubSpot's value, ours."""

    where: str
    trait: str
    theirs: str
    ours: str

    def in_words(self) -> str:
        """The difference for a person."""
        return f"{self.where}: {self.trait} is {self.theirs!r}, ours would be {self.ours!r}"


def differences(
    definitions: Mapping[str, Mapping[str, Body]],
    group_labels: Mapping[str, str],
    pipeline: DealPipeline,
    labels: Labels,
) -> Iterator[Difference]:
    """What exists and is not as these labels and the catalogue would have it.

    definitions are by object and name, group_labels by object, each of what exists.
    """
    for name, label in group_labels.items():
        yield from _one(f"{name}: group {GROUP}", "label", label, labels.group)
    for name, object_type in CATALOGUE.items():
        for ours in object_type.ours:
            existing = definitions.get(name, {}).get(ours.name)
            if existing is None:
                continue
            wanted = labels.definition(name, ours)
            for key, trait in COMPARED.items():
                yield from _one(
                    f"{name}: {ours.name}", trait, str(existing.get(key, "")), wanted[key]
                )
    if pipeline.pipeline_id is not None:
        yield from _one(f"pipeline {PIPELINE_LABEL}", "label", pipeline.label, labels.pipeline)
    for stage in STAGES:
        if stage.stage_id in pipeline.stage_ids:
            theirs = pipeline.stage_labels.get(stage.stage_id, "")
            yield from _one(f"stage {stage.label}", "label", theirs, labels.stage(stage))


def _one(where: str, trait: str, theirs: str, ours: str) -> Iterator[Difference]:
    if theirs != ours:
        yield Difference(where, trait, theirs, ours)
