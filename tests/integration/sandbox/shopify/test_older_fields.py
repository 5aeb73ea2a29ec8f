"""Fields that a stored node does not hold: older names of what it does, and summaries."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.shopify.schema.derived import DERIVED

CONSENT = {
    "state": "NEVER_SUBSCRIBED",
    "optInLevel": "SINGLE_OPT_IN",
    "updatedAt": "2026-02-01T00:00:00Z",
    "collectedFrom": "SHOPIFY",
    "sourceLocation": None,
}
CUSTOMER: dict[str, Any] = {
    "id": "gid://shopify/Customer/22",
    "createdAt": "2026-01-01T08:00:00Z",
    "defaultEmailAddress": {
        "emailAddress": "ada@shop.example",
        "validFormat": True,
        "marketingState": "SUBSCRIBED",
        "marketingOptInLevel": "CONFIRMED_OPT_IN",
        "marketingUpdatedAt": "2026-01-02T00:00:00Z",
    },
    "defaultPhoneNumber": {"phoneNumber": "+15550100", "smsMarketingConsent": CONSENT},
    "addressesV2": {
        "nodes": [
            {
                "id": "gid://shopify/MailingAddress/1?model_name=CustomerAddress",
                "city": "Ottawa",
                "provinceCode": "ON",
                "country": "Canada",
            },
            {
                "id": "gid://shopify/MailingAddress/2?model_name=CustomerAddress",
                "country": "Malta",
            },
        ]
    },
}
PHOTO = {"id": "gid://shopify/ImageSource/61", "url": "https://shop.example/61.jpg"}
PRODUCT: dict[str, Any] = {
    "id": "gid://shopify/Product/32",
    "title": "Cup",
    "createdAt": "2026-01-01T08:00:00Z",
    "descriptionHtml": "<p>Tea &amp; <b>coffee</b></p>\n<p>cup</p>",
    "onlineStoreUrl": "https://shop.example/products/cup",
    "category": {
        "id": "gid://shopify/TaxonomyCategory/hg-11-2",
        "fullName": "Home & Garden > Kitchen & Dining > Cups",
    },
    "media": {
        "nodes": [
            {"__typename": "Video", "id": "gid://shopify/Video/60"},
            {
                "__typename": "MediaImage",
                "id": "gid://shopify/MediaImage/61",
                "image": PHOTO,
                "preview": {"image": PHOTO},
            },
        ]
    },
    "variants": {
        "nodes": [
            {
                "id": f"gid://shopify/ProductVariant/{number}",
                "inventoryQuantity": quantity,
                "inventoryItem": {
                    "id": f"gid://shopify/InventoryItem/{number}",
                    "tracked": True,
                },
            }
            for number, quantity in ((71, 5), (72, 0))
        ]
    },
}
OLDER_OF_CUSTOMER = """id email phone validEmailAddress
  emailMarketingConsent { consentUpdatedAt marketingOptInLevel marketingState }
  smsMarketingConsent {
    consentCollectedFrom consentUpdatedAt marketingOptInLevel marketingState
  }
  defaultPhoneNumber {
    marketingCollectedFrom marketingOptInLevel marketingState marketingUpdatedAt
  }"""
OLDER_OF_PRODUCT = """id bodyHtml description hasOutOfStockVariants onlineStorePreviewUrl
  featuredImage { id url }
  category { name level parentId ancestorIds isRoot isArchived }
  images(first: 5) { edges { node { __typename id url } } }
  media(first: 5) { edges { node { id mediaErrors { code } mediaWarnings { code } } } }"""


@pytest.fixture
def stocked(shopify):
    """A client of the small store, with a customer and a product of many fields."""
    for resource, node in (("customers", CUSTOMER), ("products", PRODUCT)):
        url = f"{shopify.url}/_sandbox/shopify/{resource}"
        requests.post(url, json=node, timeout=10).raise_for_status()
    return shopify


def test_older_customer_fields_say_what_the_newer_ones_do(stocked):
    """E-mail, phone and consents are those of the default address and number."""
    query = f'{{ customer(id: "{CUSTOMER["id"]}") {{ {OLDER_OF_CUSTOMER} }} }}'

    found = stocked.data(query)["customer"]

    assert found["email"] == "ada@shop.example"
    assert found["phone"] == "+15550100"
    assert found["validEmailAddress"] is True
    assert found["emailMarketingConsent"] == {
        "consentUpdatedAt": "2026-01-02T00:00:00Z",
        "marketingOptInLevel": "CONFIRMED_OPT_IN",
        "marketingState": "SUBSCRIBED",
    }
    assert found["smsMarketingConsent"] == {
        "consentCollectedFrom": "SHOPIFY",
        "consentUpdatedAt": "2026-02-01T00:00:00Z",
        "marketingOptInLevel": "SINGLE_OPT_IN",
        "marketingState": "NOT_SUBSCRIBED",
    }
    assert found["defaultPhoneNumber"] == {
        "marketingCollectedFrom": "SHOPIFY",
        "marketingOptInLevel": "SINGLE_OPT_IN",
        "marketingState": "NOT_SUBSCRIBED",
        "marketingUpdatedAt": "2026-02-01T00:00:00Z",
    }


def test_customer_without_a_phone_has_no_consent_for_it(shopify):
    """Without a number, the phone and its consent are null."""
    query = """{ customer(id: "gid://shopify/Customer/21") {
      phone smsMarketingConsent { marketingState } } }"""

    assert shopify.data(query)["customer"] == {"phone": None, "smsMarketingConsent": None}


def test_older_addresses_are_the_paged_ones_cut_off(stocked):
    """`addresses(first:)` gives the first of `addressesV2`, each with its area in one line."""
    query = '{ customer(id: "%s") { addresses(first: %d) { formattedArea } } }'

    one, both = (
        stocked.data(query % (CUSTOMER["id"], size))["customer"]["addresses"] for size in (1, 2)
    )

    assert one == both[:1]
    assert [each["formattedArea"] for each in both] == ["Ottawa ON, Canada", "Malta"]


def test_order_tells_its_customers_older_fields(stocked):
    """A customer that an order only refers to has its e-mail too."""
    query = '{ order(id: "gid://shopify/Order/101") { customer { email } } }'

    assert stocked.data(query)["order"]["customer"]["email"] == "zoe@shop.example"


def test_older_fields_are_protected_as_the_newer_ones(stocked):
    """Without access to protected data, neither the e-mail nor the place is told."""
    scopes = f"{stocked.url}/_sandbox/shopify/scopes"
    requests.post(scopes, json={"protected_data": False}, timeout=10).raise_for_status()
    query = f'''{{ customer(id: "{CUSTOMER["id"]}") {{
      email phone addresses(first: 1) {{ formattedArea country }} }} }}'''

    answer = stocked.ask(query)

    assert answer["data"]["customer"] == {
        "email": None,
        "phone": None,
        "addresses": [{"formattedArea": None, "country": "Canada"}],
    }
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"ACCESS_DENIED"}


def test_older_product_fields_say_what_the_newer_ones_do(stocked):
    """Description, images, stock and category follow from what the product holds."""
    found = stocked.data(f'{{ product(id: "{PRODUCT["id"]}") {{ {OLDER_OF_PRODUCT} }} }}')[
        "product"
    ]

    photo = {**PHOTO, "id": "gid://shopify/ProductImage/61"}
    above = ["gid://shopify/TaxonomyCategory/hg-11", "gid://shopify/TaxonomyCategory/hg"]
    assert found["bodyHtml"] == PRODUCT["descriptionHtml"]
    assert found["description"] == "Tea & coffee cup"
    assert found["hasOutOfStockVariants"] is True
    assert found["onlineStorePreviewUrl"] == PRODUCT["onlineStoreUrl"]
    assert found["featuredImage"] == photo
    assert [edge["node"] for edge in found["images"]["edges"]] == [
        {"__typename": "Image", **photo}
    ]
    assert found["category"] == {
        "name": "Cups",
        "level": 3,
        "parentId": above[0],
        "ancestorIds": above,
        "isRoot": False,
        "isArchived": False,
    }


@pytest.mark.parametrize(
    ("root", "selection"), [("customers", OLDER_OF_CUSTOMER), ("products", OLDER_OF_PRODUCT)]
)
def test_bulk_lines_hold_older_fields_as_pages_do(stocked, root, selection):
    """A bulk result has the same values as a page, children on lines of their own."""
    asked = f"{{ {root} {{ edges {{ node {{ {selection} }} }} }} }}"
    page = stocked.data(asked.replace(root, f"{root}(first: 5)", 1))[root]["edges"]

    lines = stocked.lines(asked)

    roots = [line for line in lines if "__parentId" not in line]
    below = [line for line in lines if "__parentId" in line]
    nodes = [edge["node"] for edge in page]
    connections = [key for key in ("images", "media") if key in nodes[0]]
    expected_below = [
        {**edge["node"], "__parentId": node["id"]}
        for node in nodes
        for key in connections
        for edge in node[key]["edges"]
    ]
    assert roots == [
        {key: value for key, value in node.items() if key not in connections} for node in nodes
    ]
    assert sorted(below, key=str) == sorted(expected_below, key=str)


def test_derived_fields_are_in_the_schema(stocked):
    """Every field that is made is one of a type in the schema."""
    for named, field in DERIVED:
        query = f'{{ __type(name: "{named}") {{ fields {{ name }} }} }}'
        known = {each["name"] for each in stocked.data(query)["__type"]["fields"]}
        assert field in known, (named, field)
