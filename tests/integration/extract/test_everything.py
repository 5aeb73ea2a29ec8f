"""What a first run brings without being asked for: everything, in few requests."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import AccessDenied
from extract.run import extract
from sandbox.generator import generate
from tests.integration.extract.nodes import order, refund


def test_window_of_sixty_days_is_never_taken_for_all(serve):
    """Row 11: without read_all_orders nothing lands, rather than 392 of 8,000 orders."""
    shop = serve(shopify_scopes=("read_orders", "read_customers", "read_products"))

    with pytest.raises(AccessDenied, match=r"60 days(.|\n)*--since 60d"):
        extract(shop.settings)

    assert shop.rows("from raw.orders") == []


def test_orders_of_all_years_come(shop):
    """Row 12: no start date is assumed; an order of 2009 lands like one of today."""
    shop.put("orders", order(4, lines=1, at="2009-03-02T10:00:00Z"))

    extract(shop.settings)

    assert shop.living("orders") == [1, 2, 3, 4]


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A store of 150 generated orders."""
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, 150, 7)
    return folder


def test_first_load_takes_few_requests(generated, serve):
    """Row 14: 150 orders, with all that belongs to them, take fewer than 50 requests."""
    shop = serve(generated)

    report = extract(shop.settings)

    assert len(shop.living("orders")) == 150
    assert report.requests < 50


def test_refunds_take_a_request_for_fifty_orders(shop):
    """Row 18: the refunds of 60 orders come with two requests, not one an order."""
    for number in range(100, 160):
        refunded = order(number, lines=1, refunds=[refund(number, number, lines=1)])
        for name in ("refundShippingLines", "orderAdjustments", "transactions"):
            refunded["refunds"][0][name]["nodes"] = []
        shop.put("orders", refunded)
    shop.put("orders", {"id": "gid://shopify/Order/2", "refunds": []})

    extract(shop.settings)

    assert len(shop.living("refunds")) == 60
    query = "select requests from ops.extract_runs where resource = 'refunds'"
    assert shop.rows(query) == [(2,)]


def test_orders_without_refunds_cost_no_request(shop):
    """Row 18: whether an order has refunds, the order itself says."""
    shop.put("orders", {"id": "gid://shopify/Order/2", "refunds": []})
    shop.look_out_for("RefundsPage")

    extract(shop.settings)

    assert not shop.was_asked("RefundsPage")
