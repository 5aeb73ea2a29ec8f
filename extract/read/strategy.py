"""What a run has to read, and how: with a bulk operation or page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cartwheel.core.clock import rfc3339
from extract.shopify.client import Shopify
from extract.shopify.resources import LISTED, ORDER_AGREEMENTS, ORDERS, Resource

Via = Literal["auto", "bulk", "pages"]
OVERLAP = timedelta(minutes=5)  # Shopify's index may show an update late
DAY = timedelta(days=1)
# Up to here pages are faster: an operation takes Shopify seconds to begin, and these few
# pages fit into the smallest bucket (2,000 points) as it refills.
MOST_BY_PAGES = 250


@dataclass(frozen=True)
class Task:
    """One resource to read; search is None for everything, counted is Shopify's own count.

    is_window says that older records were left out on request.
    """

    resource: Resource
    search: str | None
    counted: int
    via: Literal["bulk", "pages"]
    is_window: bool = False


def tasks(
    shopify: Shopify,
    watermarks: Mapping[Resource, datetime | None],
    counts: Mapping[str, int],
    via: Via,
    *,
    created_since: datetime | None = None,
) -> list[Task]:
    """What to read of each resource: everything, or what changed since its watermark.

    counts are the shop's own, by the fields of counts.graphql. created_since leaves out
    orders created before it, whatever the watermark says.
    """
    searches = {
        resource: search_for(resource, watermarks[resource], created_since)
        for resource in LISTED
    }
    counted = _counted(shopify, searches, counts)
    found = []
    for resource, search in searches.items():
        few = counted[resource] <= MOST_BY_PAGES
        by = via if via != "auto" else "pages" if few else "bulk"
        is_window = created_since is not None and resource in (ORDERS, ORDER_AGREEMENTS)
        found.append(Task(resource, search, counted[resource], by, is_window))
    return found


def _counted(
    shopify: Shopify, searches: Mapping[Resource, str | None], counts: Mapping[str, int]
) -> dict[Resource, int]:
    """How many records each search finds, in as few requests as possible."""
    found = {resource: counts[resource.count] for resource in searches}
    open_ones = [resource for resource, search in searches.items() if search is not None]
    while open_ones:
        # one question holds a search for each count: orders and agreements share one
        asked = {resource.count: resource for resource in reversed(open_ones)}
        variables = {
            count.removesuffix("Count"): searches[resource] for count, resource in asked.items()
        }
        answer = shopify.query("counts", variables)
        for resource in list(open_ones):
            if searches[resource] == searches[asked[resource.count]]:
                found[resource] = int(answer[resource.count]["count"])
                open_ones.remove(resource)
    return found


def search_for(
    resource: Resource, landed_until: datetime | None, created_since: datetime | None = None
) -> str | None:
    """The search for what is new, in Shopify's syntax; None for everything.

    Quoted, or Shopify ignores the time of day; in UTC, or it misreads the offset;
    with >=, because updatedAt is cut to whole seconds (docs/reference/shopify.md#cursors).
    Where whole days are compared, it is not said in which time zone: so from a day before.
    """
    if created_since and resource in (ORDERS, ORDER_AGREEMENTS):
        return f"created_at:>='{moment(created_since)}'"
    if landed_until is None:
        return None
    earlier = OVERLAP + DAY if resource.by_day else OVERLAP
    return f"updated_at:>='{moment(landed_until - earlier)}'"


def moment(time: datetime) -> str:
    """A time (UTC) as Shopify's searches take it."""
    return rfc3339(time)
