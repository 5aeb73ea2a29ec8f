"""The ledger that the generator states equals what its files say, computed again from them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

Node = dict[str, Any]
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime.fromisoformat("2026-11-23T00:00:00Z")
LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
PRODUCT_ACTIONS = ("ORDER", "UPDATE")


def money(bag: Node) -> Decimal:
    """The shop's amount of a MoneyBag."""
    return Decimal(bag["shopMoney"]["amount"])


def normalised(email: str | None) -> str | None:
    """The e-mail that makes a contact, or None (docs/reference/rules.md#e-mails)."""
    clean = (email or "").strip().lower()
    local, at, domain = clean.partition("@")
    labels = domain.split(".")
    last = labels[-1]
    valid = (
        6 <= len(clean) <= 254
        and at == "@"
        and len(local) <= 64
        and LOCAL.fullmatch(local)
        and len(labels) >= 2
        and all(LABEL.fullmatch(label) for label in labels)
        and (re.fullmatch("[a-z]{2,63}", last) or last.startswith("xn--"))
    )
    return clean if valid else None


def day(instant: str) -> str:
    """The shop's day of an instant."""
    return datetime.fromisoformat(instant).astimezone(NEW_YORK).date().isoformat()


def recomputed(orders: list[Node]) -> dict[str, Counter[str]]:
    """The measures by day, from the agreements (docs/reference/metrics.md#the-ledger)."""
    days: dict[str, Counter[str]] = {}
    for order in orders:
        for agreement in order["agreements"]["nodes"]:
            row = days.setdefault(day(agreement["happenedAt"]), Counter())
            if agreement["__typename"] == "OrderAgreement":
                row["orders_placed"] += 1
                row["orders_not_cancelled"] += order["cancelledAt"] is None
            for sale in agreement["sales"]["nodes"]:
                _enter(row, sale)
    return days


def _enter(row: Node, sale: Node) -> None:
    tax = money(sale["totalTaxAmount"])
    net = money(sale["totalAmount"]) - tax
    discount = money(sale["totalDiscountAmountBeforeTaxes"])
    match sale["lineType"], sale["actionType"]:
        case "PRODUCT", action if action in PRODUCT_ACTIONS:
            row["gross_sales"] += net + discount
            row["discounts"] += discount
        case ("PRODUCT", "RETURN") | ("ADJUSTMENT", _):
            row["returns"] -= net
        case "SHIPPING", _:
            row["shipping"] += net
        case "GIFT_CARD", _:
            row["gift_card_sales"] += net
        case "TIP", _:
            row["tips"] += net
        case "DUTY", _:
            row["duties"] += net
        case "FEE" | "ADDITIONAL_FEE", _:
            row["fees"] += net
        case other:
            raise AssertionError(other)
    if sale["lineType"] not in ("GIFT_CARD", "TIP"):
        row["taxes"] += tax
    row["all_sales"] += net + tax


def stated_row(row: Counter[str]) -> Node:
    """A row as `ledger.json` states it."""
    row["net_sales"] = row["gross_sales"] - row["discounts"] - row["returns"]
    row["total_sales"] = sum(
        row[name] for name in ("net_sales", "shipping", "taxes", "duties", "fees")
    )
    counts = {name: row[name] for name in ("orders_placed", "orders_not_cancelled")}
    names = (
        "gross_sales discounts returns net_sales shipping taxes duties fees total_sales"
        " gift_card_sales tips all_sales"
    )
    return counts | {name: f"{Decimal(row[name]):.2f}" for name in names.split()}


def stage(order: Node) -> str:
    """The deal stage of an order (docs/data-model.md#stages-of-a-deal)."""
    financial = order["displayFinancialStatus"]
    if order["cancelledAt"] or financial in ("VOIDED", "REFUNDED"):
        return "cancelled"
    if order["displayFulfillmentStatus"] == "FULFILLED":
        return "shipped"
    if financial in ("PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED"):
        return "processed"
    return "checkout_completed"


@pytest.fixture(scope="module")
def stated(generated) -> Node:
    """The generator's statement."""
    return generated.document("ledger.json")


@pytest.fixture(scope="module")
def counted(orders) -> list[Node]:
    """The orders that count: no tests."""
    return [order for order in orders if not order["test"]]


@pytest.fixture(scope="module")
def open_checkouts(orders, checkouts) -> list[Node]:
    """The checkouts that nobody completed."""
    tokens = {order["checkoutToken"] for order in orders}
    return [
        checkout
        for checkout in checkouts
        if checkout["completedAt"] is None
        and re.search(r"/([0-9a-f]{32})/recover", checkout["abandonedCheckoutUrl"])[1]
        not in tokens
    ]


def test_daily_ledger(stated, counted):
    """Each day's measures are those of the agreements that happened on it."""
    days = {name: stated_row(row) for name, row in sorted(recomputed(counted).items())}

    assert stated["sales_ledger"]["daily"] == days


def test_monthly_ledger(stated, counted):
    """Each month's measures are the sums of its days."""
    months: dict[str, Counter[str]] = {}
    for name, row in recomputed(counted).items():
        months.setdefault(name[:7], Counter()).update(row)

    rows = {name: stated_row(row) for name, row in sorted(months.items())}
    assert stated["sales_ledger"]["monthly"] == rows


def test_total_ledger(stated, counted):
    """The total is the sum of all days, and all sales the sum of all amounts."""
    whole: Counter[str] = Counter()
    for row in recomputed(counted).values():
        whole.update(row)

    assert stated["sales_ledger"]["total"] == stated_row(whole)


def test_counts_of_orders_and_products(stated, orders, counted, products):
    """Orders, test orders, cancelled ones, products and variants are counted."""
    counts = stated["counts"]

    assert counts["orders"] == len(counted)
    assert counts["test_orders"] == len(orders) - len(counted)
    assert counts["cancelled_orders"] == sum(1 for o in counted if o["cancelledAt"])
    assert counts["products"] == len(products)
    assert counts["variants"] == sum(len(p["variants"]["nodes"]) for p in products)


def test_counts_of_contacts(stated, customers, checkouts, counted):
    """Contacts are the distinct valid e-mails of customers, checkouts and guest orders."""
    found = [each["defaultEmailAddress"] for each in customers]
    found += [each["customer"]["defaultEmailAddress"] for each in checkouts if each["customer"]]
    emails = [email["emailAddress"] for email in found if email]
    emails += [order["email"] for order in counted if not order["customer"] and order["email"]]

    assert stated["counts"]["contacts"] == len({normalised(e) for e in emails} - {None})
    malformed = {email for email in emails if normalised(email) is None}
    assert stated["counts"]["invalid_emails"] == len(malformed)


def test_counts_of_deals(stated, counted, open_checkouts):
    """Deals are the orders and the open checkouts, each in its stage."""
    stages = Counter(stage(order) for order in counted)
    for checkout in open_checkouts:
        age = NOW - datetime.fromisoformat(checkout["createdAt"])
        stages["checkout_abandoned" if age.days >= 1 else "checkout_pending"] += 1

    assert stated["counts"]["deals_by_stage"] == dict(stages)
    assert stated["counts"]["deals"] == len(counted) + len(open_checkouts)


def test_amount_of_deals(stated, counted, open_checkouts):
    """The deals' amount is the orders' current total and the open checkouts' total price."""
    amounts = [money(order["currentTotalPriceSet"]) for order in counted]
    amounts += [money(checkout["totalPriceSet"]) for checkout in open_checkouts]

    assert stated["counts"]["deal_amount_total"] == {"USD": f"{sum(amounts):.2f}"}


def test_counts_of_line_items(stated, counted, open_checkouts):
    """Line items are the lines with units left but tips, and the lines of open checkouts."""
    lines = [line for order in counted for line in order["lineItems"]["nodes"]]
    sales = [
        sale
        for order in counted
        for agreement in order["agreements"]["nodes"]
        for sale in agreement["sales"]["nodes"]
    ]
    tips = {sale["lineItem"]["id"] for sale in sales if sale["lineType"] == "TIP"}
    left = [line for line in lines if line["currentQuantity"] > 0 and line["id"] not in tips]
    waiting = sum(len(checkout["lineItems"]["nodes"]) for checkout in open_checkouts)

    assert stated["counts"]["line_items"] == len(left) + waiting


def test_counts_of_people(stated, customers, counted):
    """New and returning persons have one, and several, orders that were not cancelled."""
    emails = {
        each["id"]: normalised((each["defaultEmailAddress"] or {}).get("emailAddress"))
        for each in customers
    }
    persons: Counter[str] = Counter()
    for order in counted:
        customer = order["customer"]
        key = (
            emails[customer["id"]] or customer["id"] if customer else normalised(order["email"])
        )
        if key and order["cancelledAt"] is None:
            persons[key] += 1

    assert stated["counts"]["new_customers"] == len(persons)
    returning = sum(1 for number in persons.values() if number > 1)
    assert stated["counts"]["returning_customers"] == returning
