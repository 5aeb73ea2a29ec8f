"""Creates a workflow in HubSpot, switched off, with all that belongs to it.

Whatever a person changed, or switched on, stays as it is; what a killed run left is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from cartwheel.core.clock import without_zone
from cartwheel.core.errors import SettingsError, WarehouseError, WorkflowIncomplete
from cartwheel.core.ops import new_run_id
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.shop_language import shop_language
from cartwheel.core.warehouse import open_warehouse
from load.account.portal import Portal, check_portal, record_portal
from load.account.state import AccountState, look_up
from load.hubspot.client import HubSpotClient
from load.hubspot.lists import read_list
from load.objects.chosen_labels import labels_for
from load.workflows.access import ask_access
from load.workflows.definition.flow import Body, Wanted, flow_body
from load.workflows.definition.request import WorkflowRequest, completed
from load.workflows.definition.steps import Step, without_mails
from load.workflows.definition.templates import Template
from load.workflows.flows.flow_part import Existing, FlowPart, check_room, existing_flow
from load.workflows.flows.flows import Flows
from load.workflows.list_part import put_list
from load.workflows.mailing.design_files import design_files
from load.workflows.mailing.email_parts import AUTOMATED, EmailParts, Sender
from load.workflows.mailing.marketing_emails import MarketingEmails
from load.workflows.mailing.messages import Message, email_name, messages
from load.workflows.mailing.on_disk import leave_on_disk
from load.workflows.mailing.texts import language_of, read_texts
from load.workflows.state.audiences import Audience, count_audience, first_shop_name, shops
from load.workflows.state.ledger import WorkflowLedger, asset_of, assets_of, created_workflows
from load.workflows.state.report import CreateReport, Part


def create_workflow(
    settings: Settings,
    request: WorkflowRequest,
    say: Say,
    *,
    dry_run: bool = False,
    ours: bool = False,
    folder: Path = Path("workflows"),
) -> CreateReport:
    """Create a workflow, switched off; or bring one that nobody touched to what is asked.

    With ours, e-mails and files that a person changed are written over; a flow that is on or
    that a person changed never is, nor are its list and its e-mails. Where the account cannot
    have e-mails, their files are left in the folder.

    Raises SettingsError for a request that cannot be, and where `cartwheel setup` was not run;
    OtherAccount; WarehouseError without audiences; ServiceError naming what HubSpot refuses;
    WorkflowIncomplete, with the report, if the account lacks something of it.
    """
    settings.require_hubspot()
    if not settings.warehouse.exists():
        raise WarehouseError(
            f"There is no warehouse {settings.warehouse} yet. Run: cartwheel sync"
        )
    with (
        closing(HubSpotClient(settings, say)) as hubspot,
        open_warehouse(settings.warehouse, read_only=dry_run) as connection,
    ):
        portal = check_portal(connection, hubspot, say)
        before = created_workflows(connection)
        request = completed(request, before)
        request.check(before)
        creation = _Creation(settings, request, hubspot, connection, portal)
        report = creation.run(dry_run=dry_run, ours=ours, folder=folder)
    if report.lacking and not dry_run:
        number = len(report.lacking)
        raise WorkflowIncomplete(
            f"{report.title} is without {number} thing{'' if number == 1 else 's'} that this "
            "account does not allow or did not take; see the lines above. Once it does, run "
            "the same command again",
            report=report,
        )
    return report


class _Creation:
    """One creation, in the order in which HubSpot needs the parts."""

    def __init__(
        self,
        settings: Settings,
        request: WorkflowRequest,
        hubspot: HubSpotClient,
        connection: duckdb.DuckDBPyConnection,
        portal: Portal | None,
    ) -> None:
        self._settings, self._request = settings, request
        self._hubspot, self._connection, self._portal = hubspot, connection, portal
        self._template: Template = request.template
        self._flows = Flows(hubspot, settings.hubspot_automation_path)
        self._labels = labels_for(settings.language, shop_language(connection)).labels
        self._account = look_up(hubspot, self._labels)
        _require_setup(self._account, self._template)
        self._access = ask_access(hubspot, settings.hubspot_automation_path)
        self._steps = request.steps if self._access.emails else without_mails(request.steps)
        self._assets = assets_of(connection, request.key)
        self._check_steps()

    def run(self, *, dry_run: bool, ours: bool, folder: Path) -> CreateReport:
        """List, files, e-mails, flow; each is noted as soon as it is there.

        In a dry run the same is decided, and nothing is written.
        """
        report = self._begun()
        report.dry_run = dry_run
        flow = self._existing()
        flow_part = self._flow_part(None)
        mails = self._known_mails() if isinstance(flow, dict) else {}
        untouched = flow_part.untouchable(flow, self._body(mails, 1))
        if untouched is not None:
            report.parts.append(untouched)
            report.link = flow_link(self._portal, untouched.hubspot_id)
            return report
        ledger = None if dry_run else self._ledger(flow)
        if self._access.lists:
            report.parts.append(self._list(ledger))
        mails = self._emails(ledger, report, ours=ours)
        if not self._access.emails and not dry_run:
            report.folder = str(leave_on_disk(folder, design_files()))
        if self._access.flows:
            self._put_flow(ledger, report, flow, mails)
        report.lacking += [
            f"no {part.kind} as it was asked for: {part.note}"
            for part in report.parts
            if part.outcome == "refused"
        ]
        if ledger is not None:
            ledger.done(self._request.recorded())
        return report

    # before anything is written

    def _begun(self) -> CreateReport:
        request, template = self._request, self._template
        audience = None if request.clone else self._audience()
        return CreateReport(
            workflow=request.key,
            title=request.name,
            trigger=request.trigger,
            leaves=template.leaves,
            waits=request.waits,
            actions=request.actions_in_words(self._steps),
            audience=audience,
            lacking=list(self._access.lacking()),
        )

    def _audience(self) -> Audience:
        since = self._template.counts_from(self._settings.clock())
        return count_audience(self._connection, self._template.table, since)

    def _check_steps(self) -> None:
        """Raise SettingsError for what HubSpot would refuse, or never match, of the request."""
        self._body({}, 1)  # a clone's conditions name properties
        read_texts(self._template.name, self._language)
        clone, known = self._request.clone, shops(self._connection)
        if clone and clone.shop and clone.shop not in known:
            raise SettingsError(
                f"--shop {clone.shop}: the warehouse has no such store; it has "
                f"{', '.join(known)}"
            )
        for step in self._steps:
            _check_step(step, self._definitions, self._hubspot)
        if self._access.flows and any(step.is_mail for step in self._steps):
            required = self._flows.required_of_emails(self._template.object_type_id)
            if required:
                raise SettingsError(
                    f"HubSpot's action that sends an e-mail also needs {', '.join(required)}, "
                    "which Cartwheel does not know. Create the workflow with other actions, "
                    "such as --actions task, and add the e-mails in HubSpot's editor"
                )

    def _existing(self) -> Existing:
        if not self._access.flows:
            return None
        asset = asset_of(self._assets, "flow")
        return existing_flow(self._flows, asset, self._request.key, self._request.name)

    def _ledger(self, flow: Existing) -> WorkflowLedger:
        now = self._settings.clock()
        run_id = new_run_id("workflows", now)
        if self._access.flows and self._steps and flow is None:
            self._flows.delete_tests(self._request.name)
            check_room(self._flows, self._body({}, 1))
        ledger = WorkflowLedger(self._connection, run_id, now)
        record_portal(self._connection, self._portal, without_zone(now), run_id)
        ledger.begin(self._request.recorded())
        return ledger

    # the parts

    def _list(self, ledger: WorkflowLedger | None) -> Part:
        name = self._labels.list_of(self._template.name)
        wanted = self._body({}, 1)["enrollmentCriteria"]["listFilterBranch"]
        definition = {
            "name": self._request.name if self._request.clone else name,
            "objectTypeId": self._template.object_type_id,
            "processingType": "DYNAMIC",
            "filterBranch": wanted,
        }
        asset = asset_of(self._assets, "list")
        return put_list(self._hubspot, self._request.key, definition, asset, ledger)

    def _emails(
        self, ledger: WorkflowLedger | None, report: CreateReport, *, ours: bool
    ) -> dict[int, str]:
        """The files and the e-mails that the steps send; gives the e-mails' ids by number."""
        found = self._messages()
        if not found:
            return {}
        parts = EmailParts(
            self._hubspot,
            self._request.key,
            files=assets_of(self._connection, ""),
            emails=self._assets,
            ledger=ledger,
            ours=ours,
        )
        report.parts += parts.upload(design_files(programmable=self._access.programmable))
        sender = Sender(
            self._request.from_name or first_shop_name(self._connection),
            self._request.reply_to,
            "automated_for_deal" if self._template.is_deal_based else AUTOMATED,
            self._access.publishing,
        )
        mails: dict[int, str] = {}
        for message in found:
            part = parts.email(message, sender)
            mails[message.number] = part.hubspot_id
            report.parts.append(part)
        return mails

    def _put_flow(
        self,
        ledger: WorkflowLedger | None,
        report: CreateReport,
        flow: Existing,
        mails: Mapping[int, str],
    ) -> None:
        if not self._steps:
            report.lacking.append(
                "no workflow: all its actions are e-mails. Name others, such as --actions task"
            )
            return
        part = self._flow_part(ledger)
        report.parts.append(part.put(flow, lambda first: self._body(mails, first)))
        report.different = part.different
        report.link = flow_link(self._portal, report.parts[-1].hubspot_id)

    def _flow_part(self, ledger: WorkflowLedger | None) -> FlowPart:
        asset = asset_of(self._assets, "flow")
        return FlowPart(self._flows, ledger, self._request.key, self._request.name, asset)

    def _messages(self) -> list[Message]:
        """The e-mails that the steps send, named after the workflow."""
        wanted = {step.number for step in self._steps if step.is_mail}
        if not wanted:
            return []
        found = messages(
            self._template.name,
            self._language,
            pipeline_id=self._account.pipeline.pipeline_id or "",
            stage_ids=self._account.pipeline.stage_ids,
            programmable=self._access.programmable,
        )
        return [
            replace(each, name=email_name(self._request.name, each.number, each.language))
            for each in found
            if each.number in wanted
        ]

    @property
    def _language(self) -> str:
        return language_of(self._request.language, self._labels.language)

    def _known_mails(self) -> dict[int, str]:
        """The ids of the e-mails that are there, by number: by the ledger, or else by name."""
        known: dict[int, str] = {}
        emails = MarketingEmails(self._hubspot)
        for message in self._messages():
            asset = self._assets.get(("email", message.name))
            if asset is not None:
                known[message.number] = asset.hubspot_id
            elif found := emails.named(message.name):
                known[message.number] = str(found["id"])
        return known

    @property
    def _definitions(self) -> dict[str, Body]:
        return self._account.definitions[self._template.object_name]

    def _body(self, mails: Mapping[int, str], first: int) -> Body:
        wanted = Wanted(
            key=self._request.key,
            title=self._request.name,
            template=self._template,
            steps=self._steps,
            mails=mails,
            checks=self._request.has_checks,
            clone=self._request.clone,
        )
        return flow_body(wanted, self._account.pipeline, self._definitions, first)


def flow_link(portal: Portal | None, flow_id: str) -> str:
    """Where a flow is edited in HubSpot's pages (docs/reference/workflows.md#flows)."""
    host = (portal.ui_domain if portal else "") or "app.hubspot.com"
    number = portal.portal_id if portal else 0
    return f"https://{host}/workflows/{number}/platform/flow/{flow_id}/edit"


def _check_step(
    step: Step, known: Mapping[str, Mapping[str, Any]], hubspot: HubSpotClient
) -> None:
    """Raise SettingsError for a property that cannot be set, or a list that is not static."""
    if step.kind == "set":
        name, _ = step.pair
        definition = known.get(name, {})
        access: Mapping[str, Any] = definition.get("modificationMetadata") or {}
        if not definition or access.get("readOnlyValue") or definition.get("calculated"):
            raise SettingsError(
                f"{step.typed()}: HubSpot has no property {name} of this object that can be "
                "set. Take a name from Settings > Properties in HubSpot"
            )
    if step.kind == "list":
        found = read_list(hubspot, step.argument)
        if found is None or found.get("processingType") != "MANUAL":
            raise SettingsError(
                f"{step.typed()}: HubSpot has no static list with the id {step.argument}. Take "
                "the number from the list's address in HubSpot"
            )


def _require_setup(account: AccountState, template: Template) -> None:
    """Raise SettingsError where HubSpot lacks what filters and e-mails look at."""
    missing: Sequence[str] = [
        f"{object_name}.{name}"
        for object_name, names in template.properties.items()
        for name in names
        if name not in account.definitions[object_name]
    ]
    if account.pipeline.pipeline_id is None or account.pipeline.missing:
        missing = [*missing, "the pipeline with its stages"]
    if missing:
        raise SettingsError(
            f"HubSpot lacks what the workflow looks at: {', '.join(missing)}. Run: cartwheel "
            "setup, then cartwheel load, then the same command again"
        )
