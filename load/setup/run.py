"""Setup: creates what Cartwheel needs and HubSpot lacks, and touches nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from cartwheel.core.errors import ListsRefused
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables
from load.account.currencies import check_currencies
from load.account.limits import check_limits
from load.account.pipeline import complete_pipeline, find_pipeline
from load.account.portal import check_portal_of
from load.account.provisioning import create_group, create_properties, list_properties
from load.account.state import AccountState, look_up
from load.hubspot.client import HubSpot, connected
from load.objects.catalogue import CATALOGUE, PIPELINE_LABEL
from load.objects.language import Labels, choose_labels
from load.setup.drift import compare
from load.setup.purchases import read_segment_requests
from load.setup.report import SetupReport
from load.setup.segments import create_lists

__all__ = ["SetupReport", "check_access", "set_up"]


def set_up(
    settings: Settings,
    say: Say,
    *,
    dry_run: bool = False,
    hubspot: HubSpot | None = None,
    language: str = "",
    lists: int | None = None,
    listed: Sequence[tuple[str, str]] = (),
) -> SetupReport:
    """Create the group, the properties, the pipeline and the stages that HubSpot lacks.

    Labels are in the language given, else in that of the settings, else in English. With
    lists, also lists of who bought the products, vendors and types that sold most units,
    that many of each; with listed, of those of that kind and name.

    Can be run again at any time. Raises SettingsError if a property of ours exists in
    another shape, if the account has no room for what is to be created, if the marts use a
    currency that it does not have, or if language or listed name something that does not
    exist; OtherAccount if the token and the ledger belong to different accounts; ListsRefused,
    with the report, if lists were asked for and refused; and what the client raises.
    """
    with connected(settings, say, hubspot=hubspot) as client:
        return _set_up(settings, say, client, dry_run, language, lists, listed)


def _set_up(
    settings: Settings,
    say: Say,
    hubspot: HubSpot,
    dry_run: bool,
    language: str,
    lists: int | None,
    listed: Sequence[tuple[str, str]],
) -> SetupReport:
    check_portal_of(settings.warehouse, hubspot, say)
    labels = choose_labels(language or settings.language)
    wishes = (
        read_segment_requests(settings.warehouse, lists, listed) if lists or listed else None
    )
    missing = look_up(hubspot, labels)
    check_limits(hubspot, missing)
    restored = _archived(hubspot, missing)
    if not dry_run:
        _create(hubspot, missing, labels, say)
    made = None
    if wishes is not None:
        pipeline = missing.pipeline if dry_run else find_pipeline(hubspot, labels)
        made = create_lists(hubspot, wishes, pipeline, dry_run=dry_run)
    compared = compare(missing, labels)
    report = SetupReport(
        created=[name for name in missing.names() if name not in restored],
        existing=sum(len(each.ours) for each in CATALOGUE.values())
        - sum(len(each) for each in missing.properties.values()),
        dry_run=dry_run,
        restored=restored,
        different=compared.different,
        other_languages=dict(compared.other_languages),
        language=labels.language,
        untranslated=labels.untranslated,
        lists=made,
    )
    for line in report.in_words():
        say(line)
    _check_currencies(settings, hubspot, say)
    if made is not None and made.refused:
        raise ListsRefused(
            f"HubSpot did not create {'; '.join(made.refused[:3])}. Everything else is set up. "
            "Fix that in HubSpot, then run the same command again",
            report=report,
        )
    return report


def check_access(settings: Settings, say: Say) -> None:
    """Raise what a setup would raise of the account: OtherAccount, AccessDenied, SettingsError.

    A run that starts with this does not discover a wrong token only at its end.
    """
    choose_labels(settings.language)
    with connected(settings, say) as client:
        check_portal_of(settings.warehouse, client, say)
        check_limits(client, look_up(client))


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
            say(f"{name}: {len(properties)} properties")
    if missing.pipeline.missing:
        complete_pipeline(hubspot, missing.pipeline, labels)
        say(f"deals: pipeline {PIPELINE_LABEL}, {len(missing.pipeline.missing)} stages")


def _check_currencies(settings: Settings, hubspot: HubSpot, say: Say) -> None:
    if not settings.warehouse.exists():
        return
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        if {"hubspot.deals", "hubspot.line_items"} <= tables(connection):
            check_currencies(connection, hubspot, say)
