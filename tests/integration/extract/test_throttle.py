"""The bucket of points, against that of a shop."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cartwheel.core.errors import ServiceUnreachable
from cartwheel.core.progress import silent
from extract.shopify.client import Shopify

ORDERS = {"filter": "id:1", "first": 50, "after": None, "nested": 50}  # 394 points asked


def test_threads_share_one_bucket_without_being_throttled(serve) -> None:
    """Eight threads on a real bucket that is too small for them: no request is throttled."""
    shop = serve(shopify_rate=200.0, shopify_bucket=600.0)
    shopify = Shopify(shop.settings, silent)
    shopify.query("shop")
    before = shopify.took.requests

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: shopify.query("refunds_page", ORDERS), range(24)))

    assert shopify.took.requests - before == 24


def test_points_taken_are_those_charged(shop) -> None:
    """The points taken add up what the answers say was charged."""
    shopify = Shopify(shop.settings, silent)

    shopify.query("shop")
    shopify.query("counts")

    assert shopify.took.points == 5 + 4


def test_throttled_answer_is_waited_out(shop, clock) -> None:
    """THROTTLED is tried again until the answer comes."""
    shopify = Shopify(shop.settings, silent, sleep=clock.sleep, clock=clock)
    shop.misbehave("throttled", times=3)

    assert shopify.query("shop")["shop"]["name"] == "Corner"
    assert shopify.took.requests == 1 + 3 + 1
    assert len(clock.waits) >= 3


def test_tries_of_a_throttled_query_are_bounded(shop, clock) -> None:
    """A bucket that stays empty ends in an error that says why and what to do."""
    shopify = Shopify(shop.settings, silent, sleep=clock.sleep, clock=clock)
    shop.misbehave("throttled", times=1000)

    with pytest.raises(ServiceUnreachable, match="another program uses it"):
        shopify.query("shop")


def test_another_cost_model_costs_one_surprise(serve) -> None:
    """Where Shopify prices otherwise than we do, it is refused once a page size at most."""
    shop = serve(shopify_rate=2000.0, shopify_bucket=300.0, shopify_cost_model="linear")
    shopify = Shopify(shop.settings, silent)
    small = {**ORDERS, "first": 1, "nested": 50}  # 2 points by our formula, 279 by this model
    shopify.query("shop")
    before = shopify.took.requests

    with ThreadPoolExecutor(4) as pool:
        shopify.query("refunds_page", small)
        list(pool.map(lambda _: shopify.query("refunds_page", small), range(12)))

    assert shopify.took.requests - before <= 13 + 1


def test_empty_bucket_of_a_slow_shop_is_waited_for(serve) -> None:
    """Another program's spending is met by waiting, not by an error."""
    shop = serve(shopify_rate=400.0, shopify_bucket=450.0)
    ours, theirs = Shopify(shop.settings, silent), Shopify(shop.settings, silent)

    for _ in range(4):
        theirs.query("refunds_page", ORDERS)
        ours.query("refunds_page", ORDERS)

    assert ours.took.points == theirs.took.points
