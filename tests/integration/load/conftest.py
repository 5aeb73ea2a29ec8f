"""A small hubspot.* in a real warehouse, and the sandbox's HubSpot over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from shutil import copy

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bench.marts import column_types
from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from load.hubspot.batch_write import batched
from load.hubspot.client import HubSpotClient
from load.objects.catalogue import CATALOGUE
from load.run import load
from load.setup.run import set_up
from sandbox.core.clock import Clock
from sandbox.core.listening import running
from sandbox.core.request_log import RequestLog, RequestLogMiddleware
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes
from tests.torture.load.grounds import Grounds

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHOP = "demo.myshopify.com"


class Marts:
    """The tables of hubspot.* in a warehouse, written row by row as the models would."""

    def __init__(self, path) -> None:
        self.path = path

    def create(self) -> None:
        """Make the tables, empty, with the columns of the catalogue."""
        with self.open() as connection:
            connection.execute("create schema hubspot")
            for name, object_type in CATALOGUE.items():
                kinds = column_types(object_type)
                columns = ", ".join(f'"{each}" {kind}' for each, kind in kinds.items())
                connection.execute(f"create table hubspot.{name} ({columns})")
            connection.execute(
                "create table hubspot.associations (from_object varchar, from_key varchar, "
                "to_object varchar, to_key varchar, association_type varchar);"
                "create table hubspot.tombstones (object varchar, key varchar, reason varchar, "
                "deleted_at timestamp);"
            )
            for name in CATALOGUE:
                connection.execute(
                    f"create table hubspot.quarantined_{name} (shop varchar, key varchar, "
                    "record varchar, source_id varchar, reason varchar, detail varchar, "
                    "is_ordinary boolean)"
                )

    def count_shopify(self, *entries: tuple) -> None:
        """Say what Shopify has: entries (object, currency, entry, records, amount).

        Without it the warehouse is one that an older version transformed.
        """
        with self.open() as connection:
            connection.execute(
                "create table hubspot.control_totals (object varchar, currency varchar, "
                "entry varchar, records bigint, amount decimal(18, 4))"
            )
            for entry in entries:
                connection.execute(
                    "insert into hubspot.control_totals values (?, ?, ?, ?, ?)", entry
                )

    @contextmanager
    def open(self):
        with open_warehouse(self.path) as connection:
            yield connection

    def run(self, query: str, *values):
        with self.open() as connection:
            return connection.execute(query, list(values)).fetchall()

    def insert(self, table: str, rows: list[dict]) -> None:
        with self.open() as connection:
            for columns, alike in groupby(rows, key=tuple):
                names = ", ".join(f'"{name}"' for name in columns)
                marks = f"({', '.join('?' for _ in columns)})"
                for batch in batched(alike):
                    connection.execute(
                        f"insert into hubspot.{table} ({names}) "
                        f"values {', '.join(marks for _ in batch)}",
                        [value for row in batch for value in row.values()],
                    )


class Build:
    """Rows of hubspot.*, told apart by a number."""

    @staticmethod
    def product(number: int) -> dict:
        """A product's row."""
        return {
            "shopify_product_key": f"{SHOP}/variant:{number}",
            "name": f"Mug {number}",
            "price": Decimal("4.50"),
            "shopify_created_at": datetime(2026, 1, 2, 3, 4, 5),
        }

    @staticmethod
    def contact(number: int) -> dict:
        """A contact's row."""
        return {
            "email": f"person{number}@example.com",
            "firstname": f"Ana{number}",
            "shopify_accepts_marketing": True,
            "shopify_note": "likes blue",
        }

    @staticmethod
    def deal(number: int) -> dict:
        """A deal's row: amount 10 and a bit."""
        return {
            "shopify_deal_key": f"{SHOP}/order:{number}",
            "dealname": f"#{number}",
            "pipeline": "ecommerce",
            "dealstage": "processed",
            "amount": Decimal(10) + Decimal(number) / 100,
            "deal_currency_code": "GBP",
            "closedate": datetime(2026, 5, 6, 7, 8, 9),
        }

    @staticmethod
    def line_item(number: int, deal_number: int, product_number: int) -> dict:
        """A line item's row."""
        return {
            "shopify_line_item_key": f"{SHOP}/line:{number}",
            "name": f"Mug {product_number}",
            "quantity": 2,
            "price": Decimal("4.50"),
            "shopify_product_key": f"{SHOP}/variant:{product_number}",
            "shopify_deal_key": f"{SHOP}/order:{deal_number}",
        }

    @staticmethod
    def associations(deal_number: int, contact_number: int, lines: list[int]) -> list[dict]:
        """The associations of a deal with its contact and its line items."""
        key = f"{SHOP}/order:{deal_number}"
        names = ("from_object", "from_key", "to_object", "to_key", "association_type")
        email = f"person{contact_number}@example.com"
        found = [("deals", key, "contacts", email, "deal_to_contact")]
        found += [
            ("line_items", f"{SHOP}/line:{line}", "deals", key, "line_item_to_deal")
            for line in lines
        ]
        return [dict(zip(names, row, strict=True)) for row in found]


@pytest.fixture
def build() -> type[Build]:
    """Makes rows of hubspot.*."""
    return Build


@pytest.fixture(scope="session")
def empty_marts(tmp_path_factory) -> Path:
    """A warehouse with empty tables of hubspot.*, to copy."""
    marts = Marts(tmp_path_factory.mktemp("empty") / "warehouse.duckdb")
    marts.create()
    return marts.path


@pytest.fixture(scope="session")
def small_shop(tmp_path_factory, empty_marts) -> Path:
    """A warehouse of 3 products, 5 contacts, 6 deals of two lines each, to copy."""
    marts = Marts(tmp_path_factory.mktemp("shop") / "warehouse.duckdb")
    copy(empty_marts, marts.path)
    marts.insert("products", [Build.product(number) for number in range(3)])
    marts.insert("contacts", [Build.contact(number) for number in range(5)])
    marts.insert("deals", [Build.deal(number) for number in range(6)])
    lines = [Build.line_item(each, each // 2, each % 3) for each in range(12)]
    marts.insert("line_items", lines)
    for number in range(6):
        joined = Build.associations(number, number % 5, [2 * number, 2 * number + 1])
        marts.insert("associations", joined)
    return marts.path


@pytest.fixture(scope="session")
def grounds(tmp_path_factory, empty_marts) -> Grounds:
    """Several hundred records after a first load, and changes that a load is to send."""
    return Grounds(tmp_path_factory.mktemp("grounds"), empty_marts)


@pytest.fixture
def marts(tmp_path, empty_marts) -> Marts:
    """Empty tables of hubspot.*."""
    return Marts(Path(copy(empty_marts, tmp_path / "warehouse.duckdb")))


@pytest.fixture
def shop(marts, small_shop) -> Marts:
    """3 products, 5 contacts, 6 deals of two lines each, and their associations."""
    copy(small_shop, marts.path)
    return marts


@dataclass(frozen=True)
class Prepared:
    """An account, and a warehouse that it belongs to, to copy."""

    account: Account
    warehouse: Path


@pytest.fixture(scope="session")
def after_setup(tmp_path_factory, empty_marts) -> Prepared:
    """After `cartwheel setup`, with empty tables of hubspot.*."""
    return prepared(tmp_path_factory, empty_marts, set_up)


@pytest.fixture(scope="session")
def after_first_load(tmp_path_factory, small_shop) -> Prepared:
    """After `cartwheel setup` and a first load of the small shop."""
    return prepared(tmp_path_factory, small_shop, set_up, load)


def prepared(tmp_path_factory, marts: Path, *commands: Callable[..., object]) -> Prepared:
    """Run commands over a copy of a warehouse and a new account."""
    warehouse = Path(copy(marts, tmp_path_factory.mktemp("prepared") / "warehouse.duckdb"))
    account = new_account()
    with running(Starlette(routes=routes(account))) as url:
        for command in commands:
            command(settings_of(warehouse, url), silent)
    return Prepared(account, warehouse)


def new_account() -> Account:
    """A HubSpot account in pounds and dollars."""
    return Account(Clock(NOW), ["GBP", "USD"], "pat-test", ten_secondly_limit=10_000)


def settings_of(warehouse: Path, url: str) -> Settings:
    """Settings that reach a warehouse and an account."""
    return Settings(
        warehouse=warehouse, hubspot_access_token="pat-test", hubspot_api_url=url, now=NOW
    )


@pytest.fixture
def account(request) -> Account:
    """An account of the test's own, as `ready` or `loaded` say it is, or new."""
    if "loaded" in request.fixturenames:
        return deepcopy(request.getfixturevalue("after_first_load").account)
    if "ready" in request.fixturenames:
        return deepcopy(request.getfixturevalue("after_setup").account)
    return new_account()


@pytest.fixture
def log() -> RequestLog:
    """What HubSpot was asked."""
    return RequestLog()


@pytest.fixture
def hubspot_url(account, log):
    """The address of the account's API."""
    app = Starlette(
        routes=routes(account), middleware=[Middleware(RequestLogMiddleware, log=log)]
    )
    with running(app) as url:
        yield url


@pytest.fixture
def settings(marts, hubspot_url) -> Settings:
    """Settings that reach the warehouse and the account."""
    return settings_of(marts.path, hubspot_url)


@pytest.fixture
def hubspot(settings):
    """A client of the account."""
    with closing(HubSpotClient(settings)) as client:
        yield client


@pytest.fixture
def ready(settings) -> Settings:
    """Settings of an account that `cartwheel setup` has prepared."""
    return settings


@pytest.fixture
def loaded(shop, ready, after_first_load) -> Settings:
    """Settings after a first load of the small shop, with nothing in the request log."""
    copy(after_first_load.warehouse, shop.path)
    return ready


@pytest.fixture
def held(account):
    """The account's living records of an object, by their unique key."""

    def by_key(object_name: str) -> dict[str, dict]:
        key = CATALOGUE[object_name].key
        records = [record["properties"] for record in account.objects(object_name)]
        return {properties[key]: properties for properties in records if key in properties}

    return by_key


@pytest.fixture
def contact(account):
    """A living contact by its first e-mail."""

    def found(email):
        (record,) = (
            each for each in account.objects("contacts") if each["properties"]["email"] == email
        )
        return record

    return found


@pytest.fixture
def deals_of(account):
    """The names of the deals that are associated with a contact, by its id."""

    def found(record_id):
        names = {
            each["id"]: each["properties"]["dealname"] for each in account.objects("deals")
        }
        links = account.associations("contacts", "deals")
        return sorted(names[link["to_id"]] for link in links if link["from_id"] == record_id)

    return found
