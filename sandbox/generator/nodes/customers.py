"""Customer nodes as the Admin API 2026-10 gives them."""

from __future__ import annotations

from typing import Any

from sandbox.generator.core.json_text import connection
from sandbox.generator.core.money import SHOP_CURRENCY, amount
from sandbox.generator.core.times import DAY, NOW, iso
from sandbox.generator.nodes.addresses import address
from sandbox.generator.orders.register import History
from sandbox.generator.shop.people import Person

Node = dict[str, Any]


def email_node(someone: Person, since: int) -> Node | None:
    """The default e-mail address with its consent; null where there is none."""
    if someone.email is None:
        return None
    return {
        "emailAddress": someone.email,
        "validFormat": someone.contactable,
        "marketingState": "SUBSCRIBED" if someone.accepts_marketing else "NOT_SUBSCRIBED",
        "marketingOptInLevel": "SINGLE_OPT_IN",
        "marketingUpdatedAt": iso(since),
        "openTrackingLevel": "UNKNOWN",
        "sourceLocation": None,
    }


def phone_node(someone: Person, since: int) -> Node | None:
    """The default phone number with its consent; null where there is none."""
    if someone.phone is None:
        return None
    return {
        "phoneNumber": someone.phone,
        "smsMarketingConsent": {
            "state": "SUBSCRIBED" if someone.draw % 2 else "NOT_SUBSCRIBED",
            "optInLevel": "SINGLE_OPT_IN",
            "updatedAt": iso(since),
            "collectedFrom": "SHOPIFY",
            "sourceLocation": None,
        },
    }


def _addresses(someone: Person) -> list[Node]:
    """None for the redacted, twelve for one person, else one or two."""
    count = 1 + (someone.draw % 9 == 0)
    if someone.role is not None:
        count = {"redacted": 0, "company": 12}.get(someone.role.name, count)
    return [
        {
            **address(
                someone,
                f"gid://shopify/MailingAddress/{100 * someone.customer_id + number}"
                "?model_name=CustomerAddress",
                number,
            ),
            "coordinatesValidated": False,
        }
        for number in range(count)
    ]


def _last_order(past: History) -> Node | None:
    if not past.last:
        return None
    return {
        "id": f"gid://shopify/Order/{past.last}",
        "name": f"#{1_001 + past.last_slot}",
        "createdAt": iso(past.last_created),
        "processedAt": iso(past.last_processed),
    }


def _company_contact(company: str) -> Node:
    return {
        "id": "gid://shopify/CompanyContact/1",
        "title": "Buyer",
        "company": {"id": "gid://shopify/Company/1", "name": company, "externalId": None},
    }


def customer_node(someone: Person, past: History) -> Node:
    """A customer with addresses, consents and what the customer bought."""
    role = someone.role
    company = role.company if role is not None else None
    created = past.first_seen - someone.draw % DAY
    updated = min(NOW - 60, max(created, past.last_created) + someone.draw % (9 * DAY))
    addresses = _addresses(someone)
    usual = addresses[0].copy() if addresses else None
    if usual is not None:
        del usual["coordinatesValidated"]
    return {
        "id": f"gid://shopify/Customer/{someone.customer_id}",
        "legacyResourceId": str(someone.customer_id),
        "createdAt": iso(created),
        "updatedAt": iso(updated),
        "firstName": someone.first,
        "lastName": someone.last,
        "displayName": someone.name or someone.email or someone.phone or "",
        "locale": "en",
        "note": role.note if role is not None else None,
        "state": "ENABLED" if someone.draw % 3 == 0 else "DISABLED",
        "tags": list(role.tags) if role is not None else [],
        "taxExempt": company is not None,
        "taxExemptions": [],
        "verifiedEmail": someone.contactable and someone.draw % 8 != 0,
        "multipassIdentifier": None,
        "dataSaleOptOut": False,
        "lifetimeDuration": "about 1 year",
        "productSubscriberStatus": "NEVER_SUBSCRIBED",
        "numberOfOrders": str(past.orders),
        "canDelete": past.orders == 0,
        "amountSpent": {"amount": amount(past.spent, 2), "currencyCode": SHOP_CURRENCY},
        "lastOrder": _last_order(past),
        "mergeable": {
            "isMergeable": True,
            "reason": None,
            "errorFields": [],
            "mergeInProgress": None,
        },
        "statistics": {"predictedSpendTier": None, "rfmGroup": None},
        "defaultEmailAddress": email_node(someone, created),
        "defaultPhoneNumber": phone_node(someone, created),
        "defaultAddress": usual,
        "companyContactProfiles": [_company_contact(company)] if company else [],
        "addressesV2": connection(addresses),
    }
