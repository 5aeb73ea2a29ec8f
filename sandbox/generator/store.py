"""Writes a store folder: in one pass over time, orders and checkouts as they come."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from sandbox.generator.core.files import open_lines, write_document, write_line, write_lines
from sandbox.generator.core.money import SHOP_CURRENCY, currencies
from sandbox.generator.core.times import DAY, NOW, OPENED, SHOP_ZONE, iso
from sandbox.generator.leaving import Leavers
from sandbox.generator.ledger import Ledger
from sandbox.generator.nodes.checkouts import Checkout
from sandbox.generator.nodes.customers import customer_node
from sandbox.generator.nodes.orders import order_line
from sandbox.generator.nodes.products import SHOP_URL, deletion_events, product_node
from sandbox.generator.orders.register import Register
from sandbox.generator.orders.schedule import schedule
from sandbox.generator.orders.selling import orders as sold
from sandbox.generator.sharing import order_file, processes_for
from sandbox.generator.shop.catalogue import Catalogue

CHECKOUTS_PER_ORDER = 0.3
SUBSCRIBERS_PER_ORDER = 0.05


def generate(
    folder: Path,
    orders: int,
    seed: int,
    processes: int | None = None,
    *,
    shop: str | None = None,
) -> None:
    """Write a store of that many orders, test orders included, into a folder.

    Beside the files of a store folder (docs/sandbox.md#the-store-folder) stands `ledger.json`,
    the store's true figures. The same number and seed give the same bytes on every machine. The
    store is called shop, or else by a name that no store of another number or seed has.

    One process writes a small store, two a large one where there are two processors, unless
    `processes` says 1 or 2.

    Raises ValueError if orders is less than one or processes neither, RuntimeError if the
    second process failed.
    """
    if orders < 1:
        raise ValueError(f"a store needs at least one order, not {orders}")
    if processes not in (None, 1, 2):
        raise ValueError(f"one process or two write a store, not {processes}")
    folder.mkdir(parents=True, exist_ok=True)
    # the last to be written: without it the folder is not a store
    (folder / "shop.json").unlink(missing_ok=True)
    processes = processes or processes_for(orders)
    with order_file(folder, orders, seed, processes) as (file, first):
        _write(folder, orders, seed, file, first)
    name = shop or name_of(orders, seed)
    write_document(folder / "shop.json", _shop(name, list(currencies())))


def name_of(orders: int, seed: int) -> str:
    """The name of a generated store, so that two that differ never become one."""
    return f"northwind-demo-{orders}-{seed}.myshopify.com"


def _write(folder: Path, orders: int, seed: int, file: IO[bytes], first: int) -> None:
    """Write all files but shop.json; of the orders those from the slot `first` on."""
    moments, people = schedule(orders, seed)
    catalogue, money = Catalogue(orders, seed), currencies()
    register, ledger = Register(seed, people), Ledger()
    leavers = Leavers(seed, catalogue, register, money)
    with open_lines(folder / "abandoned_checkouts.jsonl") as checkout_file:
        for order in sold(moments, seed, catalogue, register, money):
            register.add_order(order)
            ledger.add_order(order)
            if order.slot >= first:
                file.write(order_line(order, seed))
            checkout = leavers.of_order(order)
            if checkout is not None:
                write_line(checkout_file, checkout.node())
        for checkout in leavers.left(int(orders * CHECKOUTS_PER_ORDER) - leavers.made):
            _enter_open(ledger, checkout)
            write_line(checkout_file, checkout.node())
    for _ in range(int(orders * SUBSCRIBERS_PER_ORDER)):
        subscriber = register.newcomer()
        moment = NOW - DAY - subscriber.draw % (NOW - OPENED - 2 * DAY)
        register.meet(subscriber, moment, recorded=True)
    products = [product for product in catalogue.products if not product.is_deleted]
    write_lines(folder / "products.jsonl", map(product_node, products))
    write_lines(folder / "events.jsonl", deletion_events(catalogue))
    write_lines(
        folder / "customers.jsonl", (customer_node(*each) for each in register.records())
    )
    ledger.counts["products"] = len(products)
    ledger.counts["variants"] = sum(len(product.variants) for product in products)
    ledger.counts.update(register.counts())
    write_document(folder / "ledger.json", ledger.statement())


def _enter_open(ledger: Ledger, checkout: Checkout) -> None:
    if checkout.completed is None:
        ledger.add_open_checkout(checkout.created, checkout.total, len(checkout.lines))


def _shop(name: str, presentment: list[str]) -> dict[str, Any]:
    host = SHOP_URL.removeprefix("https://")
    return {
        "id": "gid://shopify/Shop/1",
        "name": "Northwind Shop",
        "myshopifyDomain": name,
        "primaryDomain": {"host": host, "url": SHOP_URL},
        "ianaTimezone": SHOP_ZONE.key,
        "currencyCode": SHOP_CURRENCY,
        "enabledPresentmentCurrencies": presentment,
        "taxesIncluded": False,
        "weightUnit": "KILOGRAMS",
        "createdAt": iso(OPENED),
        "updatedAt": iso(NOW - 30 * DAY),
        "plan": {
            "publicDisplayName": "Advanced",
            "partnerDevelopment": False,
            "shopifyPlus": False,
        },
        "_now": iso(NOW),
    }
