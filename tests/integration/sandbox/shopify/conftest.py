"""A small store of a few orders, served; and a plain client to ask it with."""

from __future__ import annotations

import json
import time

import pytest
import requests

from sandbox.server import Sandbox

LINES_PER_ORDER = 3
ORDERS = 7


def money(amount):
    """A money bag in the shop's currency."""
    value = {"amount": amount, "currencyCode": "EUR"}
    return {"shopMoney": value, "presentmentMoney": value}


def nodes(*found):
    """A connection that holds all of its nodes."""
    return {"nodes": list(found), "pageInfo": {"hasNextPage": False, "endCursor": None}}


def line(order, position):
    """A line of an order."""
    return {
        "id": f"gid://shopify/LineItem/{order}{position}",
        "title": "Tea / coffee",
        "quantity": position,
        "originalTotalSet": money("2.50"),
        "product": {"id": "gid://shopify/Product/31"},
    }


def agreement(order):
    """The sales agreement of an order's placement."""
    sales = [
        {
            "__typename": "ProductSale",
            "id": f"gid://shopify/ProductSale/{order}{position}",
            "actionType": "ORDER",
            "lineType": "PRODUCT",
            "quantity": position,
            "totalAmount": money("2.50"),
            "lineItem": {"id": f"gid://shopify/LineItem/{order}{position}"},
        }
        for position in range(1, LINES_PER_ORDER + 1)
    ]
    sales.append({"__typename": "ShippingLineSale", "id": f"gid://shopify/Sale/{order}9"})
    return {
        "__typename": "OrderAgreement",
        "id": f"gid://shopify/OrderAgreement/{order}",
        "happenedAt": "2026-11-01T10:00:00Z",
        "reason": "ORDER",
        "sales": nodes(*sales),
    }


def order(number):
    """Order 101 of 1 November, 102 of the 2nd and so on; 101 is from a year before."""
    day = f"2025-11-{number - 100:02d}" if number == 101 else f"2026-11-{number - 100:02d}"
    refunds = [
        {
            "id": f"gid://shopify/Refund/{number}1",
            "legacyResourceId": f"{number}1",
            "refundLineItems": nodes(
                *(
                    {"id": f"gid://shopify/RefundLineItem/{number}{n}", "quantity": n}
                    for n in (1, 2)
                )
            ),
        }
    ]
    return {
        "id": f"gid://shopify/Order/{number}",
        "legacyResourceId": str(number),
        "name": f"#{number}",
        "number": number,
        "email": f"buyer{number}@shop.example",
        "createdAt": f"{day}T10:00:00Z",
        "processedAt": f"{day}T10:00:00Z",
        "updatedAt": f"{day}T12:00:00Z",
        "test": number == 102,
        "tags": ["vip"] if number == 103 else [],
        "displayFinancialStatus": "PARTIALLY_REFUNDED" if number == 103 else "PAID",
        "displayFulfillmentStatus": "TELEPORTED" if number == 104 else "FULFILLED",
        "customer": {"id": "gid://shopify/Customer/21", "legacyResourceId": "21"},
        "refunds": refunds if number == 103 else [],
        "lineItems": nodes(*(line(number, n) for n in range(1, LINES_PER_ORDER + 1))),
        "agreements": nodes(agreement(number)),
    }


SHOP = {
    "id": "gid://shopify/Shop/1",
    "name": "Corner shop",
    "myshopifyDomain": "corner.myshopify.com",
    "ianaTimezone": "Europe/Berlin",
    "currencyCode": "EUR",
    "enabledPresentmentCurrencies": ["EUR"],
    "_now": "2026-11-23T00:00:00Z",
}
CUSTOMER = {
    "id": "gid://shopify/Customer/21",
    "createdAt": "2026-01-01T08:00:00Z",
    "updatedAt": "2026-11-05T15:00:00Z",
    "firstName": "Zoë",
    "defaultEmailAddress": {"emailAddress": "zoe@shop.example"},
    "addressesV2": nodes(),
}
PRODUCT = {
    "id": "gid://shopify/Product/31",
    "title": "Tea",
    "status": "ACTIVE",
    "createdAt": "2026-01-01T08:00:00Z",
    "updatedAt": "2026-11-05T15:00:00Z",
    "variants": nodes({"id": "gid://shopify/ProductVariant/41", "sku": "TEA-1"}),
    "media": nodes({"__typename": "Video", "id": "gid://shopify/Video/51", "alt": "steam"}),
}


def write_store(found):
    """Write a store folder: seven orders, one customer, one product, nothing else."""
    found.mkdir()
    (found / "shop.json").write_text(json.dumps(SHOP))
    for name, rows in {
        "orders": [order(101 + n) for n in range(ORDERS)],
        "customers": [CUSTOMER],
        "products": [PRODUCT],
    }.items():
        (found / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return found


@pytest.fixture
def folder(tmp_path):
    """The folder of the small store."""
    return write_store(tmp_path / "store")


class Client:
    """Asks the sandbox's Shopify as an installed app does."""

    def __init__(self, env):
        self.env = env
        self.url = env["SHOPIFY_API_URL"]
        self.token = self.grant().json()["access_token"]

    def grant(self, **changes):
        """Ask for an access token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.env["SHOPIFY_CLIENT_ID"],
            "client_secret": self.env["SHOPIFY_CLIENT_SECRET"],
            **changes,
        }
        return requests.post(f"{self.url}/admin/oauth/access_token", data=form, timeout=10)

    def post(self, query, variables=None, version="2026-10", token=None, **headers):
        """Send a document; give the HTTP response."""
        return requests.post(
            f"{self.url}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables or {}},
            headers={"X-Shopify-Access-Token": token or self.token, **headers},
            timeout=30,
        )

    def ask(self, document, /, **variables):
        """Send a document; give the JSON body."""
        return self.post(document, variables).json()

    def data(self, document, /, **variables):
        """Send a document that must succeed; give its data."""
        answer = self.ask(document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def control(self, path, body=None, method="POST"):
        """Send a control of the Shopify side; give the HTTP response."""
        return requests.request(
            method, f"{self.url}/_sandbox/shopify/{path}", json=body, timeout=10
        )

    def misbehave(self, kind, **more):
        """Order a fault that can be ordered."""
        answer = self.control("faults", {"kind": kind, **more})
        assert answer.status_code == 200, answer.text

    def bulk(self, query):
        """Run a bulk query; give the payload of bulkOperationRunQuery."""
        return self.data(BULK_RUN, query=query)["bulkOperationRunQuery"]

    def finished(self, gid):
        """Wait for a bulk operation to end; give its node."""
        for _ in range(200):
            found = self.data(BULK_STATUS, id=gid)["bulkOperation"]
            if found["status"] not in ("CREATED", "RUNNING", "CANCELING"):
                return found
            time.sleep(0.02)
        raise AssertionError(f"{gid} did not end")

    def lines(self, query):
        """Run a bulk query to its end; give the parsed lines of its result."""
        operation = self.finished(self.bulk(query)["bulkOperation"]["id"])
        return [
            json.loads(row)
            for row in requests.get(operation["url"], timeout=10).content.splitlines()
        ]


BULK_RUN = """mutation ($query: String!) {
  bulkOperationRunQuery(query: $query) {
    bulkOperation { id status query } userErrors { code field message }
  }
}"""
BULK_STATUS = """query ($id: ID!) {
  bulkOperation(id: $id) {
    id status errorCode objectCount rootObjectCount fileSize url partialDataUrl
  }
}"""


@pytest.fixture(scope="session")
def client_of():
    """Make a client of a sandbox that is served."""
    return lambda sandbox: Client(sandbox.env)


@pytest.fixture
def serve(folder):
    """Serve the small store with given limits; the client of it."""
    running = []

    def start(**limits):
        sandbox = Sandbox(folder, **limits)
        sandbox.__enter__()
        running.append(sandbox)
        return Client(sandbox.env)

    yield start
    for sandbox in running:
        sandbox.__exit__(None, None, None)


@pytest.fixture(scope="session")
def corner(tmp_path_factory):
    """A client of the small store that all tests which change nothing share."""
    with Sandbox(write_store(tmp_path_factory.mktemp("corner") / "store")) as sandbox:
        yield Client(sandbox.env)


@pytest.fixture
def shopify(serve):
    """A client of the small store, served as an app with all scopes sees it."""
    return serve()
