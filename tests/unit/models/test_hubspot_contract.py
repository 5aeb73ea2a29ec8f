"""The marts of hubspot.* hold every property that the product promises.

The rule: docs/reference/rules.md#properties
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

MARTS = Path(__file__).parents[3] / "dbt_project" / "models" / "marts" / "hubspot"

# docs/reference/rules.md#properties, each by its name
PROMISED = {
    "contacts": """
        email firstname lastname phone address city state zip country
        shopify_accepts_marketing shopify_created_at shopify_note shopify_orders_count
        shopify_tags shopify_tax_exempt shopify_verified_email
        shopify_original_source_1 shopify_original_source_2
    """,
    "deals": """
        shopify_deal_key dealname pipeline dealstage amount deal_currency_code closedate
        shopify_currency shopify_created_at shopify_abandoned_checkout_url
        shopify_buyer_accepts_marketing shopify_customer_id shopify_cancel_reason
        shopify_cancelled_at shopify_cart_token shopify_token shopify_financial_status
        shopify_fulfillment_status shopify_landing_site shopify_referring_site
        shopify_source_name shopify_note shopify_order_number shopify_processing_method
        shopify_subtotal_price shopify_total_discounts shopify_total_line_items_price
        shopify_total_price shopify_total_tax shopify_total_weight shopify_taxes_included
    """,
    "hubspot_products": """
        shopify_product_key name description price hs_sku hs_url hs_images
        shopify_body_html shopify_created_at shopify_handle shopify_product_type
        shopify_published_at shopify_published_scope shopify_tags shopify_vendor
        shopify_status shopify_product_id shopify_variant_id
    """,
    "line_items": """
        shopify_line_item_key name quantity price discount tax hs_sku shopify_product_key
        shopify_line_item_id shopify_product_id shopify_variant_id shopify_vendor
        shopify_product_type
    """,
}

NUMBERS = {"bigint", "decimal(18,4)", "decimal(28,10)"}


def described_columns(model: str) -> dict[str, dict[str, Any]]:
    described = yaml.safe_load((MARTS / f"{model}.yml").read_text())["models"][0]
    return {column["name"]: column for column in described["columns"]}


@pytest.mark.parametrize(
    ("model", "property_name"),
    [(model, name) for model, names in PROMISED.items() for name in names.split()],
)
def test_each_promised_property_is_a_column(model: str, property_name: str) -> None:
    """Each promised property is a column of its object's contract."""
    assert property_name in described_columns(model)


@pytest.mark.parametrize("model", PROMISED)
def test_the_unique_key_is_the_first_column(model: str) -> None:
    """The first column of an object is its unique key, tested as such."""
    key = next(iter(described_columns(model).values()))

    assert key["name"] == PROMISED[model].split()[0]
    assert {"unique", "not_null"} <= set(key["data_tests"])


@pytest.mark.parametrize("model", PROMISED)
def test_money_is_never_a_float(model: str) -> None:
    """A column is text, a whole number, a decimal, a flag or a time."""
    types = {column["data_type"] for column in described_columns(model).values()}

    assert types <= NUMBERS | {"varchar", "boolean", "timestamp"}
