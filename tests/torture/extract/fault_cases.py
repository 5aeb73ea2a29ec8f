"""Faults of requests and of bulk operations (sandbox/shopify/graphql/faults.py), as cases.

A fault that passes happens once or twice and a run may get over it; one that lasts goes on
until the run gives up. Which of these, which stage and which document of its resource a
fault gets is drawn, by a seed, without putting back: so each resource meets all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, product

from tests.torture.extract.case import Body, Case, Stage, Way
from tests.torture.extract.documents import (
    IDS,
    LISTED,
    PAGES,
    PREFLIGHT,
    SWEPT,
    asked,
    exported,
)

REQUEST_KINDS = (
    "throttled",
    "unavailable",
    "too_many_requests",
    "expired_token",
    "reset",
    "lost_reply",
    "cut_short",
    "slow",
    "no_json",
    "internal_error",
    "partial_data",
)
BULK_KINDS = (
    "bulk_truncated",
    "bulk_short",
    "bulk_blank_lines",
    "bulk_empty",
    "bulk_failed",
    "bulk_canceled",
    "bulk_expired",
    "bulk_stalled",
    "bulk_transfer_cut",
    "bulk_url_wrong",
    "bulk_url_expired",
)
SECONDS = {"too_many_requests": 0.02, "slow": 0.05}
LASTING = 1000  # times
STAGES: tuple[Stage, ...] = ("first", "later")
# records that are landed at once, so that what is read is landed, and its watermark moved,
# part by part, the first part before the fault
BATCH: dict[Stage, int] = {"first": 40, "later": 2}
PROTECTED = {  # documents that ask for protected customer data
    "orders": ("OrdersPage",),
    "customers": ("CustomersPage", "CustomerAddressesRest"),
    "abandoned_checkouts": ("AbandonedCheckoutsPage",),
}


def fault_cases() -> Iterator[Case]:
    """All of them; the order does not matter, but must not depend on chance."""
    # nothing at all goes wrong: undisturbed runs read by bulk operations, these by pages
    for resource, stage in product(SWEPT, STAGES):
        yield Case("peace", resource, "pages", stage)
    for resource, documents in PAGES.items():
        yield from _by_pages(resource, documents)
    for resource, documents in IDS.items():
        yield from _by_pages(resource, documents, ("later",), sweep=True)
    yield from _by_pages("products", ("ProductDeletionsPage",), ("later",), sweep=True)
    yield from _by_pages("customers", PREFLIGHT)
    for resource, documents in PROTECTED.items():
        yield from _by_pages(resource, documents, kinds=("access_denied",) * 2)
        yield from _by_bulk(resource, resource, kinds=("access_denied",) * 2)
    yield from _by_pages("customers", ("Access",), kinds=("access_denied",))
    for resource in LISTED:
        yield from _by_bulk(resource, resource, kinds=REQUEST_KINDS + BULK_KINDS)
    for resource in SWEPT:
        kinds = ("reset", "lost_reply", "expired_token", *BULK_KINDS)
        yield from _by_bulk(resource, f"ids_{resource}", ("later",), kinds)
    draw = _drawn("polls", SWEPT)
    for kind in REQUEST_KINDS:
        resource, stage, lasts = next(draw)
        where = asked("BulkStatus")
        yield _fault(f"{kind}-polls", kind, resource, "bulk", stage, where, lasts=lasts)
    yield from _children_cut()


def _children_cut() -> Iterator[Case]:
    unknowable = {"customers": "Shopify tells nowhere how many addresses there are"}
    kind = "bulk_children_cut"
    for resource in LISTED:
        yield _fault(
            kind,
            kind,
            resource,
            "bulk",
            "first",
            exported(resource),
            unknowable=unknowable.get(resource, ""),
        )


def _by_pages(
    resource: str,
    documents: Sequence[str],
    stages: Sequence[Stage] = STAGES,
    kinds: Sequence[str] = REQUEST_KINDS,
    sweep: bool = False,
) -> Iterator[Case]:
    draw = _drawn(f"{resource} {documents}", documents, stages)
    for kind in kinds:
        document, stage, lasts = next(draw)
        # in a first run the second page is hit, when the first one has been read
        after = 1 if stage == "first" and document == PAGES[resource][0] else 0
        name, where = f"{kind}-{document}", asked(document)
        yield _fault(name, kind, resource, "pages", stage, where, after, lasts, sweep)


def _by_bulk(
    resource: str,
    document: str,
    stages: Sequence[Stage] = STAGES,
    kinds: Sequence[str] = REQUEST_KINDS,
) -> Iterator[Case]:
    draw = _drawn(document, (document,), stages)
    for kind in kinds:
        _, stage, lasts = next(draw)
        sweep = document != resource
        name, where = f"{kind}-ids" if sweep else kind, exported(document)
        yield _fault(name, kind, resource, "bulk", stage, where, lasts=lasts, sweep=sweep)


def _drawn(
    seed: str, names: Sequence[str], stages: Sequence[Stage] = STAGES
) -> Iterator[tuple[str, Stage, bool]]:
    """Names, stages and whether a fault lasts, every combination before one comes again."""
    every = list(product(names, stages, (True, False)))
    return cycle(random.Random(seed).sample(every, len(every)))


def _fault(
    name: str,
    kind: str,
    resource: str,
    way: Way,
    stage: Stage,
    where: str,
    after: int = 0,
    lasts: bool = False,
    sweep: bool = False,
    unknowable: str = "",
) -> Case:
    passing = 1 if way == "bulk" else 2
    order: Body = {
        "kind": kind,
        "times": LASTING if lasts else passing,
        "where": where,
        "after": after,
        "seconds": SECONDS.get(kind),
    }
    return Case(
        f"{name}-{'lasts' if lasts else 'passes'}",
        resource,
        way,
        stage,
        orders=(("faults", order),),
        sweep=sweep,
        batch=BATCH[stage] if way == "pages" and lasts else None,
        unknowable=unknowable,
    )
