"""A small warehouse of two shops, written by hand and built by dbt once."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from cartwheel.transform import transform
from extract.land.tables import create_tables
from load.hubspot.batch_write import batched
from tests.integration.models.compiled import Models
from tests.integration.models.many_cases import fill_many_cases
from tests.integration.models.report_cases import fill_report_cases

NOW = datetime(2026, 6, 10, tzinfo=UTC)
LONDON, TOKYO = "london.myshopify.com", "tokyo.myshopify.com"
OTHER_VARS = {
    "include_test_orders": True,
    "cancelled_orders": "excluded",
    "abandonment_hours": 48,
    "product_grain": "product",
    "first_day_of_week": "sunday",
    "bought_together_orders": 1,
}


class Raw:
    """Lands nodes by hand, as extract lands them; in batches, when they are asked for."""

    def __init__(self, connection):
        self._connection = connection
        self._rows = defaultdict(list)
        create_tables(connection)

    @property
    def connection(self):
        """The warehouse, with everything that was landed by now."""
        self.write()
        return self._connection

    def write(self):
        """Write what was landed into the warehouse."""
        row = "(?, ?, ?, ?, ?::timestamp, ?::timestamp, ?, 'run')"
        for table, rows in self._rows.items():
            for batch in batched(rows):
                self._connection.execute(
                    f"insert into raw.{table} (shop, id, parent_id, payload, updated_at, "
                    f"landed_at, deleted_at, run_id) values {', '.join([row] * len(batch))}",
                    [value for values in batch for value in values],
                )
        self._rows.clear()

    def land(self, table, shop, node, parent=None, deleted_at=None, landed_at="2026-06-10"):
        """A version of a node, as it is now."""
        self._rows[table].append(
            (
                *(shop, node["id"], parent, json.dumps(node), node.get("updatedAt")),
                *(landed_at, deleted_at),
            )
        )

    def shop(self, domain, time_zone, currency, created_at, imported_at="2026-06-01", **fields):
        node = {"id": "gid://shopify/Shop/1", "ianaTimezone": time_zone, "name": domain}
        node |= fields
        self.land("shops", domain, {**node, "currencyCode": currency, "createdAt": created_at})
        self.connection.execute(
            "insert into ops.initial_imports values (?, 'run', ?)", [domain, imported_at]
        )

    def customer(self, number, email, shop=LONDON, landed_at="2026-06-10", **fields):
        address = {"emailAddress": email, "marketingState": "NOT_SUBSCRIBED"}
        node = {
            "id": f"gid://shopify/Customer/{number}",
            "defaultEmailAddress": {**address, **fields.pop("consent", {})},
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z",
            "tags": [],
        }
        self.land("customers", shop, {**node, **fields}, landed_at=landed_at)

    def order(self, number, at, price="10.00", shop=LONDON, customer=None, sales=(), **fields):
        """An order of one line, with its agreement and a sale of the whole price."""
        order = f"gid://shopify/Order/{number}"
        node = {
            "id": order,
            "name": f"#{number}",
            "currencyCode": "GBP" if shop == LONDON else "JPY",
            "customer": customer and {"id": f"gid://shopify/Customer/{customer}"},
            "displayFinancialStatus": "PAID",
            "displayFulfillmentStatus": "UNFULFILLED",
            "currentTotalTaxSet": money("0"),
            "totalRefundedSet": money("0"),
        }
        node |= dict.fromkeys(("createdAt", "processedAt", "updatedAt"), at)
        totals = ("originalTotalPriceSet", "totalPriceSet", "currentTotalPriceSet")
        node |= dict.fromkeys(totals, money(price))
        self.land("orders", shop, node | fields)
        self.line(number, order, price, shop)
        agreement = {"id": f"gid://shopify/OrderAgreement/{number}", "happenedAt": at}
        self.land("order_agreements", shop, agreement, order)
        for position, changes in enumerate(sales or [{}]):
            sale = {
                "id": f"gid://shopify/ProductSale/{number}{position}",
                "lineType": "PRODUCT",
                "actionType": "ORDER",
                "quantity": 1,
                "lineItem": {"id": f"gid://shopify/LineItem/{number}"},
                "totalAmount": money(price),
            }
            self.land("sales", shop, sale | changes, agreement["id"])

    def line(self, number, order, price, shop=LONDON, **landing):
        node = {
            "id": f"gid://shopify/LineItem/{number}",
            **dict.fromkeys(("name", "title"), "Thing"),
            "quantity": 1,
            "currentQuantity": 1,
            "originalUnitPriceSet": money(price),
            "originalTotalSet": money(price),
        }
        self.land("order_line_items", shop, node, order, **landing)

    def checkout(self, number, created_at, completed_at=None, **fields):
        node = {
            "id": f"gid://shopify/AbandonedCheckout/{number}",
            "createdAt": created_at,
            "updatedAt": created_at,
            "completedAt": completed_at,
            "abandonedCheckoutUrl": f"https://shop.example/1/checkouts/token{number}/recover?key=1",
            "totalPriceSet": money("5.00"),
        }
        self.land("abandoned_checkouts", LONDON, {**node, **fields})


def money(amount):
    """A MoneyBag of one amount."""
    one = {"amount": amount, "currencyCode": "GBP"}
    return {"shopMoney": one, "presentmentMoney": one}


def _people(raw):
    ann = {"firstName": "Ann", "lastName": "Old", "tags": ["vip"], "note": "kept"}
    raw.customer(1, "ann@example.com", createdAt="2025-03-01T00:00:00Z", **ann)
    newer = {"updatedAt": "2026-05-01T00:00:00Z", "tags": ["b2b"], "firstName": " ", "note": ""}
    raw.customer(2, "\u3000Ann@Example.com\u00a0", lastName="New", **newer)
    raw.customer(1, "ann@example.com", shop=TOKYO)
    raw.customer(3, "ann+shop@example.com", landed_at="2026-05-30")
    raw.customer(4, "not an e-mail")
    raw.customer(5, None)
    raw.customer(6, "consent@example.com", consent={"marketingState": "SUBSCRIBED"})
    raw.order(100, "2026-03-01T10:00:00Z", customer=1)
    raw.order(101, "2026-03-02T10:00:00Z", customer=2)
    raw.order(102, "2026-03-03T10:00:00Z", customer=1, shop=TOKYO)
    raw.order(103, "2026-02-01T10:00:00Z", customer=1, cancelledAt="2026-02-02T00:00:00Z")
    raw.order(104, "2026-01-01T10:00:00Z", customer=1, test=True)
    raw.order(110, "2026-03-01T10:00:00Z", email="Guest@Example.com ")
    raw.order(111, "2026-03-01T10:00:00Z", email="broken@")
    raw.order(112, "2026-03-01T10:00:00Z", customer=4, email="other@example.com")
    raw.order(113, "2026-03-01T10:00:00Z", customer=99, email="gone@example.com")
    no = {"customerAcceptsMarketing": False}
    raw.order(114, "2026-04-01T10:00:00Z", email="consent@example.com", **no)


def _competing_records(raw):
    later = {"updatedAt": "2026-05-01T00:00:00Z"}
    flat = {"address1": "1 High Street", "address2": "Flat 2", "city": "Leeds"}
    raw.customer(20, "moved@example.com", defaultAddress=flat)
    raw.customer(21, "moved@example.com", defaultAddress={"address1": "9 New Road"}, **later)
    yes = {"marketingState": "SUBSCRIBED", "marketingUpdatedAt": "2026-02-01T00:00:00Z"}
    raw.customer(22, "asked@example.com", consent=yes)
    raw.customer(23, "asked@example.com", **later)
    raw.customer(24, "arrived@example.com", landed_at="2026-06-05")
    raw.customer(24, "arrived@example.com", shop=TOKYO, landed_at="2026-06-07")
    visit = {"source": "Google", "sourceType": "SEO"}
    cancelled = {"cancelledAt": "2026-02-02T00:00:00Z"}
    journey = {"customerJourneySummary": {"firstVisit": visit}}
    raw.order(120, "2026-02-01T10:00:00Z", customer=24, **cancelled, **journey)
    raw.order(121, "2026-03-01T10:00:00Z", customer=24)
    raw.customer(25, "mended@example.com")
    before = {"defaultEmailAddress": {"emailAddress": "mended@"}}
    customer = {"id": "gid://shopify/Customer/25", **before}
    raw.checkout(313, "2026-06-09T12:00:00Z", customer=customer)


def _stages(raw):
    raw.order(200, "2026-03-01T10:00:00Z", displayFinancialStatus="ESCROWED", fullyPaid=True)
    raw.order(201, "2026-03-01T10:00:00Z", displayFinancialStatus="ESCROWED")
    raw.order(202, "2026-03-01T10:00:00Z", displayFulfillmentStatus="FULFILLED")
    refunded = {"displayFinancialStatus": "REFUNDED", "displayFulfillmentStatus": "FULFILLED"}
    raw.order(203, "2026-03-01T10:00:00Z", **refunded)
    raw.order(204, "2026-03-01T10:00:00Z", displayFinancialStatus="EXPIRED")
    raw.order(205, "2026-03-01T10:00:00Z", displayFinancialStatus="PARTIALLY_PAID")


def _checkouts(raw):
    raw.checkout(300, "2026-06-09T00:00:00Z")
    raw.checkout(301, "2026-06-09T00:00:01Z")
    raw.checkout(302, "2026-05-01T00:00:00Z", completed_at="2026-05-02T00:00:00Z")
    raw.checkout(303, "2026-05-01T00:00:00Z", completed_at="2026-05-01T23:59:59Z")
    raw.checkout(304, "2026-05-01T00:00:00Z")
    raw.order(320, "2026-05-03T00:00:00Z", checkoutToken="token304")
    raw.checkout(305, "2026-06-08T00:00:00Z", completed_at="2026-06-09T12:00:00Z")
    paths = {310: "c/short", 311: "cn/long", 312: "plain/recover", 314: ""}
    for number, path in paths.items():
        address = f"https://shop.example/checkouts/{path}"
        raw.checkout(number, "2026-06-09T12:00:00Z", abandonedCheckoutUrl=address)
    raw.order(321, "2026-05-03T00:00:00Z", totalPriceSet=money("12.00"))


def _sales(raw):
    raw.order(400, "2026-06-01T23:30:00Z", price="6.66", email="day1@example.com")
    raw.order(401, "2026-06-01T23:40:00Z", price="6.67", email="day2@example.com")
    raw.order(402, "2026-06-02T11:00:00Z", price="6.67", email="day1@example.com")
    tax = {"totalTaxAmount": money("1.00")}
    raw.order(
        403,
        "2026-04-15T12:00:00Z",
        price="30.00",
        currentTotalTaxSet=money("3.00"),
        sales=[
            {"totalAmount": money("12.00"), "totalDiscountAmountBeforeTaxes": money("2")}
            | {"lineItem": None, **tax},
            {"lineType": "DONATION", "lineItem": None, "totalAmount": money("4.00")} | tax,
            {"lineType": "TIP", "lineItem": None, "totalAmount": money("5.00")},
            {"lineType": "GIFT_CARD", "lineItem": None, "totalAmount": money("6.00")},
            {"lineType": "SHIPPING", "lineItem": None, "totalAmount": money("6.00")} | tax,
            {"lineType": "ADJUSTMENT", "lineItem": None, "totalAmount": money("-3.00")},
        ],
    )
    raw.order(404, "2026-04-01T12:00:00Z")
    raw.line(4049, "gid://shopify/Order/404", "1.00", deleted_at="2026-05-01")


@pytest.fixture(scope="session")
def two_shops(build):
    """A warehouse of a London and a Tokyo shop with one case of everything."""

    def fill(raw):
        raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
        locales = [{"locale": "en", "primary": False}, {"locale": "ja", "primary": True}]
        raw.shop(
            *(TOKYO, "Asia/Tokyo", "JPY", "2025-06-01T00:00:00Z", "2026-06-08"),
            shopLocales=locales,
        )
        emails = json.loads((Path(__file__).parent / "emails.json").read_text())
        for number, email in enumerate([email for kind in emails.values() for email in kind]):
            raw.customer(1000 + number, email)
        for part in (_people, _competing_records, _stages, _checkouts, _sales):
            part(raw)

    return build(fill, tested=True)


@pytest.fixture(scope="session")
def transformed_cases(landed):
    """Settings of a warehouse of the cases that break naive code, after a transform by dbt."""
    settings = landed(fill_many_cases)
    transform(settings, silent)
    return settings


@pytest.fixture(scope="session")
def many_cases(transformed_cases, asking):
    """That warehouse (many_cases.py), to be asked."""
    ask = asking(transformed_cases.warehouse)
    ask.settings = transformed_cases
    return ask


@pytest.fixture(scope="session")
def reports(build):
    """A small shop, of which each report can be counted by hand (report_cases.py)."""
    return build(fill_report_cases, tested=True)


@pytest.fixture(scope="session")
def other_vars(build):
    """The same cases with OTHER_VARS."""
    return build(fill_many_cases, tested=True, otherwise=True)


@pytest.fixture(scope="session")
def landed(tmp_path_factory):
    """Fill a new warehouse by a function of Raw, and give the settings that reach it."""

    def landed(fill):
        folder = tmp_path_factory.mktemp("models")
        settings = Settings(warehouse=folder / "warehouse.duckdb", now=NOW)
        with open_warehouse(settings.warehouse) as connection:
            raw = Raw(connection)
            fill(raw)
            raw.write()
        return settings

    return landed


@pytest.fixture(scope="session")
def asking():
    """A way to ask a warehouse, by its path."""

    def asking(path):
        def ask(query, *values):
            with open_warehouse(path, read_only=True) as connection:
                return connection.execute(query, values).fetchall()

        return ask

    return asking


@pytest.fixture(scope="session")
def models(landed):
    """The models and tests as dbt compiled them."""
    return Models(landed(lambda _raw: None))


@pytest.fixture(scope="session")
def models_otherwise(landed):
    """The same, compiled with other vars."""
    return Models(landed(lambda _raw: None), OTHER_VARS)


@pytest.fixture(scope="session")
def build(request, landed, asking):
    """Fill a warehouse by a function of Raw, make its models, and give a way to ask it.

    The SQL is run as dbt compiled it, once for all: dbt takes five times as long. With tested,
    `verdict` says what the tests found; with otherwise, the models are those of OTHER_VARS.
    """

    def build(fill, *, tested=False, otherwise=False):
        settings = landed(fill)
        models = request.getfixturevalue("models_otherwise" if otherwise else "models")
        with open_warehouse(settings.warehouse) as connection:
            models.create(connection)
            verdict = models.judge(connection) if tested else None
        ask = asking(settings.warehouse)
        ask.verdict, ask.settings = verdict, settings
        return ask

    return build


@pytest.fixture(scope="session")
def empty_warehouse(build):
    """A warehouse whose raw tables hold nothing."""
    return build(lambda _raw: None, tested=True)
