"""The workflows there are, and what has become of those that were created in HubSpot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date

import duckdb

from cartwheel.core.errors import WorkflowIncomplete
from cartwheel.core.progress import Say
from cartwheel.core.settings import HUBSPOT_AUTOMATION_PATH, Settings
from cartwheel.core.warehouse import open_warehouse
from load.account.portal import Portal, check_portal
from load.hubspot.client import HubSpotClient
from load.hubspot.lists import read_list
from load.workflows.access import ask_access
from load.workflows.audiences import Audience, count_audience
from load.workflows.comparison import differences
from load.workflows.create import flow_link
from load.workflows.design_manager import DesignManager
from load.workflows.email_parts import changed
from load.workflows.flow import references
from load.workflows.flows import Flows, Hidden
from load.workflows.ledger import Asset, Created, assets_of, created_workflows
from load.workflows.marketing_emails import PUBLISHED, MarketingEmails
from load.workflows.order import recorded_order
from load.workflows.templates import TEMPLATES, template_named

# docs/reference/workflows.md#paths
PATH_ENDS = date(2027, 3, 30)


@dataclass
class WorkflowState:
    """A workflow: its audience in the warehouse, and its state in HubSpot.

    audience is None of a clone: HubSpot alone knows who matches it. state is "on", "off",
    "hidden", "vanished", "not created", or "" where HubSpot was not asked. remarks are what a
    person changed, and what it goes without; vanished names what HubSpot lacks.
    """

    workflow: str
    title: str
    objects: str
    audience: Audience | None
    state: str = ""
    link: str = ""
    remarks: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class WorkflowsReport:
    """The workflows, what the account lacks for them, and warnings, in sentences."""

    workflows: list[WorkflowState]
    lacking: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def list_workflows(settings: Settings, say: Say) -> WorkflowsReport:
    """The three workflows and the clones; HubSpot is asked where there is a token.

    Raises WarehouseError without audiences; OtherAccount; and what the client raises.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection, ExitStack() as stack:
        created = created_workflows(connection)
        if not settings.hubspot_access_token:
            return WorkflowsReport(
                [
                    WorkflowState(each.name, each.title, each.object_name, audience)
                    for each in TEMPLATES.values()
                    for audience in [count_audience(connection, each)]
                ]
            )
        hubspot = stack.enter_context(closing(HubSpotClient(settings, say)))
        portal = check_portal(connection, hubspot, say)
        flows = Flows(hubspot, settings.hubspot_automation_path)
        access = ask_access(hubspot, settings.hubspot_automation_path)
        states = [
            _listed(connection, each, flows if access.flows else None, portal)
            for each in _all(created)
        ]
        return WorkflowsReport(states, list(access.lacking()))


def workflows_status(settings: Settings, say: Say, today: date) -> WorkflowsReport:
    """What has become of the workflows that were created.

    Raises WorkflowIncomplete, with the report, if something of them has vanished from HubSpot;
    and what list_workflows raises.
    """
    settings.require_hubspot()
    with (
        closing(HubSpotClient(settings, say)) as hubspot,
        open_warehouse(settings.warehouse, read_only=True) as connection,
    ):
        portal = check_portal(connection, hubspot, say)
        inspection = _Inspection(settings, hubspot, connection, portal)
        states = [inspection.state_of(each) for each in created_workflows(connection)]
    report = WorkflowsReport(states, warnings=list(_warnings(settings, today)))
    gone = [f"{each.workflow}: {name}" for each in states for name in each.vanished]
    if gone:
        raise WorkflowIncomplete(
            f"Gone from HubSpot: {'; '.join(gone)}. To create what is missing: cartwheel "
            f"workflows create {gone[0].partition(':')[0]}",
            report=report,
        )
    return report


def _all(created: list[Created]) -> Iterator[Created]:
    """The three workflows, as created or not, then the clones."""
    known = {each.workflow: each for each in created}
    for name, template in TEMPLATES.items():
        yield known.pop(name, Created(name, name, template.title, {}))
    yield from known.values()


def _listed(
    connection: duckdb.DuckDBPyConnection,
    created: Created,
    flows: Flows | None,
    portal: Portal | None,
) -> WorkflowState:
    template = template_named(created.template)
    is_clone = created.workflow != created.template
    audience = None if is_clone else count_audience(connection, template)
    asset = _flow_of(connection, created)
    state, link = ("not created", "")
    if asset is not None and flows is not None:
        found = flows.get(asset.hubspot_id)
        state, link = _state(found), flow_link(portal, asset.hubspot_id)
    return WorkflowState(
        created.workflow, created.title, template.object_name, audience, state, link
    )


def _flow_of(connection: duckdb.DuckDBPyConnection, created: Created) -> Asset | None:
    known = assets_of(connection, created.workflow)
    return next((asset for (kind, _), asset in known.items() if kind == "flow"), None)


def _state(found: object) -> str:
    if found is None:
        return "vanished"
    if isinstance(found, Hidden):
        return "hidden"
    return "on" if isinstance(found, dict) and found.get("isEnabled") else "off"


class _Inspection:
    """Compares what the ledger knows of each workflow with what HubSpot has."""

    def __init__(
        self,
        settings: Settings,
        hubspot: HubSpotClient,
        connection: duckdb.DuckDBPyConnection,
        portal: Portal | None,
    ) -> None:
        self._hubspot, self._connection, self._portal = hubspot, connection, portal
        self._flows = Flows(hubspot, settings.hubspot_automation_path)
        self._emails = MarketingEmails(hubspot)
        self._design = DesignManager(hubspot)
        self._access = ask_access(hubspot, settings.hubspot_automation_path)

    def state_of(self, created: Created) -> WorkflowState:
        """The state of one workflow and of its parts."""
        order = recorded_order(created)
        template = order.template
        state = WorkflowState(
            created.workflow,
            created.title,
            template.object_name,
            None if order.clone else count_audience(self._connection, template),
            "not created",
        )
        self._look_at_flow(created, state)
        for asset in assets_of(self._connection, created.workflow).values():
            if asset.kind == "list" and self._access.lists:
                self._look_at_list(asset, state)
        if self._access.emails:
            for asset in assets_of(self._connection, created.template).values():
                if asset.kind == "email":
                    self._look_at_email(asset, state)
            for asset in assets_of(self._connection, "").values():
                self._look_at_file(asset, state)
        state.remarks.extend(self._access.lacking())
        return state

    def _look_at_flow(self, created: Created, state: WorkflowState) -> None:
        asset = _flow_of(self._connection, created)
        if asset is None:
            return
        if not self._access.flows:
            state.state = ""
            return
        found = self._flows.get(asset.hubspot_id)
        state.state, state.link = _state(found), flow_link(self._portal, asset.hubspot_id)
        if found is None:
            state.vanished.append(f"workflow {asset.name}")
        elif isinstance(found, dict):
            if places := list(differences(asset.sent, found)):
                state.remarks.append(f"a person changed the workflow: {', '.join(places[:3])}")
            for email_id in dict.fromkeys(references(found)):
                if self._access.emails and self._emails.get(email_id) is None:
                    state.vanished.append(f"the e-mail {email_id} that it sends")

    def _look_at_list(self, asset: Asset, state: WorkflowState) -> None:
        if read_list(self._hubspot, asset.hubspot_id) is None:
            state.vanished.append(f"list {asset.name}")

    def _look_at_email(self, asset: Asset, state: WorkflowState) -> None:
        found = self._emails.get(asset.hubspot_id)
        if found is None:
            state.vanished.append(f"e-mail {asset.name}")
            return
        if changed(asset.sent, found):
            state.remarks.append(f"a person changed the e-mail {asset.name}")
        if found.get("state") != PUBLISHED:
            state.remarks.append(f"{asset.name} is a draft: publish it before switching on")

    def _look_at_file(self, asset: Asset, state: WorkflowState) -> None:
        theirs = self._design.hash_of(asset.name)
        if theirs is None:
            state.vanished.append(f"file {asset.name}")
        elif theirs != asset.remote:
            state.remarks.append(f"a person changed the file {asset.name}")


def _warnings(settings: Settings, today: date) -> Iterator[str]:
    if settings.hubspot_automation_path == HUBSPOT_AUTOMATION_PATH:
        left = (PATH_ENDS - today).days
        when = f"in {left} days" if left > 0 else "by now"
        yield (
            f"HubSpot supports {HUBSPOT_AUTOMATION_PATH} until {PATH_ENDS}, {when}: then set "
            "HUBSPOT_AUTOMATION_PATH to the dated path of its documentation"
        )
