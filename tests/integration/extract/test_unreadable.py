"""A record that cannot be read keeps nobody out: it is kept aside, and the others land."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from cartwheel.core.errors import IncompleteData
from extract.land.landing import land
from extract.land.staged_file import StagedFile
from extract.replay import replay
from extract.run import extract
from extract.shopify.api_usage import Usage
from extract.shopify.lenient_json import line, read_json, read_time
from extract.shopify.resources import CUSTOMERS, ORDER_AGREEMENTS, ORDERS, PRODUCTS
from tests.integration.extract.conftest import HURRIED
from tests.integration.extract.middleman import standing_before
from tests.nightly import mostly_nightly

ADA, BOB = "gid://shopify/Customer/11", "gid://shopify/Customer/12"
DEEP = b"[" * 3000 + b"]" * 3000
WRONG = {
    "a lone surrogate": (b'"\\ud800"', "text that is not valid Unicode"),
    "bytes that are not UTF-8": (b'"\xff\xfe"', "text that is not valid Unicode"),
    "nested too deep": (DEEP, "nested too deep"),
    "not valid JSON": (b"oops", "not valid JSON"),
}


def customer(id_, note=b"null", updated_at="2026-11-22T10:00:00Z"):
    """A customer's line, with any bytes as the note."""
    return b'{"id":"%s","firstName":"Somebody","updatedAt":"%s","note":%s}\n' % (
        id_.encode().replace(b"/", b"\\/"),
        updated_at.encode(),
        note,
    )


@pytest.fixture
def land_lines(run, warehouse, tmp_path):
    """Lands lines of a resource as a bulk operation would deliver them; gives what is said."""

    def land_all(*lines, resource=CUSTOMERS, batch_size=None):
        path = tmp_path / "lines.jsonl"
        path.write_bytes(b"".join(lines))
        said: list[str] = []
        staged = StagedFile(resource, path, len(lines), None, Usage())
        land(warehouse, staged, run, batch_size=batch_size, say=said.append)
        return said

    return land_all


@pytest.fixture
def kept(warehouse):
    """What is kept aside: the record, the reason and the payload of each."""
    query = "select record, reason, payload from ops.unreadable_records order by id"
    return lambda: warehouse.execute(query).fetchall()


@pytest.fixture
def held(warehouse):
    """The ids that a table of raw holds."""
    return lambda table: [
        row[0]
        for row in warehouse.execute(f"select id from raw.{table} order by id").fetchall()
    ]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("batch_size", [None, 1])
def test_the_others_land(land_lines, kept, held, wrong, batch_size):
    """The record is kept as it came, with its reason; what is said holds none of its data."""
    note, reason = WRONG[wrong]
    lines = customer(ADA), customer(BOB, note)

    [said] = land_lines(*lines, batch_size=batch_size)

    assert held("customers") == [ADA]
    assert kept() == [("customer 12", reason, lines[1])]
    assert f"customer 12 ({reason})" in said
    assert "run: cartwheel extract" in said
    assert "Somebody" not in said


def test_the_field_is_named(land_lines, warehouse):
    """The detail says which field of which record, and not what it holds."""
    land_lines(customer(ADA, b'{"a":[{"b":"x\\ud800y"}]}'), customer(BOB, DEEP))

    details = warehouse.execute("select detail from ops.unreadable_records order by id")

    assert details.fetchall() == [
        (f"The text of note.a[0].b of {ADA} is not valid Unicode.",),
        (f"note of {BOB} is nested more than 1,024 levels deep.",),
    ]


@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59Z", "soon"])
def test_an_impossible_time_of_change_stops_nothing(land_lines, held, kept, stamp):
    """Records of the year 1 or 9999, or without a time at all, land, or are kept aside."""
    land_lines(customer(ADA, updated_at=stamp), customer(BOB, b'"\\ud800"', stamp))

    assert (held("customers"), len(kept())) == ([ADA], 1)


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("2026-11-22T10:00:00+02:00", datetime(2026, 11, 22, 8)),
        ("0001-01-01T00:00:00+02:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_a_time_that_cannot_be_is_none(stamp, time):
    """What pages call the time of change is believed only where it can be one."""
    assert read_time(stamp) == time


def test_nothing_but_an_unreadable_record_is_no_failure(land_lines, kept, held):
    """A delivery of which nothing can be read is kept aside whole."""
    assert len(land_lines(customer(ADA, b'"\\ud800"'))) == 1

    assert held("customers") == []
    assert len(kept()) == 1


def test_it_is_told_once_and_again_when_it_changes(land_lines, kept):
    """The same line again says nothing; another one that cannot be read does."""
    line = customer(ADA, b'"\\ud800"')
    land_lines(line)

    again = land_lines(line)
    changed = land_lines(customer(ADA, b'"\\ud800!"'))

    assert (len(again), len(changed), len(kept())) == (0, 1, 1)


def test_a_good_version_clears_it(land_lines, kept, held):
    """Once it lands well, it is no longer among what cannot be read."""
    land_lines(customer(ADA, b'"\\ud800"'))

    land_lines(customer(ADA))

    assert held("customers") == [ADA]
    assert kept() == []


def test_what_is_held_stays(land_lines, kept, warehouse):
    """A version that cannot be read does not take the place of the one before; an older one
    is not even kept."""
    land_lines(customer(ADA))

    older = land_lines(customer(ADA, b'"\\ud800"', "2026-11-21T10:00:00Z"))
    assert (older, kept()) == ([], [])
    land_lines(customer(ADA, b'"\\ud800"', "2026-11-23T10:00:00Z"))

    assert len(kept()) == 1
    found = warehouse.execute("select updated_at::varchar, deleted_at from raw.customers")
    assert found.fetchall() == [("2026-11-22 10:00:00", None)]


ORDER = b'{"id":"gid://shopify/Order/%d","name":"#%d","updatedAt":"2026-11-22T10:00:00Z"}\n'
LINE = b'{"id":"gid://shopify/LineItem/%d","title":%s,"__parentId":"gid://shopify/Order/%d"}\n'


def test_a_line_keeps_its_whole_order_aside(land_lines, kept, held):
    """An order of which one line cannot be read does not land in part."""
    bad = LINE % (21, b'"\\ud800"', 2)
    lines = [ORDER % (1, 1001), LINE % (11, b'"a"', 1), ORDER % (2, 1002), bad]

    land_lines(*lines, LINE % (22, b'"b"', 2), resource=ORDERS)

    assert held("orders") == ["gid://shopify/Order/1"]
    assert held("order_line_items") == ["gid://shopify/LineItem/11"]
    assert kept() == [("#1002", "text that is not valid Unicode", bad)]


def test_a_line_two_levels_down_keeps_its_root_aside(land_lines, kept, held):
    """A sale that cannot be read keeps the agreements of its order aside, no others."""

    def agreements(number, value):
        gid = b"gid://shopify/%s/%d"
        order, agreement, sale = (
            gid % (kind, number) for kind in (b"Order", b"OrderAgreement", b"ProductSale")
        )
        return [
            b'{"id":"%s","updatedAt":"2026-11-22T10:00:00Z"}\n' % order,
            b'{"id":"%s","__parentId":"%s"}\n' % (agreement, order),
            b'{"id":"%s","note":%s,"__parentId":"%s"}\n' % (sale, value, agreement),
        ]

    land_lines(*agreements(1, b'"a"'), *agreements(2, DEEP), resource=ORDER_AGREEMENTS)

    assert held("order_agreements") == ["gid://shopify/OrderAgreement/1"]
    assert held("sales") == ["gid://shopify/ProductSale/1"]
    assert [row[:2] for row in kept()] == [("order 2", "nested too deep")]


def test_a_title_is_what_a_product_is_called(land_lines, kept):
    """A product is named by its title, though that is what cannot be read."""
    line = b'{"id":"gid://shopify/Product/1","title":"Tea \\ud800","updatedAt":null}\n'

    land_lines(line, resource=PRODUCTS)

    assert [row[0] for row in kept()] == ["Tea ?"]


def test_a_file_that_was_cut_off_is_no_unreadable_record(land_lines, kept, held):
    """A line that is not whole is a failure of the delivery: nothing of it lands."""
    with pytest.raises(IncompleteData, match="not complete JSON"):
        land_lines(customer(ADA), customer(BOB)[:-20])

    assert (held("customers"), kept()) == ([], [])


def test_a_delivery_that_is_bad_throughout_does_not_land(land_lines, kept, held):
    """Ten thousand records that cannot be read are the delivery's fault, not the records'."""
    lines = [customer(f"gid://shopify/Customer/{number}", b"oops") for number in range(10_001)]

    with pytest.raises(IncompleteData, match=r"More than 10,000 lines of customers"):
        land_lines(customer(ADA), *lines)

    assert (held("customers"), kept()) == ([], [])


def test_what_was_read_can_be_written_from_any_depth():
    """A value that Python's own reader just bears is written as it came, by whoever calls."""

    def deeper(levels, call):
        return deeper(levels - 1, call) if levels else call()

    for depth in range(900, 1000):
        text = b'{"note":' + b"[" * depth + b"]" * depth + b"}"
        node = read_json(text)
        assert deeper(40, lambda node=node: line(node)) == f"{text.decode()}\n"


def test_many_brackets_are_no_nesting(land_lines, kept, held):
    """A record with thousands of lists side by side lands as any other."""
    land_lines(customer(ADA, b"[" + b"[]," * 5000 + b"[]]"))

    assert (held("customers"), kept()) == ([ADA], [])


@pytest.fixture
def altered(shop):
    """The small shop behind a middleman that can make its texts unreadable."""
    with standing_before(shop.url) as middleman:
        settings = replace(shop.settings, shopify_api_url=f"http://{middleman.netloc}")
        shop.settings = settings
        yield middleman


def put_customer(shop, number, note):
    """Give a customer of the small shop another note, and a later time of change."""
    shop.wait(minutes=30)
    changed = {"note": note, "updatedAt": f"{shop.settings.clock():%Y-%m-%dT%H:%M:%SZ}"}
    shop.put("customers", {"id": f"gid://shopify/Customer/{number}", **changed})


@pytest.mark.parametrize("via", mostly_nightly(["bulk", "pages"], 0))
def test_a_store_is_read_with_records_that_cannot_be(shop, altered, via):
    """All others land by both ways; the second run reads nothing more, and a record lands as
    soon as it is put right."""
    texts = {"abcdef": b'"\\ud800"', "ghijkl": b'"\xff\xfeabcd"', "x" * 5998: DEEP}
    for number, (text, bytes_) in enumerate(texts.items(), 21):
        put_customer(shop, number, text)
        altered.alter(text, bytes_)

    first = extract(shop.settings, via=via, patience=HURRIED)
    second = extract(shop.settings, via=via, patience=HURRIED, sweep=True)

    assert shop.rows("select record, resource from ops.unreadable_records order by id") == [
        (f"customer {number}", "customers") for number in (21, 22, 23)
    ]
    assert shop.living("customers") == [11, 12]
    [warning] = first.warnings
    assert warning.startswith("Warning: 3 of the customers received cannot be read")
    assert (second.warnings, second.rows_landed) == ((), 0)
    assert shop.rows("select count(*) from ops.initial_imports") == [(1,)]

    put_customer(shop, 21, "put right")
    third = extract(shop.settings, via=via, patience=HURRIED)

    assert third.warnings == ()
    assert shop.living("customers") == [11, 12, 21]
    assert shop.rows("select count(*) from ops.unreadable_records") == [(2,)]


def test_one_that_is_deleted_in_shopify_is_forgotten(shop, altered):
    """What cannot be read and is gone is no longer counted."""
    put_customer(shop, 1, "abcdef")
    altered.alter("abcdef", b'"\\ud800"')
    extract(shop.settings)
    shop.delete("customers", 1)

    extract(shop.settings, sweep=True)

    assert shop.rows("select count(*) from ops.unreadable_records") == [(0,)]


def test_saved_files_keep_it_aside_too(tmp_path, run):
    """A replay lands the others and says which record it kept aside."""
    lines = tmp_path / "customers.jsonl"
    lines.write_bytes(customer(BOB, b'"\\ud800"') + customer(ADA))

    report = replay(run.settings, [lines])

    [warning] = report.warnings
    assert "customer 12 (text that is not valid Unicode)" in warning
    assert report.rows_landed == 1
