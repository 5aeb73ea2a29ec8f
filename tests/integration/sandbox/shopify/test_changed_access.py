"""An app whose tokens, scopes or access to customer data change while it runs."""

from __future__ import annotations

import time

import pytest

SHOP = "query Shop { shop { name } }"
COUNT = "{ ordersCount { count } }"
ORDERS_ONLY = ["read_orders", "read_all_orders"]
PEOPLE = """{ customer(id: "gid://shopify/Customer/21") { id firstName createdAt
    defaultEmailAddress { emailAddress marketingState }
    defaultAddress { city country } }
  orders(first: 1) { nodes { name email shippingAddress { zip provinceCode } } } }"""
ADDRESS = {"city": "Bath", "country": "United Kingdom", "zip": "BA1", "provinceCode": "ENG"}


def test_granted_token_lives_as_long_as_set(shopify):
    """expires_in is the lifetime; after it the token is refused, older ones are not."""
    shopify.control("tokens", {"lifetime": 0.4})
    granted = shopify.grant().json()
    before = shopify.post(SHOP, token=granted["access_token"]).status_code
    time.sleep(0.5)

    assert granted["expires_in"] == 0.4
    assert before == 200
    assert shopify.post(SHOP, token=granted["access_token"]).status_code == 401
    assert shopify.post(SHOP).status_code == 200


@pytest.mark.parametrize("body", [{}, {"lifetime": 0}, {"lifetime": "a day"}, []])
def test_lifetime_is_a_number_of_seconds(shopify, body):
    """A lifetime that no token could have is refused."""
    assert shopify.control("tokens", body).status_code == 400


def test_token_expires_at_the_request_that_is_aimed_at(shopify):
    """The fault expired_token refuses one request and ends the token for those after it."""
    shopify.misbehave("expired_token", where="ordersCount")
    statuses = [shopify.post(document).status_code for document in (SHOP, COUNT, SHOP)]
    shopify.token = shopify.grant().json()["access_token"]

    assert statuses == [200, 401, 401]
    assert shopify.post(COUNT).status_code == 200


def test_taken_scope_is_missing_and_comes_back(shopify):
    """A field is denied while its scope is taken, and answered when it is granted again."""
    products = "{ productsCount { count } }"
    shopify.control("scopes", {"scopes": ORDERS_ONLY})
    denied = shopify.ask(products)
    shopify.control("scopes", {"scopes": [*ORDERS_ONLY, "read_products"]})

    assert denied["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert shopify.data(products)["productsCount"]["count"] == 1


def test_changed_scopes_are_shown(shopify):
    """The installation and a new token name the scopes that are granted now."""
    shopify.control("scopes", {"scopes": ORDERS_ONLY})
    installation = shopify.data("{ currentAppInstallation { accessScopes { handle } } }")

    handles = [
        scope["handle"] for scope in installation["currentAppInstallation"]["accessScopes"]
    ]
    assert sorted(handles) == sorted(ORDERS_ONLY)
    assert sorted(shopify.grant().json()["scope"].split(",")) == sorted(ORDERS_ONLY)
    assert shopify.control("scopes", method="GET").json() == {
        "scopes": sorted(ORDERS_ONLY),
        "protected_data": True,
    }


def test_window_of_sixty_days_closes_and_opens(shopify):
    """Old orders vanish with read_all_orders and are there again with it."""
    counts = []
    for scopes in (["read_orders"], ORDERS_ONLY):
        shopify.control("scopes", {"scopes": scopes})
        counts.append(shopify.data(COUNT)["ordersCount"]["count"])

    assert counts == [6, 7]


def test_scope_is_taken_in_the_middle(shopify):
    """What the app was granted can change with a request of a run."""
    change = {"access": {"scopes": ["read_products"]}}
    shopify.control("schedule", {"do": [change], "after": 1})
    answers = [shopify.ask(COUNT) for _ in range(2)]

    assert ["errors" in answer for answer in answers] == [False, True]


@pytest.mark.parametrize(
    "body",
    [
        *({"scopes": ["read_order"]}, {"scope": []}, {"scopes": 5}, "read_orders"),
        {"scopes": [], "protected_data": "false"},
    ],
)
def test_what_cannot_be_granted_is_refused(shopify, body):
    """A misspelt scope changes nothing, nor does what is neither true nor false."""
    answer = shopify.control("scopes", body)

    assert answer.status_code == 400
    assert shopify.post(COUNT).json()["data"]["ordersCount"]["count"] == 7


@pytest.fixture
def hidden(shopify):
    """A client whose app lost its access to protected customer data."""
    for path, node in (
        ("customers", {"id": "gid://shopify/Customer/21", "defaultAddress": ADDRESS}),
        ("orders", {"id": "gid://shopify/Order/101", "shippingAddress": ADDRESS}),
    ):
        shopify.control(path, node)
    shopify.control("scopes", {"protected_data": False})
    return shopify


def test_protected_fields_are_null_and_others_are_not(hidden):
    """Names, e-mails and addresses are hidden; states, countries and order names are not."""
    data = hidden.ask(PEOPLE)["data"]

    assert data["customer"] == {
        "id": "gid://shopify/Customer/21",
        "firstName": None,
        "createdAt": "2026-01-01T08:00:00Z",
        "defaultEmailAddress": {"emailAddress": None, "marketingState": None},
        "defaultAddress": {"city": None, "country": "United Kingdom"},
    }
    assert data["orders"]["nodes"] == [
        {
            "name": "#101",
            "email": None,
            "shippingAddress": {"zip": None, "provinceCode": "ENG"},
        }
    ]


def test_each_protected_field_has_an_error(hidden):
    """Every hidden value is explained: its path, ACCESS_DENIED, and the field's name."""
    errors = hidden.ask(PEOPLE)["errors"]

    assert [error["path"] for error in errors] == [
        ["customer", "firstName"],
        ["customer", "defaultEmailAddress", "emailAddress"],
        ["customer", "defaultAddress", "city"],
        ["orders", "nodes", 0, "email"],
        ["orders", "nodes", 0, "shippingAddress", "zip"],
    ]
    assert {error["extensions"]["code"] for error in errors} == {"ACCESS_DENIED"}
    assert "not approved to use the email field" in errors[3]["message"]


def test_access_to_protected_data_comes_back(hidden):
    """Once it is given again nothing is hidden."""
    hidden.control("scopes", {"protected_data": True})

    assert hidden.data(PEOPLE)["customer"]["firstName"] == "Zoë"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("id createdAt", "COMPLETED"),
        ("id email", "FAILED"),
        ("id ...Person } } } } fragment Person on Order { customer { firstName", "FAILED"),
    ],
)
def test_bulk_operation_over_protected_data_fails(hidden, fields, status):
    """It fails as soon as a protected field is selected anywhere, in a fragment as well."""
    braces = "}" * (fields.count("{") - fields.count("}") + 4)
    query = f"{{ orders {{ edges {{ node {{ {fields} {braces}"
    operation = hidden.finished(hidden.bulk(query)["bulkOperation"]["id"])

    assert operation["status"] == status
    assert operation["errorCode"] == ("ACCESS_DENIED" if status == "FAILED" else None)
