"""Bulk results, which one SQL statement writes, beside graphql-core's own execution."""

from __future__ import annotations

import json
from functools import cache

import pytest
import requests
from graphql import (
    ArgumentNode,
    IntValueNode,
    NameNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute_sync,
    get_named_type,
    parse,
    visit,
)

from extract.shopify.documents import bulk_document
from sandbox.generator import generate
from sandbox.server import Sandbox
from sandbox.shopify.access.installation import ALL_SCOPES
from sandbox.shopify.bulk.shapes import merged
from sandbox.shopify.connections.catalogue import Catalogue
from sandbox.shopify.graphql.resolvers import Context, executable, resolve_type
from sandbox.shopify.schema.contract import contract, is_connection

VERSION = "2026-10"
ORDERS = 120  # all of a resource's nodes fit on one page, so that one execution gives them
RESOURCES = ("abandoned_checkouts", "customers", "order_agreements", "orders", "products")
UNUSUAL = '☕ Zoë "said" \\ / \t\n\u0001 \u2028 </script> 日本 👩\u200d🚀'

DOCUMENTS = {
    "aliases": """{ orders { nodes { id name: number number: name Name: email
      total: totalPriceSet { shopMoney { amount } presentmentMoney { amount } }
      currency: totalPriceSet { shopMoney { unit: currencyCode } }
      buyer: customer { id } customer { email: firstName }
      lineItems { nodes { id text: title title: sku } } } } }""",
    "one key in several places": """{ orders { edges { node { id ...Total ...Lines
      lineItems { edges { node { id } } } totalPriceSet { presentmentMoney { amount } } } } } }
      fragment Total on Order { totalPriceSet { shopMoney { amount } } }
      fragment Lines on Order { lineItems { edges { node { title ... { quantity } } } } }""",
    "conditions": """{ orders { nodes { id name @skip(if: true) email @include(if: false)
      note @include(if: true) ... @skip(if: true) { phone } } } }""",
    "fragments on interfaces": """{ orders { nodes { __typename ...Any
      ... on Node { ... on Order { name } ... on Customer { firstName } } } } }
      fragment Any on Node { id }""",
    "a union": """{ orders { nodes { id kind: __typename purchasingEntity { __typename
      ... on Customer { id displayName lastOrder { id name } }
      ... on PurchasingCompany { company { name } location { id } } } } } }""",
    "a union without its types": """{ orders { nodes { id purchasingEntity {
      ... on PurchasingCompany { company { id } } } } } }""",
    "an interface in a list": """{ orders { nodes { id lineItems { nodes { id
      discountAllocations { discountApplication { index __typename
        ... on DiscountCodeApplication { code index } ... on ManualDiscountApplication {
        description title } ... on AutomaticDiscountApplication { title } } } } } } } }""",
    "an interface of nodes": """{ products { nodes { id
      featuredMedia { ... on Node { id } __typename }
      media { nodes { ... on Video { alt } ... on MediaImage { image { url } mimeType id }
        mediaContentType ... on ExternalVideo { id alt } __typename } } } } }""",
    "keys in another order for each type": """{ orders { nodes { id agreements { nodes {
      ... on OrderAgreement { happenedAt } reason ... on RefundAgreement { refund { id note
      totalRefundedSet { shopMoney { amount } } } happenedAt } id __typename
      sales { nodes { quantity ... on ProductSale { lineItem { id } id } id
      ... on ShippingLineSale { quantity } } } } } } } }""",
    "first of plain lists": """{ orders { nodes { id transactions(first: 1) { id kind }
      fulfillments(first: 2) { id trackingInfo { number } }
      refunds(first: 1) { id totalRefundedSet { shopMoney { amount } } }
      none: transactions(first: 0) { id } } } }""",
    "references": """{ orders { nodes { id
      customer { id firstName tags defaultEmailAddress { emailAddress marketingState }
        lastOrder { name customer { displayName lastOrder { id number } } } }
      lineItems { nodes { id variant { sku price product { title vendor options { name } } }
        product { id title variantsCount { count } } } } } } }""",
    "connections of references": """{ orders { nodes { id customer { id
      addressesV2 { nodes { id city } } } lineItems { nodes { id } } } } }""",
    "parts with what holds them": """{ products { nodes { id variants { nodes { id sku
      product { handle } inventoryItem { tracked } } } } } }""",
    "refunds with their orders": """{ orders { nodes { id agreements { nodes { id
      ... on RefundAgreement { refund { order { name } createdAt } } } } } } }""",
    "events": """{ events { edges { node { __typename id action message
      ... on BasicEvent { subjectId subjectType } ... on CommentEvent { id } } } } }""",
    "derived fields": """{ customers { nodes { id email phone addresses(first: 1) { city }
      emailMarketingConsent { marketingState } } } }""",
    "nothing but a type": "{ orders { nodes { __typename customer { __typename } } } }",
    **{
        f"ids of {name}": f"{{ {name} {{ edges {{ node {{ id updatedAt }} }} }} }}"
        for name in ("orders", "customers", "products", "abandonedCheckouts")
    },
}


def bare(named, number, **more):
    """A node that holds next to nothing."""
    return {"id": f"gid://shopify/{named}/{number}", **more}


def unusual_orders(customer, variant):
    """Orders that lack most, refer to others by id alone, and hold what few orders do."""
    lines = [
        bare("LineItem", 3, title=UNUSUAL, variant={"id": variant}, product=None),
        bare("LineItem", 4, variant=bare("ProductVariant", 5), quantity=7),
    ]
    sale = {"__typename": "ShippingLineSale", **bare("Sale", 9)}
    agreement = bare("RefundAgreement", 7, refund=bare("Refund", 6), sales={"nodes": [sale]})
    company = {"company": bare("Company", 8, name="Tea Ltd"), "location": None}
    yield bare("Order", 1)
    yield bare(
        "Order",
        2,
        note=UNUSUAL,
        totalWeight="18446744073709551615",
        customer={"id": customer, "firstName": None},
        purchasingEntity={"__typename": "Customer", "id": customer},
        lineItems={"nodes": lines},
        refunds=[bare("Refund", 6)],
        agreements={"nodes": [agreement]},
    )
    yield bare(
        "Order",
        3,
        purchasingEntity={"__typename": "PurchasingCompany", **company},
        transactions=[None, bare("OrderTransaction", 10, kind="SALE")],
        taxLines=[None, {"title": "VAT", "rate": 0.07}],
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A generated store, served, with unusual orders among the others."""
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, orders=ORDERS, seed=7)
    with Sandbox(folder) as sandbox:
        store = sandbox.store
        product = store.node(store.entries("products")[0])
        variant = product["variants"]["nodes"][0]["id"]
        for order in unusual_orders(store.entries("customers")[0].gid, variant):
            store.put("orders", order)
        yield sandbox


@pytest.fixture(scope="module")
def ask(served, client_of):
    """A client of that store."""
    return client_of(served)


class Paged(Visitor):
    """Asks for the first 250 nodes of every connection."""

    def __init__(self, types):
        super().__init__()
        self.types = types

    def enter_field(self, field, *_):
        """Give a connection its page size."""
        if is_connection(get_named_type(self.types.get_type())):
            size = ArgumentNode(name=NameNode(value="first"), value=IntValueNode(value="250"))
            field.arguments = (*field.arguments, size)


@cache
def executed(sandbox, text):
    """What graphql-core makes of a document, as the lines that it stands for."""
    types = TypeInfo(contract(VERSION))
    document = visit(parse(text), TypeInfoVisitor(types, Paged(types)))
    catalogue = Catalogue(sandbox.store, sandbox.clock, frozenset(ALL_SCOPES))
    result = execute_sync(
        executable(VERSION),
        document,
        context_value=Context(catalogue, None, "", VERSION),
        type_resolver=resolve_type,
    )
    assert result.errors is None
    [connection] = result.data.values()
    return [line for node in nodes(connection) for line in lines(node)]


def holds_nodes(value):
    """Whether a value is a connection's."""
    return isinstance(value, dict) and bool(value) and value.keys() <= {"edges", "nodes"}


def nodes(connection):
    """The nodes of a connection."""
    edges = connection.get("edges", [])
    return [*connection.get("nodes", []), *(edge["node"] for edge in edges)]


def lines(node, parent=None):
    """A node without its connections, then all that is below it."""
    yield own(node) if parent is None else {**own(node), "__parentId": parent}
    for connection in connections(node):
        for below in nodes(connection):
            yield from lines(below, node["id"])


def own(value):
    """A value without the connections in it."""
    if isinstance(value, dict):
        return {key: own(inner) for key, inner in value.items() if not holds_nodes(inner)}
    return [own(inner) for inner in value] if isinstance(value, list) else value


def connections(value):
    """The connections in a value, those of its objects included."""
    for inner in value.values() if isinstance(value, dict) else ():
        if holds_nodes(inner):
            yield inner
        else:
            yield from connections(inner)


def in_order(found):
    """Lines as texts, in an order of their own: keys stay in theirs."""
    return sorted(map(json.dumps, found))


@pytest.mark.parametrize("name", RESOURCES)
def test_our_documents_are_as_executed(served, ask, name):
    """The extract's own bulk documents give what graphql-core makes of them, key by key."""
    document = bulk_document(name, search=None, tag="test")

    assert in_order(ask.lines(document)) == in_order(executed(served, document))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_as_executed(served, ask, name):
    """Documents of every form give what graphql-core makes of them, key by key."""
    found = ask.lines(DOCUMENTS[name])

    assert len(found) > 1
    assert in_order(found) == in_order(executed(served, DOCUMENTS[name]))


def test_structures_of_two_kinds_are_merged_into_text():
    """What is read as an object here and as a value there is read as a text for both."""
    one = {"id": "JSON", "same": [{"a": "JSON"}], "value": "JSON"}
    other = {"same": [{"b": "JSON"}], "value": {"c": "JSON"}}

    assert merged(one, other) == {
        "id": "JSON",
        "same": [{"a": "JSON", "b": "JSON"}],
        "value": "JSON",
    }


def test_operations_do_not_disturb_each_other(served, ask):
    """Five operations at once give what each gives alone."""
    names = ("references", "a union", "aliases", "an interface of nodes", "derived fields")
    started = [ask.bulk(DOCUMENTS[name])["bulkOperation"]["id"] for name in names]
    urls = [ask.finished(gid)["url"] for gid in started]
    together = [requests.get(url, timeout=30).content.splitlines() for url in urls]

    for name, texts in zip(names, together, strict=True):
        assert in_order(map(json.loads, texts)) == in_order(executed(served, DOCUMENTS[name]))


def test_roots_come_in_the_order_of_the_sort_key(served, ask):
    """Root lines stand in the order that the document asks for, descending if reversed."""
    query = "{ orders(sortKey: UPDATED_AT, reverse: true) { nodes { id updatedAt } } }"
    found = [line["updatedAt"] for line in ask.lines(query)]

    assert found[:ORDERS] == sorted(found[:ORDERS], reverse=True)
    assert found[ORDERS:] == [None] * 3


def test_grouped_lines_follow_their_own(ask):
    """With groupObjects each line follows the one above it, with only its own lines between."""
    query = """{ orders { nodes { id agreements { nodes { id sales { nodes { id } } } }
      lineItems { nodes { id } } } } }"""
    run = """mutation ($query: String!) { bulkOperationRunQuery(query: $query,
      groupObjects: true) { bulkOperation { id } } }"""
    gid = ask.data(run, query=query)["bulkOperationRunQuery"]["bulkOperation"]["id"]
    content = requests.get(ask.finished(gid)["url"], timeout=30).content
    found = [json.loads(line) for line in content.splitlines()]
    above: list[str] = []
    for line in found:
        while above and above[-1] != line.get("__parentId"):
            above.pop()
        assert bool(above) == ("__parentId" in line)
        above.append(line["id"])

    assert in_order(found) == in_order(ask.lines(query))


def test_values_pass_through_unchanged(shopify):
    """Numbers of any size, decimals and values that the schema does not know stay as are."""
    shopify.control(
        "orders",
        {
            "id": "gid://shopify/Order/102",
            "displayFulfillmentStatus": {"new": ["STATE", None]},
            "number": 9007199254740993,
            "totalWeight": "18446744073709551615",
            "subtotalPriceSet": {"shopMoney": {"amount": "0.10", "currencyCode": 7}},
        },
    )
    query = """{ orders(query: "id:102") { nodes { displayFulfillmentStatus number totalWeight
      subtotalPriceSet { shopMoney { amount currencyCode } } } } }"""
    operation = shopify.finished(shopify.bulk(query)["bulkOperation"]["id"])

    assert requests.get(operation["url"], timeout=10).text == (
        '{"displayFulfillmentStatus":{"new":["STATE",null]},"number":9007199254740993,'
        '"totalWeight":"18446744073709551615",'
        '"subtotalPriceSet":{"shopMoney":{"amount":"0.10","currencyCode":7}}}\n'
    )


def test_unknown_type_gives_what_its_interface_has(shopify):
    """A type that the schema does not know is written by the fields of its interface."""
    sale = {"__typename": "TimeSale", "id": "gid://shopify/TimeSale/1", "quantity": 2}
    agreement = {"__typename": "Pact", "id": "gid://shopify/Pact/1", "sales": {"nodes": [sale]}}
    order = {"id": "gid://shopify/Order/102", "agreements": {"nodes": [agreement]}}
    shopify.control("orders", order)
    found = shopify.lines("""{ orders(query: "id:102") { nodes { id agreements { nodes {
      __typename id ... on OrderAgreement { reason } sales { nodes { type: __typename quantity
      ... on ProductSale { lineItem { id } } } } } } } } }""")

    assert found[1:] == [
        {"__typename": "Pact", "id": "gid://shopify/Pact/1", "__parentId": order["id"]},
        {"type": "TimeSale", "quantity": 2, "__parentId": "gid://shopify/Pact/1"},
    ]
