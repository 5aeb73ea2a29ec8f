"""The flows of an account over HTTP: found again by id, marker or name, never made twice.

The API: docs/reference/workflows.md#flows
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cartwheel.core.errors import AccessDenied, ServiceError, ServiceUnreachable
from load.hubspot.client import Answer, HubSpotClient, raise_for_error
from load.hubspot.create_once import FAILED, create_once
from load.workflows.definition.flow import MARKER, SEND_EMAIL, Body

LARGEST_READ = 100  # flows of one request: docs/reference/workflows.md#flows
# ends the name of a flow that is created to see whether it is taken, and deleted at once
OF_A_TEST = " (test, to be deleted)"
# what HubSpot adds to a flow, and does not take back
SERVER_ONLY = (
    *("id", "createdAt", "updatedAt", "dataSources", "flowType", "objectTypeId"),
    *("nextAvailableActionId", "crmObjectCreationStatus", "uuid"),
)


@dataclass(frozen=True)
class Hidden:
    """A flow that exists and that HubSpot does not show to this token."""

    flow_id: str


class Flows:
    """The flows below the path of HUBSPOT_AUTOMATION_PATH."""

    def __init__(self, hubspot: HubSpotClient, path: str) -> None:
        self._hubspot = hubspot
        self._path = f"{path}/flows"

    def get(self, flow_id: str) -> Body | Hidden | None:
        """A flow, None if it does not exist (any more)."""
        try:
            answer = self._hubspot.call("GET", f"{self._path}/{flow_id}")
        except AccessDenied as error:
            if error.status != 403:
                raise
            return Hidden(flow_id)
        if answer.status == 404:
            return None
        raise_for_error(answer, f"show the workflow {flow_id}")
        return answer.body

    def headers(self) -> Iterator[Body]:
        """Every flow that the account shows, without its actions."""
        params = {"limit": "100"}
        while True:
            answer = self._hubspot.call("GET", self._path, params=params)
            raise_for_error(answer, "list the workflows")
            yield from answer.body.get("results", [])
            after = answer.body.get("paging", {}).get("next", {}).get("after")
            if not after:
                return
            params = {**params, "after": str(after)}

    def ours(self, key: str, name: str) -> Body | None:
        """The flow with our marker of a workflow; only flows of that name are looked at.

        Raises ServiceError, with its id, if a flow of that name is not ours.
        """
        others = []
        for header in self.headers():
            if header.get("name") == name:
                flow = self.get(str(header["id"]))
                if isinstance(flow, dict) and marked(flow, key):
                    return flow
                others.append(str(header["id"]))
        if others:
            raise ServiceError(
                f"HubSpot has a workflow named {name!r} (id {others[0]}), which Cartwheel did "
                "not create. Rename it in HubSpot, then run the same command again"
            )
        return None

    def marked(self, key: str) -> Body | None:
        """The flow with our marker of a workflow, whatever its name is."""
        ids = [str(header["id"]) for header in self.headers()]
        for place in range(0, len(ids), LARGEST_READ):
            part = ids[place : place + LARGEST_READ]
            inputs = [{"flowId": each, "type": "FLOW_ID"} for each in part]
            answer = self._hubspot.call("POST", f"{self._path}/batch/read", {"inputs": inputs})
            raise_for_error(answer, "show the workflows")
            for flow in answer.body.get("results", []):
                if marked(flow, key):
                    return dict(flow)
        return None

    def count(self) -> int:
        """How many flows the account has."""
        return sum(1 for _ in self.headers())

    def create(self, key: str, body: Body) -> Body | Answer:
        """Create a flow, or find the one that is there; gives it, or else HubSpot's refusal."""
        found = create_once(
            lambda: self.ours(key, str(body["name"])),
            lambda: self._hubspot.attempt("POST", self._path, body),
        )
        return found.body if isinstance(found, Answer) and found.ok else found

    def takes(self, body: Body) -> bool:
        """Whether HubSpot takes a flow: it is created, switched off, and deleted at once."""
        try:
            answer = self._hubspot.attempt("POST", self._path, body)
        except ServiceUnreachable as error:
            if error.status != FAILED:
                raise
            return False
        if answer.ok:
            self.delete(str(answer.body["id"]))
        return answer.ok

    def has_room(self, body: Body) -> bool:
        """Whether the account's plan allows one more flow like this."""
        empty = {"actions": [], "name": f"{body['name']}{OF_A_TEST}"}
        left_out = ("startActionId", "enrollmentCriteria", "suppressionFilterBranch")
        bare = {name: value for name, value in body.items() if name not in left_out}
        try:
            return self.takes({**bare, **empty})
        except AccessDenied as error:
            if error.status != 403:
                raise
            return False

    def delete_tests(self, name: str) -> None:
        """Delete the flows of a name that a killed run left from looking what is taken."""
        for header in [*self.headers()]:
            if header.get("name") == f"{name}{OF_A_TEST}":
                self.delete(str(header["id"]))

    def required_of_emails(self, object_type_id: str) -> list[str]:
        """What else HubSpot requires of the action that sends an e-mail, where it tells.

        Only the dated paths do: docs/reference/workflows.md#actions
        """
        path = self._path.removesuffix("flows") + "action-types"
        answer = self._hubspot.call("GET", path, None, {"objectTypeId": object_type_id})
        if not answer.ok:
            return []
        return [
            str(each["name"])
            for kind in answer.body.get("results", [])
            if kind.get("actionTypeId") == SEND_EMAIL
            for each in kind.get("inputFieldDefinitions", [])
            if each.get("isRequired") and each["name"] != "content_id"
        ]

    def replace(self, flow: Mapping[str, Any], body: Body) -> Answer:
        """Replace the whole of a flow that is at a revision."""
        wanted = {name: value for name, value in body.items() if name not in SERVER_ONLY}
        wanted["revisionId"] = flow["revisionId"]
        return self._hubspot.call("PUT", f"{self._path}/{flow['id']}", wanted)

    def delete(self, flow_id: str) -> None:
        """Delete a flow of ours that served to see what HubSpot takes."""
        raise_for_error(
            self._hubspot.call("DELETE", f"{self._path}/{flow_id}"), "delete a workflow"
        )


def marked(flow: Mapping[str, Any], key: str) -> bool:
    """Whether a flow has our marker of a workflow."""
    found = MARKER.search(str(flow.get("description")))
    return found is not None and found[1] == key
