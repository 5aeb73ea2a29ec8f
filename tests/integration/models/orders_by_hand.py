"""Orders whose nodes agree with each other: the totals and lines are what the sales say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

LONDON, LEEDS, TOKYO, KUWAIT, CAIRO = (
    f"{city}.myshopify.com" for city in ("london", "leeds", "tokyo", "kuwait", "cairo")
)
CURRENCIES = {LONDON: "GBP", LEEDS: "GBP", TOKYO: "JPY", KUWAIT: "KWD", CAIRO: "EGP"}
OF_LINES = ("PRODUCT", "GIFT_CARD", "TIP")


@dataclass(frozen=True)
class Sale:
    """A sale; `total` is with tax, `discount` without, `seen` is the discount on the line.

    Money is a decimal text. `line` is the position of the line that a refund takes back,
    `title` what a line sells.
    """

    kind: str
    total: str
    tax: str = "0"
    discount: str = "0"
    quantity: int = 1
    seen: str | None = None
    line: int = 0
    title: str = "Thing"


@dataclass(frozen=True)
class Refund:
    """A refund of an order, made at an instant; the sales are negative.

    `money` is what went back, where that is not what the sales say.
    """

    number: int | str
    at: str
    sales: tuple[Sale, ...]
    money: str | None = None


class Order:
    """One order, as the Admin API would give it, for Raw to land.

    It was processed at an instant, and booked then too unless told otherwise.
    """

    def __init__(self, number, at, *sales, refunds=(), shop=LONDON, booked=None, **fields):
        self.number, self.at, self.sales, self.refunds = number, at, sales, refunds
        self.booked = booked or at
        self.shop, self.fields = shop, fields
        self.included = fields.get("taxesIncluded", False)

    @property
    def id(self):
        """The order's global id."""
        return f"gid://shopify/Order/{self.number}"

    def land(self, raw, agreements=True):
        """Land the order with its lines, refunds and, unless told otherwise, agreements."""
        raw.land("orders", self.shop, self._node())
        for position, sale in enumerate(self.sales):
            if sale.kind in OF_LINES:
                raw.land("order_line_items", self.shop, self._line(position, sale), self.id)
        for refund in self.refunds:
            self._land_refund(raw, refund)
        if agreements:
            self._agree(raw, "OrderAgreement", self.number, self.booked, "ORDER", self.sales)
            for refund in self.refunds:
                of = {"refund": {"id": f"gid://shopify/Refund/{refund.number}"}}
                sales = ("RETURN", refund.sales)
                self._agree(raw, "RefundAgreement", refund.number, refund.at, *sales, **of)

    def bag(self, amount):
        """A MoneyBag in the shop's currency."""
        money = {"amount": str(amount), "currencyCode": CURRENCIES[self.shop]}
        return {"shopMoney": money, "presentmentMoney": money}

    def _node(self):
        back = [sale for refund in self.refunds for sale in refund.sales]
        kept = [sale for sale in back if sale.kind == "ADJUSTMENT"]
        ordered = _total(self.sales)
        shipping = [sale for sale in self.sales if sale.kind == "SHIPPING"]
        node = {
            "id": self.id,
            "name": f"#{self.number}",
            "taxesIncluded": False,
            "currencyCode": CURRENCIES[self.shop],
            "presentmentCurrencyCode": CURRENCIES[self.shop],
            "displayFinancialStatus": "PAID",
            "originalTotalPriceSet": self.bag(ordered),
            "totalPriceSet": self.bag(ordered),
            "currentTotalPriceSet": self.bag(ordered + _total(back) - _total(kept)),
            "refundDiscrepancySet": self.bag(_total(kept)),
            "totalTaxSet": self.bag(_tax(self.sales)),
            "currentTotalTaxSet": self.bag(_tax(self.sales) + _tax(back)),
            "totalRefundedSet": self.bag(-_total(back)),
            **dict.fromkeys(("createdAt", "processedAt", "updatedAt"), self.at),
        }
        if shipping:
            price = _total(shipping) - (0 if self.included else _tax(shipping))
            node["shippingLine"] = {"discountedPriceSet": self.bag(price)}
        return node | self.fields

    def _line(self, position, sale):
        back = [
            each for refund in self.refunds for each in refund.sales if each.kind == sale.kind
        ]
        gone = sum(each.quantity for each in back if each.line == position)
        seen = Decimal(sale.seen or sale.discount)
        price = Decimal(sale.total) + seen - (0 if self.included else Decimal(sale.tax))
        net = Decimal(sale.total) - Decimal(sale.tax)
        rate = Decimal(sale.tax) / net if net else Decimal()
        return {
            "id": f"gid://shopify/LineItem/{self.number}{position}",
            **dict.fromkeys(("name", "title"), sale.title),
            "product": None if sale.kind == "TIP" else {"id": "gid://shopify/Product/1"},
            "quantity": sale.quantity,
            "currentQuantity": sale.quantity + gone,
            "isGiftCard": sale.kind == "GIFT_CARD",
            "originalUnitPriceSet": self.bag(price / sale.quantity),
            "originalTotalSet": self.bag(price),
            "discountAllocations": [{"allocatedAmountSet": self.bag(seen)}],
            "taxLines": [{"rate": float(rate), "priceSet": self.bag(sale.tax)}],
        }

    def _agree(self, raw, kind, number, at, action, sales, **fields):
        agreement = {"id": f"gid://shopify/{kind}/{number}", "happenedAt": at}
        raw.land("order_agreements", self.shop, agreement | fields, self.id)
        for position, sale in enumerate(sales):
            place = position if action == "ORDER" else sale.line
            line = {"id": f"gid://shopify/LineItem/{self.number}{place}"}
            node = {
                "id": f"gid://shopify/Sale/{kind}{number}{position}",
                "actionType": action,
                "lineType": sale.kind,
                "quantity": sale.quantity,
                "lineItem": line if sale.kind in OF_LINES else None,
                "totalAmount": self.bag(sale.total),
                "totalTaxAmount": self.bag(sale.tax),
                "totalDiscountAmountBeforeTaxes": self.bag(sale.discount),
            }
            raw.land("sales", self.shop, node, agreement["id"])

    def _land_refund(self, raw, refund):
        id = f"gid://shopify/Refund/{refund.number}"
        money = refund.money or -_total(refund.sales)
        node = {"id": id, "totalRefundedSet": self.bag(money)}
        node |= dict.fromkeys(("createdAt", "processedAt", "updatedAt"), refund.at)
        raw.land("refunds", self.shop, node, self.id)
        for position, sale in enumerate(refund.sales):
            number, tax = f"{refund.number}{position}", Decimal(sale.tax)
            untaxed = self.bag(tax - Decimal(sale.total))
            if sale.kind in OF_LINES:
                line = {
                    "id": f"gid://shopify/RefundLineItem/{number}",
                    "lineItem": {"id": f"gid://shopify/LineItem/{self.number}{sale.line}"},
                    "quantity": -sale.quantity,
                    "subtotalSet": self.bag(-Decimal(sale.total)) if self.included else untaxed,
                    "totalTaxSet": self.bag(-tax),
                }
                raw.land("refund_line_items", self.shop, line, id)
            elif sale.kind == "SHIPPING":
                line = {"id": f"gid://shopify/RefundShippingLine/{number}"}
                line |= {"subtotalAmountSet": untaxed, "taxAmountSet": self.bag(-tax)}
                raw.land("refund_shipping_lines", self.shop, line, id)
            elif sale.kind == "ADJUSTMENT":
                line = {"id": f"gid://shopify/OrderAdjustment/{number}"}
                line |= {"amountSet": self.bag(sale.total), "taxAmountSet": self.bag("0")}
                raw.land("order_adjustments", self.shop, line, id)


def _total(sales):
    return sum((Decimal(sale.total) for sale in sales), Decimal())


def _tax(sales):
    return sum((Decimal(sale.tax) for sale in sales), Decimal())
