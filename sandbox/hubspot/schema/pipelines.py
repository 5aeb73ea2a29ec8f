"""Deal pipelines and their stages, in the wire's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.core.clock import Clock, stamp
from sandbox.hubspot.core.behaviours import Behaviours
from sandbox.hubspot.core.problems import Problem, bad_request, not_found, over_plan

Pipeline = dict[str, Any]
Stage = dict[str, Any]

SALES_STAGES = [
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
]


class Pipelines:
    """The pipelines of one object type; every account begins with the sales pipeline."""

    def __init__(self, clock: Clock, behaviours: Behaviours) -> None:
        self._clock = clock
        self._behaviours = behaviours
        self._next_id = 7_000_001
        self._pipelines: dict[str, Pipeline] = {}
        self.create(
            {
                "pipelineId": "default",
                "label": "Sales Pipeline",
                "displayOrder": 0,
                "stages": [
                    {
                        "stageId": stage_id,
                        "label": label,
                        "displayOrder": place,
                        "metadata": {"probability": probability},
                    }
                    for place, (stage_id, label, probability) in enumerate(SALES_STAGES)
                ],
            }
        )

    def all(self) -> list[Pipeline]:
        """The pipelines in display order."""
        return sorted(self._pipelines.values(), key=lambda pipeline: pipeline["displayOrder"])

    def get(self, pipeline_id: str) -> Pipeline:
        """One pipeline; raises Problem 404."""
        if pipeline_id not in self._pipelines:
            raise not_found(f"There is no pipeline {pipeline_id}")
        return self._pipelines[pipeline_id]

    def stages(self, pipeline_id: str) -> dict[str, Stage] | None:
        """The stages of a pipeline by id, or None where there is no such pipeline."""
        pipeline = self._pipelines.get(pipeline_id)
        return pipeline and {stage["id"]: stage for stage in pipeline["stages"]}

    def create(self, wanted: Mapping[str, Any]) -> Pipeline:
        """Add a pipeline with its stages, with own ids if given.

        Raises Problem 400, 409, or 403 where the account's plan allows no more of them.
        """
        most = self._behaviours.most_pipelines
        if len(self._pipelines) >= most:
            raise over_plan(f"Your account has reached its limit of {most} deal pipelines.")
        pipeline_id = self._id(wanted.get("pipelineId"), self._pipelines, "pipelineId")
        label = self._label(wanted, self._pipelines.values(), "pipeline")
        stages = wanted.get("stages")
        if not isinstance(stages, list) or not stages:
            raise bad_request("A pipeline needs stages")
        moment = stamp(self._clock.now())
        pipeline: Pipeline = {
            "id": pipeline_id,
            "label": label,
            "displayOrder": _order(wanted),
            "stages": [],
            "archived": False,
            "createdAt": moment,
            "updatedAt": moment,
        }
        for stage in stages:
            pipeline["stages"].append(self._stage(pipeline, stage))
        self._pipelines[pipeline_id] = pipeline
        return pipeline

    def change(self, pipeline_id: str, changes: Mapping[str, Any]) -> Pipeline:
        """Change the label or the order of a pipeline. Raises Problem 400, 404, 409."""
        pipeline = self.get(pipeline_id)
        others = [other for other in self._pipelines.values() if other is not pipeline]
        if "label" in changes:
            pipeline["label"] = self._label(changes, others, "pipeline")
        if "displayOrder" in changes:
            pipeline["displayOrder"] = _order(changes)
        pipeline["updatedAt"] = stamp(self._clock.now())
        return pipeline

    def archive(self, pipeline_id: str) -> None:
        """Remove a pipeline; raises Problem 404."""
        del self._pipelines[self.get(pipeline_id)["id"]]

    def get_stage(self, pipeline_id: str, stage_id: str) -> Stage:
        """One stage of a pipeline; raises Problem 404."""
        for stage in self.get(pipeline_id)["stages"]:
            if stage["id"] == stage_id:
                found: Stage = stage
                return found
        raise not_found(f"There is no stage {stage_id} in pipeline {pipeline_id}")

    def add_stage(self, pipeline_id: str, wanted: Mapping[str, Any]) -> Stage:
        """Add a stage to a pipeline. Raises Problem 400, 404, 409."""
        pipeline = self.get(pipeline_id)
        stage = self._stage(pipeline, wanted)
        pipeline["stages"].append(stage)
        return stage

    def change_stage(
        self, pipeline_id: str, stage_id: str, changes: Mapping[str, Any]
    ) -> Stage:
        """Change label, order or probability of a stage. Raises Problem 400, 404, 409."""
        stage = self.get_stage(pipeline_id, stage_id)
        others = [other for other in self.get(pipeline_id)["stages"] if other is not stage]
        if "label" in changes:
            stage["label"] = self._label(changes, others, "stage")
        if "displayOrder" in changes:
            stage["displayOrder"] = _order(changes)
        if "metadata" in changes:
            stage["metadata"] = _metadata(changes["metadata"])
        stage["updatedAt"] = stamp(self._clock.now())
        return stage

    def archive_stage(self, pipeline_id: str, stage_id: str) -> None:
        """Remove a stage from its pipeline; raises Problem 404."""
        self.get(pipeline_id)["stages"].remove(self.get_stage(pipeline_id, stage_id))

    def _stage(self, pipeline: Pipeline, wanted: object) -> Stage:
        if not isinstance(wanted, dict):
            raise bad_request("A stage must be an object")
        known = {stage["id"]: stage for stage in pipeline["stages"]}
        stage_id = wanted.get("stageId")
        if isinstance(stage_id, str) and stage_id != stage_id.lower():
            # each stage has properties of deals that are named after it
            raise bad_request(
                f"Property name must be lowercase, but given: hs_date_entered_{stage_id}"
            )
        moment = stamp(self._clock.now())
        return {
            "id": self._id(stage_id, known, "stageId"),
            "label": self._label(wanted, known.values(), "stage"),
            "displayOrder": _order(wanted),
            "metadata": _metadata(wanted.get("metadata")),
            "archived": False,
            "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
            "createdAt": moment,
            "updatedAt": moment,
        }

    def _id(self, wanted: object, taken: Mapping[str, Any], what: str) -> str:
        if wanted is None:
            self._next_id += 1
            return str(self._next_id)
        if not isinstance(wanted, str) or not wanted:
            raise bad_request(f"{what} must be text")
        if wanted in taken:
            raise Problem(409, "CONFLICT", f"{what} {wanted} already exists")
        return wanted

    def _label(
        self, wanted: Mapping[str, Any], others: Iterable[Mapping[str, Any]], what: str
    ) -> str:
        label = wanted.get("label")
        if not isinstance(label, str) or not label:
            raise bad_request(f"A {what} needs a label")
        if any(other["label"] == label for other in others):
            raise Problem(409, "CONFLICT", f"There is already a {what} labelled {label}")
        return label


def _order(wanted: Mapping[str, Any]) -> int:
    order = wanted.get("displayOrder")
    if not isinstance(order, int):
        raise bad_request("displayOrder must be a whole number")
    return order


def _metadata(wanted: object) -> dict[str, str]:
    given = wanted.get("probability") if isinstance(wanted, dict) else None
    refusal = bad_request("A deal stage needs metadata.probability, text from 0.0 to 1.0")
    try:
        probability = Decimal(given if isinstance(given, str) else "")
    except InvalidOperation:
        raise refusal from None
    if not probability.is_finite() or not 0 <= probability <= 1:
        raise refusal
    closed = probability in (0, 1)
    return {"probability": str(probability), "isClosed": "true" if closed else "false"}
