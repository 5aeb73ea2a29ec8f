"""Tokens, scopes, windows and versions: what an app may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cartwheel.errors import AccessDenied, SettingsError
from extract.run import extract


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
        if "counts" in line:
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
    """After a run for a window, a whole run still reads the older orders."""
    extract(shop.settings, since=timedelta(days=60))

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.orders") == [(3,)]


def test_shop_that_is_not_the_tokens_is_refused(shop):
    """A token of another shop than SHOPIFY_SHOP lands nothing under the wrong name."""
    with pytest.raises(SettingsError, match=r"SHOPIFY_SHOP=corner\.myshopify\.com"):
        extract(replace(shop.settings, shop="other.myshopify.com"))


def test_version_that_is_too_old_is_refused(shop):
    """Where Shopify falls forward to a version without our fields, nothing is read."""
    with pytest.raises(AccessDenied, match="SHOPIFY_API_VERSION=2026-10"):
        extract(replace(shop.settings, shopify_api_version="2020-01"))

    assert shop.rows("select count(*) from raw.orders") == [(0,)]
