"""Measure the sandbox's Shopify: opening a store and bulk results, at N and at 10 N orders.

.venv/bin/python -m bench.sandbox --orders 20000

Each store is served by a process of its own, which is asked over HTTP, as an extract asks.
bench/README.md says what the columns mean.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import SPAWN, generate_store, in_process, peak_megabytes

GROWTH = 10
DOCUMENTS = ("orders", "order_agreements")
POLL = 0.02  # seconds
RUN = """mutation ($document: String!) { bulkOperationRunQuery(query: $document) {
  bulkOperation { id } userErrors { message } } }"""
STATUS = "query ($id: ID!) { bulkOperation(id: $id) { status rootObjectCount fileSize } }"


@dataclass(frozen=True)
class Step:
    """What a step took: wall seconds, orders, and the peak memory in megabytes until then."""

    name: str
    seconds: float
    orders: int
    megabytes: float


def main() -> None:
    """Measure two stores, one ten times the other, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the sandbox at N and 10 N orders.")
    parser.add_argument("--orders", type=int, default=20_000, help="N; 20000 unless said")
    parser.add_argument("--seed", type=int, default=5, help="of the stores; 5 unless said")
    options = parser.parse_args()
    small, large = (
        measure(size, options.seed) for size in (options.orders, GROWTH * options.orders)
    )
    report(options.orders, small, large)


def measure(orders: int, seed: int) -> list[Step]:
    """Generate a store and measure all steps in one new process."""
    with tempfile.TemporaryDirectory(prefix="cartwheel-bench-") as name:
        in_process(generate_store, Path(name), orders, seed)
        with SPAWN.Pool(1) as pool:
            return pool.apply(_steps, (Path(name) / "store",))


def report(orders: int, small: list[Step], large: list[Step]) -> None:
    """Print both sizes side by side, and their ratio."""
    sizes = (orders, GROWTH * orders)
    print(f"{'':18}" + "".join(f"{f'{size:,} orders':>25}" for size in sizes))
    print(f"{'step':18}" + f"{'seconds':>8}{'orders/s':>10}{'MB':>7}" * 2 + f"{'ratio':>7}")
    for few, many in zip(small, large, strict=True):
        ratio = many.seconds / few.seconds
        print(f"{few.name:18}{_figures(few)}{_figures(many)}{ratio:>7.1f}")


def _figures(step: Step) -> str:
    rate = step.orders / step.seconds
    return f"{step.seconds:>8.1f}{rate:>10,.0f}{step.megabytes:>7,.0f}"


# What follows imports inside functions: the process loads, and is charged for, what it runs.


def _steps(folder: Path) -> list[Step]:
    return list(_measured(folder))


def _measured(folder: Path) -> Iterator[Step]:
    from extract.shopify.documents import bulk_document
    from sandbox.server import Sandbox

    began = time.monotonic()
    with Sandbox(folder) as sandbox:
        orders = len(sandbox.store.entries("orders"))
        yield Step("open and listen", time.monotonic() - began, orders, peak_megabytes())
        ask = _client(sandbox.env)
        for name in DOCUMENTS:
            began = time.monotonic()
            written = _run(ask, bulk_document(name, search=None, tag="bench"))
            yield Step(name, time.monotonic() - began, written, peak_megabytes())


def _client(env: dict[str, str]) -> Any:
    import requests

    form = {
        "grant_type": "client_credentials",
        "client_id": env["SHOPIFY_CLIENT_ID"],
        "client_secret": env["SHOPIFY_CLIENT_SECRET"],
    }
    url, session = env["SHOPIFY_API_URL"], requests.Session()
    token = session.post(f"{url}/admin/oauth/access_token", data=form, timeout=60).json()
    session.headers["X-Shopify-Access-Token"] = token["access_token"]

    def ask(query: str, **variables: str) -> Any:
        address = f"{url}/admin/api/{env['SHOPIFY_API_VERSION']}/graphql.json"
        body: dict[str, Any] = {"query": query, "variables": variables}
        return session.post(address, json=body, timeout=60).json()["data"]

    return ask


def _run(ask: Any, document: str) -> int:
    """Run a bulk query to its end; give the number of its root nodes.

    Raises RuntimeError if it is refused or ends as anything but COMPLETED.
    """
    started = ask(RUN, document=document)["bulkOperationRunQuery"]
    if started["userErrors"]:
        raise RuntimeError(f"Refused: {started['userErrors']}")
    while True:
        found = ask(STATUS, id=started["bulkOperation"]["id"])["bulkOperation"]
        if found["status"] == "COMPLETED":
            return int(found["rootObjectCount"])
        if found["status"] not in ("CREATED", "RUNNING"):
            raise RuntimeError(f"The operation ended as {found['status']}")
        time.sleep(POLL)


if __name__ == "__main__":
    main()
