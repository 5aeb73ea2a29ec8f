"""Line items, shipping and tax lines as the Admin API gives them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sandbox.generator.catalogue import Variant
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


def taxes_of(charge: Charge, currency: Currency) -> list[Node]:
    """The tax lines of a charge, for all its units."""
    return [
        tax_line(title, rate, cents, currency)
        for (title, rate), cents in zip(charge.rates, charge.taxes, strict=True)
    ]


def taxes_by_rate(charges: list[Charge]) -> list[tuple[str, int, int]]:
    """Title, rate and sum in cents of the taxes on one buyer's charges, before returns.

    All of them are taxed at the same rates or not at all.
    """
    taxed = [charge for charge in charges if charge.rates]
    if not taxed:
        return []
    sums = map(sum, zip(*[charge.taxes for charge in taxed], strict=True))
    return [(*rate, cents) for rate, cents in zip(taxed[0].rates, sums, strict=True)]


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
    if not charge.line_discount and not charge.order_discount:
        return []
    parts = ((charge.line_discount, charge.discount_title), (charge.order_discount, ""))
    return [
        {
            "allocatedAmountSet": order.currency.bag(cents),
            "discountApplication": _application(order, title, index),
        }
        for index, (cents, title) in enumerate(parts)
        if cents
    ]


class Listing(NamedTuple):
    """What a line tells of the variant that it sells; `variant` and `product` are references.

    Null where there is none, or none any more.
    """

    name: str
    title: str | None
    sku: str | None
    vendor: str | None
    weight: Node | None
    ships: bool
    product: Node | None
    variant: Node | None


def listing(charge: Charge) -> Listing:
    """What the line of a charge tells of its variant."""
    if charge.variant is not None:
        return _listed(charge.variant)
    ships = charge.line_type == "PRODUCT"
    return Listing(charge.title, None, None, None, None, ships, None, None)


@lru_cache(maxsize=8_192)
def _listed(variant: Variant) -> Listing:
    product = variant.product
    there = not product.is_deleted
    return Listing(
        f"{product.title} - {variant.title}" if variant.title else product.title,
        variant.title,
        variant.sku,
        product.vendor,
        {"value": variant.grams / 1_000, "unit": "KILOGRAMS"} if variant.grams else None,
        product.requires_shipping,
        _reference("Product", product.id) if there else None,
        _reference("ProductVariant", variant.id) if there else None,
    )


def _reference(type: str, number: int) -> Node:
    return {"id": f"gid://shopify/{type}/{number}", "legacyResourceId": str(number)}


def line_item(order: Order, charge: Charge, taxes: list[Node]) -> Node:
    """A line item of an order, with its tax lines."""
    bag = order.currency.bag
    line_type, quantity, current = charge.line_type, charge.quantity, charge.current
    name, title, sku, vendor, weight, ships, product, variant = listing(charge)
    price = charge.price
    after_line = price - charge.line_discount
    after_all = after_line - charge.order_discount
    custom = charge.variant is None and line_type == "PRODUCT"
    return {
        "id": f"gid://shopify/LineItem/{charge.id}",
        "name": name,
        "title": charge.title,
        "variantTitle": title,
        "sku": sku,
        "vendor": vendor,
        "quantity": quantity,
        "currentQuantity": current,
        "refundableQuantity": current,
        "unfulfilledQuantity": max(0, current - charge.fulfilled) if ships else 0,
        "nonFulfillableQuantity": quantity - current if ships else quantity,
        "isGiftCard": line_type == "GIFT_CARD",
        "requiresShipping": ships,
        "taxable": line_type == "PRODUCT",
        "merchantEditable": True,
        "weight": weight,
        "customAttributes": [{"key": "Engraving", "value": "Ça va, 你好"}] if custom else [],
        "product": product,
        "variant": variant,
        "originalUnitPriceSet": bag(charge.unit_price),
        "discountedUnitPriceSet": bag(divide(after_line, quantity)),
        "discountedUnitPriceAfterAllDiscountsSet": bag(divide(after_all, quantity)),
        "originalTotalSet": bag(price),
        "discountedTotalSet": bag(after_line),
        "totalDiscountSet": bag(charge.line_discount),
        "discountAllocations": allocations(order, charge),
        "taxLines": taxes,
        "sellingPlan": None,
    }


def shipping_line(order: Order, charge: Charge, taxes: list[Node]) -> Node:
    """The shipping line of an order, with its tax lines."""
    bag = order.currency.bag
    discounted = bag(charge.discounted)
    return {
        "id": f"gid://shopify/ShippingLine/{charge.id}",
        "title": charge.title,
        "code": charge.title,
        "source": "shopify",
        "carrierIdentifier": None,
        "originalPriceSet": bag(charge.price),
        "discountedPriceSet": discounted,
        "currentDiscountedPriceSet": discounted if charge.current else bag(0),
        "discountAllocations": allocations(order, charge),
        "taxLines": taxes,
    }
