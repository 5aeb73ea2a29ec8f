"""The language of the e-mails that each workflow sends."""

from __future__ import annotations

from pathlib import Path

import duckdb

from cartwheel.core.warehouse import open_warehouse
from load.objects.language import base_language
from load.workflows.definition.flow import references
from load.workflows.mailing.texts import language_of
from load.workflows.state.ledger import asset_of, assets_of, created_workflows


def email_languages(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The language of each workflow's e-mails, by the workflow, as the ledger knows them.

    A workflow without a flow, or whose flow sends none of our e-mails, is not among them.
    """
    found = {}
    for created in created_workflows(connection):
        assets = assets_of(connection, created.workflow)
        flow = asset_of(assets, "flow")
        sent = {*references(flow.sent)} if flow else set()
        for asset in assets.values():
            if asset.kind == "email" and asset.hubspot_id in sent:
                found[created.workflow] = str(asset.sent["language"])
    return found


def other_email_languages(warehouse: Path, labels: str) -> dict[str, str]:
    """Those whose e-mails are in another language than new ones beside such labels would be."""
    if not warehouse.exists():
        return {}
    with open_warehouse(warehouse, read_only=True) as connection:
        found = email_languages(connection)
    wanted = email_language("", labels)
    return {workflow: theirs for workflow, theirs in found.items() if theirs != wanted}


def email_language(asked: str, labels: str) -> str:
    """The language that e-mails get: the one asked for, else that of the labels or English."""
    return base_language(language_of(asked, labels))
