"""A sync of several stores goes on with those that came, and fails at the end."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from cartwheel.cli.command_line import Group
from cartwheel.core.clock import machine_time
from cartwheel.core.errors import QualityGateClosed, WarehouseError
from cartwheel.core.warehouse import open_warehouse
from cartwheel.pipeline import sync
from cartwheel.step_runs import read_noted, recorded
from tests.integration.cartwheel.conftest import DE, ORDERS, UK, WAREHOUSE, serve_stores

WRONG = "wrong-0123"


@pytest.fixture(
    scope="module",
    # for another name dbt parses the whole project
    params=["warehouse.duckdb", pytest.param(WAREHOUSE, marks=pytest.mark.nightly)],
)
def half(tmp_path_factory, request):
    """Both stores, synced by one command with a wrong secret for the first, and its output.

    It asks for the younger half of the orders.
    """
    with ExitStack() as stack:
        stores = serve_stores(tmp_path_factory.mktemp("half"), stack, request.param)
        yield stores, synced(stores, "--json")


def synced(stores, *options):
    """The sync of both."""
    since = f"{middle_age(stores)}d"
    return stores.cartwheel("sync", *options, "--since", since, UK_SHOPIFY_CLIENT_SECRET=WRONG)


def told_runs(stores):
    """The last run of each step, as the status tells it."""
    told = json.loads(stores.cartwheel("status", "--json").stdout)
    return {run["step"]: run for run in told["runs"]}


def ages(stores):
    """How old each order of the store that comes is."""
    now = stores.settings().clock()
    with (stores.folder / DE / "orders.jsonl").open() as orders:
        created = [datetime.fromisoformat(json.loads(line)["createdAt"]) for line in orders]
    return sorted(now - moment for moment in created)


def middle_age(stores):
    """In days, such that younger orders and older ones are there."""
    return ages(stores)[ORDERS // 2].days + 1


@pytest.fixture(scope="module")
def young(half):
    """How many orders of the store that comes are young enough."""
    stores, _ = half
    limit = timedelta(days=middle_age(stores))
    number = sum(age <= limit for age in ages(stores))
    assert 0 < number < ORDERS
    return number


def test_what_came_is_carried_to_hubspot(half, young):
    """HubSpot holds the deals of the store that came, and the command fails all the same.

    Orders that are older than --since says are not among them, nor landed.
    """
    stores, done = half

    deals = [record["properties"] for record in stores.hubspot_records("deals")]
    assert done.exit_code == 1
    assert [deal["shopify_store"] for deal in deals] == [DE] * young
    assert stores.rows("select shop, count(*) from raw.orders group by shop") == [(DE, young)]


def test_the_failed_store_is_named_after_the_load(half):
    """The last words of a sync are about the store that did not come."""
    _, done = half

    *_, loaded, first, second = done.stderr.splitlines()
    assert "Z load  " in loaded
    assert first.startswith("Error: 1 of 2 stores")
    assert second.startswith(f"  {UK}: Shopify gave no token")


def test_json_tells_of_both(half, young):
    """--json holds what was loaded, beside the reports and the failures of the stores."""
    _, done = half

    report = json.loads(done.stdout)
    assert [shop["shop"] for shop in report["extract"]["shops"]] == [DE]
    assert [failure["shop"] for failure in report["extract"]["failures"]] == [UK]
    assert report["load"]["objects"]["deals"]["create"] == young


def test_the_status_tells_of_each_store_and_step(half):
    """Each store has its records and its extract, each step its last run, and why it failed."""
    stores, _ = half

    status = json.loads(stores.cartwheel("status", "--json").stdout)

    assert [(run["step"], run["shop"], run["status"]) for run in status["runs"]] == [
        ("extract", DE, "succeeded"),
        ("extract", UK, "failed"),
        ("transform", "", "succeeded"),
        ("check", "", "succeeded"),
        ("setup", "", "succeeded"),
        ("load", "", "succeeded"),
    ]
    assert f"Shopify gave no token for {UK}" in status["runs"][1]["detail"]
    assert (status["at_work"], status["busy"]) == ([], "")
    read, failed = status["stores"]
    assert (read["shop"], read["deals"]) == (DE, status["synced"]["deals"])
    assert (read["contacts"], read["products"]) == (
        status["synced"]["contacts"],
        status["synced"]["products"],
    )
    assert (failed["shop"], failed["deals"], failed["read_at"]) == (UK, 0, None)


def test_the_file_beside_the_warehouse_says_the_same(half):
    """What is shown while the warehouse is in use is what the warehouse itself would say."""
    stores, _ = half
    warehouse = stores.settings().warehouse
    asked = json.loads(stores.cartwheel("status", "--json").stdout)

    with open_warehouse(warehouse), recorded(stores.settings(), "extract", DE):
        busy = json.loads(stores.cartwheel("status", "--json").stdout)

    for name in ("synced", "portal_id"):
        assert busy[name] == asked[name]
    busy_stores, asked_stores = (
        [(each["shop"], each["deals"], bool(each["read_at"])) for each in status["stores"]]
        for status in (busy, asked)
    )
    assert busy_stores == asked_stores
    busy_runs, asked_runs = (
        [(run["step"], run["detail"]) for run in status["runs"] if run["step"] != "extract"]
        for status in (busy, asked)
    )
    assert busy_runs == asked_runs


def test_a_sync_with_nothing_new_confirms_check_and_load(half):
    """What had nothing to do is as young as the sync, also in the file."""
    stores, _ = half
    before = machine_time()

    synced(stores)

    runs = {run.step: run for run in read_noted(stores.settings().warehouse).runs}
    assert runs["transform"].detail == "nothing new"
    assert runs["load"].detail.startswith("nothing new since: ")
    assert min(runs[step].finished_at for step in ("check", "setup", "load")) > before
    asked = told_runs(stores)
    told = [datetime.fromisoformat(asked[step]["finished_at"]) for step in ("check", "load")]
    assert min(told) >= before.replace(microsecond=0, tzinfo=UTC)
    assert asked["load"]["detail"].startswith("nothing new since: ")


def test_what_hubspot_was_found_to_hold_is_sent_again(half):
    """Nothing is new in Shopify, but `plan --refresh` found another value in HubSpot."""
    stores, _ = half
    deal = stores.hubspot_records("deals")[0]
    stores.change_in_hubspot("deals", deal["id"], dealname="Renamed")
    stores.cartwheel("plan", "--refresh")

    synced(stores)

    names = {each["id"]: each["properties"] for each in stores.hubspot_records("deals")}
    assert names[deal["id"]]["dealname"] == deal["properties"]["dealname"]


def test_a_gate_that_was_closed_is_asked_again(half):
    """Nothing is new, but the last check failed: the sync judges, and ends with 4 as well.

    The load did not run, and is as old as it was.
    """
    stores, _ = half
    loaded = told_runs(stores)["load"]
    with open_warehouse(stores.settings().warehouse) as connection:
        connection.execute("update hubspot.deals set deal_currency_code = 'pounds'")
    assert stores.cartwheel("check").exit_code == 4

    again = synced(stores)

    assert again.exit_code == 4
    assert "run: cartwheel" in again.stderr
    assert "sync --full" in again.stderr
    assert told_runs(stores)["load"] == loaded


def test_without_any_store_it_stops(stores):
    """Where no store came, nothing is transformed, and HubSpot carries no write out."""
    done = stores.cartwheel(
        "sync", UK_SHOPIFY_CLIENT_SECRET=WRONG, DE_STORE_SHOPIFY_CLIENT_SECRET=WRONG
    )

    assert done.exit_code == 1
    assert "\nError: 2 of 2 stores" in done.stderr
    assert "transform" not in done.stderr
    # a first sync tries with batches of no records what the token may write: each is refused
    asked = stores.sandboxes[UK].log.writes()
    assert [each for each in asked if each["status"] < 400] == []


def test_a_later_failure_does_not_hide_the_stores(stores):
    """The error of a later station has a note on the store that was not read."""
    stores.set("DE_STORE_SHOPIFY_CLIENT_SECRET", WRONG)

    def lose_what_came(line):
        if "de-store  failed" in line:
            with open_warehouse(stores.settings().warehouse) as connection:
                connection.execute("drop schema raw cascade")

    with pytest.raises(WarehouseError, match="Nothing has been extracted") as failed:
        sync(stores.settings(), lose_what_came)

    (note,) = failed.value.__notes__
    assert DE in note


def test_notes_of_an_error_are_printed():
    """The command prints an error's note below it."""

    def close():
        error = QualityGateClosed("closed")
        error.add_note("1 of 2 stores")
        raise error

    group = Group("any", commands={"check": click.Command("check", callback=close)})

    done = CliRunner().invoke(group, ["check"])
    assert (done.exit_code, done.stderr) == (4, "Error: closed\nError: 1 of 2 stores\n")
