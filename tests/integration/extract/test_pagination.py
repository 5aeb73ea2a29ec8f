"""Pages: to the end, each node once, in sizes that Shopify lets pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from cartwheel.core.errors import IncompleteData, ServiceError, TooCostly
from cartwheel.core.progress import silent
from extract.shopify.client import Shopify
from extract.shopify.pagination import pages
from sandbox.core.listening import running

LIMIT = 1000
ORDERS = {"filter": "status:any", "first": 50, "nested": 50}


class DearShop:
    """A shop of 25 orders whose prices grow in proportion to the page, as they once did.

    asked notes first, nested and after of every request, dear how often it was too much.
    """

    def __init__(self, each: int = 1) -> None:
        self.each = each
        self.asked: list[tuple[int, int, str | None]] = []
        self.refused = 0
        self.stuck = False

    async def answer(self, request: Request) -> JSONResponse:
        """A page of orders, or MAX_COST_EXCEEDED."""
        given = (await request.json())["variables"]
        first, nested, after = given["first"], given["nested"], given.get("after")
        self.asked.append((first, nested, after))
        cost = self.each * first * (1 + nested)
        if cost > LIMIT:
            self.refused += 1
            told = {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": LIMIT}
            return JSONResponse({"errors": [{"message": "Too much", "extensions": told}]})
        begin = int(after or 0)
        end = min(begin + first, 25)
        page = {
            "nodes": [{"id": number} for number in range(begin, end)],
            "pageInfo": {
                "hasNextPage": end < 25,
                "endCursor": after if self.stuck and after else str(end),
            },
        }
        status = {"maximumAvailable": 20000, "currentlyAvailable": 20000, "restoreRate": 1000}
        charged = {
            "requestedQueryCost": cost,
            "actualQueryCost": cost,
            "throttleStatus": status,
        }
        answer = {"data": {"orders": page, "order": None}, "extensions": {"cost": charged}}
        return JSONResponse(answer)


@pytest.fixture
def client(run) -> Any:
    """Serves a dear shop and gives the client of it."""

    @contextmanager
    def serving(shop: DearShop) -> Iterator[Shopify]:
        path = "/admin/api/2026-10/graphql.json"
        app = Starlette(routes=[Route(path, shop.answer, methods=["POST"])])
        with running(app) as url:
            token = "shpat_x"
            yield Shopify(
                replace(run.settings, shopify_api_url=url, shopify_access_token=token), silent
            )

    return serving


def read(shopify: Shopify, first: int, nested: int, **more: Any) -> list[int]:
    """The ids of all orders, in pages of this size to begin with."""
    variables = {"filter": "", "first": first, "nested": nested, **more}
    found = pages(shopify, "refunds_page", variables, "orders")
    return [node["id"] for page in found for node in page["nodes"]]


def test_pages_are_read_to_the_end(client) -> None:
    """Every node comes once, in order; a page is as large as was asked for."""
    shop = DearShop()
    with client(shop) as shopify:
        assert read(shopify, first=10, nested=1) == list(range(25))

    assert shop.asked == [(10, 1, None), (10, 1, "10"), (10, 1, "20")]


def test_reading_begins_at_the_cursor(client) -> None:
    """A cursor that is given is where the first page begins."""
    with client(DearShop()) as shopify:
        assert read(shopify, first=10, nested=1, after="20") == list(range(20, 25))


def test_page_that_is_too_costly_is_halved(client) -> None:
    """first is halved until the page passes, and nothing is lost or read twice."""
    shop = DearShop()
    with client(shop) as shopify:
        assert read(shopify, first=100, nested=99) == list(range(25))

    assert [asked[0] for asked in shop.asked[:5]] == [100, 50, 25, 12, 6]
    assert {nested for _, nested, _ in shop.asked} == {99}


def test_children_are_halved_where_the_page_cannot_be(client) -> None:
    """Where a single node is still too costly, fewer of its children are asked for."""
    shop = DearShop(each=40)
    with client(shop) as shopify:
        assert read(shopify, first=4, nested=200) == list(range(25))

    sizes = [(first, nested) for first, nested, _ in shop.asked]
    assert sizes[:6] == [(4, 200), (2, 200), (1, 200), (1, 100), (1, 50), (1, 25)]
    assert sizes[-1] == (1, 12)


def test_what_was_too_costly_is_not_asked_for_again(client) -> None:
    """A second reading begins at the size that passed: each size is refused once."""
    shop = DearShop()
    with client(shop) as shopify:
        read(shopify, first=100, nested=99)
        refused = shop.refused
        read(shopify, first=100, nested=99)

    assert refused == 4
    assert shop.refused == refused


def test_smallest_page_that_is_too_costly_is_an_error(client) -> None:
    """Where one node with one child costs too much, the error says so, with the figures."""
    with (
        client(DearShop(each=600)) as shopify,
        pytest.raises(ServiceError, match=r"1,200 points even for the smallest page.*1,000"),
    ):
        read(shopify, first=8, nested=8)


def test_query_that_is_too_costly_has_its_own_error(client) -> None:
    """Outside of pages, the caller is told the cost and the limit."""
    shop = DearShop()
    with client(shop) as shopify:
        for _ in range(2):
            with pytest.raises(TooCostly) as refusal:
                shopify.query("refunds_page", {"filter": "", "first": 100, "nested": 99})
            assert (refusal.value.cost, refusal.value.limit) == (10_000, LIMIT)

    assert shop.refused == 1


def test_cursor_that_does_not_move_is_an_error(client) -> None:
    """More pages, but none further on: reading stops instead of turning in a circle."""
    shop = DearShop()
    shop.stuck = True
    with client(shop) as shopify, pytest.raises(IncompleteData, match="gives no cursor"):
        read(shopify, first=10, nested=1)

    assert len(shop.asked) == 2


def test_parent_that_is_gone_has_no_pages(client) -> None:
    """A connection below a node that was deleted in the meantime is empty."""
    variables = {"filter": "", "first": 10, "nested": 1}
    with client(DearShop()) as shopify:
        assert list(pages(shopify, "refunds_page", variables, "order.lineItems")) == []


def test_linear_prices_of_the_sandbox_are_met_by_smaller_pages(serve) -> None:
    """By the linear model a page of 50 is far too much; all orders come in smaller ones."""
    shopify = Shopify(serve(shopify_cost_model="linear").settings, silent)

    ids = [
        node["id"]
        for page in pages(shopify, "refunds_page", ORDERS, "orders")
        for node in page["nodes"]
    ]
    first_time = shopify.took.requests
    list(pages(shopify, "refunds_page", ORDERS, "orders"))

    assert sorted(ids) == [f"gid://shopify/Order/{number}" for number in (1, 2, 3)]
    assert shopify.took.requests - first_time < first_time


def test_pages_of_the_sandbox_are_whole(shop) -> None:
    """A reading in pages of one finds every order of a real connection."""
    shopify = Shopify(shop.settings, silent)
    variables = {"filter": "status:any", "first": 1, "nested": 1}

    found = [
        node["id"]
        for page in pages(shopify, "refunds_page", variables, "orders")
        for node in page["nodes"]
    ]

    assert sorted(found) == [f"gid://shopify/Order/{number}" for number in (1, 2, 3)]
