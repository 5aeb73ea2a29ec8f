"""The cases that break naive code, landed by hand: one person or purchase each.

Each function lands one kind; the tests beside name what must become of it. The clock is that
of conftest, 10 June 2026.
"""

from __future__ import annotations

from tests.stores.store import Node

LONDON, TOKYO, GUESTS = "london.myshopify.com", "tokyo.myshopify.com", "guests.myshopify.com"

# beyond what a double tells apart: as floats they are equal
PAST_2_53 = 9007199254740992

NAMES = {
    "emoji": "Zoë 👩🏽‍🚀🏳️‍🌈",
    "right to left": "\u202bمحمد أحمد\u202c",
    "CJK": "山田太郎 𠮷野家",
    "combining marks": "Zalgo\u0301\u0327\u0336 n\u0303",
    "apostrophes": "D'Arcy \"O'Neill\" `x` ’",
    "markup": "<script>alert('1')</script>&amp;",
    "300 characters": "Å" * 300,
    "separators": "a;b,c\\d/e|f%g_h",
    "lines": "first\nsecond\ttabbed",
}


def money(amount, currency="GBP"):
    """A MoneyBag of one amount."""
    one = {"amount": amount, "currencyCode": currency}
    return {"shopMoney": one, "presentmentMoney": one}


def fill_many_cases(raw):
    """Land every case into a warehouse (conftest's Raw)."""
    raw.shop(LONDON, "Europe/London", "GBP", "2025-01-01T00:00:00Z")
    raw.shop(TOKYO, "Asia/Tokyo", "JPY", "2025-06-01T00:00:00Z")
    raw.shop(GUESTS, "Europe/London", "GBP", "2025-06-01T00:00:00Z")
    for land in (_people, _guests, _ties, _names, _deals, _carts, _checkouts, _products):
        land(raw)
    _enrichment(raw)
    _counts(raw)


def gone(raw, table, kind, number, at="2026-06-09"):
    """Give a record the tombstone of a deleted one."""
    raw.connection.execute(
        f"update raw.{table} set deleted_at = ?::timestamp where id = ?",
        [at, f"gid://shopify/{kind}/{number}"],
    )


def landed(raw, table, kind, number, at):
    """Say when a record was landed."""
    raw.connection.execute(
        f"update raw.{table} set landed_at = ?::timestamp where id = ?",
        [at, f"gid://shopify/{kind}/{number}"],
    )


def returned(raw, line):
    """Leave nothing of a line in its order."""
    raw.connection.execute(
        "update raw.order_line_items set payload = replace(payload, "
        "'\"currentQuantity\": 1', '\"currentQuantity\": 0') where id = ?",
        [f"gid://shopify/LineItem/{line}"],
    )


def _people(raw):
    # merged: Shopify moved the order of customer 1 to customer 2 and forgot customer 1
    raw.customer(1, "merged.away@example.com")
    raw.customer(2, "survivor@example.com")
    gone(raw, "customers", "Customer", 1)
    raw.order(101, "2026-03-01T10:00:00Z", customer=2)
    raw.order(102, "2026-03-02T10:00:00Z", customer=2)
    # redacted: the record stays and says nothing; the order kept its e-mail
    raw.customer(3, None, firstName=None, lastName=None)
    raw.order(103, "2026-03-01T10:00:00Z", customer=3, email="redacted@example.com")
    # one person: two records in London, one in Tokyo, a guest and a checkout
    raw.customer(4, "One@Example.com", lastName="Lee")
    raw.customer(5, " one@example.com")
    raw.customer(4, "one@example.com", shop=TOKYO)
    raw.order(104, "2026-03-01T10:00:00Z", customer=5)
    raw.order(105, "2026-03-02T10:00:00Z", customer=4)
    raw.order(106, "2026-03-03T10:00:00Z", email="ONE@example.com")
    raw.order(107, "2026-02-01T10:00:00Z", customer=4, shop=TOKYO)
    # deleted, with an order that lives on
    raw.customer(6, "deleted@example.com")
    gone(raw, "customers", "Customer", 6)
    raw.order(108, "2026-03-01T10:00:00Z", customer=6)
    raw.order(109, "2026-03-01T10:00:00Z", phone="+44 20 7946 0000")


def _guests(raw):
    pounds = {"shop": GUESTS, "currencyCode": "GBP"}
    for number, email in enumerate(["g1@x.example", "g2@x.example", "g3@x.example", None]):
        raw.order(120 + number, f"2026-04-01T1{number}:00:00Z", email=email, **pounds)
    raw.order(124, "2026-04-02T10:00:00Z", email="G1@x.example", **pounds)
    raw.order(125, "2026-04-02T11:00:00Z", email=None, **pounds)


def _ties(raw):
    pounds = {"shop": GUESTS, "currencyCode": "GBP"}
    for number in (PAST_2_53 + 1, PAST_2_53, 1500, 160):
        raw.order(number, "2026-03-05T10:00:00Z", email="tie@x.example", **pounds)


def _names(raw):
    for number, name in enumerate(NAMES.values()):
        raw.customer(200 + number, f"name{number}@example.com", firstName=name, note=name)
        raw.order(200 + number, "2026-03-01T10:00:00Z", customer=200 + number, note=name)


def _deals(raw):
    at = "2026-05-01T10:00:00Z"
    raw.customer(300, "buyer@example.com")
    for number in (301, 302):
        raw.order(number, at, customer=300, checkoutToken=f"checkout{number}")
    gone(raw, "orders", "Order", 301)
    raw.checkout(302, "2026-04-29T10:00:00Z", abandonedCheckoutUrl=link("1", "checkout302"))
    gone(raw, "orders", "Order", 302)
    raw.order(303, at, customer=300, test=True, checkoutToken="checkout303")
    raw.checkout(303, "2026-05-01T09:00:00Z", abandonedCheckoutUrl=link("1", "checkout303"))
    nothing_left = {"currentTotalPriceSet": money("0.00")}
    raw.order(304, at, customer=300, cancelledAt="2026-05-02T10:00:00Z", **nothing_left)
    _agreement(raw, "Refund", 304, 304, "-10.00", {"actionType": "RETURN", "quantity": -1})
    returned(raw, 304)
    raw.order(305, at, customer=300, displayFinancialStatus="VOIDED")
    edited = {"edited": True, "currentTotalPriceSet": money("25.00")}
    raw.order(306, at, customer=300, price="20.00", **edited)
    raw.line(3060, "gid://shopify/Order/306", "5.00")
    raw.line(3061, "gid://shopify/Order/306", "7.00", deleted_at="2026-05-03")
    _agreement(raw, "OrderEdit", 306, 3060, "5.00", {"actionType": "UPDATE", "quantity": 1})
    draft = {"sourceName": "shopify_draft_order", "displayFinancialStatus": "PENDING"}
    raw.order(307, at, customer=300, checkoutToken=None, cartToken=None, **draft)
    pos = {"sourceName": "pos", "displayFulfillmentStatus": "FULFILLED", "checkoutToken": ""}
    raw.order(308, at, **pos)


def _agreement(raw, kind, order, line, amount, sale):
    """A later event of an order: one sale of one line."""
    agreement = f"gid://shopify/{kind}Agreement/{order}1"
    node = {"id": agreement, "happenedAt": "2026-05-02T10:00:00Z"}
    raw.land("order_agreements", LONDON, node, f"gid://shopify/Order/{order}")
    fields = {"lineType": "PRODUCT", "lineItem": {"id": f"gid://shopify/LineItem/{line}"}}
    node = {"id": f"gid://shopify/ProductSale/{order}9", "totalAmount": money(amount)}
    raw.land("sales", LONDON, node | fields | sale, agreement)


def link(path, token):
    """A recovery link: older ones hold the checkout's token, newer ones the cart's."""
    if path == "1":
        return f"https://shop.example/1/checkouts/{token}/recover?key=abc"
    return (
        f"https://shop.example/59026964593/checkouts/{path}/{token}/recover?key=abc&locale=en"
    )


def _carts(raw):
    at, later = "2026-05-10T10:00:00Z", "2026-05-13T10:00:00Z"
    # the checkout's deal was sent before its order came
    raw.checkout(320, at, abandonedCheckoutUrl=link("ac", "hWNcart320"))
    raw.order(320, later, customer=300, checkoutToken="t320", cartToken="hWNcart320")
    landed(raw, "abandoned_checkouts", "AbandonedCheckout", 320, "2026-05-12")
    # the order was there first, under its own token
    raw.checkout(321, at, abandonedCheckoutUrl=link("cn", "hWNcart321"))
    raw.order(321, later, customer=300, checkoutToken="t321", cartToken="hWNcart321")
    landed(raw, "orders", "Order", 321, "2026-06-01")
    # two checkouts of one cart
    for number in (322, 323):
        raw.checkout(number, at, abandonedCheckoutUrl=link("ac", "hWNcart322"))
    raw.order(322, later, customer=300, checkoutToken="t322", cartToken="hWNcart322")
    # an order that is older than the checkout cannot have been it
    raw.checkout(324, "2026-06-01T10:00:00Z", abandonedCheckoutUrl=link("ac", "hWNcart324"))
    raw.order(324, later, customer=300, checkoutToken="t324", cartToken="hWNcart324")
    # everything alike but the token: no match, by no guess
    twin = {"customer": {"id": "gid://shopify/Customer/300"}, "totalPriceSet": money("10.00")}
    raw.checkout(325, at, abandonedCheckoutUrl=link("ac", "hWNcart325"), **twin)
    raw.order(325, "2026-05-10T10:05:00Z", customer=300, checkoutToken="", cartToken="")


def _checkouts(raw):
    for number, email in enumerate(["elsewhere", "too-early", "cancelled", "abroad"]):
        raw.customer(340 + number, f"{email}@example.com")
        whose = {"customer": {"id": f"gid://shopify/Customer/{340 + number}"}}
        raw.checkout(340 + number, "2026-05-01T10:00:00Z", **whose)
    raw.order(340, "2026-05-20T10:00:00Z", customer=340)
    raw.order(341, "2026-05-19T10:00:00Z", customer=340, cancelledAt="2026-05-19T11:00:00Z")
    raw.order(342, "2026-05-21T10:00:00Z", customer=340)
    raw.order(343, "2026-05-01T12:00:00Z", customer=341)
    raw.order(344, "2026-05-20T10:00:00Z", customer=342, cancelledAt="2026-05-21T10:00:00Z")
    raw.order(345, "2026-05-20T10:00:00Z", customer=343, shop=TOKYO)
    raw.customer(343, "abroad@example.com", shop=TOKYO)
    raw.checkout(346, "2026-06-08T20:00:00Z")
    raw.checkout(347, "2026-05-01T10:00:00Z", completed_at="2026-05-01T10:20:00Z")


def _products(raw):
    pictures = [("MediaImage", 1, "one"), ("Video", 2, None), ("MediaImage", 10, "ten")]
    _product(raw, 400, "Mug", publishedAt="2026-01-02T00:00:00Z")
    for kind, number, name in pictures:
        node: Node = {"id": f"gid://shopify/{kind}/{number}"}
        if name:
            node["image"] = {"url": f"https://cdn.example/{name}.png"}
        raw.land("product_media", LONDON, node, "gid://shopify/Product/400")
    _variant(raw, 4001, 400, "Small", position=2)
    _variant(raw, 4002, 400, "Large", position=1)
    _variant(raw, 4003, 400, "Broken", position=3)
    gone(raw, "product_variants", "ProductVariant", 4003)
    _product(raw, 401, "Withdrawn")
    _variant(raw, 4011, 401, "Default Title", position=1)
    gone(raw, "products", "Product", 401)
    _product(raw, 402, "Plain", onlineStoreUrl=None)
    _variant(raw, 4021, 402, "Default Title", position=1)
    sold = {1: (400, 4001), 2: (400, 4003), 3: (401, 4011), 4: (None, None), 5: (499, 4991)}
    totals = ("originalTotalPriceSet", "totalPriceSet", "currentTotalPriceSet")
    sales = [
        {"lineItem": {"id": f"gid://shopify/LineItem/{4000 + n}"}, "totalAmount": money("1.00")}
        for n in sold
    ]
    total = dict.fromkeys(totals, money("15.00"))
    raw.order(400, "2026-05-01T10:00:00Z", customer=300, sales=[{}, *sales], **total)
    for number, (product, variant) in sold.items():
        node = {
            "id": f"gid://shopify/LineItem/{4000 + number}",
            **{"name": f"Sold {number}", "title": f"Sold {number}", "vendor": "Maker"},
            **{"quantity": 1, "currentQuantity": 1, "originalUnitPriceSet": money("1.00")},
            **{"originalTotalSet": money("1.00"), "sku": f"SKU-{number}"},
            "product": product and {"id": f"gid://shopify/Product/{product}"},
            "variant": variant and {"id": f"gid://shopify/ProductVariant/{variant}"},
        }
        raw.land("order_line_items", LONDON, node, "gid://shopify/Order/400")


def _product(raw, number, title, **fields):
    node = {
        "id": f"gid://shopify/Product/{number}",
        **{"title": title, "status": "ACTIVE", "tags": []},
        **{"onlineStoreUrl": f"https://shop.example/products/{number}"},
        **dict.fromkeys(("createdAt", "updatedAt"), "2026-01-01T00:00:00Z"),
        "featuredMedia": {"id": "gid://shopify/MediaImage/10"},
        "priceRangeV2": {"minVariantPrice": {"amount": "4.00", "currencyCode": "GBP"}},
    }
    raw.land("products", LONDON, node | fields)


def _variant(raw, number, product, title, position):
    node = {
        "id": f"gid://shopify/ProductVariant/{number}",
        **{"title": title, "position": position, "price": "4.50", "sku": f"V-{number}"},
    }
    raw.land("product_variants", LONDON, node, f"gid://shopify/Product/{product}")


def _enrichment(raw):
    raw.customer(500, "regular@example.com")
    for number, day in enumerate(["03-01", "03-11", "03-31", "05-30"]):
        raw.order(500 + number, f"2026-{day}T10:00:00Z", customer=500)
    raw.customer(510, "left@example.com")
    whose = {"customer": {"id": "gid://shopify/Customer/510"}}
    raw.checkout(510, "2026-05-30T10:00:00Z", **whose)
    raw.checkout(511, "2026-06-01T10:00:00Z", **whose)
    raw.checkout(512, "2026-06-09T20:00:00Z", **whose)
    for number, (name, title) in enumerate(NAMES.items()):
        if name != "300 characters":
            node: Node = {"id": f"gid://shopify/AbandonedCheckoutLineItem/{5110 + number}"}
            node |= {"title": title, "quantity": 1, "originalUnitPriceSet": money("2.00")}
            node |= {"discountedUnitPriceSet": money("2.00")}
            raw.land(
                "abandoned_checkout_line_items",
                *(LONDON, node, "gid://shopify/AbandonedCheckout/511"),
            )


def _counts(raw):
    """What the last sweep saw; Tokyo's only product was deleted since."""
    raw.land("products", TOKYO, {"id": "gid://shopify/Product/1"}, deleted_at="2026-06-09")
    for shop, resource, counted in [
        (LONDON, "orders", 30),
        (LONDON, "products", 3),
        (GUESTS, "customers", 0),
        (TOKYO, "products", 1),
    ]:
        raw.connection.execute(
            "insert into ops.sweeps values (?, ?, '2026-06-08', ?, ?, 'run')",
            [shop, resource, counted, counted],
        )
