"""Creates missing HubSpot lists of who bought what.

The API: docs/reference/hubspot.md#lists

A list holds the contacts with a deal, in a stage that means a purchase, with a line item
of the thing. Only from contacts to line items may a filter pass through two associations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cartwheel.core.errors import AccessDenied
from load.account.pipeline import DealPipeline
from load.hubspot.client import HubSpot
from load.hubspot.filters import (
    CONTACT_TO_DEAL,
    CONTACTS,
    DEAL_TO_LINE_ITEM,
    DEALS,
    LINE_ITEMS,
    all_of,
    any_of,
    associated,
    equals_any,
    is_any_of,
)
from load.hubspot.lists import create_list, find_list
from load.objects.catalogue import PIPELINE, purchase_stages
from load.setup.purchases import SegmentRequest


@dataclass(frozen=True)
class ListsReport:
    """Names of lists that were created (in a dry run: would be) and that were there.

    refused has a sentence for each list that HubSpot did not take, or one for all.
    """

    created: list[str] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def create_lists(
    hubspot: HubSpot, wishes: Sequence[SegmentRequest], pipeline: DealPipeline, *, dry_run: bool
) -> ListsReport:
    """Create the lists that the account lacks; existing ones of the same name are kept.

    Where the token lacks the scope, or HubSpot refuses a list, the report says so.
    Raises AccessDenied for a token that is wrong altogether.
    """
    report = ListsReport()
    try:
        for wish in wishes:
            name = wish.list_name
            if find_list(hubspot, CONTACTS, name):
                report.existing.append(name)
                continue
            if dry_run:
                report.created.append(name)
                continue
            list_id, answer = create_list(hubspot, definition(wish, pipeline))
            if list_id:
                report.created.append(name)
            else:
                report.refused.append(f"{name}: {answer.body.get('message', answer.status)}")
    except AccessDenied as error:
        if error.status != 403:
            raise
        report.refused.append(
            "the lists, because HubSpot denies access to them: the token lacks the scopes "
            "crm.lists.read and crm.lists.write, or the account's plan has no lists"
        )
    return report


def definition(wish: SegmentRequest, pipeline: DealPipeline) -> dict[str, Any]:
    """The body that creates a wish's list: one AND branch for each of its tests."""
    stages = [pipeline.stage_ids.get(stage, stage) for stage in purchase_stages()]
    bought = [
        is_any_of("pipeline", [pipeline.pipeline_id or PIPELINE]),
        is_any_of("dealstage", stages),
    ]
    branches = []
    for name, values in wish.tests:
        lines = associated(LINE_ITEMS, DEAL_TO_LINE_ITEM, [equals_any(name, values)])
        branches.append(all_of(among=[associated(DEALS, CONTACT_TO_DEAL, bought, lines)]))
    return {
        "name": wish.list_name,
        "objectTypeId": CONTACTS,
        "processingType": "DYNAMIC",
        "filterBranch": any_of(*branches),
    }
