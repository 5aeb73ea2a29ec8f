"""A connection page after page, in pages as large as Shopify's price allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cartwheel.core.errors import IncompleteData, ServiceError, TooCostly
from extract.shopify.client import Shopify

Page = dict[str, Any]


def pages(
    shopify: Shopify, name: str, variables: Mapping[str, Any], connection_path: str
) -> Iterator[Page]:
    """Yield the connection at connection_path (as "order.lineItems") to its end.

    A page (nodes or edges, and pageInfo) holds as many nodes as the variable first says,
    beginning after the cursor in after, if one is given. Where Shopify finds it too
    costly, first is halved, then nested where first is 1, and the reading goes on from
    the same cursor. A node on the path that is null, since it was deleted, has no pages.

    Raises ServiceError if even the smallest page is too costly, IncompleteData if
    Shopify says that there is more but not where.
    """
    given = dict(variables)
    while True:
        try:
            page = _connection(shopify.query(name, given), connection_path)
        except TooCostly as refusal:
            given = _smaller(name, given, refusal)
            continue
        if page is None:
            return
        yield page
        if not page["pageInfo"]["hasNextPage"]:
            return
        cursor = page["pageInfo"]["endCursor"]
        if cursor in (None, given.get("after")):
            raise IncompleteData(
                f"Shopify says that {name} has more pages, but gives no cursor to them "
                f"({cursor}), so nothing of them was landed. Run again: cartwheel extract"
            )
        given["after"] = cursor


def _connection(data: Page, path: str) -> Page | None:
    found: Page | None = data
    for field in path.split("."):
        found = found[field] if found is not None else None
    return found


def _smaller(name: str, given: dict[str, Any], refusal: TooCostly) -> dict[str, Any]:
    for size in ("first", "nested"):
        if given.get(size, 0) > 1:
            return {**given, size: given[size] // 2}
    raise ServiceError(
        f"Shopify's price for {name} is {refusal.cost:,.0f} points even for the smallest page, "
        f"and {refusal.limit:,.0f} are allowed. Read by bulk operations, which have no such "
        "limit, and please open an issue in Cartwheel's repository",
        request_id=refusal.request_id,
    )
