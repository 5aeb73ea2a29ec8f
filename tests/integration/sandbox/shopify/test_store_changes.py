"""A store that changes while it is served, and folders that cannot be."""

from __future__ import annotations

import gzip
import json

import pytest
import requests

from sandbox.store.store import Store, StoreFolderError

NOTE = '{ order(id: "gid://shopify/Order/102") { name note updatedAt } }'
DESTROYED = """{ events(first: 5, query: "action:destroy AND subject_type:PRODUCT") {
  nodes { __typename action ... on BasicEvent { subjectId } } } }"""


def control(shopify, path):
    """The address of a control."""
    return f"{shopify.url}/_sandbox/shopify/{path}"


def test_changed_node_is_served(shopify):
    """Given keys replace the node's, the others stay, and updatedAt moves to now."""
    change = {"id": "gid://shopify/Order/102", "note": "leave at the door"}
    requests.post(control(shopify, "orders"), json=change, timeout=10)

    assert shopify.data(NOTE)["order"] == {
        "name": "#102",
        "note": "leave at the door",
        "updatedAt": "2026-11-23T00:00:00Z",
    }


def test_a_node_that_is_posted_as_it_was_shown_is_updated_now(shopify):
    """Its own updatedAt is no time that was chosen; another one is kept."""
    shown = shopify.control("orders/102", method="GET").json() | {"note": "changed"}
    changed = shopify.control("orders", shown).json()
    chosen = shopify.control("orders", changed | {"updatedAt": "2026-11-20T00:00:00Z"}).json()

    assert changed["updatedAt"] == "2026-11-23T00:00:00Z"
    assert chosen["updatedAt"] == "2026-11-20T00:00:00Z"


def test_what_cannot_be_done_is_told_without_python(shopify):
    """A change, a scope or a refund that cannot be is refused in words."""
    answers = [
        shopify.control("schedule", {"do": [{"access": {"scopes": ["read_all"]}}]}),
        shopify.control("schedule", {"do": [{"remove": {"resource": "orders"}}]}),
        shopify.control("orders/102/refund", {"lines": {"1": 1}}),
        shopify.control("orders/102/refund", ["all"]),
    ]
    behaviour = requests.post(
        f"{shopify.url}/_sandbox/hubspot/behaviours", json={"missing_scopes": ["x"]}, timeout=10
    )

    for answer in answers:
        assert answer.status_code == 400, answer.text
    told = [answer.json()["error"] for answer in answers] + [behaviour.json()["message"]]
    assert [text for text in told if "Error" in text or "('" in text] == []
    assert 'missing_scopes cannot be ["x"]: there is no scope' in told[-1]
    assert shopify.control("orders/7/refund", {}).status_code == 404


def test_new_node_is_listed(shopify):
    """A node with a new id is found by filters at once."""
    new = {"id": "gid://shopify/Order/900", "name": "#900", "createdAt": "2026-11-22T09:00:00Z"}
    requests.post(control(shopify, "orders"), json=new, timeout=10)
    query = "query ($q: String) { orders(first: 5, query: $q) { nodes { name } } }"

    assert shopify.data(query, q="name:#900")["orders"]["nodes"] == [{"name": "#900"}]


def test_removed_node_is_gone(shopify):
    """A removed order is no longer found or counted."""
    requests.delete(control(shopify, "orders/102"), timeout=10)

    assert shopify.data(NOTE)["order"] is None
    assert shopify.data("{ ordersCount { count } }")["ordersCount"]["count"] == 6


def test_removed_product_leaves_an_event(shopify):
    """Removing a product leaves a destroy event that names it."""
    requests.delete(control(shopify, "products/31"), timeout=10)

    assert shopify.data(DESTROYED)["events"]["nodes"] == [
        {
            "__typename": "BasicEvent",
            "action": "destroy",
            "subjectId": "gid://shopify/Product/31",
        }
    ]


@pytest.mark.parametrize(
    ("node", "names"),
    [
        ({"note": "whose?"}, "id"),
        ({"id": "nonsense"}, "gid://shopify/Order/"),
        ({"id": "102"}, "gid://shopify/Order/"),
        ({"id": ["gid://shopify/Order/102"]}, "gid://shopify/Order/"),
        ({"id": "gid://shopify/Product/31"}, "gid://shopify/Order/"),
        ({"id": "gid://shopify/Order/102", "createdAt": "yesterday"}, "yesterday"),
        ({"id": "gid://shopify/Order/102", "customer": 21}, "customer"),
    ],
)
def test_what_is_not_a_node_changes_nothing(shopify, node, names):
    """A change that the store could not serve is refused, and the refusal says why."""
    answer = requests.post(control(shopify, "orders"), json=node, timeout=10)

    assert answer.status_code == 400
    assert names in answer.json()["error"]
    assert shopify.data("{ ordersCount { count } }")["ordersCount"]["count"] == 7
    assert shopify.data(NOTE)["order"]["updatedAt"] == "2026-11-02T12:00:00Z"


def test_unknown_resource_is_answered_with_the_known_ones(shopify):
    """A change to a resource that the store has not names those that it has."""
    answer = requests.post(control(shopify, "carts"), json={"id": "1"}, timeout=10)

    assert answer.status_code == 404
    assert "abandoned_checkouts" in answer.json()["error"]


@pytest.mark.parametrize("fault", [{"kind": "rain"}, {"kind": "throttled", "times": 0}, []])
def test_unknown_faults_are_answered_with_the_known_ones(shopify, fault):
    """A fault that cannot be ordered is refused with a list of those that can."""
    answer = requests.post(control(shopify, "faults"), json=fault, timeout=10)

    assert answer.status_code == 400
    assert "bulk_truncated" in answer.json()["kinds"]


def test_packed_files_are_the_same_store(folder):
    """A .gz file gives the same nodes as the plain one."""
    plain = Store.open(folder)
    file = folder / "orders.jsonl"
    file.with_name("orders.jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    packed = Store.open(folder)

    assert list(map(packed.text, packed.entries("orders"))) == list(
        map(plain.text, plain.entries("orders"))
    )


def test_broken_line_is_named(folder):
    """A line that is not a node is refused with its file and number."""
    with (folder / "orders.jsonl").open("a") as file:
        file.write("{broken\n")

    with pytest.raises(StoreFolderError, match=r"orders\.jsonl, line 8"):
        Store.open(folder)


def test_broken_archive_is_named(folder):
    """A .gz file that was cut off is refused with its name."""
    file = folder / "orders.jsonl"
    packed = gzip.compress(file.read_bytes())
    file.with_name("orders.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    file.unlink()

    with pytest.raises(StoreFolderError, match=r"orders\.jsonl\.gz"):
        Store.open(folder)


@pytest.mark.parametrize("shop", [[], {"_now": 20261123}, {"_now": "2026-11-23T00:00:00Z"}])
def test_shop_that_lacks_what_the_apis_need_is_refused(folder, shop):
    """A shop.json without a clock, a domain or a currency is refused as it is opened."""
    (folder / "shop.json").write_text(json.dumps(shop))

    with pytest.raises(StoreFolderError, match=r"shop\.json"):
        Store.open(folder)


def test_folder_without_shop_names_the_next_command(tmp_path):
    """A folder that is not a store says how to make one."""
    with pytest.raises(StoreFolderError, match=r"sandbox\.generator"):
        Store.open(tmp_path)
