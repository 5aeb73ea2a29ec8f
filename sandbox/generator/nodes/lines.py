"""Line items, shipping and tax lines as the Admin API gives them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

from sandbox.generator.core.json_text import fields, written
from sandbox.generator.core.money import Currency, divide
from sandbox.generator.orders.charges import Charge, TaxRate
from sandbox.generator.orders.orders import Order
from sandbox.generator.shop.catalogue import Variant

Node = dict[str, Any]


@cache
def _levied(title: str, millionths: int) -> str:
    """A tax line up to its amount, which comes last."""
    tax = {
        "title": title,
        "rate": millionths / 1_000_000,
        "ratePercentage": millionths / 10_000,
        "source": "shopify",
        "channelLiable": False,
    }
    return f'{{{fields(tax)},"priceSet":'


def tax_line(rate: TaxRate, cents: int, currency: Currency) -> str:
    """A tax line as JSON text."""
    return f"{_levied(*rate)}{currency.bag_text(cents)}}}"


def tax_lines(charge: Charge, currency: Currency) -> list[str]:
    """The tax lines of a charge, for all its units, each as JSON text."""
    if not charge.rates:
        return []
    bag, cents = currency.bag_text, charge.taxes
    return [f"{_levied(*rate)}{bag(cents[place])}}}" for place, rate in enumerate(charge.rates)]


def taxes_by_rate(charges: list[Charge]) -> list[tuple[TaxRate, int]]:
    """The cents that one buyer's charges are taxed at each rate, before returns.

    All of them are taxed at the same rates or not at all.
    """
    taxed = [charge for charge in charges if charge.rates]
    if not taxed:
        return []
    taxes = [charge.taxes for charge in taxed]
    return [
        (rate, sum([each[place] for each in taxes]))
        for place, rate in enumerate(taxed[0].rates)
    ]


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


class Listing(NamedTuple):
    """What a line tells of what it sells; `variant` and `product` are references.

    `names` and `traits` are fields of a line item as JSON text. None: there is none, or none
    any more.
    """

    names: str
    traits: str
    ships: bool
    title: str | None
    sku: str | None
    product: Node | None
    variant: Node | None


def listing(charge: Charge) -> Listing:
    """What the line of a charge tells of what it sells."""
    return _listing(charge.variant, charge.line_type, charge.title)


@lru_cache(maxsize=8_192)
def _listing(variant: Variant | None, line_type: str, title: str) -> Listing:
    ships = line_type == "PRODUCT"
    custom = ships and variant is None
    name, variant_title, sku, vendor = title, None, None, None
    weight = product = reference = None
    if variant is not None:
        ships = variant.product.requires_shipping
        variant_title, sku, vendor = variant.title, variant.sku, variant.product.vendor
        name = f"{title} - {variant_title}" if variant_title else title
        if variant.grams:
            weight = {"value": variant.grams / 1_000, "unit": "KILOGRAMS"}
        if not variant.product.is_deleted:
            product = _reference("Product", variant.product.id)
            reference = _reference("ProductVariant", variant.id)
    names = {
        "name": name,
        "title": title,
        "variantTitle": variant_title,
        "sku": sku,
        "vendor": vendor,
    }
    traits = {
        "isGiftCard": line_type == "GIFT_CARD",
        "requiresShipping": ships,
        "taxable": line_type == "PRODUCT",
        "merchantEditable": True,
        "weight": weight,
        "customAttributes": [{"key": "Engraving", "value": "Ça va, 你好"}] if custom else [],
        "product": product,
        "variant": reference,
    }
    return Listing(fields(names), fields(traits), ships, variant_title, sku, product, reference)


def _reference(type: str, number: int) -> Node:
    return {"id": f"gid://shopify/{type}/{number}", "legacyResourceId": str(number)}


def line_item(order: Order, charge: Charge, taxes: list[str]) -> str:
    """A line item of an order, with its tax lines, as JSON text."""
    bag = order.currency.bag_text
    listed = listing(charge)
    quantity, current = charge.quantity, charge.current
    waiting = max(0, current - charge.fulfilled) if listed.ships else 0
    removed = quantity - current if listed.ships else quantity
    price = charge.price
    after_line = price - charge.line_discount
    after_all = after_line - charge.order_discount
    discounts = written(allocations(order, charge)) if after_all < price else "[]"
    return (
        f'{{"id":"gid://shopify/LineItem/{charge.id}",{listed.names},'
        f'"quantity":{quantity},"currentQuantity":{current},'
        f'"refundableQuantity":{current},"unfulfilledQuantity":{waiting},'
        f'"nonFulfillableQuantity":{removed},{listed.traits},'
        f'"originalUnitPriceSet":{bag(charge.unit_price)},'
        f'"discountedUnitPriceSet":{bag(divide(after_line, quantity))},'
        f'"discountedUnitPriceAfterAllDiscountsSet":{bag(divide(after_all, quantity))},'
        f'"originalTotalSet":{bag(price)},"discountedTotalSet":{bag(after_line)},'
        f'"totalDiscountSet":{bag(charge.line_discount)},'
        f'"discountAllocations":{discounts},"taxLines":[{",".join(taxes)}],'
        '"sellingPlan":null}'
    )


def shipping_line(order: Order, charge: Charge, taxes: list[str]) -> str:
    """The shipping line of an order, with its tax lines, as JSON text."""
    bag = order.currency.bag_text
    price, discounted = charge.price, charge.discounted
    title = written(charge.title)
    discounts = written(allocations(order, charge)) if discounted < price else "[]"
    return (
        f'{{"id":"gid://shopify/ShippingLine/{charge.id}","title":{title},"code":{title},'
        '"source":"shopify","carrierIdentifier":null,'
        f'"originalPriceSet":{bag(price)},"discountedPriceSet":{bag(discounted)},'
        f'"currentDiscountedPriceSet":{bag(discounted if charge.current else 0)},'
        f'"discountAllocations":{discounts},"taxLines":[{",".join(taxes)}]}}'
    )
