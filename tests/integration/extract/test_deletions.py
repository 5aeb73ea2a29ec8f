"""What is gone in Shopify: marked with the time it was seen, kept in the history, careful."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from cartwheel.core.errors import AccessDenied, DeletionsRefused
from extract.land.landing import land
from extract.land.run_log import Run
from extract.land.staged_file import StagedFile
from extract.reconcile.deletions import mark_gone
from extract.reconcile.id_diff import Difference, compare, guard, is_due, note_sweep
from extract.run import extract
from extract.shopify.api_usage import Usage
from extract.shopify.resources import CUSTOMERS, ORDERS
from tests.integration.extract.nodes import LAST_DAY, customer, gid, order
from tests.nightly import mostly_nightly

FIRST, SECOND = datetime(2026, 11, 23), datetime(2026, 11, 23, 1)
SWEPT = [("orders", 2), ("customers", 12), ("abandoned_checkouts", 61)]


def sweeps(shop):
    """The resources whose ids the last run compared."""
    query = (
        "select resource from ops.extract_runs where via = 'ids' "
        "and run_id = (select arg_max(run_id, started_at) from ops.extract_runs) order by 1"
    )
    return [resource.removesuffix(" sweep") for (resource,) in shop.rows(query)]


@pytest.mark.usefixtures("first_extract")
def test_deleted_product_is_marked_by_its_event(shop):
    """Shopify tells of deleted products, so no ids need to be compared."""
    shop.delete("products", 22)
    shop.wait(hours=1)

    report = extract(shop.settings)

    query = "select id, deleted_at from raw.products where deleted_at is not null"
    assert shop.rows(query) == [(gid("Product", 22), SECOND)]
    assert [table.deleted for table in report.tables if table.table == "products"] == [1]
    assert sweeps(shop) == []


@pytest.mark.parametrize(("table", "number"), mostly_nightly(SWEPT, 0))
@pytest.mark.usefixtures("first_extract")
def test_deleted_record_is_marked_with_the_time_it_was_seen(shop, table, number):
    """Orders, customers and checkouts have no events: their ids are compared."""
    shop.delete(table, number)
    shop.wait(hours=1)

    extract(shop.settings)

    query = f"select deleted_at, landed_at from raw.{table} where id like '%/{number}'"
    assert shop.rows(query) == [(SECOND, SECOND)]
    history = f"select deleted_at, landed_at, payload is not null from raw.{table}_history"
    assert shop.rows(history) == [(None, FIRST, True)]
    assert sweeps(shop) == [table]


@pytest.mark.usefixtures("first_extract")
def test_next_run_leaves_a_tombstone_alone(shop):
    """A deletion is noted once: its time does not move on with every run."""
    shop.delete("orders", 2)
    shop.wait(hours=1)
    extract(shop.settings)
    shop.wait(days=1)

    report = extract(shop.settings)

    assert report.rows_landed == 0
    assert shop.rows("select deleted_at from raw.orders where id like '%/2'") == [(SECOND,)]


@pytest.fixture
def crowd(shop):
    """A shop that had 14 customers when it was read, and lost 12 of them since."""
    for number in range(100, 112):
        shop.put("customers", customer(number))
    extract(shop.settings)
    for number in range(100, 112):
        shop.delete("customers", number)
    return shop


def test_too_many_deletions_are_refused(crowd):
    """Where more vanished than CARTWHEEL_SWEEP_LIMIT allows, none is marked without a word.

    What is lacking is read all the same, and a run that may mark them all does.
    """
    crowd.put("customers", customer(13))

    with pytest.raises(DeletionsRefused, match="cartwheel extract --allow-deletes") as refusal:
        extract(crowd.settings)

    assert "12 of 14 stored customers" in str(refusal.value)
    assert "CARTWHEEL_SWEEP_LIMIT" in str(refusal.value)
    assert len(crowd.living("customers")) == 15

    extract(crowd.settings, allow_deletes=True)

    assert crowd.living("customers") == [11, 12, 13]


def test_guard_takes_the_limit_of_the_settings(run):
    """12 of 14 are too many for the usual limit, and not for one of nine tenths."""
    gone = Difference(14, 2, [gid("Customer", number) for number in range(12)], [])

    guard(Run(replace(run.settings, sweep_limit=Decimal("0.9"))), CUSTOMERS, gone)

    with pytest.raises(DeletionsRefused):
        guard(run, CUSTOMERS, gone)


def test_ids_are_due_once_a_day(run, warehouse):
    """They are where the last comparison was almost a day ago, and not half a day."""
    for hours, due in ((12, False), (23.8, True)):
        before = replace(run.settings, now=run.settings.clock() - timedelta(hours=hours))
        note_sweep(warehouse, Run(before), ORDERS, 0, 0)

        assert is_due(warehouse, run, ORDERS, 0) == due


def test_a_later_change_and_what_came_back_are_lacking(run, warehouse, deliveries):
    """Of three listed orders one is as we hold it, one changed, and one was deleted here."""
    held = [order(number, lines=0) for number in (1, 2, 3)]
    land(warehouse, StagedFile(ORDERS, deliveries.write(*held), None, None, Usage()), run)
    mark_gone(warehouse, run, "orders", [gid("Order", 3)])
    listed = deliveries.write(held[0], held[1] | {"updatedAt": LAST_DAY}, held[2])

    found = compare(warehouse, run, ORDERS, listed)

    assert (found.gone, found.lacking) == ([], [gid("Order", 2), gid("Order", 3)])


@pytest.mark.nightly
def test_many_deletions_are_marked_when_they_are_allowed(crowd):
    """Asked to, a run marks them all."""
    extract(crowd.settings, allow_deletes=True)

    assert crowd.living("customers") == [11, 12]


@pytest.mark.nightly
def test_limit_of_deletions_is_a_setting(crowd):
    """A higher CARTWHEEL_SWEEP_LIMIT lets them pass."""
    extract(replace(crowd.settings, sweep_limit=Decimal("0.9")))

    assert crowd.living("customers") == [11, 12]


@pytest.mark.nightly
def test_refused_deletions_do_not_hold_back_what_is_lacking(crowd):
    """A record that never came is read, though what vanished is not marked."""
    crowd.put("customers", customer(13))

    with pytest.raises(DeletionsRefused):
        extract(crowd.settings)

    assert 13 in crowd.living("customers")


@pytest.mark.usefixtures("first_extract")
def test_ids_are_not_compared_where_nothing_speaks_for_it(shop):
    """A run an hour later, of a shop whose numbers agree, asks for no ids."""
    shop.wait(hours=1)
    shop.look_out_for("IdsOrdersPage")

    extract(shop.settings)

    assert not shop.was_asked("IdsOrdersPage")
    assert sweeps(shop) == []


@pytest.mark.nightly
@pytest.mark.usefixtures("first_extract")
def test_ids_are_compared_once_a_day(shop):
    """The run of the next day compares all ids, also if it begins some minutes earlier."""
    shop.wait(hours=23, minutes=50)
    shop.look_out_for("IdsOrdersPage")

    extract(shop.settings)

    assert shop.was_asked("IdsOrdersPage")
    assert sweeps(shop) == ["abandoned_checkouts", "customers", "orders", "products"]


@pytest.mark.usefixtures("first_extract")
def test_ids_are_compared_on_request(shop):
    """With sweep they are, whenever it is."""
    extract(shop.settings, sweep=True)

    assert sweeps(shop) == ["abandoned_checkouts", "customers", "orders", "products"]


def test_orders_are_not_swept_where_only_the_window_shows(serve):
    """Row 11: without read_all_orders an order that does not show may just be old."""
    shop = serve()
    extract(shop.settings)
    shop.grant("read_orders", "read_customers", "read_products", "read_inventory")
    shop.wait(days=1)
    with pytest.raises(AccessDenied, match="read_all_orders"):
        extract(shop.settings)

    extract(shop.settings, since=timedelta(days=60), sweep=True)

    assert shop.living("orders") == [1, 2, 3]
    assert "orders" not in sweeps(shop)


@pytest.mark.nightly
@pytest.mark.usefixtures("first_extract")
def test_order_that_comes_back_lives_again(shop):
    """An order that is listed again is no longer deleted, and has its lines and sales."""
    lost = shop.get("orders", 2)
    shop.delete("orders", 2)
    extract(shop.settings)
    assert shop.living("orders") == [1, 3]
    shop.put("orders", lost)

    extract(shop.settings)

    assert shop.living("orders") == [1, 2, 3]
    other = shop.elsewhere()
    extract(other.settings)
    assert shop.landed() == other.landed()


@pytest.mark.usefixtures("first_extract")
def test_record_that_only_the_list_lacks_is_kept(shop):
    """Before a record is marked, Shopify is asked for it by its id: the index may be wrong."""
    lost = shop.get("orders", 2)
    shop.schedule("IdsOrdersPage", {"remove": {"resource": "orders", "number": 2}})
    shop.schedule("NodesExist", {"put": {"resource": "orders", "node": lost}})

    report = extract(shop.settings, sweep=True)

    assert shop.living("orders") == [1, 2, 3]
    assert [warning for warning in report.warnings if "missing from Shopify's list" in warning]


@pytest.mark.nightly
@pytest.mark.usefixtures("first_extract")
def test_order_created_while_ids_are_compared_is_read(shop):
    """What comes between the reading and the comparison is lacking, not gone."""
    node = order(4, lines=2, at="2026-11-23T00:00:00Z")
    shop.schedule("IdsOrdersPage", {"put": {"resource": "orders", "node": node}})

    extract(shop.settings, sweep=True)

    assert shop.living("orders") == [1, 2, 3, 4]
    assert len(shop.living("sales")) == 8
