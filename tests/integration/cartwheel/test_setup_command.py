"""`cartwheel setup`, as it is typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette

from cartwheel.cli.app import main
from cartwheel.core.warehouse import open_warehouse
from sandbox.core.clock import Clock
from sandbox.core.listening import running
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes
from tests.integration.load.plans import SET_UP

SOLD = """
create schema hubspot;
create schema core;
create table core.products as select 's' as shop, '1' as product_id, 'Mug' as title;
create table hubspot.deals as
select 'd' as shopify_deal_key, 's' as shopify_store, 'processed' as dealstage,
    'GBP' as deal_currency_code;
create table hubspot.line_items as
select 'd' as shopify_deal_key, '1' as shopify_product_id, 'Mug - Blue' as name, 3 as quantity,
    'Acme' as shopify_vendor, 'Kitchen' as shopify_product_type,
    'GBP' as hs_line_item_currency_code;
"""


@pytest.fixture
def account():
    """An account in pounds."""
    clock = Clock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    return Account(clock, ["GBP"], "pat-test", ten_secondly_limit=10_000)


@pytest.fixture
def setup(account, tmp_path):
    """Type the command, with one mug sold in the warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as connection:
        connection.execute(SOLD)
    with running(Starlette(routes=routes(account))) as url:
        env = tmp_path / "settings.env"
        env.write_text(
            f"HUBSPOT_ACCESS_TOKEN=pat-test\nHUBSPOT_API_URL={url}\n"
            f"CARTWHEEL_WAREHOUSE={tmp_path / 'w.duckdb'}\nCARTWHEEL_LANGUAGE=fr\n"
        )
        yield lambda *typed: CliRunner().invoke(main, ["--env", str(env), "setup", *typed])


def test_the_report_is_data_on_request(setup):
    """--json prints what was created, what there was, the language and nothing else."""
    done = setup("--json")

    report = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (len(report["created"]), report["existing"], report["language"]) == (SET_UP, 0, "fr")
    assert (report["restored"], report["different"], report["lists"]) == ([], [], None)


def test_a_dry_run_says_what_it_would_do(setup, account):
    """Nothing is created."""
    done = setup("--dry-run")

    assert f"setup       would create {SET_UP}: products: group shopify, " in done.output
    assert account.pipelines.stages("ecommerce") is None


def test_the_command_wins_over_the_setting(setup, account):
    """--language en labels in English where CARTWHEEL_LANGUAGE says fr."""
    setup("--language", "en")

    assert account.properties["deals"].definitions["shopify_currency"]["label"] == "Currency"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (["--lists"], ["product Mug", "vendor Acme", "type Kitchen"]),
        (["--lists", "1", "--list", "type=kitchen"],
         ["product Mug", "vendor Acme", "type Kitchen"]),
        (["--list", "product=mug", "--list", "vendor=ACME"], ["product Mug", "vendor Acme"]),
    ],
)  # fmt: skip
def test_lists_are_created_as_typed(setup, account, typed, names):
    """The best sold ones, those that are named, or both, each once."""
    done = setup(*typed)

    assert done.exit_code == 0, done.output
    made = [each["name"] for each in account.lists.search("", [], [])]
    assert made == [f"Shopify: bought {name}" for name in names]


@pytest.mark.parametrize("text", ["Mug", "colour=red", "vendor=", "vendor= "])
def test_a_list_of_nothing_is_a_usage_error(setup, text):
    """The message shows how to write it."""
    done = setup("--list", text)

    assert done.exit_code == 2
    assert "is not like product=Mug, vendor=Acme or type=Toys" in done.output


def test_refused_lists_fail_after_the_report(setup, account):
    """Without the scope the report is printed, and the command ends with 1 and the reason."""
    account.access.take_away("crm.lists.read", "crm.lists.write")

    done = setup("--lists", "--json")

    assert done.exit_code == 1
    assert len(json.loads(done.stdout)["created"]) == SET_UP
    assert "crm.lists.read and crm.lists.write" in done.stderr.splitlines()[-1]
