"""Creates a workflow in HubSpot, switched off, with all that belongs to it.

Whatever a person changed, or switched on, stays as it is; what a killed run left is used.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from cartwheel.core.clock import without_zone
from cartwheel.core.errors import SettingsError, WorkflowIncomplete
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from load.account.portal import Portal, check_portal, record_portal
from load.account.provisioning import create_properties
from load.account.state import AccountState, look_up
from load.hubspot.client import HubSpotClient
from load.hubspot.lists import create_list, find_list, read_list
from load.objects.catalogue import RECOVERED_BY_WORKFLOW
from load.objects.language import choose_labels
from load.workflows.access import ask_access
from load.workflows.audiences import count_audience, shop_name
from load.workflows.design_files import design_files
from load.workflows.email_parts import EmailParts
from load.workflows.flow import Body, Wanted, flow_body, trigger_branch
from load.workflows.flow_part import Existing, FlowPart, check_room, existing_flow
from load.workflows.flows import Flows
from load.workflows.ledger import Asset, WorkflowLedger, assets_of, created_workflows
from load.workflows.messages import LANGUAGES, Message, messages
from load.workflows.on_disk import leave_on_disk
from load.workflows.order import Order, completed
from load.workflows.report import CreateReport, Fate, Part
from load.workflows.steps import without_mails
from load.workflows.templates import Template


def create_workflow(
    settings: Settings,
    order: Order,
    say: Say,
    *,
    dry_run: bool = False,
    ours: bool = False,
    folder: Path = Path("workflows"),
) -> CreateReport:
    """Create a workflow, switched off; or bring one that nobody touched to what is asked.

    With ours, e-mails and files that a person changed are written over; a flow that is on or
    that a person changed never is. Where the account cannot have e-mails, their files are left
    in the folder.

    Raises SettingsError for an order that cannot be, and where `cartwheel setup` was not run;
    OtherAccount; WarehouseError without audiences; ServiceError naming what HubSpot refuses;
    WorkflowIncomplete, with the report, if the account lacks something of it.
    """
    settings.require_hubspot()
    with (
        closing(HubSpotClient(settings, say)) as hubspot,
        open_warehouse(settings.warehouse, read_only=dry_run) as connection,
    ):
        portal = check_portal(connection, hubspot, say)
        before = created_workflows(connection)
        order = completed(order, before)
        order.check(each.workflow for each in before if each.workflow != order.key)
        creation = _Creation(settings, order, say, hubspot, connection, portal)
        report = creation.planned() if dry_run else creation.run(ours=ours, folder=folder)
    if report.lacking and not dry_run:
        number = len(report.lacking)
        raise WorkflowIncomplete(
            f"{report.title} is created without {number} thing{'' if number == 1 else 's'} "
            "that this account does not allow; see the lines above",
            report=report,
        )
    return report


class _Creation:
    """One creation, in the order in which HubSpot needs the parts."""

    def __init__(
        self,
        settings: Settings,
        order: Order,
        say: Say,
        hubspot: HubSpotClient,
        connection: duckdb.DuckDBPyConnection,
        portal: Portal | None,
    ) -> None:
        self._settings, self._order, self._say = settings, order, say
        self._hubspot, self._connection, self._portal = hubspot, connection, portal
        self._template: Template = order.template
        self._flows = Flows(hubspot, settings.hubspot_automation_path)
        self._labels = choose_labels(settings.language)
        self._account = look_up(hubspot, self._labels)
        _require_setup(self._account, self._template)
        self._access = ask_access(hubspot, settings.hubspot_automation_path)
        self._files = design_files(programmable=self._access.programmable)
        self._known = assets_of(connection, order.key)
        self._flow_asset = self._known.get(("flow", order.name))
        self._steps = order.steps if self._access.emails else without_mails(order.steps)

    def planned(self) -> CreateReport:
        """What a creation would do, as far as reading tells."""
        report = self._begun()
        report.dry_run = True
        if self._access.lists:
            found = find_list(self._hubspot, self._template.object_type_id, self._list_name)
            report.parts.append(Part("list", self._list_name, _fate(found), found or ""))
        known = assets_of(self._connection, self._template.name)
        for message in self._messages():
            asset = known.get(("email", message.name))
            report.parts.append(Part("e-mail", message.name, _fate(asset)))
        if self._access.flows and self._steps:
            flow = self._existing()
            check_room(self._flows, flow)
            report.parts.append(Part("workflow", self._order.name, _fate(flow)))
        return report

    def run(self, *, ours: bool, folder: Path) -> CreateReport:
        """Property, list, files, e-mails, flow; each is noted as soon as it is there."""
        report, now = self._begun(), self._settings.clock()
        run_id = new_run_id("workflows", now)
        ledger = WorkflowLedger(self._connection, run_id, now)
        flow = self._existing() if self._access.flows else None
        if self._access.flows:
            check_room(self._flows, flow)
        for reason in report.lacking:
            self._say(f"this account gets {reason}")
        record_portal(self._connection, self._portal, without_zone(now), run_id)
        ledger.begin(self._order.recorded())
        self._create_stamp()
        if self._access.lists:
            report.parts.append(self._listed(ledger))
        mails = self._emails(ledger, report, ours=ours)
        if not self._access.emails:
            report.folder = str(leave_on_disk(folder, design_files()))
        if self._access.flows and self._steps:
            key, name = self._order.key, self._order.name
            part = FlowPart(self._flows, ledger, key, name, self._flow_asset)
            report.parts.append(part.put(flow, lambda first: self._body(mails, first)))
            report.different = part.different
            report.link = flow_link(self._portal, report.parts[-1].hubspot_id)
        return report

    def _begun(self) -> CreateReport:
        order, template = self._order, self._template
        trigger = template.trigger
        if order.clone is not None:
            own = [] if order.clone.days else [trigger]
            trigger = ", ".join([*own, *order.clone.in_words()])
        return CreateReport(
            workflow=order.key,
            title=order.name,
            trigger=trigger,
            leaves=template.leaves,
            waits=template.waits,
            actions=[step.in_words() for step in self._steps],
            audience=count_audience(self._connection, template) if not order.clone else None,
            lacking=list(self._access.lacking()),
        )

    def _existing(self) -> Existing:
        return existing_flow(self._flows, self._flow_asset, self._order.key, self._order.name)

    def _create_stamp(self) -> None:
        known = self._account.definitions["deals"]
        if (
            self._template.name == "abandoned_checkout"
            and RECOVERED_BY_WORKFLOW.name not in known
        ):
            create_properties(self._hubspot, "deals", [RECOVERED_BY_WORKFLOW], self._labels)

    @property
    def _list_name(self) -> str:
        if self._order.clone is not None:
            return self._order.name
        return self._labels.list_of(self._template.name)

    def _listed(self, ledger: WorkflowLedger) -> Part:
        """The list of those who match: found by the ledger or by name, or else created."""
        asset = next((each for (kind, _), each in self._known.items() if kind == "list"), None)
        if asset and read_list(self._hubspot, asset.hubspot_id):
            return Part("list", asset.name, "exists", asset.hubspot_id)
        name, object_type_id = self._list_name, self._template.object_type_id
        trigger = trigger_branch(self._wanted({}), self._account.pipeline, self._definitions)
        definition = {
            "name": name,
            "objectTypeId": object_type_id,
            "processingType": "DYNAMIC",
            "filterBranch": trigger,
        }
        found = find_list(self._hubspot, object_type_id, name)
        list_id = found
        if list_id is None:
            list_id, answer = create_list(self._hubspot, definition)
            if list_id is None:
                why = str(answer.body.get("message", answer.status))
                return Part("list", name, "not possible", note=why)
        ledger.note(self._order.key, Asset("list", name, list_id, definition))
        return Part("list", name, _fate(found), list_id)

    def _emails(
        self, ledger: WorkflowLedger, report: CreateReport, *, ours: bool
    ) -> dict[int, str]:
        """The files and the e-mails that the steps send; gives the e-mails' ids by number."""
        found = self._messages()
        if not found:
            return {}
        name = self._template.name
        known, files = assets_of(self._connection, name), assets_of(self._connection, "")
        parts = EmailParts(self._hubspot, ledger, files, known)
        report.parts += parts.upload(self._files, ours=ours)
        from_name = self._order.from_name or shop_name(self._connection)
        mails: dict[int, str] = {}
        for message in found:
            body = message.body(from_name=from_name, reply_to=self._order.reply_to)
            publishing = self._access.publishing
            part = parts.email(name, message.name, body, ours=ours, publishing=publishing)
            mails[message.number] = part.hubspot_id
            report.parts.append(part)
        return mails

    def _messages(self) -> list[Message]:
        wanted = {step.number for step in self._steps if step.is_mail}
        if not wanted:
            return []
        ours = self._labels.language
        found = messages(
            self._template.name,
            self._order.language or (ours if ours in LANGUAGES else "en"),
            pipeline_id=self._account.pipeline.pipeline_id or "",
            stage_ids=self._account.pipeline.stage_ids,
            programmable=self._access.programmable,
        )
        return [message for message in found if message.number in wanted]

    @property
    def _definitions(self) -> dict[str, Body]:
        return self._account.definitions[self._template.object_name]

    def _wanted(self, mails: dict[int, str]) -> Wanted:
        return Wanted(
            key=self._order.key,
            title=self._order.name,
            template=self._template,
            steps=self._steps,
            mails=mails,
            checks=self._order.has_checks,
            clone=self._order.clone,
        )

    def _body(self, mails: dict[int, str], first: int) -> Body:
        return flow_body(self._wanted(mails), self._account.pipeline, self._definitions, first)


def _fate(found: object) -> Fate:
    return "exists" if found else "created"


def flow_link(portal: Portal | None, flow_id: str) -> str:
    """Where a flow is edited in HubSpot's pages."""
    host = (portal.ui_domain if portal else "") or "app.hubspot.com"
    number = portal.portal_id if portal else 0
    return f"https://{host}/workflows/{number}/platform/flow/{flow_id}/edit"


def _require_setup(account: AccountState, template: Template) -> None:
    """Raise SettingsError where HubSpot lacks what the filters of a flow name."""
    missing = [
        f"{object_name}.{name}"
        for object_name, names in template.properties.items()
        for name in names
        if name not in account.definitions[object_name]
    ]
    if account.pipeline.pipeline_id is None or account.pipeline.missing:
        missing.append("the pipeline with its stages")
    if missing:
        raise SettingsError(
            f"HubSpot lacks what the workflow looks at: {', '.join(missing)}. Run: cartwheel "
            "setup, then cartwheel load, then the same command again"
        )
