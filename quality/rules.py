"""The gate's rules, table by table.

Volumes, shares of blanks, ranges and formats only. Uniqueness, relationships, accepted
values and money identities are dbt's (docs/reference/rules.md#the-quality-gate). Odd values
warn, broken contracts stop.
"""

from __future__ import annotations

from quality.rule import Rule, Severity, Table

LOST_ROWS = "The table is empty although core holds rows for it: the transformation lost them."
DRIFT = "The row count jumped since the run before. Check whether a source stopped delivering."
DRIFT_RANGE = (0.8, 5.0)
DRIFT_FROM_ROWS = 100

_STORE = r"[a-z0-9][a-z0-9-]*\.myshopify\.com"
# wider than docs/reference/rules.md#e-mails on letters, whatever alphabet identity admits
_LOCAL = r"[\p{L}\p{N}!#$%&''*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&''*+/=?^_`{|}~-]+)*"
_DOMAIN = r"([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+([\p{L}]{2,63}|xn--[a-z0-9-]+)"
_TOMORROW = "$now + interval 1 day"


def _malformed(column: str, pattern: str) -> str:
    return f"{column} is not null and not regexp_full_match({column}, '{pattern}')"


def _unkeyed(key: str, kinds: str) -> Rule:
    return Rule(
        "malformed_keys",
        _malformed(key, f"{_STORE}/{kinds}:.+"),
        0,
        "stop",
        "A key names its store and its kind; another key would make a second record.",
    )


def _currency(column: str) -> Rule:
    return Rule(
        "malformed_currencies",
        _malformed(column, "[A-Z]{3}"),
        0,
        "stop",
        "A currency is a three-letter code (ISO 4217); HubSpot refuses any other.",
    )


def _blank(column: str, limit: float, severity: Severity, why: str) -> Rule:
    return Rule(
        f"share_without_{column}",
        f"{column} is null",
        limit,
        severity,
        why,
        unit="share",
    )


def _future(column: str) -> Rule:
    return Rule(
        f"{column}_in_the_future",
        f"{column} > {_TOMORROW}",
        0,
        "warn",
        "A time later than tomorrow means a wrong clock or a wrong time zone.",
    )


CONTACTS = Table(
    "hubspot.contacts",
    "email",
    "select count(*) from core.people where email not in "
    "(select key from hubspot.quarantined_contacts where key is not null)",
    (
        Rule(
            "malformed_emails",
            f"email <> lower(email) or not length(email) between 6 and 254 or "
            f"{_malformed('email', _LOCAL + '@' + _DOMAIN)}",
            0,
            "stop",
            "HubSpot answers INVALID_EMAIL; they belong in hubspot.quarantined_contacts.",
        ),
        Rule(
            "share_without_any_name",
            "firstname is null and lastname is null",
            0.5,
            "warn",
            "Most people give a name; the name columns may have been lost on the way.",
            unit="share",
        ),
        Rule(
            "negative_lifetime_values",
            "shopify_total_spent < 0",
            0,
            "warn",
            "These people were refunded more than they paid.",
        ),
        _future("shopify_created_at"),
    ),
)

DEALS = Table(
    "hubspot.deals",
    "shopify_deal_key",
    "select count(*) from core.orders where shop || ' order:' || order_id not in "
    "(select shop || ' ' || source_id from hubspot.quarantined_deals)",
    (
        _unkeyed("shopify_deal_key", "(checkout|order|checkout-id)"),
        _currency("deal_currency_code"),
        Rule(
            "amounts_without_currency",
            "amount is not null and deal_currency_code is null",
            0,
            "stop",
            "An amount without its currency would be read in the account's own.",
        ),
        _blank("amount", 0.5, "stop", "Every order has a total; the column was lost."),
        _blank("closedate", 0.5, "warn", "Orders close when they are processed."),
        Rule("negative_amounts", "amount < 0", 0, "warn", "A deal below zero."),
        Rule("huge_amounts", "abs(amount) >= 1e9", 0, "warn", "A deal of a billion."),
        _future("closedate"),
        _future("shopify_created_at"),
    ),
)

PRODUCTS = Table(
    "hubspot.products",
    "shopify_product_key",
    "select count(*) from core.variants where not is_deleted and shop || '/variant:' || "
    "variant_id not in (select key from hubspot.quarantined_products)",
    (
        _unkeyed("shopify_product_key", "(variant|product)"),
        _blank("price", 0.5, "stop", "Every variant has a price; the column was lost."),
        _blank("hs_sku", 0.5, "warn", "Most variants carry a SKU."),
        Rule("negative_prices", "price < 0", 0, "warn", "A price below zero."),
        Rule(
            "malformed_urls",
            _malformed("hs_url", "https?://.+"),
            0,
            "warn",
            "HubSpot cannot open a link that is not a web address.",
        ),
        _future("shopify_created_at"),
    ),
)

LINE_ITEMS = Table(
    "hubspot.line_items",
    "shopify_line_item_key",
    "select count(*) from core.order_lines where current_quantity > 0 and shop || '/line:' || "
    "order_line_id not in (select key from hubspot.quarantined_line_items)",
    (
        _unkeyed("shopify_line_item_key", "(line|checkout-line)"),
        _currency("hs_line_item_currency_code"),
        _blank("price", 0.5, "stop", "Every line has a price; the column was lost."),
        _blank("shopify_product_key", 0.5, "warn", "Most lines point at a product."),
        Rule("negative_prices", "price < 0", 0, "warn", "A price below zero."),
        Rule("discounts_above_price", "discount > price", 0, "warn", "Less than zero to pay."),
        Rule("huge_quantities", "quantity >= 1e6", 0, "warn", "A million units on one line."),
    ),
)

SALES = Table(
    "core.sales",
    "sale_id",
    "select count(*) from core.orders",
    (
        _currency("currency"),
        Rule(
            "sales_of_unknown_type",
            "line_type = 'unknown'",
            0,
            "warn",
            "Shopify has a sale type that this version does not know; it is in no column.",
        ),
        Rule(
            "negative_orders",
            "event = 'order' and gross_sales < 0",
            0,
            "warn",
            "A sale as ordered is not below zero.",
        ),
        Rule("huge_sales", "abs(total_sales) >= 1e9", 0, "warn", "A sale of a billion."),
        _future("happened_at"),
    ),
)

TABLES = (CONTACTS, DEALS, PRODUCTS, LINE_ITEMS, SALES)
