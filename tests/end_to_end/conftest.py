"""The stores that are synced once for all tests, and one that two days pass over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
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

BEHAVIOURS = "/_sandbox/hubspot/behaviours"
GENERATED_ORDERS, GENERATED_SEED = 600, 7

# stores of shared/cases that one sync is about
CASES = [
    "cancelled-before-payment",
    "exchange-for-a-dearer-item",
    "one-of-two-units-returned",
    "open-return",
    "restocking-fee-kept",
    "returned-on-account",
    "tip-and-gift-card",
    "total-a-cent-off",
]

Case = Callable[..., Journey]


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    """The real store, extracted and transformed once."""
    store = shared / "stores" / "online-retail" / "store"
    with journey(tmp_path_factory.mktemp("real"), "--store", str(store)) as made:
        made.cartwheel("extract")
        made.cartwheel("transform")
        yield made


@pytest.fixture(scope="session")
def real_synced(real: Journey) -> Journey:
    """The real store, in HubSpot as well."""
    real.cartwheel("sync")
    return real


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
) -> Iterator[tuple[dict[str, StoreOfSeveral], CompletedProcess[str]]]:
    """The cases by name, after one sync of all, and what became of the sync."""
    sources = [shared / "cases" / name / "store" for name in CASES]
    with served_together(tmp_path_factory.mktemp("together"), sources) as (made, stores):
        yield stores, made.attempt("sync")


@pytest.fixture(scope="session")
def synced_case(
    together: tuple[dict[str, StoreOfSeveral], CompletedProcess[str]],
) -> Callable[[str], StoreOfSeveral]:
    """A store of shared/cases, synced with the others, by its name."""
    stores, _ = together
    return stores.__getitem__


@pytest.fixture(scope="session")
def said(together: tuple[dict[str, StoreOfSeveral], CompletedProcess[str]]) -> list[str]:
    """The lines of the sync of all cases, which ended with 3: two have something held back."""
    _, sync = together
    assert sync.returncode == 3, sync.stderr
    return (sync.stdout + sync.stderr).splitlines()


@dataclass(frozen=True)
class Refused:
    """A small store of which HubSpot takes no contact, after a sync with its log in a file."""

    journey: Journey
    sync: CompletedProcess[str]
    requests: list[dict[str, Any]]

    @property
    def log(self) -> list[str]:
        """The lines of the log file."""
        return (self.journey.folder / "sync.log").read_text().splitlines()


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """The store after one sync, and what the sandbox was asked by then."""
    folder = tmp_path_factory.mktemp("refused")
    with journey(folder, "--store", str(folder / "store"), "--orders", "40") as made:
        made.request("POST", BEHAVIOURS, {"refused_objects": ["contacts"]})
        sync = made.attempt("sync", "--verbose", "--log-file", str(folder / "sync.log"))
        yield Refused(made, sync, made.request("GET", "/_sandbox/requests"))


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
