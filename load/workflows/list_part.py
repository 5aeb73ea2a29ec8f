"""The list beside a workflow: the records that match its trigger, by HubSpot's own account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartwheel.core.errors import ServiceError
from load.hubspot.client import HubSpot
from load.hubspot.lists import create_list, find_list, read_list, refilter_list
from load.workflows.definition.comparison import differences
from load.workflows.state.ledger import Asset, WorkflowLedger
from load.workflows.state.report import Part


def put_list(
    hubspot: HubSpot,
    workflow: str,
    definition: Mapping[str, Any],
    asset: Asset | None,
    ledger: WorkflowLedger | None,
) -> Part:
    """Create the list, or give one that nobody changed the filters that are wanted.

    asset is what the ledger knows of it; without a ledger nothing is written. Raises
    ServiceError for a list of that name that is not ours.
    """
    wanted = dict(definition)
    name, branch = str(wanted["name"]), wanted["filterBranch"]
    found = read_list(hubspot, asset.hubspot_id) if asset else None
    if found is None:
        asset, list_id = None, find_list(hubspot, str(wanted["objectTypeId"]), name)
        found = read_list(hubspot, list_id) if list_id else None
    if found is None:
        return _created(hubspot, workflow, wanted, ledger)
    if asset is not None:  # its name is a label, which cartwheel setup --relabel changes
        wanted["name"] = name = asset.name
    list_id, filters = str(found["listId"]), found.get("filterBranch")
    as_wanted = not any(differences(branch, filters, "filterBranch"))
    if asset is None and not as_wanted:
        raise ServiceError(
            f"HubSpot has a list named {name!r} (id {list_id}), which Cartwheel did not "
            "create. Rename it in HubSpot, then run the same command again"
        )
    if asset is not None and all(
        any(differences(each["filterBranch"], filters, "filters")) for each in asset.versions
    ):
        return Part("list", asset.name, "kept", list_id, "a person changed its filters")
    if as_wanted:
        if ledger is not None and asset is None:
            ledger.note(workflow, Asset("list", name, list_id, wanted))
        return Part("list", name, "exists", list_id)
    if ledger is not None:
        former = asset.sent if asset else None
        ledger.note(workflow, Asset("list", name, list_id, wanted, former))
        answer = refilter_list(hubspot, list_id, branch)
        if not answer.ok:
            return Part("list", name, "refused", list_id, str(answer.body.get("message")))
    return Part("list", name, "updated", list_id)


def _created(
    hubspot: HubSpot, workflow: str, wanted: dict[str, Any], ledger: WorkflowLedger | None
) -> Part:
    name = str(wanted["name"])
    if ledger is None:
        return Part("list", name, "created")
    list_id, answer = create_list(hubspot, wanted)
    if list_id is None:
        why = str(answer.body.get("message", answer.status))
        return Part("list", name, "refused", note=why)
    ledger.note(workflow, Asset("list", name, list_id, wanted))
    return Part("list", name, "created", list_id)
