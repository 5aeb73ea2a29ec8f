"""The account's E-commerce pipeline: found by id or label, completed, translated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from load.hubspot.client import Answer, Body, HubSpot, raise_for_error
from load.objects.catalogue import PIPELINE, PIPELINE_LABEL, Stage, stages
from load.objects.language import Labels, shipped_labels

EXISTS = 409  # also the answer to a request that is sent again because its answer was lost


@dataclass(frozen=True)
class DealPipeline:
    """What the account has of the pipeline; pipeline_id is None where it has none."""

    pipeline_id: str | None
    stage_ids: Mapping[str, str]  # our stage id -> the account's
    label: str = ""  # as the account has it
    stage_labels: Mapping[str, str] = field(default_factory=dict)  # by our stage id
    stage_metadata: Mapping[str, Body] = field(default_factory=dict)  # by our stage id

    @property
    def missing(self) -> list[Stage]:
        """The stages that the account lacks."""
        return [stage for stage in stages() if stage.stage_id not in self.stage_ids]

    def translation(self) -> dict[str, dict[str, str]]:
        """Deal property -> our value -> the account's id."""
        return {
            "pipeline": {PIPELINE: self.pipeline_id or PIPELINE},
            "dealstage": dict(self.stage_ids),
        }


def find_pipeline(hubspot: HubSpot, *more: Labels) -> DealPipeline:
    """Look the pipeline and its stages up, each by its id, then by its label.

    The label may be of any language that is shipped, or of those given.
    """
    answer = hubspot.call("GET", _path(hubspot))
    raise_for_error(answer, "list the deal pipelines")
    languages = (*more, *shipped_labels())
    pipelines = answer.body.get("results", [])
    found = _by_id_or_label(pipelines, PIPELINE, (each.pipeline for each in languages))
    if found is None:
        return DealPipeline(None, {})
    ids, labels, metadata = {}, {}, {}
    for stage in stages():
        names = (each.stage(stage) for each in languages)
        match = _by_id_or_label(found.get("stages", []), stage.stage_id, names)
        if match is not None:
            ids[stage.stage_id] = str(match["id"])
            labels[stage.stage_id] = str(match.get("label", ""))
            metadata[stage.stage_id] = dict(match.get("metadata") or {})
    return DealPipeline(str(found["id"]), ids, str(found.get("label", "")), labels, metadata)


def relabel_pipeline(hubspot: HubSpot, pipeline: DealPipeline, label: str) -> Answer:
    """Give the pipeline another label."""
    return hubspot.call("PATCH", f"{_path(hubspot)}/{pipeline.pipeline_id}", {"label": label})


def relabel_stage(
    hubspot: HubSpot, pipeline: DealPipeline, stage_id: str, label: str
) -> Answer:
    """Give a stage, by our id, another label; HubSpot wants its metadata again as well."""
    path = f"{_path(hubspot)}/{pipeline.pipeline_id}/stages/{pipeline.stage_ids[stage_id]}"
    metadata = pipeline.stage_metadata[stage_id]
    return hubspot.call("PATCH", path, {"label": label, "metadata": metadata})


def complete_pipeline(hubspot: HubSpot, pipeline: DealPipeline, labels: Labels) -> None:
    """Create the pipeline with its six stages, or the stages that it lacks.

    Whatever HubSpot says already exists is looked up and counts as created: a request whose
    answer was lost has succeeded. Raises ServiceError for any other refusal.
    """
    if pipeline.pipeline_id is None:
        body = {
            "pipelineId": PIPELINE,
            "label": labels.pipeline,
            "displayOrder": 1,
            "stages": [labels.stage_definition(stage) for stage in stages()],
        }
        answer = hubspot.call("POST", _path(hubspot), body)
        if answer.status != EXISTS:
            what = f"create the pipeline {PIPELINE_LABEL}"
            raise_for_error(answer, f"{what} (the account's plan may allow no more of them)")
            return
        pipeline = find_pipeline(hubspot, labels)
        if pipeline.pipeline_id is None:
            raise_for_error(answer, f"create the pipeline {PIPELINE_LABEL}")
    for stage in pipeline.missing:
        path = f"{_path(hubspot)}/{pipeline.pipeline_id}/stages"
        answer = hubspot.call("POST", path, labels.stage_definition(stage))
        if not _is_there(hubspot, answer, stage, labels):
            raise_for_error(answer, f"create the stage {stage.label}")


def _is_there(hubspot: HubSpot, answer: Answer, stage: Stage, labels: Labels) -> bool:
    if answer.status != EXISTS:
        return answer.ok
    return stage not in find_pipeline(hubspot, labels).missing


def _by_id_or_label(entries: list[Body], wanted_id: str, labels: Iterable[str]) -> Body | None:
    for entry in entries:
        if entry.get("id") == wanted_id:
            return entry
    wanted = {label.casefold() for label in labels}
    for entry in entries:
        if str(entry.get("label", "")).casefold() in wanted:
            return entry
    return None


def _path(hubspot: HubSpot) -> str:
    return f"/crm/pipelines/{hubspot.version}/deals"
