"""Several stores into one warehouse: apart from each other, and each alone with its faults."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest

from cartwheel.core.errors import AccessDenied, ShopsFailed
from cartwheel.core.progress import silent
from cartwheel.extract_shops import extract_all
from tests.integration.cartwheel.conftest import DE, ORDERS, UK, serve_stores

COUNTS = "select shop, count(*) from raw.orders group by shop order by shop"
WRONG = "wrong-0123"


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Both stores, read by one command, and what it printed."""
    with ExitStack() as stack:
        stores = serve_stores(tmp_path_factory.mktemp("both"), stack)
        yield stores, stores.cartwheel("extract")


@pytest.fixture(scope="module")
def half(tmp_path_factory):
    """Both stores, read by one command with a wrong secret for the first, and its output."""
    with ExitStack() as stack:
        stores = serve_stores(tmp_path_factory.mktemp("half"), stack)
        yield stores, stores.cartwheel("extract", "--json", UK_SHOPIFY_CLIENT_SECRET=WRONG)


def test_both_land_under_their_own_names(both):
    """Two stores with the same ids land side by side, no row of one in the other's place."""
    stores, done = both

    assert (done.exit_code, done.stdout) == (0, "")
    assert stores.rows(COUNTS) == [(DE, ORDERS), (UK, ORDERS)]
    assert stores.rows("select count(distinct id) from raw.orders") == [(ORDERS,)]
    assert stores.rows("select shop from raw.shops order by shop") == [(DE,), (UK,)]


def test_progress_is_labelled_with_the_store(both):
    """Every line of a run over several stores says whose it is, and all align."""
    _, done = both

    assert "for the first time" not in done.stderr  # that is for stores that are not listed
    labels = {line.partition("Z ")[2][:22] for line in done.stderr.splitlines()}
    assert labels == {"extract     uk-store  ", "extract     de-store  "}


def test_one_that_fails_does_not_stop_the_next(half):
    """With a wrong secret in the first store the second lands, and the command fails."""
    stores, done = half

    assert done.exit_code == 1
    assert stores.rows(COUNTS) == [(DE, ORDERS)]


def test_the_failed_store_is_named_at_the_end(half):
    """The last words name the store, its own error and what to type, but no secret."""
    _, done = half

    first, second = done.stderr.splitlines()[-2:]
    assert first.startswith("Error: 1 of 2 stores")
    assert f"cartwheel extract --shop {UK}" in first
    assert second.startswith(f"  {UK}: Shopify gave no token for {UK}")
    assert WRONG not in done.output


def test_json_of_several_stores(half):
    """--json holds a report for each store that came, and each failure with its words."""
    _, done = half

    report = json.loads(done.stdout)
    assert [shop["shop"] for shop in report["shops"]] == [DE]
    assert [failure["shop"] for failure in report["failures"]] == [UK]
    assert report["failures"][0]["message"].startswith("Shopify gave no token")


def test_every_failed_store_is_named(stores):
    """Where no store comes, all are named with their own errors."""
    done = stores.cartwheel(
        "extract", UK_SHOPIFY_CLIENT_SECRET=WRONG, DE_STORE_SHOPIFY_CLIENT_SECRET=WRONG
    )

    *_, first, second = done.stderr.splitlines()
    named = [first, second]
    assert done.exit_code == 1
    assert [line.split(":")[0].strip() for line in named] == [UK, DE]


def test_what_a_failed_store_landed_stays(stores):
    """A store that breaks off on its way keeps what had landed, and the other lands whole."""
    stores.misbehave(UK, "bulk_failed", times=100)

    done = stores.cartwheel("extract", "--via", "bulk")

    assert done.exit_code == 1
    assert stores.rows("select shop from raw.shops order by shop") == [(DE,), (UK,)]
    assert stores.rows(COUNTS) == [(DE, ORDERS)]


def test_watermarks_are_per_shop(stores):
    """A store that was read before is read on from there; a new one is read whole.

    What changed in the one is not changed in the other, though its id is the same.
    """
    stores.cartwheel("extract", "--shop", UK)
    stores.put(UK, "orders", {"id": first_order(stores), "note": "ring twice"})

    report = json.loads(stores.cartwheel("extract", "--json").stdout)

    assert {shop["shop"]: landed(shop)["orders"] for shop in report["shops"]} == {
        UK: 1,
        DE: ORDERS,
    }
    noted = "select shop from raw.orders where payload ->> 'note' = 'ring twice'"
    assert stores.rows(noted) == [(UK,)]


def test_an_interrupt_stops_everything(stores):
    """Ctrl-C while the first store is read does not go on to the second."""

    def interrupt(line):
        assert line.startswith("uk-store")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_all(stores.settings(), interrupt)

    assert stores.sandboxes[UK].log.entries() != []
    assert stores.sandboxes[DE].log.entries() == []


@pytest.mark.parametrize("name", ["de-store", "DE-Store.myshopify.com"])
def test_one_store_can_be_picked(stores, name):
    """--shop reads that store alone; .myshopify.com may be left out."""
    report = json.loads(stores.cartwheel("extract", "--json", "--shop", name).stdout)

    assert (report["shop"], landed(report)["orders"]) == (DE, ORDERS)
    assert stores.rows(COUNTS) == [(DE, ORDERS)]


def test_the_picked_store_fails_with_its_own_error(stores):
    """Where one store is read, the command says its error and nothing of other stores."""
    done = stores.cartwheel("extract", "--shop", UK, UK_SHOPIFY_CLIENT_SECRET=WRONG)

    assert done.exit_code == 1
    assert f"\nError: Shopify gave no token for {UK}" in done.stderr
    assert "stores could not be read" not in done.stderr


def test_a_store_that_is_not_listed_cannot_be_picked(stores):
    """The message lists the stores that there are."""
    done = stores.cartwheel("extract", "--shop", "fr-store")

    said = f"does not list fr-store.myshopify.com, which --shop picks; it lists {UK}, {DE}"
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_one_store_alone_is_said(stores):
    """Where SHOPIFY_SHOP picks one of several, the run says that it leaves out the rest."""
    done = stores.cartwheel("extract", SHOPIFY_SHOP=DE)

    assert f"reading only {DE} of the 2 stores listed" in done.stderr
    assert "shops.toml lists 2 stores; SHOPIFY_SHOP in" in done.stderr
    assert stores.rows(COUNTS) == [(DE, ORDERS)]


def test_missing_secrets_stop_before_the_first_store(stores):
    """Nothing is read while any store lacks a secret."""
    done = stores.cartwheel("extract", DE_STORE_SHOPIFY_CLIENT_SECRET="")

    assert "Settings are missing: DE_STORE_SHOPIFY_CLIENT_SECRET" in done.stderr
    assert stores.sandboxes[UK].log.entries() == []


def test_the_error_carries_the_report(stores):
    """A program that calls the pipeline learns from the error what came all the same."""
    stores.set("UK_SHOPIFY_CLIENT_SECRET", WRONG)

    with pytest.raises(ShopsFailed) as failed:
        extract_all(stores.settings(), silent)

    assert [shop.shop for shop in failed.value.report.shops] == [DE]


def test_the_only_store_raises_its_own_error(stores):
    """A program that reads one store can tell a refused token from other errors."""
    stores.set("UK_SHOPIFY_CLIENT_SECRET", WRONG)

    with pytest.raises(AccessDenied):
        extract_all(stores.settings(), silent, shop=UK)


def first_order(stores):
    """The id of an order, which both stores have."""
    return stores.rows("select min(id) from raw.orders")[0][0]


def landed(report):
    """Rows landed by table, of one store's report."""
    return {table["table"]: table["landed"] for table in report["tables"]}
