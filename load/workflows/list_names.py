"""The names of the workflows' lists, in the language of the labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cartwheel.core.errors import AccessDenied
from cartwheel.core.ops import new_run_id
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from load.hubspot.client import HubSpot
from load.hubspot.lists import read_list, rename_list
from load.objects.language import Labels
from load.workflows.definition.templates import TEMPLATES
from load.workflows.state.ledger import (
    Asset,
    WorkflowLedger,
    asset_of,
    assets_of,
    created_workflows,
)


@dataclass(frozen=True)
class ListName:
    """A workflow's list that has another name than the labels give it.

    is_ours says that it has the name which Cartwheel gave it; refused is why it could not be
    looked up.
    """

    workflow: str
    asset: Asset
    theirs: str
    ours: str
    is_ours: bool
    refused: str = ""


def other_list_names(
    settings: Settings, hubspot: HubSpot, labels: Labels
) -> Iterator[ListName]:
    """The lists that Cartwheel created for its three workflows, where the name is another.

    A clone's list is called as its workflow, which a person named.
    """
    for workflow, asset in _assets(settings):
        wanted = labels.list_of(workflow)
        try:
            found = read_list(hubspot, asset.hubspot_id)
        except AccessDenied as error:
            if error.status != 403:
                raise
            if asset.name != wanted:
                yield ListName(workflow, asset, asset.name, wanted, True, str(error))
            continue
        if found is not None and found["name"] != wanted:
            given = {version["name"] for version in asset.versions}
            theirs = str(found["name"])
            yield ListName(workflow, asset, theirs, wanted, theirs in given)


def rename(settings: Settings, hubspot: HubSpot, wanted: ListName) -> str:
    """Rename a list; "" if HubSpot took the name, else why not.

    The ledger has the new name beside the old one before it is sent.
    """
    now = settings.clock()
    asset, name = wanted.asset, {"name": wanted.ours}
    sent = {**asset.sent, **name}
    under_way = replace(asset, name=wanted.ours, sent=sent, former=asset.sent)
    former = asset.former and {**asset.former, **name}
    with open_warehouse(settings.warehouse) as connection:
        ledger = WorkflowLedger(connection, new_run_id("setup", now), now)
        ledger.replace(wanted.workflow, asset, under_way)
        answer = rename_list(hubspot, asset.hubspot_id, wanted.ours)
        held = replace(under_way, former=former) if answer.ok else asset
        ledger.replace(wanted.workflow, under_way, held)
    return "" if answer.ok else str(answer.body.get("message", answer.status))


def _assets(settings: Settings) -> list[tuple[str, Asset]]:
    """The list of each of the three workflows that was created."""
    if not settings.warehouse.exists():
        return []
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        found = [
            (created.workflow, asset_of(assets_of(connection, created.workflow), "list"))
            for created in created_workflows(connection)
            if created.workflow in TEMPLATES
        ]
    return [(workflow, asset) for workflow, asset in found if asset is not None]
