"""Tokens, scopes, windows and versions: what an app may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cartwheel.core.errors import AccessDenied, ServiceError, SettingsError
from cartwheel.core.progress import silent
from extract.preflight import preflight
from extract.run import extract
from extract.shopify.client import Shopify
from sandbox.core.listening import running


def test_wrong_secret_names_the_fix(shop):
    """Refused credentials name the settings to check, and never show them."""
    wrong = replace(shop.settings, shopify_client_secret="not-the-secret")

    with pytest.raises(AccessDenied, match="SHOPIFY_CLIENT_SECRET") as refused:
        extract(wrong)

    assert "not-the-secret" not in str(refused.value)


def test_wrong_static_token_names_the_fix(shop):
    """A refused static token names its setting."""
    wrong = replace(shop.settings, shopify_access_token="shpat_wrong")

    with pytest.raises(AccessDenied, match="SHOPIFY_ACCESS_TOKEN") as refused:
        extract(wrong)

    assert "shpat_wrong" not in str(refused.value)


def test_token_that_ends_is_renewed(shop):
    """A run whose token is revoked on the way gets another and completes."""

    def revoke(line: str) -> None:
        if " has " in line:
            shop.revoke_tokens()

    extract(shop.settings, revoke)

    assert shop.rows("select count(*) from raw.orders") == [(3,)]


def test_every_missing_scope_is_named_at_once(serve):
    """The preflight names all scopes that are missing, read_all_orders among them."""
    shop = serve(shopify_scopes=("read_orders", "read_customers"))

    with pytest.raises(AccessDenied, match="read_products, read_all_orders"):
        extract(shop.settings)


def test_window_of_60_days_can_be_accepted(serve):
    """Without read_all_orders, a run for the last 60 days takes the orders that show."""
    shop = serve(shopify_scopes=("read_orders", "read_customers", "read_products"))

    extract(shop.settings, since=timedelta(days=60))

    assert shop.rows("select id from raw.orders") == [("gid://shopify/Order/3",)]


def test_run_for_a_window_leaves_the_rest_to_be_read(shop):
    """After a run for a window, a whole run still reads the older orders, and is the import."""
    extract(shop.settings, since=timedelta(days=60))
    noted = shop.rows("from ops.initial_imports")

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.orders") == [(3,)]
    assert (noted, len(shop.rows("from ops.initial_imports"))) == ([], 1)


def test_shop_that_is_not_the_tokens_is_refused(shop):
    """A token of another shop than SHOPIFY_SHOP lands nothing under the wrong name."""
    with pytest.raises(SettingsError, match=r"SHOPIFY_SHOP=corner\.myshopify\.com"):
        extract(replace(shop.settings, shop="other.myshopify.com"))


def test_version_that_is_too_old_is_refused(shop):
    """Where Shopify falls forward to a version without our fields, nothing is read."""
    with pytest.raises(AccessDenied, match="SHOPIFY_API_VERSION=2026-10"):
        extract(replace(shop.settings, shopify_api_version="2020-01"))

    assert shop.rows("select count(*) from raw.orders") == [(0,)]


def test_accessible_version_without_our_fields_is_refused(shop):
    """An older version that Shopify still has lacks fields too."""
    with pytest.raises(AccessDenied, match=r"serves 2026-07\. Set SHOPIFY_API_VERSION"):
        preflight(
            Shopify(replace(shop.settings, shopify_api_version="2026-07"), silent), silent
        )


def test_newer_version_is_taken_as_it_is(shop):
    """A version that is asked for and newer than needed is served without a word."""
    warnings: list[str] = []
    settings = replace(shop.settings, shopify_api_version="2027-01")

    preflight(Shopify(settings, warnings.append), silent)

    assert warnings == []


def test_protected_customer_data_is_asked_for(shop):
    """Without approval, the fields that stay empty are named, with the way to get it."""
    shop.misbehave("access_denied", where="query Access")

    with pytest.raises(AccessDenied, match="protected customer data") as refused:
        extract(shop.settings)

    for field in ("customers.firstName", "orders.email"):
        assert field in str(refused.value)
    assert shop.rows("select count(*) from raw.customers") == [(0,)]


def test_all_that_is_missing_comes_in_one_message(serve):
    """Version, scopes, the 60-day window and protected data: each with its own fix."""
    shop = serve(shopify_scopes=("read_orders", "read_customers"))
    shop.misbehave("access_denied", where="query Access")
    settings = replace(shop.settings, shopify_api_version="2020-01")

    with pytest.raises(AccessDenied) as refused:
        extract(settings)

    for part in (
        "SHOPIFY_API_VERSION=2026-10",
        "the scopes read_products, read_all_orders",
        "cartwheel extract --since 60d",
        "protected customer data (",
        "Then run: cartwheel doctor",
    ):
        assert part in str(refused.value)


def test_scope_that_is_missing_is_named_once(serve):
    """The fields that a missing scope keeps back are not reported beside the scope."""
    shop = serve(shopify_scopes=("read_orders", "read_all_orders", "read_products"))

    with pytest.raises(AccessDenied) as refused:
        preflight(Shopify(shop.settings, silent), silent)

    assert str(refused.value).count("\n- ") == 1


def test_preflight_knows_whether_all_orders_show(serve):
    """Without read_all_orders, an order that does not show may just be old."""
    shop = serve(shopify_scopes=("read_orders", "read_customers", "read_products"))

    found = preflight(Shopify(shop.settings, silent), silent, since=timedelta(days=60))

    assert found.scopes == {"read_orders", "read_customers", "read_products"}
    assert not found.sees_all_orders


def test_young_shop_needs_no_read_all_orders(serve):
    """A shop of less than 60 days has no orders that could be kept back."""
    shop = serve(shopify_scopes=("read_orders", "read_customers", "read_products"))
    settings = replace(shop.settings, now=datetime(2025, 2, 1, tzinfo=UTC))

    preflight(Shopify(settings, silent), silent)


def answering(errors, orders="read_orders"):
    """A shop, correct in all else, that answers the check of access with these errors."""
    shop = {"myshopifyDomain": "corner.myshopify.com", "createdAt": "2026-11-20T00:00:00Z"}
    names = (orders, "read_all_orders", "read_customers", "read_products")
    scopes = {"accessScopes": [{"handle": name} for name in names]}
    data = {"shop": shop, "currentAppInstallation": scopes}

    async def graphql(request: Request) -> Response:
        text = (await request.json())["query"]
        if "query Access" in text:
            return JSONResponse({"data": {}, "errors": errors})
        counts = {"ordersCount": {"count": 3}}
        return JSONResponse({"data": counts if "query Counts" in text else data})

    return Starlette(
        routes=[Route("/admin/api/2026-10/graphql.json", graphql, methods=["POST"])]
    )


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (
            {
                "message": "Access denied for inventoryItem field.",
                "path": ["products", "nodes", 0, "variants", "nodes", 0, "inventoryItem"],
                "extensions": {
                    "code": "ACCESS_DENIED",
                    "requiredAccess": "`read_inventory` access scope.",
                },
            },
            r"access to products\.variants\.inventoryItem: `read_inventory` access scope\. Add",
        ),
        (
            {
                "message": "This app is not approved to access the Customer object.",
                "path": ["customers"],
                "extensions": {"code": "ACCESS_DENIED"},
            },
            r"protected customer data \(customers\)",
        ),
        (
            {"message": "Access denied.", "extensions": {"code": "ACCESS_DENIED"}},
            "access to a field: Access denied. Add",
        ),
    ],
    ids=["another scope", "a whole object", "who knows where"],
)
def test_whatever_is_refused_is_named(run, error, named):
    """What Shopify refuses although the scopes are there is named in its own words."""
    with running(answering([error])) as url:
        settings = replace(run.settings, shopify_api_url=url, shopify_access_token="shpat_x")

        with pytest.raises(AccessDenied, match=named):
            preflight(Shopify(settings, silent), silent)


def test_scope_to_write_is_one_to_read(run):
    """An app that may change orders may read them."""
    with running(answering([], orders="write_orders")) as url:
        settings = replace(run.settings, shopify_api_url=url, shopify_access_token="shpat_x")

        assert preflight(Shopify(settings, silent), silent).counts == {"ordersCount": 3}


def test_check_that_cannot_be_run_is_no_pass(run):
    """An error of another kind in the check of access is raised as it is."""
    with running(answering([{"message": "Field 'x' doesn't exist"}])) as url:
        settings = replace(run.settings, shopify_api_url=url, shopify_access_token="shpat_x")

        with pytest.raises(ServiceError, match="Field 'x' doesn't exist"):
            preflight(Shopify(settings, silent), silent)


def test_version_newer_than_asked_is_said_once(run):
    """Where Shopify falls forward past what was asked for, there is one warning."""

    async def graphql(_: object) -> Response:
        return JSONResponse({"data": {}}, headers={"X-Shopify-API-Version": "2027-10"})

    route = Route("/admin/api/2026-10/graphql.json", graphql, methods=["POST"])
    warnings: list[str] = []
    with running(Starlette(routes=[route])) as url:
        settings = replace(run.settings, shopify_api_url=url, shopify_access_token="shpat_x")
        shopify = Shopify(settings, warnings.append)
        shopify.query("shop")
        shopify.query("shop")

    assert len(warnings) == 1
    assert "2027-10 instead of 2026-10" in warnings[0]
