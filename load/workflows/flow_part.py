"""The flow of a workflow, put into HubSpot switched off, once.

A flow that is on, or that a person changed, is never written.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from cartwheel.core.errors import ServiceError, SettingsError
from load.hubspot.client import Answer
from load.workflows.comparison import differences
from load.workflows.flow import Body
from load.workflows.flows import MOST_FLOWS, Flows, Hidden
from load.workflows.ledger import Asset, WorkflowLedger
from load.workflows.refusals import first_refused
from load.workflows.report import Fate, Part

SETTLING = 20  # times that a flow that HubSpot still makes is looked at, a second apart

Existing = Body | Hidden | None


def existing_flow(flows: Flows, asset: Asset | None, key: str, name: str) -> Existing:
    """The flow that is there already: by the ledger's id, or else by its marker."""
    found = flows.get(asset.hubspot_id) if asset else None
    return found or flows.ours(key, name)


def check_room(flows: Flows, flow: Existing) -> None:
    """Raise SettingsError where a flow is to be created and the account has no room."""
    if flow is None and flows.count() >= MOST_FLOWS:
        raise SettingsError(
            f"The account has {MOST_FLOWS} workflows, as many as its plan allows. Delete one "
            "in HubSpot under Automation > Workflows, then run the same command again"
        )


class FlowPart:
    """The flow; asset is what the ledger knows, different what HubSpot stores otherwise."""

    def __init__(
        self,
        flows: Flows,
        ledger: WorkflowLedger,
        key: str,
        name: str,
        asset: Asset | None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._flows, self._ledger, self._sleep = flows, ledger, sleep
        self._key, self._name, self._asset = key, name, asset
        self.different: list[str] = []

    def put(self, flow: Existing, body_from: Callable[[int], Body]) -> Part:
        """Create the flow, or replace one that nobody touched.

        body_from gives the body whose actions are numbered from there.
        """
        if isinstance(flow, Hidden):
            why = "HubSpot hides it from this token, since it uses sensitive data"
            return self._part("kept", flow.flow_id, why)
        body = body_from(1)
        if flow is None:
            return self._created(body)
        flow_id = str(flow["id"])
        if flow.get("isEnabled"):
            return self._part("kept", flow_id, "it is on")
        sent = self._asset.sent if self._asset else body
        if any(differences(sent, flow)):
            return self._part("kept", flow_id, "a person changed it")
        if sent["description"] == body["description"]:
            if self._asset is None:
                self._note(flow, body)  # a killed run created it
            return self._part("exists", flow_id, "off")
        first = int(flow.get("nextAvailableActionId", 1))
        return self._replaced(self._settled(flow), body_from(first))

    def _created(self, body: Body) -> Part:
        flow = self._flows.create(self._key, body)
        if isinstance(flow, Answer):
            raise ServiceError(
                f"HubSpot refused the workflow {self._name}: {_said(flow)}. "
                f"{first_refused(self._flows, body)}",
                status=flow.status,
                request_id=flow.request_id,
            )
        self._note(flow, body)
        self._read_back(str(flow["id"]), body)
        return self._part("created", str(flow["id"]))

    def _replaced(self, flow: Body, body: Body) -> Part:
        flow_id = str(flow["id"])
        answer = self._flows.replace(flow, body)
        if not answer.ok:
            return self._part("kept", flow_id, f"HubSpot refused the change: {_said(answer)}")
        self._note(answer.body, body)
        self._read_back(flow_id, body)
        return self._part("updated", flow_id, "off")

    def _settled(self, flow: Body) -> Body:
        """The flow once HubSpot has completed it: before that it takes no changes."""
        for _ in range(SETTLING):
            if flow.get("crmObjectCreationStatus") != "PENDING":
                break
            self._sleep(1)
            again = self._flows.get(str(flow["id"]))
            flow = again if isinstance(again, dict) else flow
        return flow

    def _read_back(self, flow_id: str, body: Body) -> None:
        stored = self._flows.get(flow_id)
        if isinstance(stored, dict):
            self.different = list(differences(body, stored))

    def _note(self, flow: Body, body: Body) -> None:
        revision = str(flow.get("revisionId", ""))
        self._ledger.note(self._key, Asset("flow", self._name, str(flow["id"]), body, revision))

    def _part(self, fate: Fate, flow_id: str, note: str = "") -> Part:
        return Part("workflow", self._name, fate, flow_id, note)


def _said(answer: Answer) -> str:
    return str(answer.body.get("message", answer.status)).rstrip(".")
