"""Changes of the shop, of its records, tokens, scopes and prices, while it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from tests.torture.extract.case import Body, Case, Stage, Way
from tests.torture.extract.documents import PAGES, SWEPT, asked, exported
from tests.torture.extract.records import NOW, Node, checkout, customer, order, product, stamp
from tests.torture.extract.store import LATER, first_store

WAYS: tuple[Way, ...] = ("pages", "bulk")
MAKE: dict[str, Callable[..., Node]] = {
    "orders": order,
    "customers": customer,
    "products": product,
    "abandoned_checkouts": checkout,
}
ALL_BUT = {
    scope: [
        each
        for each in (
            "read_orders",
            "read_all_orders",
            "read_customers",
            "read_products",
            "read_inventory",
            "read_publications",
            "read_locations",
        )
        if each != scope
    ]
    for scope in ("read_orders", "read_all_orders", "read_customers", "read_products")
}
SCOPE = {
    "orders": "read_orders",
    "customers": "read_customers",
    "products": "read_products",
    "abandoned_checkouts": "read_orders",
}
# numbers of records: two of the first page, one of the second, one that is not there yet
READ, LATE, TO_READ, NEW = 50, 51, 104, 108


def change_cases() -> Iterator[Case]:
    """All of them; the order does not matter, but must not depend on chance."""
    turns = count()
    for way in WAYS:
        for resource in SWEPT:
            yield from _edits(resource, way, turns)
            yield from _comings(resource, way, turns)
            yield from _goings(resource, way)
            yield from _scopes(resource, way, turns)
        yield from _old_orders(way)
        yield from _tokens_and_prices(way)


def _edits(resource: str, way: Way, turns: Iterator[int]) -> Iterator[Case]:
    for name, number in (("edit_of_what_was_read", READ), ("edit_of_what_is_to_read", TO_READ)):
        stage = _stage(next(turns))
        before = _put(resource, MAKE[resource](number, 3, at=_ago(stage, minutes=2)))
        during = _put(resource, MAKE[resource](number, 2, at=_ago(stage)))
        meanwhile = _meanwhile(resource, way, stage, during)
        yield Case(name, resource, way, stage, orders=(meanwhile,), before=(before,))


def _comings(resource: str, way: Way, turns: Iterator[int]) -> Iterator[Case]:
    make, stage = MAKE[resource], _stage(next(turns))
    new = _put(resource, make(NEW, 2, at=_ago(stage)))
    meanwhile = _meanwhile(resource, way, stage, new)
    yield Case("new_record", resource, way, stage, orders=(meanwhile,))
    latest = _put(resource, make(READ, at=_ago(stage)))
    for name, number in (("late_row", NEW), ("late_edit", LATE)):
        late = _put(resource, make(number, 2, at=_ago(stage, minutes=4)))
        yield Case(name, resource, way, stage, before=(latest,), between=(late,))
    long_ago = _put(resource, make(NEW, 2, at=_ago(stage, days=30)))
    yield Case("row_from_long_ago", resource, way, stage, between=(long_ago,), sweep=True)


def _goings(resource: str, way: Way) -> Iterator[Case]:
    gone = {"remove": {"resource": resource, "number": READ}}
    for stage in ("first", "later"):
        meanwhile = _meanwhile(resource, way, stage, gone)
        yield Case("deletion", resource, way, stage, orders=(meanwhile,), sweep=True)
    back = _put(resource, first_store().files[resource][READ])
    yield Case(
        "deletion_and_return",
        resource,
        way,
        "later",
        before=(gone,),
        between=(back,),
        sweep=True,
    )


def _scopes(resource: str, way: Way, turns: Iterator[int]) -> Iterator[Case]:
    lost: Body = {"scopes": ALL_BUT[SCOPE[resource]]}
    stage = _stage(next(turns))
    yield Case("scope_missing", resource, way, stage, (("scopes", lost),), fails=True)
    meanwhile = _meanwhile(resource, way, stage, {"access": lost})
    yield Case("scope_lost", resource, way, stage, orders=(meanwhile,))
    if resource != "products":
        step: Body = {"where": asked("NodesExist"), "do": [{"access": lost}]}
        yield Case(
            "scope_lost-at_confirming",
            resource,
            way,
            "later",
            orders=(("schedule", step),),
            sweep=True,
        )
        unapproved: Body = {"protected_data": False}
        # the checkouts of the store hold none, and beside them there is nothing to probe
        fails = resource != "abandoned_checkouts"
        refused = (("scopes", unapproved),)
        yield Case("customer_data_refused", resource, way, stage, refused, fails=fails)
        meanwhile = _meanwhile(resource, way, stage, {"access": unapproved})
        yield Case("customer_data_lost", resource, way, stage, orders=(meanwhile,))


def _old_orders(way: Way) -> Iterator[Case]:
    """Without read_all_orders, orders older than 60 days vanish without a word."""
    lost: Body = {"scopes": ALL_BUT["read_all_orders"]}
    for stage in ("first", "later"):
        yield Case("old_orders_hidden", "orders", way, stage, (("scopes", lost),), fails=True)
    do = [{"access": lost}]
    listing = asked("OrdersPage") if way == "pages" else exported("orders")
    ids = asked("IdsOrdersPage") if way == "pages" else exported("ids_orders")
    moments: list[tuple[str, str, Stage]] = [
        ("at_listing", listing, "first"),
        ("at_refunds", asked("RefundsPage"), "first"),
        ("at_ids", ids, "later"),
        ("at_confirming", asked("NodesExist"), "later"),
    ]
    for name, where, stage in moments:
        step: Body = {"where": where, "do": do}
        yield Case(
            f"old_orders_lost-{name}",
            "orders",
            way,
            stage,
            orders=(("schedule", step),),
            sweep=stage == "later",
        )


def _tokens_and_prices(way: Way) -> Iterator[Case]:
    short: Body = {"lifetime": 0.1}
    yield Case("short_token", "orders", way, "first", orders=(("tokens", short),))
    for resource in SWEPT:
        for name, budget in (
            ("linear_cost", {"model": "linear"}),
            ("max_cost", {"most": 60}),
            ("unpayable", {"most": 9}),
        ):
            fails = name == "unpayable"
            yield Case(name, resource, way, "first", (("cost", budget),), fails=fails)


def _stage(turn: int) -> Stage:
    return "first" if turn % 2 == 0 else "later"


def _ago(stage: Stage, **much: int) -> str:
    now: datetime = NOW if stage == "first" else LATER
    return stamp(now - timedelta(**much))


def _put(resource: str, node: Node) -> Body:
    return {"put": {"resource": resource, "node": node}}


def _meanwhile(resource: str, way: Way, stage: Stage, *do: Body) -> tuple[str, Body]:
    """Let changes come when part of a resource has been read.

    By pages that is before the second page, or before the rest of what hangs below a
    record; by bulk operations when the exports have begun.
    """
    page, rest, *_ = PAGES[resource]
    where, after = asked("BulkStatus"), 1
    if way == "pages":
        where, after = (asked(page), 1) if stage == "first" else (asked(rest), 0)
    return "schedule", {"where": where, "after": after, "do": list(do)}
