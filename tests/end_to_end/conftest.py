"""The stores that are synced once for all tests, and one that two days pass over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end import records
from tests.end_to_end.days import (
    CONTACTS,
    FIRST_DAY,
    LEFT_CART,
    SECOND_DAY,
    kill_load_at,
    work_in_hubspot,
    work_in_shopify,
)
from tests.end_to_end.journey import Journey, journey
from tests.end_to_end.merchant import Merchant
from tests.end_to_end.moment import Moment, look
from tests.end_to_end.records import KEYS
from tests.end_to_end.stores_together import StoreOfSeveral, served_together

GENERATED_ORDERS, GENERATED_SEED = 1500, 7

# stores of shared/cases of which nothing is warned
IN_ORDER = [
    "cancelled-before-payment",
    "exchange-for-a-dearer-item",
    "one-of-two-units-returned",
    "restocking-fee-kept",
    "returned-on-account",
    "tip-and-gift-card",
]

Case = Callable[..., Journey]


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The real store, synced once."""
    store = shared / "stores" / "online-retail" / "store"
    with journey(tmp_path_factory.mktemp("real"), "--store", str(store)) as made:
        made.cartwheel("sync")
        yield made


@pytest.fixture(scope="session")
def reference(shared: Path) -> dict[str, Any]:
    """The real store's true figures, its fractions as decimal text."""
    path = shared / "stores" / "online-retail" / "reference.json"
    return json.loads(path.read_text(), parse_float=str)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """A made-up store that holds what the real one lacks, synced once."""
    folder = tmp_path_factory.mktemp("generated")
    options = ["--store", str(folder / "store")]
    options += ["--orders", str(GENERATED_ORDERS), "--seed", str(GENERATED_SEED)]
    with journey(folder, *options) as made:
        made.cartwheel("sync")
        yield made


@pytest.fixture(scope="session")
def ledger(generated: Journey) -> dict[str, Any]:
    """What the generator itself says of its store: `sales_ledger` and `counts`."""
    return json.loads((generated.folder / "store" / "ledger.json").read_text())


@pytest.fixture(scope="module")
def case(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Start the journey of a store of shared/cases, by its name; nothing is synced yet."""
    with ExitStack() as started:

        def case(name: str, store: str = "store") -> Journey:
            folder, source = tmp_path_factory.mktemp(name), shared / "cases" / name / store
            return started.enter_context(journey(folder, "--store", str(source)))

        yield case


@pytest.fixture(scope="session")
def together(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, StoreOfSeveral], str]]:
    """The cases that are in order, by name, after one sync of all, and what the sync said."""
    sources = [shared / "cases" / name / "store" for name in IN_ORDER]
    with served_together(tmp_path_factory.mktemp("together"), sources) as (made, stores):
        yield stores, made.cartwheel("sync")


@pytest.fixture(scope="session")
def in_order(
    together: tuple[dict[str, StoreOfSeveral], str],
) -> Callable[[str], StoreOfSeveral]:
    """A store of shared/cases that is in order, synced with the others, by its name."""
    stores, _ = together
    return stores.__getitem__


@pytest.fixture(scope="session")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """A small made-up store, and a HubSpot account in which a person has worked before."""
    folder = tmp_path_factory.mktemp("changes")
    options = ["--store", str(folder / "store"), "--orders", "150", "--seed", "11"]
    with journey(folder, *options) as made:
        own = {"email": "buyer41@post.example.org", "firstname": "Own", "phone": "+1 555 0141"}
        made.request("POST", CONTACTS, {"properties": own, "associations": []})
        yield made


@pytest.fixture(scope="session")
def dry(lively: Journey) -> Moment:
    """After `sync --dry-run`."""
    lively.request("DELETE", "/_sandbox/requests")
    lively.cartwheel("sync", "--dry-run")
    seen = lively.request("GET", "/_sandbox/requests?api=hubspot")
    return look(lively, requests=seen, plan=json.loads(lively.cartwheel("plan", "--json")))


@pytest.fixture(scope="session")
def begun(lively: Journey, dry: Moment) -> Moment:
    """After a first load that was killed twice on its way."""
    del dry
    lively.cartwheel("setup")
    killed = [kill_load_at(lively, path) for path in ("/deals/batch", "/line_items/batch")]
    lively.cartwheel("load")
    return look(
        lively,
        killed=killed,
        mart={name: records.of_mart(lively, name) for name in KEYS},
        found={name: records.of_hubspot(lively, name) for name in KEYS},
    )


@pytest.fixture(scope="session")
def changed(lively: Journey, begun: Moment) -> Moment:
    """After a first day's changes, carried by extract, transform, plan and load."""
    merchant = Merchant(lively)
    merchant.wait_until(FIRST_DAY)
    work_in_hubspot(lively, begun)
    told = work_in_shopify(merchant)
    lively.cartwheel("extract")
    lively.cartwheel("transform")
    plan = json.loads(lively.cartwheel("plan", "--json"))
    lively.request("DELETE", "/_sandbox/requests")
    report = json.loads(lively.cartwheel("load", "--json"))
    return look(lively, plan=plan, report=report, status=lively.cartwheel("status"), **told)


@pytest.fixture(scope="session")
def later(lively: Journey, changed: Moment) -> Moment:
    """After a sync of the next day: a checkout is recovered, a lost contact changes again."""
    del changed
    merchant = Merchant(lively)
    merchant.wait_until(SECOND_DAY)
    order = merchant.recover(LEFT_CART, like="#1126")
    merchant.change("customers", 7000000000396, note="called again", tags=["back"])
    lively.cartwheel("sync")
    return look(lively, order=order)
