"""Landing files in raw."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cartwheel.core.errors import IncompleteData
from cartwheel.core.sql import SqlFiles
from extract.land import tables
from extract.land.landing import land
from extract.land.run_log import Run, TableFigures
from extract.land.staged_file import StagedFile
from extract.land.watermarks import watermark
from extract.shopify.api_usage import Usage
from extract.shopify.resources import CUSTOMERS, ORDER_AGREEMENTS, ORDERS, PRODUCTS, Resource

Warehouse = duckdb.DuckDBPyConnection
MONDAY, TUESDAY = "2026-11-16T08:00:00Z", "2026-11-17T08:00:00Z"


def gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def node(kind: str, number: int, parent: str | None = None, **fields: Any) -> dict[str, Any]:
    below = {"__parentId": parent} if parent else {}
    return {"id": gid(kind, number), **fields, **below}


def order(number: int = 1, at: str = MONDAY, **fields: Any) -> dict[str, Any]:
    return node("Order", number, updatedAt=at, **fields)


def line(number: int, order_number: int = 1, **fields: Any) -> dict[str, Any]:
    return node("LineItem", number, gid("Order", order_number), **fields)


def staged(
    resource: Resource, path: Path, lines: int | None = None, **facts: Any
) -> StagedFile:
    """A file as Shopify delivers it; the number of its lines is right unless told."""
    written = [json.loads(text) for text in path.read_text().splitlines() if text]
    roots = sum("__parentId" not in found for found in written)
    return StagedFile(
        resource, path, len(written) if lines is None else lines, roots, Usage(), **facts
    )


def landed(
    warehouse: Warehouse, run: Run, resource: Resource, path: Path, **options: Any
) -> dict[str, TableFigures]:
    figures = land(warehouse, staged(resource, path), run, **options)
    return {table.table: table for table in figures}


def rows(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(query).fetchall()


def test_lines_go_to_the_tables_of_their_kind(warehouse, run, deliveries):
    """Variants and media of every type, mixed in one file, land below their product."""
    path = deliveries.write(
        node("Video", 5, gid("Product", 1)),
        node("ProductVariant", 3, gid("Product", 1)),
        node("Product", 1, updatedAt=MONDAY),
        node("MediaImage", 4, gid("Product", 1)),
    )

    landed(warehouse, run, PRODUCTS, path)

    assert rows(warehouse, "select id, parent_id from raw.products") == [
        (gid("Product", 1), None)
    ]
    assert rows(warehouse, "select id, parent_id from raw.product_variants") == [
        (gid("ProductVariant", 3), gid("Product", 1))
    ]
    assert rows(warehouse, "select id from raw.product_media order by id") == [
        (gid("MediaImage", 4),),
        (gid("Video", 5),),
    ]


def test_payload_is_verbatim(warehouse, run, tmp_path):
    """Numbers, spaces, escapes and doubled keys stay as Shopify wrote them."""
    text = (
        r'{"id":"gid:\/\/shopify\/Order\/1", "updatedAt":"2026-11-16T08:00:00Z",'
        r'"n":9007199254740993,"x":1.10,"x":"\u00e9 \ud83d\ude00"}'
    )
    path = tmp_path / "verbatim.jsonl"
    path.write_text(text + "\n", encoding="utf-8")

    landed(warehouse, run, ORDERS, path)

    assert rows(warehouse, "select payload::varchar from raw.orders") == [(text,)]


def test_second_landing_lands_nothing(warehouse, run, deliveries):
    """The same file again changes no row and leaves no history."""
    path = deliveries.write(order(), line(1), line(2))
    landed(warehouse, run, ORDERS, path)

    again = landed(warehouse, replace(run, run_id="second"), ORDERS, path)

    assert again["orders"] == TableFigures("orders", seen=1, unchanged=1)
    assert again["order_line_items"] == TableFigures("order_line_items", seen=2, unchanged=2)
    assert rows(warehouse, "select * from raw.orders_history") == []
    assert rows(warehouse, "select distinct run_id from raw.orders") == [(run.run_id,)]


def test_changed_order_keeps_its_former_version(warehouse, run, deliveries):
    """A changed root replaces the held one, whose version moves to the history."""
    landed(warehouse, run, ORDERS, deliveries.write(order(note="old")))
    figures = landed(warehouse, run, ORDERS, deliveries.write(order(at=TUESDAY, note="new")))

    assert figures["orders"].landed == 1
    assert rows(warehouse, "select payload->>'note' from raw.orders") == [("new",)]
    assert rows(warehouse, "select payload->>'note' from raw.orders_history") == [("old",)]


def test_stale_order_is_not_landed(warehouse, run, deliveries):
    """A version older than the held one changes neither the order nor its lines."""
    landed(warehouse, run, ORDERS, deliveries.write(order(at=TUESDAY), line(1, quantity=2)))
    landed(warehouse, run, ORDERS, deliveries.write(order(at=MONDAY), line(1, quantity=9)))

    assert rows(warehouse, "select payload->>'quantity' from raw.order_line_items") == [("2",)]


def test_removed_line_gets_deleted_at(warehouse, run, deliveries):
    """A line that its order no longer has is marked deleted; the history keeps it."""
    landed(warehouse, run, ORDERS, deliveries.write(order(), line(1), line(2)))
    figures = landed(warehouse, run, ORDERS, deliveries.write(order(at=TUESDAY), line(1)))

    assert figures["order_line_items"].deleted == 1
    assert rows(warehouse, "select id, deleted_at from raw.order_line_items order by id") == [
        (gid("LineItem", 1), None),
        (gid("LineItem", 2), run.now()),
    ]
    assert rows(warehouse, "select id, deleted_at from raw.order_line_items_history") == [
        (gid("LineItem", 2), None)
    ]


def test_line_that_comes_back_lives_again(warehouse, run, deliveries):
    """A deleted child that is read again, unchanged, is no longer deleted."""
    first = deliveries.write(order(), line(1))
    landed(warehouse, run, ORDERS, first)
    landed(warehouse, run, ORDERS, deliveries.write(order(at=MONDAY)))
    landed(warehouse, run, ORDERS, first)

    assert rows(warehouse, "select deleted_at from raw.order_line_items") == [(None,)]


def test_lines_of_other_orders_are_left_alone(warehouse, run, deliveries):
    """An order that was not read keeps its lines."""
    landed(warehouse, run, ORDERS, deliveries.write(order(1), order(2), line(1), line(2, 2)))
    landed(warehouse, run, ORDERS, deliveries.write(order(1, at=TUESDAY)))

    query = "select id from raw.order_line_items where deleted_at is null"
    assert rows(warehouse, query) == [(gid("LineItem", 2),)]


def test_sales_of_a_vanished_agreement_vanish_with_it(warehouse, run, deliveries):
    """When an order's agreement is gone, so are the sales below it."""
    agreement = node("OrderEditAgreement", 7, gid("Order", 1))
    sale = node("ProductSale", 8, gid("OrderEditAgreement", 7))
    landed(warehouse, run, ORDER_AGREEMENTS, deliveries.write(order(), agreement, sale))
    landed(warehouse, run, ORDER_AGREEMENTS, deliveries.write(order(at=TUESDAY)))

    assert rows(warehouse, "select deleted_at is not null from raw.sales") == [(True,)]
    assert rows(warehouse, "select * from raw.orders") == []


def test_shops_do_not_touch_each_other(warehouse, run, deliveries):
    """The same id in another shop is another row, and vanishes for itself."""
    path = deliveries.write(order(), line(1))
    other = replace(run, settings=replace(run.settings, shop="other.myshopify.com"))
    landed(warehouse, run, ORDERS, path)
    landed(warehouse, other, ORDERS, path)
    landed(warehouse, other, ORDERS, deliveries.write(order(at=TUESDAY)))

    query = "select shop from raw.order_line_items where deleted_at is null"
    assert rows(warehouse, query) == [("corner.myshopify.com",)]


def test_watermark_moves_with_the_data(warehouse, run, deliveries):
    """The watermark is the latest updatedAt landed, and never goes back."""
    landed(warehouse, run, ORDERS, deliveries.write(order(1, at=TUESDAY), order(2)))
    landed(warehouse, run, ORDERS, deliveries.write(order(2)))

    assert watermark(warehouse, run.shop, "orders") == datetime(2026, 11, 17, 8)


def test_watermark_stops_where_the_reading_began(warehouse, run, deliveries):
    """What changed while the file was written may be missing, and is asked for again."""
    path = deliveries.write(order(1, at=TUESDAY))
    began = datetime(2026, 11, 17, 7)

    land(warehouse, staged(ORDERS, path, as_of=began), run)

    assert watermark(warehouse, run.shop, "orders") == datetime(2026, 11, 17, 7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"id":"gid://shopify/Order/1"}\n', 2, id="a line is missing"),
        pytest.param('{"id":"gid://shopify/Order/1"}\n{"id":"gid://sho', 2, id="cut off"),
        pytest.param(
            '{"id":"gid://shopify/LineItem/1","__parentId":"gid://shopify/Order/1"}\n',
            1,
            id="no parent",
        ),
        pytest.param('{"name":"#1"}\n', 1, id="no id"),
    ],
)
def test_incomplete_file_lands_nothing(warehouse, run, tmp_path, text, expected):
    """A file that lacks lines, is broken or has orphans is refused as a whole."""
    path = tmp_path / "incomplete.jsonl"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(IncompleteData, match=r"cartwheel extract|report"):
        land(warehouse, StagedFile(ORDERS, path, expected, 1, Usage()), run)

    assert rows(warehouse, "select * from raw.orders") == []
    assert watermark(warehouse, run.shop, "orders") is None


def test_blank_lines_are_no_records(warehouse, run, tmp_path):
    """Blank lines, which Shopify's files have been seen to hold, are not counted."""
    path = tmp_path / "blank.jsonl"
    path.write_text('\n{"id":"gid://shopify/Order/1"}\n\n', encoding="utf-8")

    assert landed(warehouse, run, ORDERS, path)["orders"].landed == 1


def test_address_ids_may_carry_a_model_name(warehouse, run, deliveries):
    """Customer addresses, whose ids end in ?model_name=…, land below their customer."""
    address = {
        "id": "gid://shopify/MailingAddress/9?model_name=CustomerAddress",
        "__parentId": gid("Customer", 1),
    }
    landed(
        warehouse,
        run,
        CUSTOMERS,
        deliveries.write(node("Customer", 1, updatedAt=MONDAY), address),
    )

    assert rows(warehouse, "select parent_id from raw.customer_addresses") == [
        (gid("Customer", 1),)
    ]


def test_batches_land_what_one_landing_lands(warehouse, run, deliveries, tmp_path):
    """Landed two orders at a time, a file with grandchildren gives the very same rows."""
    nodes = [order(number) for number in range(1, 8)]
    for number in range(1, 8):
        nodes.append(node("OrderAgreement", number, gid("Order", number)))
        nodes.append(node("ProductSale", number, gid("OrderAgreement", number), n=number))
    path = deliveries.write(*nodes)
    query = """
        select 'agreement', id, parent_id, payload_hash from raw.order_agreements
        union all
        select 'sale', id, parent_id, payload_hash from raw.sales
        order by all
    """

    in_batches = landed(warehouse, run, ORDER_AGREEMENTS, path, batch_size=2)
    rows_in_batches = rows(warehouse, query)
    for table in ("order_agreements", "sales"):
        warehouse.execute(f"delete from raw.{table}")
    at_once = landed(warehouse, run, ORDER_AGREEMENTS, path)

    assert in_batches == at_once
    assert rows_in_batches == rows(warehouse, query)
    assert len(rows_in_batches) == 14


def test_batches_move_the_watermark_at_the_end(warehouse, run, deliveries):
    """A landing that breaks off between two batches leaves the watermark where it was."""
    path = deliveries.write(*(order(number) for number in range(1, 6)))
    table = SqlFiles(tables.__file__)("create_raw_table", table="orders")
    checked = table.rstrip(" ;\n)") + ", check (id <> 'gid://shopify/Order/5'))"
    warehouse.execute("drop table raw.orders")
    warehouse.execute(checked)

    with pytest.raises(duckdb.ConstraintException):
        landed(warehouse, run, ORDERS, path, batch_size=2)

    assert rows(warehouse, "select count(*) from raw.orders") == [(4,)]
    assert watermark(warehouse, run.shop, "orders") is None


def test_escapes_are_no_change(warehouse, run, tmp_path):
    """The same node, its slashes and letters escaped in another way, is unchanged."""
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    first.write_text('{"id":"gid:\\/\\/shopify\\/Order\\/1","note":"\\u00e9","n":1}\n')
    second.write_text('{"id":"gid://shopify/Order/1", "note":"é", "n":1}\n', encoding="utf-8")
    landed(warehouse, run, ORDERS, first)

    again = landed(warehouse, run, ORDERS, second)

    assert again["orders"] == TableFigures("orders", seen=1, unchanged=1)
