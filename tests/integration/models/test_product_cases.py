"""HubSpot's product library by variant and by product, and lines whose product is gone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.integration.models.many_cases import LONDON

LIBRARY = (
    "select shopify_product_key, name, price, hs_sku from hubspot.products "
    f"where shopify_store = '{LONDON}' order by 1"
)
LINES = (
    "select name, shopify_product_key, shopify_product_id, shopify_variant_id, hs_sku, "
    f"shopify_vendor from hubspot.line_items where shopify_deal_key = '{LONDON}/order:400' "
    "and shopify_line_item_id = ?"
)


def test_a_product_per_variant(many_cases):
    """By default each living variant is a product, named after both where it has a title."""
    assert many_cases(LIBRARY) == [
        (f"{LONDON}/variant:4001", "Mug - Small", Decimal("4.5"), "V-4001"),
        (f"{LONDON}/variant:4002", "Mug - Large", Decimal("4.5"), "V-4002"),
        (f"{LONDON}/variant:4021", "Plain", Decimal("4.5"), "V-4021"),
    ]


def test_a_product_per_product(other_vars):
    """With product_grain: product, its lowest price and its first variant's SKU are its own."""
    assert other_vars(LIBRARY) == [
        (f"{LONDON}/product:400", "Mug", Decimal("4"), "V-4002"),
        (f"{LONDON}/product:402", "Plain", Decimal("4"), "V-4021"),
    ]


@pytest.mark.parametrize(
    ("line", "product", "variant", "by_variant", "by_product"),
    [
        pytest.param("4001", "400", "4001", "variant:4001", "product:400", id="for sale"),
        pytest.param("4002", "400", "4003", None, "product:400", id="variant deleted"),
        pytest.param("4003", "401", "4011", None, None, id="product deleted"),
        pytest.param("4004", None, None, None, None, id="Shopify forgot both"),
        pytest.param("4005", "499", "4991", None, None, id="never extracted"),
    ],
)
def test_a_line_outlives_its_product(
    many_cases, other_vars, line, product, variant, by_variant, by_product
):
    """A line keeps its text and ids; only the key of a product that is gone is blank."""
    text = (f"SKU-{line[-1]}", "Maker")
    for ask, key in ((many_cases, by_variant), (other_vars, by_product)):
        expected = (f"Sold {line[-1]}", key and f"{LONDON}/{key}", product, variant, *text)
        assert ask(LINES, line) == [expected]


def test_lines_without_a_product_belong_to_their_deal(many_cases):
    """All six lines of the order are associated with its deal."""
    found = many_cases(
        "select count(*) from hubspot.associations where association_type = "
        "'line_item_to_deal' and to_key = ?",
        f"{LONDON}/order:400",
    )

    assert found == [(6,)]


@pytest.mark.parametrize(
    ("grain", "living"),
    [
        ("variant", ["product:400", "product:402"]),
        ("product", ["variant:4001", "variant:4002", "variant:4021"]),
    ],
)
def test_what_does_not_belong_in_the_library_has_a_tombstone(request, grain, living):
    """Deleted products and variants, under either grain's key, and all of the other grain."""
    ask = request.getfixturevalue("many_cases" if grain == "variant" else "other_vars")
    found = ask(
        "select key, reason from hubspot.tombstones where object = 'products' and key like ?",
        f"{LONDON}/%",
    )

    deleted = {
        "product:401": "product deleted",
        "variant:4003": "variant deleted",
        "variant:4011": "product deleted",
    }
    expected = deleted | dict.fromkeys(living, "product grain changed")
    assert dict(found) == {f"{LONDON}/{key}": reason for key, reason in expected.items()}


def test_the_featured_image_comes_first(many_cases):
    """Images are joined in Shopify's order behind the featured one; a video has none."""
    found = many_cases("select distinct hs_images from hubspot.products where name like 'Mug%'")

    assert found == [("https://cdn.example/ten.png;https://cdn.example/one.png",)]


def test_a_line_has_the_picture_of_its_product(many_cases):
    """The first one; a line of a product without one, or of none that is known, has none."""
    found = many_cases(
        "select distinct shopify_product_id, shopify_image_url from hubspot.line_items "
        "where shopify_product_id in ('400', '401', '499') order by 1"
    )

    assert found == [("400", "https://cdn.example/ten.png"), ("401", None), ("499", None)]


def test_the_published_scope_has_a_substitute(many_cases):
    """Shopify's API has no scope any more: published is web, unpublished is blank."""
    found = many_cases(
        "select distinct shopify_product_id, shopify_published_scope from hubspot.products "
        f"where shopify_store = '{LONDON}' order by 1"
    )

    assert found == [("400", "web"), ("402", None)]


def test_a_product_that_is_not_online_has_no_address(many_cases):
    """A variant's address leads to it; where the product has none, the variant has none."""
    found = many_cases(
        "select hs_url from hubspot.products where shopify_variant_id in ('4001', '4021') "
        "order by hs_url"
    )

    assert found == [("https://shop.example/products/400?variant=4001",), (None,)]
