"""A ledger belongs to one HubSpot account, and no other one is written to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from cartwheel.cli.app import main
from cartwheel.core.errors import OtherAccount, SettingsError
from cartwheel.core.progress import silent
from load.account.move import move_account, show_account
from load.run import load
from load.setup.run import check_access, set_up
from load.verify.refresh import refresh
from sandbox.core.clock import Clock
from sandbox.core.listening import running
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes
from sandbox.hubspot.core.behaviours import PORTAL_ID
from tests.integration.load.plans import planned

OTHER = 4711


@pytest.fixture
def other(loaded):
    """Another account, with strangers under the ids that the ledger knows."""
    account = Account(
        Clock(loaded.now),
        ["GBP", "USD"],
        "pat-test",
        ten_secondly_limit=10_000,
        portal_id=OTHER,
    )
    for number in range(40):
        account.create("contacts", {"email": f"stranger{number}@example.com"})
    return account


@pytest.fixture
def elsewhere(loaded, other):
    """The settings of a loaded warehouse, with the token of the other account."""
    with running(Starlette(routes=routes(other))) as url:
        yield replace(loaded, hubspot_api_url=url)


COMMANDS = {
    "load": lambda settings: load(settings, silent),
    "load --verify": lambda settings: load(settings, silent, verify="all"),
    "plan --refresh": lambda settings: refresh(settings, silent),
    "setup": lambda settings: set_up(settings, silent),
    "setup --lists": lambda settings: set_up(settings, silent, lists=1),
    "sync": lambda settings: check_access(settings, silent),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_another_account_is_refused_before_anything(elsewhere, shop, other, command):
    """Each command names both accounts and the ways on, and changes nothing anywhere."""
    shop.run("update hubspot.deals set amount = 99 where dealname = '#2'")
    before = other.objects("contacts")
    ledger = shop.run("from ops.hubspot_records order by all")

    with pytest.raises(OtherAccount) as refused:
        command(elsewhere)

    for part in (str(OTHER), str(PORTAL_ID), "HUBSPOT_ACCESS_TOKEN", "CARTWHEEL_WAREHOUSE",
                 "cartwheel account move"):  # fmt: skip
        assert part in str(refused.value)
    assert other.objects("contacts") == before
    assert other.objects("deals") == []
    assert shop.run("from ops.hubspot_records order by all") == ledger


def test_a_ledger_without_an_account_is_compared_by_its_keys(elsewhere, shop, other):
    """Where an older ledger names no account, strangers under its ids are noticed."""
    shop.run("drop table ops.hubspot_account")
    shop.run("update hubspot.deals set amount = 99 where dealname = '#2'")

    with pytest.raises(OtherAccount, match=r"0 of the ledger.s 26 records"):
        load(elsewhere, silent)

    assert other.objects("deals") == []


def test_a_ledger_without_an_account_takes_its_own(loaded, shop):
    """Where the records stand under their ids and keys, the account is noted."""
    shop.run("drop table ops.hubspot_account")

    load(loaded, silent)

    assert shop.run("select portal_id from ops.hubspot_account") == [(PORTAL_ID,)]


def test_a_token_that_is_not_told_its_account_goes_on(loaded, shop, account):
    """A 403 is said, and the records are compared instead."""
    account.faults.order("forbidden", where="account-info")
    shop.run("update hubspot.deals set amount = 99 where dealname = '#2'")
    said: list[str] = []

    report = load(loaded, said.append)

    assert report.writes == 1
    assert [line for line in said if "does not tell which account" in line]


def test_the_account_is_shown(elsewhere, loaded):
    """`cartwheel account` shows the ledger's account, the token's, and the records."""
    here, there = show_account(loaded), show_account(elsewhere)

    assert (here.portal_id, here.token.portal_id) == (PORTAL_ID, PORTAL_ID)
    assert here.records == {"contacts": 5, "deals": 6, "line_items": 12, "products": 3}
    here.check()
    assert (there.portal_id, there.token.portal_id) == (PORTAL_ID, OTHER)
    with pytest.raises(OtherAccount):
        there.check()


def test_the_command_ends_with_4(elsewhere):
    """A load into another account ends with 4 before the gate, which would stop it."""
    environ = {
        "CARTWHEEL_WAREHOUSE": str(elsewhere.warehouse),
        "HUBSPOT_API_URL": elsewhere.hubspot_api_url,
        "HUBSPOT_ACCESS_TOKEN": elsewhere.hubspot_access_token,
    }
    for command in ("load", "setup", "account"):
        done = CliRunner(env=environ).invoke(main, [command])
        assert done.exit_code == 4, done.output
        assert "check " not in done.output
    quiet = CliRunner(env=environ).invoke(main, ["account", "--quiet"])
    assert (quiet.exit_code, quiet.stdout) == (4, "")


def test_a_first_load_without_a_setup_ends_before_the_gate(shop, settings, log):
    """It names what is missing and the command that creates it, as a failure of the load."""
    environ = {
        "CARTWHEEL_WAREHOUSE": str(settings.warehouse),
        "HUBSPOT_API_URL": settings.hubspot_api_url,
        "HUBSPOT_ACCESS_TOKEN": settings.hubspot_access_token,
    }

    done = CliRunner(env=environ).invoke(main, ["load"])

    assert done.exit_code == 1
    assert "Error: HubSpot lacks what a load fills" in done.output
    assert "Run: cartwheel setup" in done.output
    assert log.writes() == []


def test_a_move_begins_the_new_account_and_keeps_the_old_ledger(elsewhere, shop, other):
    """After `account move` everything is created in the new account, nothing of strangers is
    touched, and the old ledger stands in ops under another name."""
    old = shop.run("from ops.hubspot_records order by all")
    strangers = other.objects("contacts")

    report = move_account(elsewhere)
    set_up(elsewhere, silent)
    load(elsewhere, silent)

    assert report.portal_id == OTHER
    (aside,) = report.aside
    assert shop.run(f"from ops.{aside} order by all") == old
    assert f"_of_{PORTAL_ID}_" in aside
    values = aside.replace("hubspot_records", "hubspot_written_properties")
    writes = aside.replace("hubspot_records", "hubspot_writes")
    changed = f"from ops.{writes} where len(changes) > 0"
    assert shop.run(f"select count(*) {changed}") != [(0,)]
    assert shop.run(f"select distinct key from ops.{values} order by all") == shop.run(
        f"select distinct key {changed} order by all"
    )
    assert len(other.objects("deals")) == 6
    assert other.objects("contacts")[: len(strangers)] == strangers
    assert planned(elsewhere).writes == 0


def test_a_move_to_the_same_account_is_refused(loaded):
    """Where the token is of the ledger's account there is nothing to move."""
    with pytest.raises(SettingsError, match="token both belong to"):
        move_account(loaded)
