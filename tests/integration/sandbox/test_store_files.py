"""What a store keeps of its files: an index read set-wise."""

from __future__ import annotations

import orjson
import pytest

from sandbox.generator import generate
from sandbox.store.blocks import ROWS
from sandbox.store.facts import FACTS, read_facts
from sandbox.store.store import Store, StoreFolderError

EVERY_FACT = [(resource, name) for resource, facts in FACTS.items() for name in facts]


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """A generated store of more orders than a block holds."""
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, orders=ROWS + 50, seed=11)
    return folder


@pytest.mark.parametrize("resource", FACTS)
def test_index_holds_the_facts_of_whole_nodes(generated, resource):
    """The facts that are read set-wise are those of the nodes as they stand in the file."""
    entries = Store.open(generated).entries(resource)
    lines = (generated / f"{resource}.jsonl").read_bytes().splitlines()
    whole = {node["id"]: dict(read_facts(resource, node)) for node in map(orjson.loads, lines)}

    assert {entry.gid: dict(entry.facts) for entry in entries} == whole
    assert len(entries) == len(lines) > 0


class Recorder(dict):
    """A node that holds nothing and remembers what it was asked for."""

    def __init__(self):
        super().__init__()
        self.asked = set()

    def get(self, key, default=None):
        """Give nothing."""
        self.asked.add(key)
        return default


def asked(fact):
    """What a fact asks of a node."""
    node = Recorder()
    fact.read(node)
    return node.asked


def node_with(value, path):
    """A node that has a value at a path, and nothing else."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


def test_facts_name_all_that_they_are_read_from():
    """What a fact asks of a node is what it says it is read from: only that is kept for it."""
    offenders = [
        (resource, name)
        for resource, name in EVERY_FACT
        if asked(FACTS[resource][name])
        != {path.partition(".")[0] for path in FACTS[resource][name].of}
    ]

    assert offenders == []


def test_facts_are_read_from_each_of_their_paths():
    """A value at one of its paths alone makes another fact than an empty node gives."""
    values = {"time": "2026-11-23", "day": "2026-11-23", "number": "5"}
    offenders = [
        (resource, name, path)
        for resource, name in EVERY_FACT
        for fact in [FACTS[resource][name]]
        for path in fact.of
        if fact.read(node_with(values.get(fact.kind, "x"), path)) == fact.read({})
    ]

    assert offenders == []


def test_every_entry_finds_its_own_line(generated, tmp_path):
    """Blank lines and lines of any length do not move the places of those after them."""
    lines = (generated / "orders.jsonl").read_bytes().splitlines()
    (tmp_path / "shop.json").write_bytes((generated / "shop.json").read_bytes())
    (tmp_path / "orders.jsonl").write_bytes(b"\n  \r\n".join(lines))
    store = Store.open(tmp_path)

    assert [store.node(entry) for entry in store.entries("orders")] == sorted(
        map(orjson.loads, lines), key=lambda node: int(node["legacyResourceId"])
    )


def test_parts_are_found_by_their_own_ids(generated):
    """Every refund and every variant is found where it is held."""
    store = Store.open(generated)
    refunds = [
        refund for entry in store.entries("orders") for refund in store.node(entry)["refunds"]
    ]
    variants = [
        variant
        for entry in store.entries("products")
        for variant in store.node(entry)["variants"]["nodes"]
    ]

    assert [store.find(part["id"]) for part in refunds + variants] == refunds + variants
    assert min(len(refunds), len(variants)) > 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "gid://shopify/Order/1", }}', "is not a node"),
        (b'{"id": "gid://shopify/Order/1", "note": "\xff"}', "is not a node"),
        (b"7", "is not a node"),
        (b"[]", "is not a node"),
        (b'{"name": "#1"}', "is not a node"),
        (b'{"id": "gid://shopify/Order/1", "createdAt": "yesterday"}', "its created_at"),
        (b'{"id": "gid://shopify/Order/1", "refunds": [{"note": "no id"}]}', "has no id"),
    ],
)
def test_line_that_is_not_a_node_is_named(generated, tmp_path, line, reason):
    """Whatever is wrong with a line, its file and number are told, and why."""
    lines = (generated / "orders.jsonl").read_bytes().splitlines()
    (tmp_path / "shop.json").write_bytes((generated / "shop.json").read_bytes())
    (tmp_path / "orders.jsonl").write_bytes(
        b"\n".join([*lines[: ROWS + 20], line, *lines[ROWS + 20 :]])
    )

    with pytest.raises(StoreFolderError, match=rf"orders\.jsonl, line {ROWS + 21}, .*{reason}"):
        Store.open(tmp_path)
