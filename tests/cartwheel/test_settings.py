"""Settings come from the environment, then from the file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cartwheel.errors import SettingsError
from cartwheel.settings import Settings


def test_the_environment_wins(tmp_path):
    """A setting in both places has the environment's value."""
    file = tmp_path / "a.env"
    file.write_text("SHOPIFY_SHOP=file.myshopify.com\nSHOPIFY_CLIENT_ID=from-file\n")

    settings = Settings.read(file, environ={"SHOPIFY_SHOP": "env.myshopify.com"})

    assert settings.shop == "env.myshopify.com"
    assert settings.shopify_client_id == "from-file"
    assert settings.shopify_api_url == "https://env.myshopify.com"


def test_all_that_is_missing_is_named_at_once(tmp_path):
    """One message lists every missing Shopify setting."""
    (tmp_path / "a.env").write_text("")
    settings = Settings.read(tmp_path / "a.env", environ={})

    with pytest.raises(SettingsError, match=r"SHOPIFY_SHOP.*CLIENT_ID.*CLIENT_SECRET"):
        settings.require_shopify()


def test_a_static_token_is_enough(tmp_path):
    """With an access token, client credentials are not asked for."""
    (tmp_path / "a.env").write_text("SHOPIFY_SHOP=a.myshopify.com\nSHOPIFY_ACCESS_TOKEN=t\n")

    Settings.read(tmp_path / "a.env", environ={}).require_shopify()


def test_secrets_are_not_in_the_repr(tmp_path):
    """Printing the settings shows no secret."""
    (tmp_path / "a.env").write_text(
        "SHOPIFY_CLIENT_SECRET=s3cret\nHUBSPOT_ACCESS_TOKEN=s3cret\nSHOPIFY_ACCESS_TOKEN=s3cret\n"
    )

    assert "s3cret" not in repr(Settings.read(tmp_path / "a.env", environ={}))


def test_a_fixed_clock_is_utc(tmp_path):
    """CARTWHEEL_NOW with an offset becomes the same instant in UTC."""
    (tmp_path / "a.env").write_text("CARTWHEEL_NOW=2026-11-23T02:00:00+02:00\n")

    settings = Settings.read(tmp_path / "a.env", environ={})

    assert settings.clock() == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_clock_that_is_no_date_is_refused(tmp_path):
    """The message shows the value and how to write it."""
    (tmp_path / "a.env").write_text("CARTWHEEL_NOW=yesterday\n")

    with pytest.raises(SettingsError, match="yesterday"):
        Settings.read(tmp_path / "a.env", environ={})


def test_a_missing_settings_file_is_named(tmp_path):
    """A file named with --env must exist."""
    with pytest.raises(SettingsError, match=r"none\.env"):
        Settings.read(tmp_path / "none.env", environ={})
