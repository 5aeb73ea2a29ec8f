"""A command tells what is wrong in its settings once, on stderr, and all of it at once."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.cli.command_line import settings_of
from tests.unit.cartwheel.program import run

UNSET = {
    "SHOPIFY_SHOP": None,
    "SHOPIFY_CLIENT_ID": None,
    "SHOPIFY_CLIENT_SECRET": None,
    "SHOPIFY_ACCESS_TOKEN": None,
    "HUBSPOT_ACCESS_TOKEN": None,
    "CARTWHEEL_SHOPS": None,
}


@pytest.fixture
def cartwheel(tmp_path):
    """Runs the command with a settings file of this text and no variable of ours."""

    def called(text, *arguments):
        (tmp_path / "s.env").touch(0o600)
        (tmp_path / "s.env").write_text(text)
        return CliRunner(env=UNSET).invoke(main, ["--env", str(tmp_path / "s.env"), *arguments])

    return called


def test_a_warning_is_told_once_a_command(tmp_path):
    """Settings that are read again, as by sync --watch, are not told of again."""
    file = tmp_path / "s.env"
    file.write_text("CARTWHEEL_WAREHOSE=w.duckdb\n")

    def go() -> None:
        ctx = click.get_current_context()
        ctx.obj = file
        settings_of(ctx)
        settings_of(ctx)

    assert run(go).stderr == (
        f"Warning: CARTWHEEL_WAREHOSE in {file} is not a setting; did you mean "
        "CARTWHEEL_WAREHOUSE?\n"
    )


def test_a_warning_comes_before_what_follows_from_it(cartwheel):
    """Where a misspelt setting is missing, the slip is told above the error."""
    done = cartwheel("SHOPIFY_SHPO=a\n", "extract")

    warning, error = done.stderr.splitlines()
    assert warning.endswith("did you mean SHOPIFY_SHOP?")
    assert error.startswith("Error: Settings are missing: SHOPIFY_SHOP")


def test_a_bad_line_is_wrong_use(cartwheel):
    """A line that is no setting ends a command with 2, in one line on stderr."""
    done = cartwheel("SHOPIFY_SHOP a\n", "status")

    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "s.env, line 1: " in done.stderr


def test_sync_names_what_both_sides_lack(cartwheel):
    """One message names every missing setting, Shopify's and HubSpot's."""
    done = cartwheel("", "sync")

    (line,) = done.stderr.splitlines()
    assert done.exit_code == 2
    for name in ("SHOPIFY_SHOP", "SHOPIFY_CLIENT_ID", "_CLIENT_SECRET", "HUBSPOT_ACCESS_TOKEN"):
        assert name in line


def test_sync_of_several_stores_names_what_all_lack(cartwheel, tmp_path):
    """With a shops.toml, the secrets of each store and HubSpot's are in one message."""
    (tmp_path / "shops.toml").write_text('[[shops]]\nshop = "uk"\n[[shops]]\nshop = "de"\n')

    done = cartwheel("UK_SHOPIFY_CLIENT_ID=a\n", "sync")

    assert (
        "missing: UK_SHOPIFY_CLIENT_SECRET (or UK_SHOPIFY_ACCESS_TOKEN), "
        "DE_SHOPIFY_CLIENT_ID (or DE_SHOPIFY_ACCESS_TOKEN), "
        "DE_SHOPIFY_CLIENT_SECRET (or DE_SHOPIFY_ACCESS_TOKEN), HUBSPOT_ACCESS_TOKEN. Put"
    ) in done.stderr


def test_a_dry_run_asks_for_no_hubspot(cartwheel):
    """A sync that writes nothing to HubSpot does without its token."""
    done = cartwheel("", "sync", "--dry-run")

    assert "SHOPIFY_SHOP" in done.stderr
    assert "HUBSPOT" not in done.stderr
