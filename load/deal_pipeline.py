"""The pipeline E-commerce of the account: found by id or label, completed, translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from load.catalogue import PIPELINE, PIPELINE_LABEL, STAGES, Stage
from load.client import Body, HubSpot, refuse


@dataclass(frozen=True)
class DealPipeline:
    """What the account has of the pipeline; pipeline_id is None where it has none."""

    pipeline_id: str | None
    stage_ids: Mapping[str, str]  # our stage id -> the account's

    @property
    def missing(self) -> list[Stage]:
        """The stages that the account lacks."""
        return [stage for stage in STAGES if stage.stage_id not in self.stage_ids]

    def translation(self) -> dict[str, dict[str, str]]:
        """Deal property -> our value -> the account's id."""
        return {
            "pipeline": {PIPELINE: self.pipeline_id or PIPELINE},
            "dealstage": dict(self.stage_ids),
        }


def find_pipeline(hubspot: HubSpot) -> DealPipeline:
    """Look the pipeline and its stages up, each by its id, then by its label."""
    answer = hubspot.call("GET", _path(hubspot))
    refuse(answer, "list the deal pipelines")
    pipelines = answer.body.get("results", [])
    found = _by_id_or_label(pipelines, PIPELINE, PIPELINE_LABEL)
    if found is None:
        return DealPipeline(None, {})
    stages = {}
    for stage in STAGES:
        match = _by_id_or_label(found.get("stages", []), stage.stage_id, stage.label)
        if match is not None:
            stages[stage.stage_id] = str(match["id"])
    return DealPipeline(str(found["id"]), stages)


def create_pipeline(hubspot: HubSpot) -> None:
    """Create the pipeline with its six stages, ids and probabilities (SPEC 1.2)."""
    body = {
        "pipelineId": PIPELINE,
        "label": PIPELINE_LABEL,
        "displayOrder": 1,
        "stages": [stage.definition(place) for place, stage in enumerate(STAGES)],
    }
    refuse(
        hubspot.call("POST", _path(hubspot), body),
        f"create the pipeline {PIPELINE_LABEL} (the account's plan may allow no more of them)",
    )


def create_stages(hubspot: HubSpot, pipeline: DealPipeline) -> None:
    """Add the stages that the pipeline lacks."""
    for stage in pipeline.missing:
        path = f"{_path(hubspot)}/{pipeline.pipeline_id}/stages"
        answer = hubspot.call("POST", path, stage.definition(STAGES.index(stage)))
        refuse(answer, f"create the stage {stage.label}")


def _by_id_or_label(entries: list[Body], wanted_id: str, label: str) -> Body | None:
    for entry in entries:
        if entry.get("id") == wanted_id:
            return entry
    for entry in entries:
        if str(entry.get("label", "")).casefold() == label.casefold():
            return entry
    return None


def _path(hubspot: HubSpot) -> str:
    return f"/crm/pipelines/{hubspot.version}/deals"
