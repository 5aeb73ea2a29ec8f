"""Two days in the life of a store: what is done in Shopify and in HubSpot."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.end_to_end.journey import Journey
    from tests.end_to_end.merchant import Merchant
    from tests.end_to_end.moment import Moment

SHOP = "northwind-demo-150-11.myshopify.com"
CONTACTS = "/crm/objects/2026-03/contacts"
FIRST_DAY, SECOND_DAY = "2026-11-23T04:00:00Z", "2026-11-24T06:00:00Z"
LEFT_CART = 30000000000007  # 21 hours old at first
OPEN_CART = 30000000000020  # abandoned long ago


def kill_load_at(road: Journey, path: str) -> int:
    """Begin a load and kill it at its first write to the path; gives its exit code."""
    road.request("DELETE", "/_sandbox/requests")
    process = road.started("load")
    while process.is_running() and not any(path in sent["path"] for sent in road.writes()):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    return process.finish().returncode


def work_in_hubspot(road: Journey, begun: Moment) -> None:
    """A person adds a contact, deletes one and edits one."""
    ids = {email: contact["id"] for email, contact in begun.living["contacts"].items()}
    own = {"email": "ines@person.example", "lastname": "Own", "city": "Lyon"}
    road.request("POST", CONTACTS, {"properties": own, "associations": []})
    road.request("DELETE", f"{CONTACTS}/{ids['buyer36@mail.example']}")
    city = {"properties": {"city": "A person's word"}}
    road.request("PATCH", f"{CONTACTS}/{ids['buyer43@mail.example']}", city)


def work_in_shopify(merchant: Merchant) -> dict[str, Any]:
    """A merchant's first day; gives what is to be found in HubSpot of it."""
    merchant.save("orders", merchant.order("#1123") | {"note": "ring twice"})
    merchant.change("customers", 7000000000396, note="called")  # buyer36
    merchant.move_to(7000000000671, "moved61@shop.example")  # buyer61
    merchant.change("customers", 7000000000495, defaultAddress=None)  # buyer45
    merchant.change("customers", 7000000000473, defaultAddress=None)  # buyer43
    merchant.new_customer(7900000000001, "Ines@Person.example")
    merchant.new_customer(7900000000002, "no-at-sign.example")
    merchant.new_customer(7900000000003, " BUYER48@POST.example.org", tags=["club"])
    cart = merchant.node("abandoned_checkouts", OPEN_CART)
    left = cart["lineItems"]["nodes"].pop()
    merchant.save("abandoned_checkouts", cart)
    return {
        "edited": merchant.take_off("#1125", 1),
        "refunded": merchant.refund("#1127", 0) + merchant.refund("#1148", 0),
        "left": left,
    }
