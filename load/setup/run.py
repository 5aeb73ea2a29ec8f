"""Setup: creates what Cartwheel needs and HubSpot lacks, and touches nothing else.

Asked to, it also gives what it created before the labels of another language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cartwheel.core.counts import counted
from cartwheel.core.errors import LabelsRefused, ListsRefused
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.shop_language import language_in
from cartwheel.core.warehouse import open_warehouse, tables
from load.account.currencies import check_currencies
from load.account.limits import check_limits
from load.account.pipeline import complete_pipeline, find_pipeline
from load.account.portal import check_portal_of
from load.account.provisioning import create_group, create_properties, list_properties
from load.account.state import AccountState, look_up
from load.hubspot.client import HubSpot, connected
from load.objects.catalogue import CATALOGUE, PIPELINE_LABEL
from load.objects.chosen_labels import ChosenLabels, labels_for
from load.objects.language import Labels, choose_labels
from load.setup.drift import Difference, compare
from load.setup.labels_in_place import labels_to_create
from load.setup.purchases import read_segment_requests
from load.setup.relabel import relabel_account
from load.setup.report import SetupReport
from load.setup.segments import ListsReport, create_lists
from load.setup.written_labels import note_written, read_written
from load.workflows.email_languages import other_email_languages

__all__ = ["SetupReport", "check_access", "set_up"]


@dataclass(frozen=True)
class Wishes:
    """What a person asks of a setup besides what is missing; see set_up."""

    language: str = ""
    lists: int | None = None
    listed: Sequence[tuple[str, str]] = ()
    relabel: bool = False


def set_up(
    settings: Settings,
    say: Say,
    *,
    dry_run: bool = False,
    hubspot: HubSpot | None = None,
    language: str = "",
    lists: int | None = None,
    listed: Sequence[tuple[str, str]] = (),
    relabel: bool = False,
) -> SetupReport:
    """Create the group, the properties, the pipeline and the stages that HubSpot lacks.

    Labels are in the language given, else in that of the settings, else in the shop's own,
    else in English. With relabel, labels that exist are changed to that language where they
    are ours and nobody has changed them; so are the names of the workflows' lists. With lists,
    also lists of who bought the products, vendors and types that sold most units, that many of
    each; with listed, of those of that kind and name.

    Can be run again at any time. Raises SettingsError if a property of ours exists in
    another shape, if the account has no room for what is to be created, if the marts use a
    currency that it does not have, or if language or listed name something that does not
    exist; OtherAccount if the token and the ledger belong to different accounts; ListsRefused
    or LabelsRefused, with the report, if lists or labels were asked for and refused; and what
    the client raises.
    """
    wishes = Wishes(language, lists, listed, relabel)
    with connected(settings, say, hubspot=hubspot) as client:
        return _set_up(settings, say, client, wishes, dry_run=dry_run)


def _set_up(
    settings: Settings, say: Say, hubspot: HubSpot, wishes: Wishes, *, dry_run: bool
) -> SetupReport:
    warehouse = settings.warehouse
    check_portal_of(warehouse, hubspot, say)
    named = wishes.language or settings.language
    chosen = _chosen(named, warehouse)
    labels = chosen.labels
    requests = (
        read_segment_requests(warehouse, wishes.lists, wishes.listed)
        if wishes.lists or wishes.listed
        else None
    )
    missing = look_up(hubspot, labels)
    check_limits(hubspot, missing)
    restored = _archived(hubspot, missing)
    compared = compare(missing, labels, read_written(warehouse), relabel=wishes.relabel)
    if not dry_run:
        note_written(settings, labels_to_create(missing, labels))
        _create(hubspot, missing, labels, say)
    relabelled = None
    if wishes.relabel:
        relabelled = relabel_account(
            settings, hubspot, missing, compared.to_relabel, labels, dry_run=dry_run
        )
    made = None
    if requests is not None:
        pipeline = missing.pipeline if dry_run else find_pipeline(hubspot, labels)
        made = create_lists(hubspot, requests, pipeline, dry_run=dry_run)
    created = [name for name in missing.names() if name not in restored]
    report = SetupReport(
        created=created,
        existing=_existing(missing),
        dry_run=dry_run,
        restored=restored,
        different=[*compared.different, *(relabelled.kept if relabelled else ())],
        other_languages=dict(compared.other_languages),
        language=labels.language,
        untranslated=labels.untranslated,
        remark=chosen.remark if created or wishes.relabel else "",
        relabelled=relabelled.done if relabelled else None,
        lists=made,
        wanted=named or labels.language,
        passing=_chosen(settings.language, warehouse).labels.language != labels.language,
        emails=other_email_languages(warehouse, labels.language) if wishes.relabel else {},
        settings_file=settings.settings_file,
    )
    for line in report.in_words():
        say(line)
    _check_currencies(settings, hubspot, say)
    _raise_refusals(report, made, relabelled.refused if relabelled else ())
    return report


def _chosen(named: str, warehouse: Path) -> ChosenLabels:
    """The labels of the language that is named, else of the shop's."""
    return labels_for(named, None if named else language_in(warehouse))


def _raise_refusals(
    report: SetupReport, made: ListsReport | None, refused: Sequence[Difference]
) -> None:
    if made is not None and made.refused:
        raise ListsRefused(
            f"HubSpot did not create {'; '.join(made.refused[:3])}. Everything else is set up. "
            "Fix that in HubSpot, then run the same command again",
            report=report,
        )
    if refused:
        said = "; ".join(f"{each.where} ({each.reason.rstrip('.')})" for each in refused[:3])
        raise LabelsRefused(
            f"HubSpot did not relabel {len(refused)}: {said}. Everything else is set up. Fix "
            "that in HubSpot, then run: cartwheel setup --relabel --language "
            f"{report.wanted}",
            report=report,
        )


def check_access(settings: Settings, say: Say) -> None:
    """Raise what a setup would raise of the account: OtherAccount, AccessDenied, SettingsError.

    A run that starts with this does not discover a wrong token only at its end.
    """
    choose_labels(settings.language)
    with connected(settings, say) as client:
        check_portal_of(settings.warehouse, client, say)
        check_limits(client, look_up(client))


def _existing(missing: AccountState) -> int:
    """How many groups, properties and pipelines existed, counted as names() counts."""
    wanted = sum(1 + len(each.ours) for each in CATALOGUE.values())
    lacking = len(missing.groups) + sum(len(each) for each in missing.properties.values())
    return wanted - lacking + (missing.pipeline.pipeline_id is not None)


def _archived(hubspot: HubSpot, missing: AccountState) -> list[str]:
    """The missing properties that a user has archived; creating them restores them."""
    found: list[str] = []
    for name, properties in missing.properties.items():
        if properties:
            archived = list_properties(hubspot, name, archived=True)
            found += [f"{name}: {each.name}" for each in properties if each.name in archived]
    return found


def _create(hubspot: HubSpot, missing: AccountState, labels: Labels, say: Say) -> None:
    for name in missing.groups:
        create_group(hubspot, name, labels)
        say(f"{name}: property group {labels.group}")
    for name, properties in missing.properties.items():
        if properties:
            create_properties(hubspot, name, properties, labels)
            say(f"{name}: {counted(len(properties), 'property')}")
    if missing.pipeline.missing:
        complete_pipeline(hubspot, missing.pipeline, labels)
        stages = counted(len(missing.pipeline.missing), "stage")
        say(f"deals: pipeline {PIPELINE_LABEL}, {stages}")


def _check_currencies(settings: Settings, hubspot: HubSpot, say: Say) -> None:
    if not settings.warehouse.exists():
        return
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        if {"hubspot.deals", "hubspot.line_items"} <= tables(connection):
            check_currencies(connection, hubspot, say)
