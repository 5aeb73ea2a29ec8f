"""Two ways in, pages and bulk operations, and one result; drained to the end by either."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartwheel.core.settings import Settings
from extract.run import extract
from extract.shopify.resources import ALL
from sandbox.generator import generate
from sandbox.server import Sandbox
from tests.integration.extract.conftest import HURRIED, Shop
from tests.integration.extract.nodes import customer, gid, order, product, write_store
from tests.nightly import mostly_nightly

TABLES = [table.name for resource in ALL for table in resource.tables]


def write_large_nodes(folder: Path) -> Path:
    """The small store, and nodes with more below them than any page holds."""
    write_store(folder)
    many_agreements = order(7, lines=1)
    (first,) = many_agreements["agreements"]["nodes"]
    sale = first["sales"]["nodes"][0]
    many_agreements["agreements"]["nodes"] = [
        {
            **first,
            "__typename": "OrderEditAgreement" if number else "OrderAgreement",
            "id": gid("OrderEditAgreement" if number else "OrderAgreement", 5000 + number),
            "sales": {
                **first["sales"],
                "nodes": [
                    {**sale, "id": gid("ProductSale", 500_000 + number * 1000 + place)}
                    for place in range(260 if number == 11 else 3)
                ],
            },
        }
        for number in range(23)
    ]
    nodes = {
        "orders": [order(4, lines=1001), many_agreements],
        "products": [product(23, variants=501)],
    }
    for name, added in nodes.items():
        with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(found) + "\n" for found in added)
    return folder


@pytest.fixture(scope="module", params=["generated", "large nodes"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shop, Shop]]:
    """A store of 150 generated orders, then one of large nodes: read by pages, and in bulk."""
    folder = tmp_path_factory.mktemp("two-ways")
    if request.param == "generated":
        generate(folder / "store", 150, 7)
    else:
        write_large_nodes(folder / "store")
    with Sandbox(folder / "store") as sandbox:
        settings = Settings.read(
            environ={**sandbox.env, "CARTWHEEL_WAREHOUSE": str(folder / "pages.duckdb")}
        )
        by_pages = Shop(sandbox.url, settings)
        in_bulk = by_pages.elsewhere()
        extract(by_pages.settings, via="pages")
        extract(in_bulk.settings, via="bulk", patience=HURRIED)
        yield by_pages, in_bulk


def test_both_ways_land_the_same_rows(both):
    """The rows of every table are equal, by their ids, parents, times and hashes."""
    by_pages, in_bulk = both

    landed = by_pages.landed()
    assert landed == in_bulk.landed()
    assert landed["sales"]


def test_both_ways_land_the_same_payloads(both):
    """What the payloads say is equal too, however each way escapes it."""
    by_pages, in_bulk = both

    for table in TABLES:
        query = f"select id, payload from raw.{table} order by id"
        one, other = by_pages.rows(query), in_bulk.rows(query)
        assert [(id_, json.loads(text)) for id_, text in one] == [
            (id_, json.loads(text)) for id_, text in other
        ]


def test_second_reading_lands_nothing_the_other_way_either(both):
    """Row 13: after a reading by pages one in bulk sees the overlap only, and lands no row."""
    by_pages, _ = both

    again = extract(by_pages.settings, via="bulk", patience=HURRIED)

    everything = sum(len(by_pages.living(table)) for table in TABLES)
    assert again.rows_landed == 0
    assert 0 < again.rows_seen < everything / 4


@pytest.fixture
def large(tmp_path, serve):
    """A shop of large nodes, read by pages."""
    shop = serve(write_large_nodes(tmp_path / "large"))
    report = extract(shop.settings, via="pages")
    assert report.warnings == ()
    return shop


@pytest.mark.nightly
def test_nested_connections_are_drained_by_pages(large):
    """An order of 1,001 lines, 23 agreements, 260 sales of one, 501 variants: all of it."""
    counts = {
        table: large.rows(
            f"select parent_id, count(*) from raw.{table} group by all "
            "having count(*) > 20 order by parent_id"
        )
        for table in ("order_line_items", "order_agreements", "sales", "product_variants")
    }

    assert counts == {
        "order_line_items": [(gid("Order", 4), 1001)],
        "order_agreements": [(gid("Order", 7), 23)],
        "sales": [(gid("OrderAgreement", 4), 1001), (gid("OrderEditAgreement", 5011), 260)],
        "product_variants": [(gid("Product", 23), 501)],
    }


def ways(shop: Shop) -> dict[str, str]:
    """How each resource was read by the last run."""
    return dict(
        shop.rows(
            "select resource, via from ops.extract_runs "
            "where run_id = (select arg_max(run_id, started_at) from ops.extract_runs) "
            "and via in ('pages', 'bulk')"
        )
    )


@pytest.fixture
def crowd(tmp_path, serve):
    """A shop of 251 customers, and little else."""
    folder = write_store(tmp_path / "crowd")
    with (folder / "customers.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(customer(1000 + n)) + "\n" for n in range(249))
    return serve(folder)


def test_size_chooses_the_way(crowd):
    """251 customers come in bulk and 3 orders by pages; the few that changed, by pages."""
    crowd.put("customers", {"id": gid("Customer", 11), "note": "the latest change"})
    extract(crowd.settings, patience=HURRIED)
    first = ways(crowd)
    crowd.put("customers", {"id": gid("Customer", 12), "note": "changed"})
    extract(crowd.settings, patience=HURRIED)

    assert (first["customers"], first["orders"]) == ("bulk", "pages")
    assert ways(crowd)["customers"] == "pages"
    assert len(crowd.living("customers")) == 251


@pytest.mark.parametrize("via", mostly_nightly(["pages", "bulk"], 1))
def test_way_can_be_told(crowd, via):
    """Told so, everything comes by pages, or everything but what no bulk can give."""
    extract(crowd.settings, via=via, patience=HURRIED)

    found = ways(crowd)
    assert {found.pop("shops"), found.pop("refunds")} == {"pages"}
    assert set(found.values()) == {via}
    assert len(crowd.living("customers")) == 251


def test_places_among_the_exports_are_waited_for(shop):
    """Shopify runs five exports at once: while others take all places, ours wait for one."""
    run = (
        "mutation { bulkOperationRunQuery(query: "
        '"{ products { edges { node { id vendor } } } }") { bulkOperation { id } } }'
    )
    cancel = 'mutation { bulkOperationCancel(id: "%s") { bulkOperation { id } } }'
    shop.misbehave("bulk_stalled", times=5, where="vendor")
    started = [shop.ask(run)["bulkOperationRunQuery"]["bulkOperation"]["id"] for _ in range(5)]
    said: list[str] = []

    def make_place(line: str) -> None:
        said.append(line)
        if "waiting for a running export" in line and started:
            shop.ask(cancel % started.pop())

    extract(shop.settings, make_place, via="bulk", patience=HURRIED)

    assert [line for line in said if "waiting for a running export" in line]
    assert shop.living("orders") == [1, 2, 3]
