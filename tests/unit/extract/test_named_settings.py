"""An error about a store names the settings that hold its name and its address."""

from __future__ import annotations

import pytest
import requests

from cartwheel.core.errors import CartwheelError, SettingsError
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from extract.preflight import check_shop
from extract.replay import replay
from extract.shopify import refusals
from extract.shopify.client import Shopify

CLOSED = "http://127.0.0.1:1"  # where nothing listens


@pytest.fixture
def listed(tmp_path) -> Settings:
    """Settings of a shops.toml of one store."""
    file = tmp_path / "shops.toml"
    file.write_text(f'[[shops]]\nshop = "uk.myshopify.com"\napi_url = "{CLOSED}"\n')
    secrets = {"UK_SHOPIFY_ACCESS_TOKEN": "t"}
    return Settings.read(environ={"CARTWHEEL_SHOPS": str(file), **secrets})


@pytest.fixture
def single() -> Settings:
    """Settings of one store, without a list."""
    named = {"SHOPIFY_SHOP": "uk", "SHOPIFY_API_URL": CLOSED, "SHOPIFY_ACCESS_TOKEN": "t"}
    return Settings.read(environ=named)


def messages(store: Settings) -> list[str]:
    """What is said of a store: not reached, not there, not GraphQL, of another token."""
    shopify = Shopify(store, silent, sleep=lambda _: None)
    response = requests.Response()
    response.status_code = 404
    told = [
        str(refusals.of_request(store, response)),
        str(refusals.no_graphql(store, response)),
    ]
    for ask in (lambda: shopify.query("shop"), lambda: check_shop(shopify, "us.myshopify.com")):
        with pytest.raises(CartwheelError) as error:
            ask()
        told.append(str(error.value))
    return told


def test_of_a_listed_store_the_list_is_named(listed):
    """Neither SHOPIFY_SHOP nor SHOPIFY_API_URL may stand in its settings file."""
    (store,) = listed.shops()

    for told in messages(store):
        assert str(listed.shops_file) in told
        assert "SHOPIFY_SHOP" not in told
        assert "SHOPIFY_API_URL" not in told


def test_of_the_only_store_the_settings_are_named(single):
    """Without a list, the name and the address are settings."""
    assert all("SHOPIFY_SHOP" in told for told in messages(single))


def test_saved_files_without_a_store_ask_which_of_the_list(listed):
    """A list of stores is answered by --shop, not by a setting."""
    with pytest.raises(
        SettingsError, match=r"uk\.myshopify\.com.*extract --shop NAME"
    ) as error:
        replay(listed, [])

    assert "SHOPIFY_SHOP" not in str(error.value)
