"""Faults of requests and of bulk operations (sandbox/shopify/faults.py), as cases.

A fault that passes happens once or twice and a run may get over it; one that lasts goes on
until the run gives up. Which of these, which stage and which document of its resource a
fault gets goes round, so that each fault and each resource meets all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from torture.case import Body, Case, Stage, Way
from torture.documents import IDS, LISTED, PAGES, PREFLIGHT, SWEPT, asked, exported

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
    "bulk_url_expired",
)
SECONDS = {"too_many_requests": 0.02, "slow": 0.05}
LASTING = 1000  # times
# records that are landed at once, so that what is read is landed, and its watermark moved,
# part by part, the first part before the fault
BATCH: dict[Stage, int] = {"first": 40, "later": 2}
PROTECTED = {  # documents that ask for protected customer data
    "orders": ("OrdersPage",),
    "customers": ("CustomersPage", "CustomerAddressesRest"),
    "abandoned_checkouts": ("AbandonedCheckoutsPage",),
}
NO_NUMBER = "Shopify tells nowhere how many {} there are"


def fault_cases() -> Iterator[Case]:
    """All of them; the order does not matter, but must not depend on chance."""
    turns = count()
    for kind in REQUEST_KINDS:
        for resource, documents in PAGES.items():
            yield _by_pages(kind, resource, documents, next(turns))
        for resource, documents in IDS.items():
            yield _by_pages(kind, resource, documents, next(turns), "later", name="ids")
        gone = ("ProductDeletionsPage",)
        yield _by_pages(kind, "products", gone, next(turns), "later", name="events")
        yield _by_pages(kind, "customers", PREFLIGHT, next(turns), name="preflight")
        for resource in LISTED:
            yield _by_bulk(kind, resource, resource, next(turns))
        polls = SWEPT[next(turns) % len(SWEPT)]
        yield _fault(kind, polls, "bulk", next(turns), asked("BulkStatus"), name="polls")
        ids = SWEPT[next(turns) % len(SWEPT)]
        yield _by_bulk(kind, ids, f"ids_{ids}", next(turns), "later", name="ids")
    for kind in BULK_KINDS:
        for resource in LISTED:
            yield _by_bulk(kind, resource, resource, next(turns))
        for resource in SWEPT:
            ids = f"ids_{resource}"
            yield _by_bulk(kind, resource, ids, next(turns), "later", name="ids")
    for resource, documents in PROTECTED.items():
        for _ in range(2):
            yield _by_pages("access_denied", resource, documents, next(turns))
            yield _by_bulk("access_denied", resource, resource, next(turns))
    yield _by_pages("access_denied", "customers", ("Access",), next(turns), name="preflight")
    yield from _children_cut(turns)


def _children_cut(turns: Iterator[int]) -> Iterator[Case]:
    unknowable = {
        "customers": NO_NUMBER.format("addresses"),
        "abandoned_checkouts": NO_NUMBER.format("lines of a checkout"),
    }
    for resource in LISTED:
        yield _fault(
            "bulk_children_cut",
            resource,
            "bulk",
            next(turns),
            exported(resource),
            "first",
            unknowable=unknowable.get(resource, ""),
        )


def _by_pages(
    kind: str,
    resource: str,
    documents: tuple[str, ...],
    turn: int,
    stage: Stage | None = None,
    name: str = "",
) -> Case:
    document = documents[(turn + turn // 4) % len(documents)]
    stage = stage or ("first", "later")[turn % 2]
    # in a first run the second page is hit, when the first one has been read
    second = stage == "first" and document == PAGES[resource][0]
    where, after = asked(document), 1 if second else 0
    return _fault(kind, resource, "pages", turn, where, stage, after, name or document)


def _by_bulk(
    kind: str,
    resource: str,
    document: str,
    turn: int,
    stage: Stage | None = None,
    name: str = "",
) -> Case:
    return _fault(kind, resource, "bulk", turn, exported(document), stage, name=name)


def _fault(
    kind: str,
    resource: str,
    way: Way,
    turn: int,
    where: str,
    stage: Stage | None = None,
    after: int = 0,
    name: str = "",
    unknowable: str = "",
) -> Case:
    stage = stage or ("first", "later")[turn % 2]
    lasts = turn // 2 % 2 == 1
    passing = 1 if way == "bulk" else 2
    order: Body = {
        "kind": kind,
        "times": LASTING if lasts else passing,
        "where": where,
        "after": after,
        "seconds": SECONDS.get(kind),
    }
    called = [kind, "lasts" if lasts else "passes", *([name] if name else [])]
    return Case(
        "-".join(called),
        resource,
        way,
        stage,
        orders=(("faults", order),),
        batch=BATCH[stage] if way == "pages" and lasts else None,
        unknowable=unknowable,
    )
