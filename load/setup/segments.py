"""Creates missing HubSpot lists of who bought what.

The API: docs/reference/hubspot.md#lists

A list holds the contacts with a deal, in a stage that means a purchase, with a line item
of the thing. Only from contacts to line items may a filter pass through two associations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from cartwheel.core.errors import AccessDenied
from load.account.pipeline import DealPipeline
from load.hubspot.client import Answer, HubSpot, raise_for_error
from load.objects.catalogue import PIPELINE, purchase_stages
from load.setup.purchases import SegmentRequest

CONTACTS, DEALS, LINE_ITEMS = "0-1", "0-3", "0-8"
CONTACT_TO_DEAL, DEAL_TO_LINE_ITEM = 4, 19  # docs/reference/hubspot.md#associations
NAME_TAKEN = "ILS.DUPLICATE_LIST_NAMES"


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
            if _exists(hubspot, name):
                report.existing.append(name)
                continue
            answer = None if dry_run else _create(hubspot, wish, pipeline)
            if answer is None or answer.ok or _was_created(hubspot, answer, name):
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
        _property("pipeline", "ENUMERATION", "IS_ANY_OF", [pipeline.pipeline_id or PIPELINE]),
        _property("dealstage", "ENUMERATION", "IS_ANY_OF", stages),
    ]
    branches = []
    for name, values in wish.tests:
        of_the_thing = [_property(name, "MULTISTRING", "IS_EQUAL_TO", values)]
        lines = _association(LINE_ITEMS, DEAL_TO_LINE_ITEM, of_the_thing)
        deals = _association(DEALS, CONTACT_TO_DEAL, bought, lines)
        branches.append(_branch("AND", [], deals))
    return {
        "name": wish.list_name,
        "objectTypeId": CONTACTS,
        "processingType": "DYNAMIC",
        "filterBranch": _branch("OR", [], *branches),
    }


def _exists(hubspot: HubSpot, name: str) -> bool:
    path = f"{_path(hubspot)}/object-type-id/{CONTACTS}/name/{quote(name, safe='')}"
    answer = hubspot.call("GET", path)
    if answer.status != 404:
        raise_for_error(answer, f"look up the list {name}")
    return answer.ok


def _create(hubspot: HubSpot, wish: SegmentRequest, pipeline: DealPipeline) -> Answer:
    return hubspot.call("POST", _path(hubspot), definition(wish, pipeline))


def _was_created(hubspot: HubSpot, answer: Answer, name: str) -> bool:
    """Whether the first attempt succeeded, and only its answer was lost."""
    return answer.body.get("subCategory") == NAME_TAKEN and _exists(hubspot, name)


def _property(
    name: str, operation: str, operator: str, values: Sequence[str]
) -> dict[str, Any]:
    return {
        "filterType": "PROPERTY",
        "property": name,
        "operation": {
            "operationType": operation,
            "operator": operator,
            "values": [*values],
            "includeObjectsWithNoValueSet": False,
        },
    }


def _branch(
    kind: str, filters: Sequence[dict[str, Any]], *branches: dict[str, Any]
) -> dict[str, Any]:
    return {
        "filterBranchType": kind,
        "filterBranchOperator": "OR" if kind == "OR" else "AND",
        "filters": [*filters],
        "filterBranches": [*branches],
    }


def _association(
    object_type_id: str,
    type_id: int,
    filters: Sequence[dict[str, Any]],
    *branches: dict[str, Any],
) -> dict[str, Any]:
    return {
        **_branch("ASSOCIATION", filters, *branches),
        "objectTypeId": object_type_id,
        "operator": "IN_LIST",
        "associationTypeId": type_id,
        "associationCategory": "HUBSPOT_DEFINED",
    }


def _path(hubspot: HubSpot) -> str:
    return f"/crm/lists/{hubspot.version}"
