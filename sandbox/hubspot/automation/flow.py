"""One flow: its body in the wire's shape, the rules read from it, and what it was before."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.hubspot.automation.criteria import Rules
from sandbox.hubspot.lists.filters import OBJECTS

HEADER = (
    "id", "name", "isEnabled", "objectTypeId", "flowType", "revisionId", "createdAt",
    "updatedAt", "uuid",
)  # fmt: skip
NOT_EXCHANGED = {"LIST_BRANCH", "STATIC_BRANCH"}  # for each other, under one id
Json = dict[str, Any]


@dataclass
class Flow:
    """A flow of an account; kinds are the types of all actions that it ever had, by id.

    made is the machine's time of its creation: what belongs to it in the CRM is there a
    little later.
    """

    body: Json
    rules: Rules
    kinds: dict[str, str] = field(default_factory=dict)
    hidden: bool = False
    made: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.remember_actions()

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.body["id"])

    @property
    def object_type(self) -> str:
        """The object type of the records that it enrols, in the plural."""
        return OBJECTS[self.body["objectTypeId"]]

    @property
    def is_on(self) -> bool:
        """Whether it is switched on."""
        return bool(self.body["isEnabled"])

    @property
    def criteria(self) -> Json:
        """Its enrolment criteria, empty where it has none."""
        return self.body.get("enrollmentCriteria") or {}

    def action(self, action_id: str | None) -> Json | None:
        """One of its actions by id, None if there is none."""
        return next((a for a in self.body["actions"] if a["actionId"] == action_id), None)

    def remember_actions(self) -> None:
        """Keep the ids of the actions, which no later one may have, and their types."""
        self.kinds |= {each["actionId"]: each["type"] for each in self.body["actions"]}

    def reuses(self, actions: list[Mapping[str, Any]]) -> bool:
        """Whether actions have ids that only earlier revisions had, or branch otherwise."""
        now = {each["actionId"] for each in self.body["actions"]}
        return any(
            each["actionId"] in self.kinds
            and (
                each["actionId"] not in now
                or {self.kinds[each["actionId"]], each["type"]} == NOT_EXCHANGED
            )
            for each in actions
        )

    def status(self, lag: float) -> str:
        """Whether what belongs to it in the CRM is there."""
        return "COMPLETE" if time.monotonic() - self.made >= lag else "PENDING"

    def header(self) -> Json:
        """The flow as lists of flows show it."""
        return {name: self.body[name] for name in HEADER if name in self.body}

    def wire(self, lag: float) -> Json:
        """The whole flow."""
        next_id = max(map(int, self.kinds), default=0) + 1
        return {
            **self.body,
            "nextAvailableActionId": str(next_id),
            "crmObjectCreationStatus": self.status(lag),
        }
