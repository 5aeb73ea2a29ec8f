"""Faults of bulk operations: what a client sees of each, and what is really missing."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import requests

ORDERS = """# cartwheel 7c1e orders
{ orders(sortKey: ID) { edges { node { id name lineItems { edges { node { id } } }
  agreements { nodes { id sales { edges { node { __typename id } } } } } } } } }"""
PRODUCTS = "# cartwheel 7c1e products\n{ products { edges { node { id title } } } }"
EMAILS = "{ orders { edges { node { id email } } } }"


def ended(shopify, query=ORDERS):
    """Run a bulk query to its end; give its node."""
    return shopify.finished(shopify.bulk(query)["bulkOperation"]["id"])


def fetch(operation):
    """The bytes of a result, whole or partial."""
    return requests.get(operation["url"] or operation["partialDataUrl"], timeout=10).content


def test_failed_operation_has_a_part_of_its_result(shopify):
    """Some whole lines of the result, fewer than all, lie at partialDataUrl, counted."""
    whole = fetch(ended(shopify)).splitlines()
    shopify.misbehave("bulk_failed")
    failed = ended(shopify)
    part = fetch(failed).splitlines()

    assert (failed["status"], failed["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert (failed["url"], failed["fileSize"]) == (None, None)
    assert 0 < len(part) < len(whole)
    assert part == whole[: len(part)]
    assert failed["objectCount"] == str(len(part))


def test_truncated_result_ends_within_a_line(shopify):
    """Counts and size are of the whole file, whose last half is not there."""
    whole = ended(shopify)
    content = fetch(whole)
    shopify.misbehave("bulk_truncated")
    truncated = ended(shopify)

    for key in ("status", "fileSize", "objectCount", "rootObjectCount"):
        assert truncated[key] == whole[key]
    assert fetch(truncated) == content[: len(content) // 2]


def test_short_result_lacks_lines_that_are_counted(shopify):
    """The size is right and every line is whole, but there are fewer than objectCount."""
    whole = ended(shopify)
    shopify.misbehave("bulk_short")
    short = ended(shopify)
    content = fetch(short)

    assert short["status"] == "COMPLETED"
    assert short["fileSize"] == str(len(content))
    assert short["objectCount"] == whole["objectCount"]
    lines = [json.loads(line) for line in content.splitlines()]
    assert 0 < len(lines) < int(short["objectCount"])


def test_blank_lines_are_no_error(shopify):
    """Without its blank lines the result is the undisturbed one, and so are the counts."""
    whole = ended(shopify)
    shopify.misbehave("bulk_blank_lines")
    blank = ended(shopify)
    lines = fetch(blank).splitlines()

    assert lines.count(b"") > 1
    assert [line for line in lines if line] == fetch(whole).splitlines()
    assert blank["objectCount"] == whole["objectCount"]
    assert blank["fileSize"] == str(len(fetch(blank)))


def children(operation):
    """The ids of a result's lines, by parent."""
    rows = [json.loads(line) for line in fetch(operation).splitlines()]
    found: dict[str | None, set[str]] = {}
    for row in rows:
        found.setdefault(row.get("__parentId"), set()).add(row["id"])
    return found


def test_cut_children_are_missing_without_a_trace(shopify):
    """One parent lacks some children; counts and size are of what is there."""
    whole = children(ended(shopify))
    shopify.misbehave("bulk_children_cut")
    operation = ended(shopify)
    cut = children(operation)
    shorter = [parent for parent, ids in whole.items() if cut[parent] != ids]

    assert len(shorter) == 1
    assert shorter[0] is not None
    assert set() < cut[shorter[0]] < whole[shorter[0]]
    assert operation["objectCount"] == str(sum(map(len, cut.values())))
    assert operation["fileSize"] == str(len(fetch(operation)))


def test_what_lies_below_a_cut_child_is_cut_too(shopify):
    """No line names a parent that is not in the result."""
    order = shopify.control("orders/103", method="GET").json()
    first = order["agreements"]["nodes"][0]
    more = [
        {
            **first,
            "id": f"gid://shopify/OrderAgreement/99{n}",
            "sales": {"nodes": [{"__typename": "TipSale", "id": f"gid://shopify/Sale/99{n}"}]},
        }
        for n in range(8)
    ]
    shopify.control("orders", {"id": order["id"], "agreements": {"nodes": more}})
    shopify.misbehave("bulk_children_cut")
    cut = children(ended(shopify))

    assert sum("OrderAgreement/99" in gid for gid in cut[order["id"]]) == 4
    assert cut.keys() - {None} <= set().union(*cut.values())


def test_result_without_children_cannot_lose_any(shopify):
    """The fault waits for a result that has children."""
    shopify.misbehave("bulk_children_cut")
    products = ended(shopify, PRODUCTS)

    assert len(fetch(products).splitlines()) == 1
    assert Counter(fault["kind"] for fault in shopify.control("faults", method="GET").json())


def test_empty_result_has_no_address(shopify):
    """The operation completes as if there were nothing."""
    shopify.misbehave("bulk_empty")
    empty = ended(shopify)

    assert (empty["status"], empty["url"], empty["objectCount"]) == ("COMPLETED", None, "0")


@pytest.mark.parametrize(
    ("kind", "status"), [("bulk_canceled", "CANCELED"), ("bulk_expired", "EXPIRED")]
)
def test_operation_ends_without_a_result(shopify, kind, status):
    """Nobody cancelled it, and there is neither an address nor an error code."""
    shopify.misbehave(kind)
    operation = ended(shopify)

    assert operation["status"] == status
    assert (operation["url"], operation["partialDataUrl"]) == (None, None)
    assert operation["errorCode"] is None
    assert ended(shopify)["status"] == "COMPLETED"


def test_transfer_breaks_off_once(shopify):
    """The first fetch ends in the middle, the second gives the whole file."""
    shopify.misbehave("bulk_transfer_cut")
    operation = ended(shopify)

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        fetch(operation)
    assert operation["fileSize"] == str(len(fetch(operation)))


def test_wrong_address_is_no_https(shopify):
    """The result's address is that of a file, once."""
    shopify.misbehave("bulk_url_wrong")

    assert ended(shopify)["url"].startswith("file:///")
    assert ended(shopify)["url"].startswith(shopify.url)


def test_expired_address_is_replaced_by_a_fresh_one(shopify):
    """The old address answers 400 with Google's XML for good; a fresh one gives the file."""
    shopify.misbehave("bulk_url_expired")
    operation = ended(shopify)
    refusals = [requests.get(operation["url"], timeout=10) for _ in range(2)]
    fresh = shopify.finished(operation["id"])

    assert [refusal.status_code for refusal in refusals] == [400, 400]
    assert "<Code>ExpiredToken</Code>" in refusals[0].text
    assert operation["fileSize"] == str(len(fetch(fresh)))


def test_access_to_protected_data_is_denied_to_a_bulk_operation(shopify):
    """An operation that selects protected fields ends FAILED; one that does not is spared."""
    shopify.misbehave("access_denied")
    spared, failed = ended(shopify), ended(shopify, EMAILS)

    assert spared["status"] == "COMPLETED"
    assert (failed["status"], failed["errorCode"]) == ("FAILED", "ACCESS_DENIED")


@pytest.mark.parametrize("kind", ["bulk_failed", "bulk_stalled", "bulk_expired"])
def test_fault_is_aimed_at_one_of_several_operations(shopify, kind):
    """The operation whose query has the text is hit, whichever runs first."""
    shopify.misbehave(kind, where="# cartwheel 7c1e orders")
    orders = shopify.bulk(ORDERS)["bulkOperation"]["id"]

    assert ended(shopify, PRODUCTS)["status"] == "COMPLETED"
    if kind == "bulk_stalled":
        status = "query ($id: ID!) { bulkOperation(id: $id) { status } }"
        assert shopify.data(status, id=orders)["bulkOperation"]["status"] == "RUNNING"
    else:
        assert shopify.finished(orders)["status"] in ("FAILED", "EXPIRED")


def test_address_expires_for_the_operation_that_is_aimed_at(shopify):
    """The result of another operation is fetched undisturbed."""
    shopify.misbehave("bulk_url_expired", where="orders")
    products, orders = ended(shopify, PRODUCTS), ended(shopify)

    assert requests.get(products["url"], timeout=10).status_code == 200
    assert requests.get(orders["url"], timeout=10).status_code == 400
