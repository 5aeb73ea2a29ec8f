"""The workflows there are, and the state of those that were created in HubSpot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime

import duckdb

from cartwheel.core.counts import counted
from cartwheel.core.errors import WorkflowIncomplete
from cartwheel.core.progress import Say
from cartwheel.core.settings import HUBSPOT_AUTOMATION_PATH, Settings
from cartwheel.core.shop_language import shop_language
from cartwheel.core.warehouse import open_warehouse
from load.account.portal import Portal, check_portal
from load.hubspot.client import HubSpotClient
from load.hubspot.lists import read_list
from load.objects.chosen_labels import labels_for
from load.workflows.access import ask_access
from load.workflows.create import flow_link
from load.workflows.definition.comparison import differences, in_words
from load.workflows.definition.flow import references
from load.workflows.definition.templates import TEMPLATES, template_named
from load.workflows.email_languages import email_language, email_languages
from load.workflows.flows.flows import Flows, Hidden
from load.workflows.mailing.design_manager import DesignManager
from load.workflows.mailing.email_parts import changed
from load.workflows.mailing.marketing_emails import MarketingEmails
from load.workflows.mailing.messages import PUBLISHED
from load.workflows.state.audiences import Audience, count_audience
from load.workflows.state.ledger import Asset, Created, asset_of, assets_of, created_workflows

# docs/reference/workflows.md#paths
PATH_ENDS = date(2027, 3, 30)


@dataclass(frozen=True)
class PartInHubSpot:
    """A workflow, a list or an e-mail, by the name and the id that HubSpot has for it.

    is_unused says of an e-mail that the workflow does not send it, as after a change of the
    language.
    """

    kind: str
    name: str
    hubspot_id: str
    is_unused: bool = False


@dataclass
class WorkflowState:
    """A workflow: its audience in the warehouse, and its state in HubSpot.

    audience is None of a clone: HubSpot alone knows who matches it. state is "on", "off",
    "hidden" (HubSpot does not show it to the token), "deleted", "not created", or "" where
    HubSpot was not asked. remarks are what a person changed and what is still to do; deleted
    names what HubSpot no longer has. parts are what the ledger knows of it in HubSpot, whether
    or not it is there still; of e-mails that are not used, those that are.
    """

    workflow: str
    title: str
    template: str
    objects: str
    audience: Audience | None
    state: str = ""
    link: str = ""
    remarks: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    parts: list[PartInHubSpot] = field(default_factory=list)

    @property
    def command(self) -> str:
        """What creates the workflow, or what is missing of it."""
        if self.workflow == self.template:
            return f"cartwheel workflows create {self.workflow}"
        title = self.title.partition(": ")[2]
        return f'cartwheel workflows clone {self.template} --as "{title}"'


@dataclass(frozen=True)
class WorkflowsReport:
    """The workflows, what the account lacks for them, and what concerns all, in sentences."""

    workflows: list[WorkflowState]
    lacking: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def in_words(self) -> str:
        """How many there are in which state, in a line."""
        if not self.workflows:
            return "No workflow was created yet"
        states = Counter(each.state or "state not known" for each in self.workflows)
        counts = ", ".join(f"{number:,} {state}" for state, number in states.items())
        return f"{counted(len(self.workflows), 'workflow')}: {counts}"


def list_workflows(settings: Settings, say: Say) -> WorkflowsReport:
    """The three workflows and the clones; HubSpot is asked where there is a token.

    Raises WarehouseError without audiences; OtherAccount; and what the client raises.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        created = created_workflows(connection)
        known = {each.workflow: each for each in created}
        listed = [known.pop(name, _unmade(name)) for name in TEMPLATES] + [*known.values()]
        if not settings.hubspot_access_token:
            return WorkflowsReport(
                [_state(connection, each, "", settings.clock()) for each in listed]
            )
        with closing(HubSpotClient(settings, say)) as hubspot:
            inspection = _Inspection(settings, hubspot, connection, say)
            states = [inspection.look_at_flow(each) for each in listed]
    return WorkflowsReport(states, inspection.lacking)


def workflows_status(settings: Settings, say: Say, today: date) -> WorkflowsReport:
    """The state of the workflows that were created, and of all that belongs to them.

    Raises WorkflowIncomplete, with the report, if HubSpot no longer has something of them; and
    what list_workflows raises.
    """
    settings.require_hubspot()
    with (
        closing(HubSpotClient(settings, say)) as hubspot,
        open_warehouse(settings.warehouse, read_only=True) as connection,
    ):
        inspection = _Inspection(settings, hubspot, connection, say)
        states = [inspection.look_at(each) for each in created_workflows(connection)]
        warnings = [*inspection.look_at_files(states), *_warnings(settings, today)]
    report = WorkflowsReport(states, inspection.lacking, warnings)
    incomplete = [each for each in states if each.deleted]
    if incomplete:
        named = [f"{each.workflow}: {name}" for each in incomplete for name in each.deleted]
        commands = "; ".join(each.command for each in incomplete)
        raise WorkflowIncomplete(
            f"Deleted in HubSpot: {'; '.join(named)}. To create that again: {commands}",
            report=report,
        )
    return report


def _unmade(name: str) -> Created:
    return Created(name, name, TEMPLATES[name].title, {})


def _state(
    connection: duckdb.DuckDBPyConnection, created: Created, state: str, now: datetime
) -> WorkflowState:
    template = template_named(created.template)
    is_clone = created.workflow != created.template
    since = template.counts_from(now)
    audience = None if is_clone else count_audience(connection, template.table, since)
    return WorkflowState(
        *(created.workflow, created.title, created.template, template.object_name),
        *(audience, state),
    )


class _Inspection:
    """Compares what the ledger knows of the workflows with what HubSpot has.

    lacking has what the account does not allow.
    """

    def __init__(
        self,
        settings: Settings,
        hubspot: HubSpotClient,
        connection: duckdb.DuckDBPyConnection,
        say: Say,
    ) -> None:
        self._hubspot, self._connection = hubspot, connection
        self._now = settings.clock()
        self._portal: Portal | None = check_portal(connection, hubspot, say)
        self._flows = Flows(hubspot, settings.hubspot_automation_path)
        self._emails = MarketingEmails(hubspot)
        self._access = ask_access(hubspot, settings.hubspot_automation_path)
        self._labels = labels_for(settings.language, shop_language(connection)).labels
        self._languages = email_languages(connection)
        self.lacking = list(self._access.lacking())

    def look_at_flow(self, created: Created) -> WorkflowState:
        """The state of a workflow's flow."""
        state, _ = self._of_flow(created)
        return state

    def look_at(self, created: Created) -> WorkflowState:
        """The state of a workflow, its list and the e-mails that it sends."""
        state, sent = self._of_flow(created)
        assets = assets_of(self._connection, created.workflow)
        has_flow = asset_of(assets, "flow") is not None
        for asset in assets.values():
            kind = "workflow" if asset.kind == "flow" else asset.kind
            is_unused = has_flow and asset.kind == "email" and asset.hubspot_id not in sent
            if is_unused and self._access.emails and not self._emails.get(asset.hubspot_id):
                continue  # a person has deleted it, as they may
            state.parts.append(PartInHubSpot(kind, asset.name, asset.hubspot_id, is_unused))
            if asset.kind == "list" and self._access.lists:
                self._look_at_list(asset, state)
            if asset.kind == "email" and asset.hubspot_id in sent:
                self._look_at_email(asset, state)
        self._look_at_language(created, state)
        return state

    def look_at_files(self, states: list[WorkflowState]) -> Iterator[str]:
        """Remarks on the files that all workflows share; a deleted one is a state's."""
        assets = assets_of(self._connection, "").values() if self._access.emails else ()
        design = DesignManager(self._hubspot)
        edited = []
        for asset in assets:
            theirs = design.hash_of(asset.name)
            if theirs is None and states:
                states[0].deleted.append(f"file {asset.name}")
            elif theirs != asset.remote:
                edited.append(asset.name)
        if edited:
            yield f"a person changed {', '.join(edited)}, which stays as it is"

    def _of_flow(self, created: Created) -> tuple[WorkflowState, set[str]]:
        """The state of a flow, and the ids of the e-mails that it sends."""
        asset = asset_of(assets_of(self._connection, created.workflow), "flow")
        if asset is None:
            return _state(self._connection, created, "not created", self._now), set()
        if not self._access.flows:
            return _state(self._connection, created, "", self._now), set(references(asset.sent))
        found = self._flows.get(asset.hubspot_id)
        state = _state(self._connection, created, _of(found), self._now)
        state.link = flow_link(self._portal, asset.hubspot_id)
        if found is None:
            state.deleted.append(f"workflow {asset.name}")
        if not isinstance(found, dict):
            return state, set(references(asset.sent))
        if all(any(differences(each, found)) for each in asset.versions):
            places = in_words(differences(asset.sent, found))
            state.remarks.append(f"a person changed {places}; it stays as it is")
        return state, set(references(found))

    def _look_at_language(self, created: Created, state: WorkflowState) -> None:
        theirs = self._languages.get(created.workflow)
        wanted = email_language(str(created.options.get("language", "")), self._labels.language)
        if theirs in (None, wanted):
            return
        first = "switch it off in HubSpot, then run" if state.state == "on" else "run"
        state.remarks.append(
            f"its e-mails are in {theirs}; for others in {wanted}, the language of the labels, "
            f"{first}: cartwheel workflows create {created.workflow}"
        )

    def _look_at_list(self, asset: Asset, state: WorkflowState) -> None:
        found = read_list(self._hubspot, asset.hubspot_id)
        if found is None:
            state.deleted.append(f"list {asset.name}")
        elif all(
            any(differences(each["filterBranch"], found.get("filterBranch"), "filters"))
            for each in asset.versions
        ):
            state.remarks.append(f"a person changed the filters of the list {asset.name}")

    def _look_at_email(self, asset: Asset, state: WorkflowState) -> None:
        if not self._access.emails:
            return
        found = self._emails.get(asset.hubspot_id)
        if found is None:
            state.deleted.append(f"e-mail {asset.name}")
            return
        if all(changed(each, found) for each in asset.versions):
            state.remarks.append(f"a person changed the e-mail {asset.name}; it stays as it is")
        if found.get("state") != PUBLISHED:
            state.remarks.append(f"{asset.name} is a draft: publish it before you turn it on")


def _of(found: object) -> str:
    if found is None:
        return "deleted"
    if isinstance(found, Hidden):
        return "hidden"
    return "on" if isinstance(found, dict) and found.get("isEnabled") else "off"


def _warnings(settings: Settings, today: date) -> Iterator[str]:
    if settings.hubspot_automation_path == HUBSPOT_AUTOMATION_PATH:
        left = (PATH_ENDS - today).days
        when = f"in {left} days" if left > 0 else "by now"
        yield (
            f"HubSpot supports {HUBSPOT_AUTOMATION_PATH}, by which Cartwheel reaches "
            f"workflows, until {PATH_ENDS}, {when}: before that, set HUBSPOT_AUTOMATION_PATH "
            f"in {settings.settings_file} to its successor (docs/workflows.md)"
        )
