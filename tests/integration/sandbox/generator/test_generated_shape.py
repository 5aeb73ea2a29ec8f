"""Generated nodes have the shape of the real store's."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

FREE = (".agreements.nodes[].sales.nodes[].", ".purchasingEntity.")
"""Here the keys depend on the type of the node."""

REFUND_PARTS = ("refundLineItems", "refundShippingLines", "orderAdjustments")


def _paths(node: Any, path: str = "") -> set[str]:
    """The paths of all objects' keys, `[]` for any element of a list."""
    found: set[str] = set()
    if isinstance(node, dict):
        for key, value in node.items():
            found.add(f"{path}.{key}")
            found |= _paths(value, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            found |= _paths(value, f"{path}[]")
    return found


def _by_object(paths: set[str]) -> dict[str, set[str]]:
    """The keys of each object, by the object's path."""
    keys: dict[str, set[str]] = {}
    for path in paths:
        parent, _, key = path.rpartition(".")
        keys.setdefault(parent, set()).add(key)
    return keys


def _missing(node: Any, known: dict[str, set[str]], path: str = "") -> set[str]:
    """The known keys that an object of the node lacks, where the object is there at all."""
    lacking: set[str] = set()
    if isinstance(node, dict):
        lacking |= {f"{path}.{key}" for key in known.get(path, set()) - node.keys()}
        for key, value in node.items():
            lacking |= _missing(value, known, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            lacking |= _missing(value, known, f"{path}[]")
    return lacking


def _real(shared: Path, name: str, most: int) -> list[Any]:
    path = shared / "stores/online-retail/store" / f"{name}.jsonl.gz"
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(most), strict=False)]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["orders", "customers", "products"])
def test_nodes_have_every_key_of_the_real_store(generated, shared, name):
    """No generated node lacks a key that a node of the real store has at that place."""
    known: set[str] = set()
    for node in _real(shared, name, 200):
        known |= _paths(node)
    known = {path for path in known if not path.startswith(FREE)}
    keys = _by_object(known - {".agreements.nodes[].refund"})

    lacking: set[str] = set()
    for node in generated.nodes(name):
        lacking |= _missing(node, keys)
    assert lacking == set()


@pytest.mark.shared
def test_shop_has_every_key_of_the_real_store(generated, shared):
    """The shop node, clock included, has the real one's keys."""
    real = json.loads((shared / "stores/online-retail/store/shop.json").read_text())

    assert _missing(generated.document("shop.json"), _by_object(_paths(real))) == set()


@pytest.mark.shared
def test_ledger_has_the_shape_of_the_reference(generated, shared):
    """The stated ledger has the measures of the real store's reference, in their order."""
    real = json.loads((shared / "stores/online-retail/reference.json").read_text())

    stated = generated.document("ledger.json")["sales_ledger"]
    rows = [stated["total"], *stated["monthly"].values(), *stated["daily"].values()]
    assert {tuple(row) for row in rows} == {tuple(real["sales_ledger"]["total"])}


@pytest.mark.parametrize("name", ["orders", "customers", "products", "abandoned_checkouts"])
def test_ids_are_unique(generated, name):
    """No two nodes of a file have the same id."""
    ids = [node["id"] for node in generated.nodes(name)]

    assert len(ids) == len(set(ids))


def test_ids_within_orders_are_unique(orders):
    """Lines, sales, agreements, refunds with their parts, and transactions have own ids."""
    ids: list[str] = []
    for order in orders:
        ids += [line["id"] for line in order["lineItems"]["nodes"]]
        for refund in order["refunds"]:
            parts = [refund[name]["nodes"] for name in REFUND_PARTS]
            ids += [refund["id"], *(node["id"] for nodes in parts for node in nodes)]
        ids += [transaction["id"] for transaction in order["transactions"]]
        for agreement in order["agreements"]["nodes"]:
            ids += [agreement["id"], *(sale["id"] for sale in agreement["sales"]["nodes"])]

    assert len(ids) == len(set(ids))


def test_customers_sum_up_their_orders(customers, orders):
    """A customer's number of orders is that of the orders, tests left out."""
    placed = [order for order in orders if order["customer"] and not order["test"]]
    counts = {customer["id"]: int(customer["numberOfOrders"]) for customer in customers}

    for order in placed:
        counts[order["customer"]["id"]] -= 1
    assert set(counts.values()) == {0}
