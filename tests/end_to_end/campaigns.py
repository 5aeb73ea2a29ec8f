"""A store whose people are the workflows' cases, and what HubSpot's flows mail them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.end_to_end.journey import Journey
from tests.end_to_end.merchant import GID, SHARED_KINDS, Merchant, Node

START = datetime(2026, 11, 23)
LAPSE = timedelta(days=90)
CUSTOMER, CART, ORDER = 7000000000033, 30000000000020, "#1148"  # what others are made like
WORKFLOWS = ("new_customer", "abandoned_checkout", "re_engagement")


def at(moment: datetime) -> str:
    """A moment as Shopify writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def renumbered(value: Any, number: int) -> Any:
    """A copy of a node whose own ids, and its children's, are of a number."""
    if isinstance(value, dict):
        copied = {name: renumbered(inner, number) for name, inner in value.items()}
        if "legacyResourceId" in copied and "/" in str(copied.get("id")):
            copied["legacyResourceId"] = copied["id"].rpartition("/")[2]
        return copied
    if isinstance(value, list):
        return [renumbered(inner, number) for inner in value]
    if isinstance(value, str) and value.startswith(f"{GID}/"):
        kind, _, tail = value.removeprefix(f"{GID}/").partition("/")
        return value if kind in SHARED_KINDS else f"{GID}/{kind}/9{number}{tail[-6:]}"
    return value


@dataclass
class Campaigns:
    """The journey, the merchant, and the flows by their workflow."""

    road: Journey
    merchant: Merchant
    flows: dict[str, str] = field(default_factory=dict)
    synced: list[datetime] = field(default_factory=list)
    _numbers: int = 100

    def person(self, name: str, *, consent: bool = True) -> Node:
        """Add a customer of that name, and with the address name@campaign.example."""
        number = 7900000000000 + self._next()
        self.merchant.new_customer(number, f"{name}@campaign.example", firstName=name)
        node = self.merchant.node("customers", number)
        state = "SUBSCRIBED" if consent else "NOT_SUBSCRIBED"
        node["defaultEmailAddress"] = node["defaultEmailAddress"] | {"marketingState": state}
        self.merchant.save("customers", node)
        return node

    def consent(self, person: Node, state: str, cart: int | None = None) -> None:
        """Let a person agree to e-mail marketing, or withdraw; a cart tells it as well."""
        node = self.merchant.node("customers", int(person["legacyResourceId"]))
        node["defaultEmailAddress"] = node["defaultEmailAddress"] | {"marketingState": state}
        self.merchant.save("customers", node)
        if cart is not None:
            left = self.merchant.node("abandoned_checkouts", cart)
            left["customer"]["defaultEmailAddress"]["marketingState"] = state
            self.merchant.save("abandoned_checkouts", left)

    def cart(self, person: Node) -> int:
        """A checkout that a person begins now; gives its number."""
        number = self._next()
        node = renumbered(self.merchant.node("abandoned_checkouts", CART), number)
        token = f"{number:032d}"
        owner = {key: person[key] for key in ("id", "legacyResourceId", "defaultEmailAddress")}
        node |= {
            "createdAt": self.merchant.now,
            "completedAt": None,
            "abandonedCheckoutUrl": f"https://northwind.example/checkouts/{token}/recover?key=k",
            "customer": owner | {"defaultPhoneNumber": None},
        }
        self.merchant.save("abandoned_checkouts", node)
        return int(node["id"].rpartition("/")[2])

    def order(self, person: Node, moment: datetime, token: str | None = None) -> Node:
        """An order of a person at a moment, of a checkout if a token says so."""
        number = self._next()
        order = renumbered(self.merchant.order(ORDER), number)
        order |= {
            "name": f"#9{number}",
            "number": 90000 + number,
            "createdAt": at(moment),
            "processedAt": at(moment),
            "closedAt": None,
            "customer": {key: person[key] for key in ("id", "legacyResourceId")},
            "email": person["defaultEmailAddress"]["emailAddress"],
            "checkoutToken": token,
            "cartToken": None,
        }
        order["agreements"]["nodes"][0]["happenedAt"] = at(moment)
        self.merchant.save("orders", order)
        return order

    def recover(self, cart: int, person: Node, moment: datetime) -> None:
        """Complete a checkout by an order."""
        node = self.merchant.node("abandoned_checkouts", cart)
        token = node["abandonedCheckoutUrl"].partition("/recover")[0].rpartition("/")[2]
        self.order(person, moment, token)
        self.merchant.change("abandoned_checkouts", cart, completedAt=at(moment))

    def sync(self, moment: datetime) -> None:
        """Run the pipeline at a moment."""
        self.merchant.wait_until(at(moment))
        done = self.road.attempt("sync")
        assert done.returncode in (0, 3), done.stderr[-3000:]
        self.synced.append(moment)

    def create(self) -> None:
        """Create the three workflows, and let a person switch them on, for the new alone."""
        for workflow in WORKFLOWS:
            told = self.road.cartwheel(
                *("workflows", "create", workflow, "--reply-to", "shop@campaign.example"),
                "--json",
            )
            parts = json.loads(told)["parts"]
            (flow,) = (part["hubspot_id"] for part in parts if part["kind"] == "workflow")
            self.flows[workflow] = flow
            self.road.request("POST", f"/_sandbox/hubspot/flows/{flow}/enable", {})

    def mails(self, name: str, workflow: str) -> list[tuple[datetime, str]]:
        """When a person was sent which e-mail of a workflow, by its subject."""
        sent = self.road.request("GET", "/_sandbox/outbox")["results"]
        return [
            (datetime.fromisoformat(each["sentAt"]).replace(tzinfo=None), each["subject"])
            for each in sent
            if (each["to"], each["flowId"])
            == (f"{name}@campaign.example", self.flows[workflow])
        ]

    def html(self, name: str) -> str:
        """The first e-mail that a person got."""
        sent = self.road.request("GET", "/_sandbox/outbox")["results"]
        return next(each["html"] for each in sent if each["to"] == f"{name}@campaign.example")

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers


def live_through(campaigns: Campaigns) -> None:
    """Four syncs over three months in the lives of a dozen people."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    lapsed = {
        name: campaigns.person(name, consent=name != "lapsed-silent")
        for name in ("lapsed", "lapsed-stays", "lapsed-silent")
    }
    for person in lapsed.values():
        campaigns.order(person, START - LAPSE + 20 * hour)
    withdraws = campaigns.person("withdraws")
    left = campaigns.cart(withdraws)
    late = campaigns.person("late", consent=False)
    campaigns.order(late, START - 40 * day)
    campaigns.sync(START)
    campaigns.create()

    campaigns.consent(withdraws, "UNSUBSCRIBED", left)
    campaigns.consent(late, "SUBSCRIBED")
    names = ("stays", "recovers", "elsewhere", "silent")
    people = {name: campaigns.person(name, consent=name != "silent") for name in names}
    carts = {name: campaigns.cart(person) for name, person in people.items()}
    campaigns.order(people["elsewhere"], START + 12 * hour)
    for name in ("first", "first-deleted", "first-silent"):
        people[name] = campaigns.person(name, consent=name != "first-silent")
    orders = {
        name: campaigns.order(person, START + hour)
        for name, person in people.items()
        if name.startswith("first")
    }
    campaigns.sync(START + 25 * hour)

    campaigns.recover(carts["recovers"], people["recovers"], START + 26 * hour)
    edited = campaigns.merchant.node("orders", int(orders["first"]["legacyResourceId"]))
    cancelled = {"cancelledAt": at(START + 27 * hour), "cancelReason": "CUSTOMER"}
    campaigns.merchant.save("orders", edited | {"note": "ring twice"} | cancelled)
    number = orders["first-deleted"]["legacyResourceId"]
    campaigns.road.request("DELETE", f"/_sandbox/shopify/orders/{number}")
    for name in ("first", "first-deleted"):
        campaigns.order(people[name], START + 28 * hour)
    campaigns.order(lapsed["lapsed"], START + 29 * hour)
    campaigns.sync(START + 30 * hour)

    campaigns.sync(START + 30 * hour + LAPSE + day)
