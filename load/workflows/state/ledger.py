"""What HubSpot has of ours for the workflows, remembered in `ops` as soon as it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import duckdb
import orjson

from cartwheel.core.clock import without_zone
from cartwheel.core.ops import create_ops_tables
from cartwheel.core.warehouse import tables, transaction

Kind = Literal["file", "email", "list", "flow"]

_ASSETS = """
select kind, name, hubspot_id, sent, former, remote from ops.hubspot_workflow_assets
where workflow = ? order by written_at, kind, name
"""
_WORKFLOWS = """
select workflow, template, title, options from ops.hubspot_workflows
order by created_at, workflow
"""


@dataclass(frozen=True)
class Asset:
    """A file, an e-mail, a list or a flow in HubSpot; see ops.hubspot_workflow_assets.

    sent is the body that makes it, former the one before that; of a file, its hash, and remote
    HubSpot's own hash.
    """

    kind: Kind
    name: str
    hubspot_id: str
    sent: Any
    former: Any = None
    remote: str = ""

    @property
    def versions(self) -> list[Any]:
        """What HubSpot has if nobody changed it: the latest, or after a kill the former."""
        return [self.sent, *([self.former] if self.former is not None else [])]


@dataclass(frozen=True)
class Created:
    """A workflow that was created, and the options of that command."""

    workflow: str
    template: str
    title: str
    options: Mapping[str, Any]


class WorkflowLedger:
    """The workflows and what belongs to them; a row of an asset replaces the one before."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run_id: str, now: datetime
    ) -> None:
        self._connection, self._run_id = connection, run_id
        self._now = without_zone(now)
        with transaction(connection):
            create_ops_tables(connection, "workflows")

    def note(self, workflow: str, asset: Asset) -> None:
        """Remember an asset."""
        with transaction(self._connection):
            self._connection.execute(
                "delete from ops.hubspot_workflow_assets "
                "where workflow = ? and kind = ? and name = ?",
                [workflow, asset.kind, asset.name],
            )
            self._insert(workflow, asset)

    def replace(self, workflow: str, before: Asset, asset: Asset) -> None:
        """Remember an asset in place of the same one under another name."""
        with transaction(self._connection):
            self._connection.execute(
                "delete from ops.hubspot_workflow_assets "
                "where workflow = ? and kind = ? and list_contains(?, name)",
                [workflow, before.kind, [before.name, asset.name]],
            )
            self._insert(workflow, asset)

    def begin(self, created: Created) -> None:
        """Remember a workflow that is not known yet, before anything of it is written."""
        with transaction(self._connection):
            self._connection.execute(
                "insert into ops.hubspot_workflows select ?, ?, ?, ?, ?, ? where not exists "
                "(from ops.hubspot_workflows where workflow = ?)",
                [
                    *(created.workflow, created.template, created.title),
                    orjson.dumps(dict(created.options)).decode(),
                    *(self._now, self._run_id, created.workflow),
                ],
            )

    def done(self, created: Created) -> None:
        """Remember the options by which a workflow is now as it was asked for."""
        self._connection.execute(
            "update ops.hubspot_workflows set options = ?, run_id = ? where workflow = ?",
            [
                orjson.dumps(dict(created.options)).decode(),
                *(self._run_id, created.workflow),
            ],
        )

    def _insert(self, workflow: str, asset: Asset) -> None:
        self._connection.execute(
            "insert into ops.hubspot_workflow_assets values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(workflow, asset.kind, asset.name, asset.hubspot_id),
                orjson.dumps(asset.sent).decode(),
                None if asset.former is None else orjson.dumps(asset.former).decode(),
                *(asset.remote, self._now, self._run_id),
            ],
        )


def assets_of(
    connection: duckdb.DuckDBPyConnection, workflow: str
) -> dict[tuple[str, str], Asset]:
    """What the ledger knows of a workflow's assets, by kind and name; "" is of the files."""
    if "ops.hubspot_workflow_assets" not in tables(connection):
        return {}
    found = connection.execute(_ASSETS, [workflow]).fetchall()
    return {
        (kind, name): Asset(
            kind, name, hubspot_id, orjson.loads(sent), former and orjson.loads(former), remote
        )
        for kind, name, hubspot_id, sent, former, remote in found
    }


def asset_of(assets: Mapping[tuple[str, str], Asset], kind: Kind) -> Asset | None:
    """The asset of a kind that a workflow has one of: its list or its flow."""
    return next((asset for asset in assets.values() if asset.kind == kind), None)


def created_workflows(connection: duckdb.DuckDBPyConnection) -> list[Created]:
    """The workflows that were created, in their order."""
    if "ops.hubspot_workflows" not in tables(connection):
        return []
    found = connection.execute(_WORKFLOWS).fetchall()
    return [
        Created(workflow, template, title, orjson.loads(options))
        for workflow, template, title, options in found
    ]
