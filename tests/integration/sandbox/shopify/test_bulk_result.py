"""A bulk result in the making: how far it is, and how it is stopped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sandbox.core.clock import Clock
from sandbox.shopify.access.installation import ALL_SCOPES
from sandbox.shopify.bulk.projection import Compiler
from sandbox.shopify.bulk.result import Job, write_result
from sandbox.shopify.bulk.rules import check
from sandbox.shopify.connections.catalogue import Catalogue
from sandbox.shopify.schema.contract import contract
from sandbox.store.blocks import LANES, ROWS
from sandbox.store.store import Store

BLOCKS = 2 * LANES + 2
DOCUMENT = "{ orders { nodes { id lineItems { nodes { id } } } } }"


def order(number):
    """An order of two lines."""
    lines = [{"id": f"gid://shopify/LineItem/{number}{n}"} for n in (1, 2)]
    return {"id": f"gid://shopify/Order/{number}", "lineItems": {"nodes": lines}}


@pytest.fixture(scope="module")
def catalogue():
    """A store of more orders than are read ahead, as an app with all scopes sees it."""
    store = Store(
        {"myshopifyDomain": "corner.myshopify.com"}, datetime(2026, 11, 23, tzinfo=UTC)
    )
    for number in range(1, BLOCKS * ROWS + 1):
        store.put("orders", order(number))
    return Catalogue(store, Clock(store.now), frozenset(ALL_SCOPES))


@pytest.fixture
def job(catalogue):
    """Orders with their lines, ungrouped."""
    document, found = check(DOCUMENT, "2026-10")
    line = Compiler(document, catalogue.complete).line(found, contract().type_map["QueryRoot"])
    return Job(found, line, grouped=False)


def test_progress_counts_what_is_written(catalogue, job, tmp_path):
    """After every block the counts are those of the lines in the file so far."""
    file = tmp_path / "result.jsonl"
    told = []

    def progress(objects, roots):
        told.append((objects, roots))
        return True

    write_result(file, job, catalogue, progress)
    lines = file.read_bytes().splitlines()
    parents = [b"__parentId" not in line for line in lines]

    assert [roots for _, roots in told] == [ROWS * block for block in range(1, BLOCKS + 1)]
    assert [sum(parents[:objects]) for objects, _ in told] == [roots for _, roots in told]
    assert told[-1] == (len(lines), sum(parents)) == (3 * BLOCKS * ROWS, BLOCKS * ROWS)


def test_stopped_work_writes_no_more(catalogue, job, tmp_path):
    """When progress says so, no further block is written, and the next work is whole."""
    file = tmp_path / "result.jsonl"
    write_result(file, job, catalogue, lambda *counts: counts[1] < 2 * ROWS)
    stopped = file.read_bytes()
    write_result(file, job, catalogue, lambda *_: True)

    assert sum(b"__parentId" not in line for line in stopped.splitlines()) == 2 * ROWS
    assert file.read_bytes().startswith(stopped)
