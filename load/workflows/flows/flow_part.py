"""The flow of a workflow, put into HubSpot switched off, once.

A flow that is on, or that a person changed, is never written.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from cartwheel.core.errors import ServiceError, SettingsError
from load.hubspot.client import Answer
from load.workflows.definition.comparison import differences, in_words
from load.workflows.definition.flow import Body
from load.workflows.flows.flows import Flows, Hidden
from load.workflows.flows.refusals import first_refused
from load.workflows.state.ledger import Asset, WorkflowLedger
from load.workflows.state.report import Outcome, Part

COMPLETIONS = 20  # times that a flow that HubSpot still completes is looked at, a second apart
# of an account on Professional; Enterprise has more: docs/reference/workflows.md#plans
FLOWS_OF_PROFESSIONAL = 300

Existing = Body | Hidden | None


def existing_flow(flows: Flows, asset: Asset | None, key: str, name: str) -> Existing:
    """The flow that is there already: by the ledger's id, or else by its marker.

    A flow without it that has the name is somebody else's.
    """
    found = flows.get(asset.hubspot_id) if asset else None
    return found or flows.marked(key) or flows.ours(key, name)


def check_room(flows: Flows, body: Body) -> None:
    """Raise SettingsError where the account's plan allows no more flows.

    An account that has as many as the lower plan allows is asked with an empty flow.
    """
    if flows.count() >= FLOWS_OF_PROFESSIONAL and not flows.has_room(body):
        raise SettingsError(
            "The account has as many workflows as its plan allows. Delete one in HubSpot under "
            "Automation > Workflows, then run the same command again"
        )


class FlowPart:
    """The flow; asset is what the ledger knows, different what HubSpot stores otherwise.

    Without a ledger nothing is written, and the part says what would be.
    """

    def __init__(
        self,
        flows: Flows,
        ledger: WorkflowLedger | None,
        key: str,
        name: str,
        asset: Asset | None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._flows, self._ledger, self._sleep = flows, ledger, sleep
        self._key, self._name, self._asset = key, name, asset
        self.different: list[str] = []

    def untouchable(self, flow: Existing, body: Body) -> Part | None:
        """The part of a flow that stays as it is: it is hidden, on, or changed by a person."""
        if isinstance(flow, Hidden):
            why = "HubSpot hides it from this token, since it uses sensitive data"
            return self._part("kept", flow.flow_id, why)
        if flow is None:
            return None
        if flow.get("isEnabled"):
            why = "it is on. Switch it off in HubSpot to change it from here"
            return self._part("kept", str(flow["id"]), why)
        ours = self._asset.versions if self._asset else [body]
        if all(any(differences(each, flow)) for each in ours):
            places = in_words(differences(ours[0], flow))
            return self._part("kept", str(flow["id"]), f"a person changed {places}")
        return None

    def put(self, flow: Existing, body_from: Callable[[int], Body]) -> Part:
        """Create the flow, or replace one that nobody touched.

        body_from gives the body whose actions are numbered from there.
        """
        body = body_from(1)
        if flow is None or isinstance(flow, Hidden):
            return self._created(body)
        flow_id = str(flow["id"])
        if flow["description"] == body["description"]:
            if self._asset is None:
                self._note(flow, body)  # a killed run created it
            return self._part("exists", flow_id, "off")
        if self._ledger is None:
            return self._part("updated", flow_id, "off")
        flow = self._completed(flow)
        edited = self.untouchable(flow, body)  # by whoever was at it meanwhile
        if edited is not None:
            return edited
        first = int(flow.get("nextAvailableActionId", 1))
        return self._replaced(flow, body_from(first))

    def _created(self, body: Body) -> Part:
        if self._ledger is None:
            return self._part("created", "")
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
        self._note(flow, body, self._asset.sent if self._asset else None)
        answer = self._flows.replace(flow, body)
        self._read_back(flow_id, body)
        if not answer.ok and self.different:  # else its answer was lost, and it was repeated
            self.different = []
            why = f"HubSpot refused the change: {_said(answer)}"
            return self._part("refused", flow_id, why)
        return self._part("updated", flow_id, "off")

    def _completed(self, flow: Body) -> Body:
        """The flow once HubSpot has completed it: before that it takes no changes."""
        for _ in range(COMPLETIONS):
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

    def _note(self, flow: Body, body: Body, former: Body | None = None) -> None:
        if self._ledger is not None:
            asset = Asset("flow", self._name, str(flow["id"]), body, former)
            self._ledger.note(self._key, asset)

    def _part(self, outcome: Outcome, flow_id: str, note: str = "") -> Part:
        return Part("workflow", self._name, outcome, flow_id, note)


def _said(answer: Answer) -> str:
    return str(answer.body.get("message", answer.status)).rstrip(".")
