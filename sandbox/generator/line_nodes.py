"""Line items, shipping and tax lines as the Admin API gives them."""

from __future__ import annotations

from typing import Any

from sandbox.generator.charges import Charge
from sandbox.generator.money import Currency, divide
from sandbox.generator.orders import Order

Node = dict[str, Any]


def tax_line(title: str, rate: int, cents: int, currency: Currency) -> Node:
    """A tax line; the rate is in millionths."""
    return {
        "title": title,
        "rate": rate / 1_000_000,
        "ratePercentage": rate / 10_000,
        "source": "shopify",
        "channelLiable": False,
        "priceSet": currency.bag(cents),
    }


def tax_lines(charge: Charge, currency: Currency) -> list[Node]:
    """The tax lines of a charge, for all its units."""
    return [
        tax_line(title, rate, cents, currency)
        for (title, rate), cents in zip(charge.rates, charge.taxes, strict=True)
    ]


def order_tax_lines(order: Order) -> list[Node]:
    """The taxes of an order by title, before returns."""
    sums: dict[tuple[str, int], int] = {}
    for charge in order.basket.charges:
        for rate, cents in zip(charge.rates, charge.taxes, strict=True):
            sums[rate] = sums.get(rate, 0) + cents
    return [tax_line(*rate, cents, order.currency) for rate, cents in sums.items()]


def _application(order: Order, title: str, index: int) -> Node:
    if title:
        return {"__typename": "AutomaticDiscountApplication", "index": index, "title": title}
    codes = order.basket.codes
    if codes:
        return {"__typename": "DiscountCodeApplication", "index": index, "code": codes[0]}
    return {
        "__typename": "ManualDiscountApplication",
        "index": index,
        "title": "Courtesy",
        "description": "On the house",
    }


def allocations(order: Order, charge: Charge) -> list[Node]:
    """How the order's discounts fall on a charge."""
    parts = ((charge.line_discount, charge.discount_title), (charge.order_discount, ""))
    return [
        {
            "allocatedAmountSet": order.currency.bag(cents),
            "discountApplication": _application(order, title, index),
        }
        for index, (cents, title) in enumerate(parts)
        if cents
    ]


def _reference(type: str, number: int) -> Node:
    return {"id": f"gid://shopify/{type}/{number}", "legacyResourceId": str(number)}


def references(charge: Charge) -> tuple[Node | None, Node | None]:
    """Product and variant of a line; null where there is none, or none any more."""
    variant = charge.variant
    if variant is None or variant.product.is_deleted:
        return None, None
    return _reference("Product", variant.product.id), _reference("ProductVariant", variant.id)


def line_item(order: Order, charge: Charge) -> Node:
    """A line item of an order."""
    bag = order.currency.bag
    variant = charge.variant
    product, reference = references(charge)
    title = variant.title if variant is not None else None
    sent = charge.line_type == "PRODUCT" and (
        variant is None or variant.product.requires_shipping
    )
    waiting = max(0, charge.current - charge.fulfilled) if sent else 0
    after_line = charge.price - charge.line_discount
    return {
        "id": f"gid://shopify/LineItem/{charge.id}",
        "name": f"{charge.title} - {title}" if title else charge.title,
        "title": charge.title,
        "variantTitle": title,
        "sku": charge.sku,
        "vendor": variant.product.vendor if variant is not None else None,
        "quantity": charge.quantity,
        "currentQuantity": charge.current,
        "refundableQuantity": charge.current,
        "unfulfilledQuantity": waiting,
        "nonFulfillableQuantity": charge.quantity - charge.current if sent else charge.quantity,
        "isGiftCard": charge.line_type == "GIFT_CARD",
        "requiresShipping": sent,
        "taxable": charge.line_type == "PRODUCT",
        "merchantEditable": True,
        "weight": {"value": variant.grams / 1_000, "unit": "KILOGRAMS"}
        if variant is not None and variant.grams
        else None,
        "customAttributes": [{"key": "Engraving", "value": "Ça va, 你好"}]
        if variant is None and charge.line_type == "PRODUCT"
        else [],
        "product": product,
        "variant": reference,
        "originalUnitPriceSet": bag(charge.unit_price),
        "discountedUnitPriceSet": bag(divide(after_line, charge.quantity)),
        "discountedUnitPriceAfterAllDiscountsSet": bag(
            divide(charge.discounted, charge.quantity)
        ),
        "originalTotalSet": bag(charge.price),
        "discountedTotalSet": bag(after_line),
        "totalDiscountSet": bag(charge.line_discount),
        "discountAllocations": allocations(order, charge),
        "taxLines": tax_lines(charge, order.currency),
        "sellingPlan": None,
    }


def shipping_line(order: Order, charge: Charge) -> Node:
    """The shipping line of an order."""
    bag = order.currency.bag
    return {
        "id": f"gid://shopify/ShippingLine/{charge.id}",
        "title": charge.title,
        "code": charge.title,
        "source": "shopify",
        "carrierIdentifier": None,
        "originalPriceSet": bag(charge.price),
        "discountedPriceSet": bag(charge.discounted),
        "currentDiscountedPriceSet": bag(charge.discounted if charge.current else 0),
        "discountAllocations": allocations(order, charge),
        "taxLines": tax_lines(charge, order.currency),
    }
