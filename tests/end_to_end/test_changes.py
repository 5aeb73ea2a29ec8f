"""Orders, carts and loads after the first sync: dry, killed, changed, planned, stopped."""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from cartwheel.core.warehouse import open_warehouse
from tests.end_to_end.days import LEFT_CART, SHOP
from tests.end_to_end.moment import look
from tests.end_to_end.records import KEYS

OWN = "buyer41@post.example.org"  # whom HubSpot had before the first load


@pytest.fixture(scope="module")
def closed(lively, changed, tmp_path_factory):
    """After a load of a copy in which a deal's currency had become no currency."""
    del changed
    copied = Path(shutil.copy(lively.warehouse, tmp_path_factory.mktemp("closed")))
    edited = replace(lively, warehouse=copied)
    with open_warehouse(copied) as connection:
        connection.execute(
            "update hubspot.deals set deal_currency_code = 'dollars' where dealname = '#1126'"
        )
    edited.request("DELETE", "/_sandbox/requests")
    return look(edited, done=edited.attempt("load"), writes=edited.writes())


def line_key(line, kind="line"):
    """The key of a line's line item."""
    return f"{SHOP}/{kind}:{line['id'].rpartition('/')[2]}"


def test_dry_run_only_reads_from_hubspot(dry):
    """`sync --dry-run` looks up which contacts HubSpot has, and writes nothing."""
    assert not [each for each in dry.told["requests"] if each["write"]]


def test_dry_run_shows_the_contact_that_was_there_as_an_update(dry):
    """A contact that HubSpot had before the first load is not planned to be created."""
    assert dry.told["plan"]["adopted"] == 1
    assert dry.told["plan"]["objects"]["contacts"]["update"] == 1


def test_load_was_killed(begun):
    """SIGKILL met both loads before their end."""
    assert begun.told["killed"] == [-signal.SIGKILL] * 2


@pytest.mark.parametrize("object_type", KEYS)
def test_killed_load_leaves_no_loss_and_no_double(dry, begun, object_type):
    """After the kills and a load in peace, HubSpot has as many records as were planned."""
    planned = dry.told["plan"]["objects"][object_type]

    assert begun.counts[object_type] == planned["create"] + planned["update"]


@pytest.mark.parametrize("object_type", KEYS)
def test_killed_load_leaves_the_values_of_the_mart(begun, object_type):
    """After the kills and a load in peace, every value of the marts stands in HubSpot."""
    for key, row in begun.told["mart"][object_type].items():
        wanted = {name: value for name, value in row.items() if value is not None}
        if key == OWN:  # it was there before the import, so it is not of it
            wanted = {name: wanted[name] for name in wanted if "original_source" not in name}

        assert (
            begun.told["found"][object_type][key] | wanted
            == (begun.told["found"][object_type][key])
        )


@pytest.mark.parametrize("object_type", [*KEYS, "associations"])
@pytest.mark.parametrize("action", ["create", "update", "delete"])
def test_load_writes_what_the_plan_said(changed, object_type, action):
    """`plan --json` before a load gives the very counts of that load."""
    loaded = changed.told["report"]["objects"].get(object_type, {}).get(action, 0)
    if object_type == "contacts" and action == "update":
        loaded += 1  # buyer36, whom a person deleted in HubSpot: known as of the last read

    assert loaded == changed.told["plan"]["objects"][object_type][action]


def test_only_changed_deals_are_written(begun, changed):
    """Of the deals, only those with a change in Shopify or in age are written."""
    of_orders = {changed.deal(name) for name in ("#1123", "#1125", "#1127", "#1148")}
    carts = (30000000000007, 30000000000009)
    of_carts = {changed.deal(f"#{cart}") for cart in carts}

    assert changed.changed_since(begun, "deals") == of_orders | of_carts


@pytest.mark.parametrize("object_type", ["products", "line_items"])
def test_no_other_record_is_written(begun, changed, object_type):
    """No living product and no living line item is written: none has changed."""
    assert changed.changed_since(begun, object_type) == set()


def test_note_of_an_order_changes_one_property(begun, changed):
    """A new note on an order changes its deal's note and nothing else of it."""
    deal = changed.deal("#1123")

    assert changed.properties_since(begun, "deals", deal) == {"shopify_note"}


def test_edited_order_changes_its_deal(begun, changed):
    """An order from which a line was taken changes what its deal is worth and nothing else."""
    deal = changed.deal("#1125")

    names = changed.properties_since(begun, "deals", deal)
    of_hubspot = {"amount_in_home_currency"}
    assert names - of_hubspot == {"amount", "shopify_net_amount"}


def test_line_taken_off_an_order_is_archived(changed):
    """The line item of a line that was taken off an order is in HubSpot's recycle bin."""
    assert line_key(changed.told["edited"]) in changed.archived["line_items"]


def test_product_taken_out_of_a_cart_is_archived(changed):
    """The line item of a product that was taken out of a cart is in HubSpot's recycle bin."""
    assert line_key(changed.told["left"], "checkout-line") in changed.archived["line_items"]


def test_refunded_order_is_cancelled(changed):
    """A deal whose order was refunded as a whole is worth nothing and is cancelled."""
    deal = changed.values("deals", changed.deal("#1127"))

    assert (Decimal(deal["amount"]), deal["dealstage"]) == (Decimal(0), "cancelled")


def test_partial_refund_lowers_the_amount(begun, changed):
    """A deal's amount falls by the line that was refunded, taxes included."""
    deal = changed.deal("#1148")
    before, after = (Decimal(at.values("deals", deal)["amount"]) for at in (begun, changed))

    assert before - after == Decimal("18.39") + Decimal("1.33")


def test_refund_counts_on_the_day_of_the_refund(lively, changed):
    """The refunds, and the edit, are in the sales of the shop's day on which they happened."""
    taken_off = Decimal("53.99") + Decimal("4.79")

    assert -lively.value(
        "select total_sales from reports.daily_sales where sale_date = '2026-11-22'"
    ) == (changed.told["refunded"] + taken_off)


def test_ledger_identity_holds_after_refunds(lively, changed):
    """Every day's net and total sales are what their parts make."""
    assert changed
    assert not lively.rows(
        "select * from reports.daily_sales where net_sales <> gross_sales - discounts - returns"
        " or total_sales <> net_sales + shipping + taxes + duties + fees"
    )


def test_cart_is_abandoned_after_a_day(begun, changed):
    """A checkout's deal goes from pending to abandoned when the clock passes 24 hours."""
    deal = changed.deal(f"#{LEFT_CART}")

    stages = [at.values("deals", deal)["dealstage"] for at in (begun, changed)]
    assert stages == ["checkout_pending", "checkout_abandoned"]


@pytest.mark.nightly
def test_recovered_cart_keeps_its_deal(changed, later):
    """The deal of a recovered checkout is the order's, with the same HubSpot id."""
    cart, order = changed.deal(f"#{LEFT_CART}"), later.deal("#2001")

    assert later.living["deals"][order]["id"] == changed.living["deals"][cart]["id"]


@pytest.mark.nightly
def test_recovered_cart_is_processed(later):
    """The deal of a recovered and paid checkout is in the stage of a paid order."""
    assert later.values("deals", later.deal("#2001"))["dealstage"] == "processed"


@pytest.mark.nightly
def test_lines_of_the_order_replace_the_carts(later):
    """A recovered deal has the order's line items, and the checkout's no more."""
    lines = later.told["order"]["lineItems"]["nodes"]

    assert later.lines_of(later.deal("#2001")) == {line_key(line) for line in lines}


def test_closed_gate_ends_with_1(closed):
    """A load whose data fail an expectation ends with exit code 1 and says so."""
    done = closed.told["done"]

    assert (done.returncode, "quality gate is closed" in done.stderr) == (4, True), done


def test_closed_gate_stops_every_write(closed):
    """A load whose data fail an expectation writes nothing to HubSpot."""
    assert closed.told["writes"] == []
