"""Settings come from the environment, then from the file."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.settings import Settings


def test_the_environment_wins(tmp_path):
    """A setting in both places has the environment's value."""
    file = tmp_path / "a.env"
    file.write_text("SHOPIFY_SHOP=file.myshopify.com\nSHOPIFY_CLIENT_ID=from-file\n")

    settings = Settings.read(file, environ={"SHOPIFY_SHOP": "env.myshopify.com"})

    assert settings.shop == "env.myshopify.com"
    assert settings.shopify_client_id == "from-file"
    assert settings.shopify_api_url == "https://env.myshopify.com"


def test_the_name_alone_is_enough_for_a_store(tmp_path):
    """SHOPIFY_SHOP without .myshopify.com means the same store."""
    (tmp_path / "a.env").write_text("")

    settings = Settings.read(tmp_path / "a.env", environ={"SHOPIFY_SHOP": "UK-Store"})

    assert settings.shop == "uk-store.myshopify.com"


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


@pytest.fixture
def limited(tmp_path):
    """Reads settings from these variables alone."""
    (tmp_path / "a.env").write_text("")
    return lambda **environ: Settings.read(tmp_path / "a.env", environ=environ)


def test_limits_have_defaults(limited):
    """Without a word on it: 3.5 GB, all in one batch, history for ever, a tenth may go."""
    settings = limited()

    limits = (settings.memory_limit, settings.batch_size, settings.history_days)
    assert limits == ("3.5GB", None, None)
    assert settings.sweep_limit == Decimal("0.1")


def test_limits_are_read(limited):
    """Each limit is taken from its setting."""
    settings = limited(
        CARTWHEEL_MEMORY_LIMIT="300 MB",
        CARTWHEEL_BATCH_SIZE="5000",
        CARTWHEEL_HISTORY_DAYS="0",
        CARTWHEEL_SWEEP_LIMIT="2.5%",
        CARTWHEEL_QUARANTINE_LIMIT="3%",
    )

    limits = (settings.memory_limit, settings.batch_size, settings.history_days)
    assert limits == ("300MB", 5000, 0)
    assert settings.sweep_limit == Decimal("0.025")
    assert settings.quarantine_limit == Decimal("0.03")


def test_a_batch_of_zero_is_all_at_once(limited):
    """CARTWHEEL_BATCH_SIZE=0 means no batches."""
    assert limited(CARTWHEEL_BATCH_SIZE="0").batch_size is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CARTWHEEL_MEMORY_LIMIT", "plenty"),
        ("CARTWHEEL_MEMORY_LIMIT", "4"),
        ("CARTWHEEL_MEMORY_LIMIT", "0GB"),
        ("CARTWHEEL_MEMORY_LIMIT", "-1GB"),
        ("CARTWHEEL_MEMORY_LIMIT", "5MB"),
        ("CARTWHEEL_MEMORY_LIMIT", "149MB"),
        ("CARTWHEEL_BATCH_SIZE", "-1"),
        ("CARTWHEEL_BATCH_SIZE", "1e4"),
        ("CARTWHEEL_HISTORY_DAYS", "a year"),
        ("CARTWHEEL_HISTORY_DAYS", "1.5"),
        ("CARTWHEEL_SWEEP_LIMIT", "10"),
        ("CARTWHEEL_SWEEP_LIMIT", "101%"),
        ("CARTWHEEL_SWEEP_LIMIT", "-1%"),
        ("CARTWHEEL_SWEEP_LIMIT", "nan"),
        ("CARTWHEEL_SWEEP_LIMIT", "few"),
        ("CARTWHEEL_QUARANTINE_LIMIT", "2"),
        ("CARTWHEEL_QUARANTINE_LIMIT", "some"),
    ],
)
def test_a_limit_that_cannot_be_read_is_refused(limited, name, text):
    """The message holds the setting, what it says, and how to write it."""
    with pytest.raises(SettingsError, match=f"{name} is '{text}'.* like "):
        limited(**{name: text})


@pytest.mark.parametrize("name", ['a"b.duckdb', "a;b.duckdb", "a?b.duckdb", "a#b.duckdb"])
def test_a_file_that_dbt_cannot_name_is_refused(limited, name):
    """The message shows the letter and says what to do."""
    with pytest.raises(SettingsError, match=r"CARTWHEEL_WAREHOUSE.*another name"):
        limited(CARTWHEEL_WAREHOUSE=f"/somewhere/{name}")
