"""The comparison with tools of others: what it measures, prints, pins and hands them."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from typing import Any

import duckdb
import pytest

from bench.peers.installing import LOCKS, interpreter
from bench.peers.landing import write_messages
from bench.peers.models import PACKAGES, copy_packages, write_tables
from bench.peers.processes import PeerFailed, Took, run
from bench.peers.reading import only, records
from bench.peers.table import Line, growth, table
from extract.land.tables import create_tables
from tests.unit.repository import ROOT


def took(seconds: float) -> Took:
    """A process of so many seconds, half of them the processor's."""
    return Took(seconds, seconds / 2, 100)


def test_a_ratio_is_for_each_thing():
    """A tool that was given a tenth and took as long is ten times as slow."""
    lines = [Line("Ours", took(2), 1000, 1000, ""), Line("theirs", took(2), 100, 99, "less")]

    _, ours, theirs, *_, said = table("landing", "lines", lines)

    assert ours.split()[-2:] == ["2,000", "1.0"]
    assert theirs.split()[-4:] == ["100", "99", "20,000", "10.0"]
    assert said.split() == ["theirs:", "less"]


def test_a_tool_that_cannot_run_is_printed_with_its_reason():
    """What could not be measured stands in the table all the same."""
    lines = [Line("Ours", took(2), 10, 10, ""), Line("theirs", None, 10, None, "cannot run: x")]

    printed = list(table("models", "orders", lines))

    assert "not run" in printed[2]
    assert printed[-1].endswith("theirs: cannot run: x")


def test_growth_leaves_out_what_a_start_costs():
    """Of 10 s at 100 and 13 s at 400, each further order costs a hundredth of a second."""
    few = [Line("Ours", took(10), 100, 100, ""), Line("theirs", took(5), 100, 100, "")]
    many = [Line("Ours", took(13), 400, 400, ""), Line("theirs", took(14), 400, 400, "")]

    _, ours, theirs = growth(few, many)

    assert ours.split()[1:] == ["10,000", "5,000", "1.0"]
    assert theirs.split()[1:] == ["30,000", "15,000", "3.0"]


def test_growth_names_what_could_not_run():
    """A tool that failed at either size has no growth, and says so."""
    few = [Line("Ours", took(1), 1, 1, ""), Line("theirs", took(1), 1, 1, "")]
    many = [Line("Ours", took(2), 2, 2, ""), Line("theirs", None, 2, None, "cannot run: x")]

    assert list(growth(few, many))[-1].split() == ["theirs", "not", "run"]


def test_a_process_is_measured_with_those_it_waited_for(tmp_path):
    """Processor time and peak memory are also those of a process below the one started."""
    below = "b = bytearray(200_000_000); sum(range(3_000_000))"
    above = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {below!r}])"

    used = run([sys.executable, "-c", above], folder=tmp_path)

    assert used.seconds >= used.processor * 0.5 > 0
    assert used.megabytes > 150


def test_a_failure_says_what_the_tool_said_last(tmp_path):
    """The reason in the table is the last line that a tool wrote."""
    code = "import sys; print('first'); print('no such server', file=sys.stderr); sys.exit(3)"

    with pytest.raises(PeerFailed, match="ended with 3: no such server"):
        run([sys.executable, "-c", code], folder=tmp_path)


def test_a_process_gets_its_input_and_leaves_its_output(tmp_path):
    """A target reads messages from its input, a tap writes them to its output."""
    fed, written = tmp_path / "in", tmp_path / "out"
    fed.write_text("line\n" * 3)
    code = "import sys; print(len(sys.stdin.readlines()))"

    run([sys.executable, "-c", code], folder=tmp_path, fed=fed, written=written)

    assert written.read_text() == "3\n"


def test_an_environment_is_used_again_while_its_pins_are_the_same(tmp_path):
    """What was installed from the lock file as it stands is not installed again."""
    python = tmp_path / "dlt/bin/python"
    python.parent.mkdir(parents=True)
    python.touch()
    lock = (LOCKS / "dlt.lock").read_bytes()
    (tmp_path / "dlt/.ready").write_text(hashlib.sha256(lock).hexdigest())

    assert interpreter("dlt", tmp_path) == python


def pinned(path):
    """The versions of a lock file by package."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==([^\s;\\]+)", path.read_text(), re.M))


def test_the_same_engine_and_dbt_on_both_sides():
    """DuckDB and dbt are the versions that Cartwheel itself runs with."""
    ours = pinned(ROOT / "requirements.lock")

    for name in ("dlt", "target-duckdb"):
        assert pinned(LOCKS / f"{name}.lock")["duckdb"] == ours["duckdb"]
    assert pinned(LOCKS / "dbt-shopify.lock")["dbt-core"] == ours["dbt-core"]


def test_one_version_of_tap_shopify():
    """The tap that is measured is the one that `make peers` tries the sandbox with."""
    tap = re.search(r"^TAP := (\S+)$", (ROOT / "Makefile").read_text(), re.M)

    assert tap
    assert (LOCKS / "tap-shopify.in").read_text().split() == [tap[1]]


def test_each_environment_is_locked_with_what_was_asked_for():
    """A lock has the versions that its .in file names, and a hash for each."""
    for asked in LOCKS.glob("*.in"):
        lock = asked.with_suffix(".lock")
        assert pinned(asked).items() <= pinned(lock).items()
        assert lock.read_text().count("--hash=sha256:") >= len(pinned(lock))


def test_every_line_becomes_a_singer_record(tmp_path):
    """The messages are a schema and a record for each line, with its parent and payload."""
    file, messages = tmp_path / "orders.jsonl", tmp_path / "messages.jsonl"
    order = {"id": "gid://shopify/Order/1", "updatedAt": "2026-01-01T00:00:00Z"}
    item = {"id": "gid://shopify/LineItem/2", "__parentId": order["id"], "quantity": 1}
    file.write_text(f"{json.dumps(order)}\n{json.dumps(item)}\n")

    write_messages(file, messages)

    schema, *found = map(json.loads, messages.read_text().splitlines())
    assert schema["key_properties"] == ["id"]
    assert [each["record"]["payload"] for each in found] == [order, item]
    assert [each["record"]["parent_id"] for each in found] == [None, order["id"]]
    assert all(set(each["record"]) == set(schema["schema"]["properties"]) for each in found)


def test_a_record_that_comes_twice_counts_once(tmp_path):
    """What a tap delivered is counted by id."""
    messages = tmp_path / "messages.jsonl"
    record = json.dumps({"type": "RECORD", "record": {"id": 1}})
    messages.write_text(f"{record}\n{record}\n{json.dumps({'type': 'STATE'})}\n")

    assert records(messages) == 1


def test_one_stream_is_selected():
    """Of a catalog, the stream that is measured is read, and no other."""
    streams: list[dict[str, Any]] = [
        {"stream": name, "metadata": [{"metadata": {}}]} for name in ("orders", "shop")
    ]

    found = only({"streams": streams}, "shop")

    assert [each["metadata"][0]["metadata"]["selected"] for each in found["streams"]] == [
        False,
        True,
    ]


def test_a_missing_dbt_package_is_named(tmp_path):
    """A folder that lacks one of Fivetran's packages is refused with its name."""
    for name in list(PACKAGES)[:2]:
        folder = tmp_path / "packages" / name.partition("/")[2]
        folder.mkdir(parents=True)
        (folder / "dbt_project.yml").touch()

    with pytest.raises(PeerFailed, match=r"spark_utils.*Put dbt-labs/spark_utils there"):
        copy_packages(tmp_path / "packages", tmp_path / "copied")


def test_typed_tables_are_made_of_what_was_landed(tmp_path):
    """Of an order: a row of typed values, and rows of its tags and transactions."""
    warehouse, folder = tmp_path / "landed.duckdb", tmp_path / "typed"
    money = {"shopMoney": {"amount": "12.50", "currencyCode": "USD"}}
    order = {
        "processedAt": "2026-01-02T03:04:05Z",
        "customer": {"id": "gid://shopify/Customer/7"},
        "totalPriceSet": money,
        "tags": ["a", "b"],
        "transactions": [{"id": "gid://shopify/OrderTransaction/8", "amountSet": money}],
    }
    with duckdb.connect(str(warehouse)) as connection:
        create_tables(connection)
        connection.execute(
            "insert into raw.orders (shop, id, payload, landed_at, run_id) "
            "values ('shop', 'gid://shopify/Order/1', ?, now()::timestamp, 'run')",
            [json.dumps(order)],
        )

    write_tables(warehouse, folder)

    def made(table):
        text = (folder / "schema.sql").read_text()
        (columns,) = re.findall(rf'^create table shopify\."{table}" \((.*)\)', text, re.M)
        names = re.findall(r'"(\w+)"', columns)
        with (folder / f"{table}.csv").open() as file:
            return [dict(zip(names, row, strict=True)) for row in csv.reader(file)]

    [row] = made("order")
    assert (row["id"], row["customer_id"], row["total_price"]) == ("1", "7", "12.5")
    assert row["processed_at"] == "2026-01-02 03:04:05"
    assert json.loads(row["total_price_set"])["shop_money"]["currency_code"] == "USD"
    assert [(tag["order_id"], tag["value"]) for tag in made("order_tag")] == [
        ("1", "a"),
        ("1", "b"),
    ]
    assert [(paid["id"], paid["amount"]) for paid in made("transaction")] == [("8", "12.5")]
    assert made("refund") == []
