"""Whole runs against the sandbox's Shopify."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cartwheel.errors import AccessDenied, IncompleteData, ServiceError, SettingsError
from extract.refunds import CONNECTIONS
from extract.run import extract

STORE_HOLDS = {
    "shops": 1,
    "products": 2,
    "product_variants": 1,
    "product_media": 1,
    "customers": 2,
    "customer_addresses": 1,
    "orders": 3,
    "order_line_items": 6,
    "order_agreements": 3,
    "sales": 6,
    "refunds": 1,
    "abandoned_checkouts": 1,
    "abandoned_checkout_line_items": 1,
}
REFUND_TABLES = (
    "refund_line_items",
    "refund_shipping_lines",
    "order_adjustments",
    "refund_transactions",
)


def moved_orders(shop):
    """Whether anything of the orders was landed, or noted as landed."""
    return shop.rows("select id from raw.orders") or shop.rows(
        "select watermark from ops.watermarks where resource = 'orders'"
    )


def test_everything_lands(shop):
    """After the first run the tables hold what the store holds, all under its name."""
    extract(shop.settings)

    counts = {
        table: shop.rows(f"select count(*), min(shop) from raw.{table}")[0]
        for table in STORE_HOLDS
    }
    assert counts == {
        table: (count, "corner.myshopify.com") for table, count in STORE_HOLDS.items()
    }


def test_second_run_lands_nothing(shop):
    """With nothing new, a run reads the overlap again and lands no row."""
    extract(shop.settings)

    again = extract(shop.settings)

    assert again.rows_seen > 0
    assert again.rows_landed == 0
    assert again.warnings == ()


def test_refunds_are_drained_to_the_end(shop):
    """Every connection of a refund is read past its first page."""
    extract(shop.settings)

    counts = [shop.rows(f"select count(*) from raw.{table}") for table in REFUND_TABLES]
    assert counts == [[(120,)], [(7,)], [(6,)], [(8,)]]


def test_changed_order_lands_alone(shop):
    """A changed order lands with what changed of it, and nothing else does."""
    extract(shop.settings)
    shop.put("orders", {"id": "gid://shopify/Order/1", "note": "ring twice"})

    report = extract(shop.settings)

    landed = {table.table: table.landed for table in report.tables if table.landed}
    assert landed == {"orders": 1}


def test_line_removed_from_an_order_is_marked(shop):
    """A line that its order lost gets deleted_at; its history keeps it."""
    extract(shop.settings)
    lines = shop.get("orders", 1)["lineItems"]
    shop.put(
        "orders",
        {"id": "gid://shopify/Order/1", "lineItems": {**lines, "nodes": lines["nodes"][:2]}},
    )

    extract(shop.settings)

    gone = "gid://shopify/LineItem/1002"
    assert shop.rows("select id from raw.order_line_items where deleted_at is not null") == [
        (gone,)
    ]
    assert shop.rows("select id from raw.order_line_items_history") == [(gone,)]


def test_watermarks_stop_at_the_hour_of_the_export(shop):
    """A record that changed after its export began does not hide others from the next run."""
    later = {"id": "gid://shopify/Order/1", "updatedAt": "2026-11-24T00:00:00Z"}
    shop.put("orders", later)

    extract(shop.settings)

    query = "select max(watermark) <= '2026-11-23' from ops.watermarks"
    assert shop.rows(query) == [(True,)]


def test_refund_lost_in_a_crash_is_made_good(shop):
    """Where a run was interrupted after orders landed, the next one reads their refunds."""

    def interrupt(line: str) -> None:
        if "order_line_items" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(shop.settings, interrupt)
    assert shop.rows("select count(*) from raw.orders") == [(3,)]
    assert shop.rows("select count(*) from raw.refunds") == [(0,)]

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.refund_line_items") == [(120,)]


def test_new_refund_lands_with_its_order(shop):
    """A refund added to an order is read by the next run, and the others are not again."""
    extract(shop.settings)
    order = shop.get("orders", 2)
    first = order["refunds"][0]
    second = {
        **{name: first[name] for name in first if name not in CONNECTIONS},
        **dict.fromkeys(CONNECTIONS, first["orderAdjustments"] | {"nodes": []}),
        "id": "gid://shopify/Refund/72",
        "legacyResourceId": "72",
    }
    shop.put("orders", {"id": order["id"], "refunds": [first, second]})

    report = extract(shop.settings)

    landed = {table.table: table.landed for table in report.tables if table.landed}
    assert landed == {"orders": 1, "refunds": 1}


def test_refund_that_an_order_lost_is_marked(shop):
    """A refund that its order no longer lists gets deleted_at, and so do its lines."""
    extract(shop.settings)
    shop.put("orders", {"id": "gid://shopify/Order/2", "refunds": []})

    extract(shop.settings)

    for table in ("refunds", *REFUND_TABLES):
        query = f"select count(*) from raw.{table} where deleted_at is null"
        assert shop.rows(query) == [(0,)]


def test_product_short_of_variants_is_said(shop):
    """A product that says it has more variants than came is a warning."""
    count = {"count": 101, "precision": "EXACT"}
    shop.put("products", {"id": "gid://shopify/Product/21", "variantsCount": count})

    report = extract(shop.settings)

    assert [warning for warning in report.warnings if "product_variants" in warning]


def test_cut_off_file_is_refused(shop):
    """A result shorter than announced is refused; nothing of it lands, no watermark moves."""
    shop.misbehave("bulk_truncated", times=5)

    with pytest.raises(IncompleteData, match="cartwheel extract"):
        extract(shop.settings)

    assert not moved_orders(shop)
    assert shop.rows("from ops.initial_imports") == []


def test_run_after_a_cut_off_file_lands_everything(shop):
    """The run after a refused one makes it good."""
    shop.misbehave("bulk_truncated", times=2)
    with pytest.raises(IncompleteData):
        extract(shop.settings)
    shop.behave()

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.order_line_items") == [(6,)]
    assert shop.rows("select count(*) from raw.sales") == [(6,)]
    assert shop.rows("select count(*) from raw.product_variants") == [(1,)]


def test_export_short_of_the_shop_s_count_is_read_again(shop):
    """Orders that an export lacks are a warning, and the next run reads all orders again."""
    lost = shop.get("orders", 1)

    def lose_one(line: str) -> None:
        if "counts" in line and not line.startswith("Warning"):
            shop.delete("orders", 1)

    short = extract(shop.settings, lose_one)
    shop.put("orders", lost)

    whole = extract(shop.settings)

    assert [warning for warning in short.warnings if "only 2" in warning]
    assert shop.rows("select count(*) from raw.orders") == [(3,)]
    assert shop.rows("select count(*) from raw.order_agreements") == [(3,)]
    assert shop.rows("select run_id from ops.initial_imports") == [(whole.run_id,)]


def test_refunds_that_did_not_come_are_read_again(shop):
    """An order that vanished before its refunds were read is a warning, until it is back."""
    lost = shop.get("orders", 2)

    def lose_it(line: str) -> None:
        if "order_line_items" in line:
            shop.delete("orders", 2)

    short = extract(shop.settings, lose_it)
    shop.put("orders", {**lost, "updatedAt": "2026-03-02T10:00:00Z"})

    extract(shop.settings)

    assert [warning for warning in short.warnings if "refunds" in warning]
    assert shop.rows("select count(*) from raw.refund_line_items") == [(120,)]


def test_silence_is_refused(shop):
    """A bulk operation without a result is an error where the shop counts records."""
    shop.misbehave("bulk_empty", times=5)

    with pytest.raises(IncompleteData, match="counts"):
        extract(shop.settings)

    assert not moved_orders(shop)


def test_failed_operation_is_an_error(shop):
    """A bulk operation that ends FAILED lands nothing, not even its partial data."""
    shop.misbehave("bulk_failed", times=5)

    with pytest.raises(ServiceError, match="FAILED"):
        extract(shop.settings)

    assert not moved_orders(shop)
    assert shop.rows("select count(*) > 0 from ops.extract_runs where status = 'failed'") == [
        (True,)
    ]


@pytest.mark.parametrize("kind", ["throttled", "unavailable", "internal_error"])
def test_passing_trouble_is_waited_out(shop, kind):
    """A throttled, broken or unavailable answer is asked for again."""
    shop.misbehave(kind, times=2)

    assert extract(shop.settings).rows_landed > 0


def test_small_bucket_is_respected(serve):
    """With a bucket of little more than one query, a run waits and completes."""
    shop = serve(shopify_rate=500.0, shopify_bucket=1000.0)

    assert extract(shop.settings).rows_landed > 0


def test_wrong_secret_names_the_fix(shop):
    """Refused credentials name the settings to check, and never show them."""
    wrong = replace(shop.settings, shopify_client_secret="not-the-secret")

    with pytest.raises(AccessDenied, match="SHOPIFY_CLIENT_SECRET") as refused:
        extract(wrong)

    assert "not-the-secret" not in str(refused.value)


def test_wrong_static_token_names_the_fix(shop):
    """A refused static token names its setting."""
    wrong = replace(shop.settings, shopify_access_token="shpat_wrong")

    with pytest.raises(AccessDenied, match="SHOPIFY_ACCESS_TOKEN") as refused:
        extract(wrong)

    assert "shpat_wrong" not in str(refused.value)


def test_token_that_ends_is_renewed(shop):
    """A run whose token is revoked on the way gets another and completes."""

    def revoke(line: str) -> None:
        if "counts" in line:
            shop.revoke_tokens()

    extract(shop.settings, revoke)

    assert shop.rows("select count(*) from raw.orders") == [(3,)]


def test_every_missing_scope_is_named_at_once(serve):
    """The preflight names all scopes that are missing, read_all_orders among them."""
    shop = serve(shopify_scopes=("read_orders", "read_customers"))

    with pytest.raises(AccessDenied, match="read_products, read_all_orders"):
        extract(shop.settings)


def test_window_of_60_days_can_be_accepted(serve):
    """Without read_all_orders, a run for the last 60 days takes the orders that show."""
    shop = serve(shopify_scopes=("read_orders", "read_customers", "read_products"))

    extract(shop.settings, since=timedelta(days=60))

    assert shop.rows("select id from raw.orders") == [("gid://shopify/Order/3",)]


def test_run_for_a_window_leaves_the_rest_to_be_read(shop):
    """After a run for a window, a whole run still reads the older orders."""
    extract(shop.settings, since=timedelta(days=60))

    extract(shop.settings)

    assert shop.rows("select count(*) from raw.orders") == [(3,)]


def test_shop_that_is_not_the_tokens_is_refused(shop):
    """A token of another shop than SHOPIFY_SHOP lands nothing under the wrong name."""
    with pytest.raises(SettingsError, match=r"SHOPIFY_SHOP=corner\.myshopify\.com"):
        extract(replace(shop.settings, shop="other.myshopify.com"))


def test_version_that_is_not_served_is_said(shop):
    """Where Shopify falls forward to another version, the run warns of it once."""
    report = extract(replace(shop.settings, shopify_api_version="2020-01"))

    assert len([warning for warning in report.warnings if "2020-01" in warning]) == 1


def test_initial_import_is_noted_once(shop):
    """The first complete extract is remembered and never changed afterwards."""
    first = extract(shop.settings)
    extract(shop.settings)

    assert shop.rows("select run_id from ops.initial_imports") == [(first.run_id,)]


def test_partial_run_is_no_initial_import(shop):
    """A run for a window is not the first complete extract; the whole run after it is."""
    extract(shop.settings, since=timedelta(days=60))

    whole = extract(shop.settings)

    assert shop.rows("select run_id from ops.initial_imports") == [(whole.run_id,)]


def test_progress_tells_no_personal_data(shop):
    """What a run says holds no e-mail address and no secret."""
    said: list[str] = []

    extract(shop.settings, said.append)

    text = "\n".join(said)
    assert said
    assert "@" not in text
    assert shop.settings.shopify_client_secret not in text
