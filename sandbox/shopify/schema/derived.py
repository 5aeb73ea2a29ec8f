"""Fields that Shopify serves and a stored node does not hold: older names and summaries.

A store folder holds what Admin API 2026-10 recommends. Clients written for earlier versions
ask for the same facts by deprecated fields (`Customer.email`, `Product.bodyHtml`), or for
what follows from others (`Product.hasOutOfStockVariants`); those are made when asked for.
What a stored node does hold under such a name is served as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any

Get = Callable[[str], Any]
Derive = Callable[[Get], Any]


def among(named: str, names: Iterable[str]) -> dict[str, Derive]:
    """Give how to make those of a type's fields that are derived."""
    return {name: DERIVED[named, name] for name in names if (named, name) in DERIVED}


def _at(*keys: str) -> Derive:
    def derive(get: Get) -> Any:
        value = get(keys[0])
        for key in keys[1:]:
            value = (value or {}).get(key)
        return value

    return derive


def _always(value: Any) -> Derive:
    return lambda _: value


def _email_consent(get: Get) -> dict[str, Any] | None:
    address = get("defaultEmailAddress")
    return address and {
        "consentUpdatedAt": address.get("marketingUpdatedAt"),
        "marketingOptInLevel": address.get("marketingOptInLevel"),
        "marketingState": address.get("marketingState"),
        "sourceLocation": address.get("sourceLocation"),
    }


def _sms_consent(get: Get) -> dict[str, Any] | None:
    consent = (get("defaultPhoneNumber") or {}).get("smsMarketingConsent")
    return consent and {
        "consentCollectedFrom": consent.get("collectedFrom"),
        "consentUpdatedAt": consent.get("updatedAt"),
        "marketingOptInLevel": consent.get("optInLevel"),
        "marketingState": _sms_state(consent.get),
        "sourceLocation": consent.get("sourceLocation"),
    }


def _sms_state(get: Get) -> Any:
    """Give a consent's state in the words that fields before 2026-10 have for it."""
    state = get("state")
    return "NOT_SUBSCRIBED" if state == "NEVER_SUBSCRIBED" else state


def _of_consent(key: str) -> Derive:
    return lambda get: (get("smsMarketingConsent") or {}).get(key)


def _area(get: Get) -> str | None:
    """Write an address's place as `Ottawa ON, Canada`."""
    town = " ".join(filter(None, (get("city"), get("provinceCode"))))
    return ", ".join(filter(None, (town, get("country")))) or None


def _plain_text(get: Get) -> str:
    text = re.sub(r"<[^>]*>", " ", get("descriptionHtml") or "")
    return " ".join(unescape(text).split())


def _out_of_stock(get: Get) -> bool:
    return any(
        (variant.get("inventoryItem") or {}).get("tracked")
        and (variant.get("inventoryQuantity") or 0) <= 0
        for variant in _nodes(get("variants"))
    )


def _images(get: Get) -> dict[str, Any]:
    return {
        "nodes": [
            _product_image(medium["image"])
            for medium in _nodes(get("media"))
            if medium.get("image")
        ]
    }


def _first_image(get: Get) -> Any:
    return next(iter(_images(get)["nodes"]), None)


def _product_image(image: dict[str, Any]) -> dict[str, Any]:
    """Give a medium's image as a product shows it: the same, under an id of another type."""
    gid = image.get("id")
    return {**image, "id": gid and gid.replace("/ImageSource/", "/ProductImage/")}


def _preview_status(get: Get) -> str:
    return "READY" if get("image") else "PROCESSING"


def _ancestors(get: Get) -> list[str]:
    """List the categories above one, the nearest first: its id tells them, `hg-11-2`."""
    stem, _, place = get("id").rpartition("/")
    parts = place.split("-")
    return [f"{stem}/{'-'.join(parts[:size])}" for size in range(len(parts) - 1, 0, -1)]


def _category_name(get: Get) -> str | None:
    full: str | None = get("fullName")
    return full and full.rpartition(" > ")[2]


def _fulfillment_service(get: Get) -> dict[str, Any] | None:
    """Give the shop's own service, which ships everything but gift cards."""
    return None if get("isGiftCard") else _MANUAL


def _nodes(connection: Any) -> list[Any]:
    return (connection or {}).get("nodes") or []


_MANUAL = {
    "id": "gid://shopify/FulfillmentService/manual",
    "callbackUrl": None,
    "fulfillmentOrdersOptIn": False,
    "handle": "manual",
    "inventoryManagement": False,
    "permitsSkuSharing": True,
    "requiresShippingMethod": True,
    "serviceName": "Manual",
    "trackingSupport": False,
    "type": "MANUAL",
}
DERIVED: dict[tuple[str, str], Derive] = {
    ("Customer", "addresses"): _at("addressesV2", "nodes"),
    ("Customer", "email"): _at("defaultEmailAddress", "emailAddress"),
    ("Customer", "emailMarketingConsent"): _email_consent,
    ("Customer", "phone"): _at("defaultPhoneNumber", "phoneNumber"),
    ("Customer", "smsMarketingConsent"): _sms_consent,
    ("Customer", "validEmailAddress"): lambda get: bool(
        _at("defaultEmailAddress", "validFormat")(get)
    ),
    ("CustomerPhoneNumber", "marketingCollectedFrom"): _of_consent("collectedFrom"),
    ("CustomerPhoneNumber", "marketingOptInLevel"): _of_consent("optInLevel"),
    ("CustomerPhoneNumber", "marketingState"): lambda get: _sms_state(
        (get("smsMarketingConsent") or {}).get
    ),
    ("CustomerPhoneNumber", "marketingUpdatedAt"): _of_consent("updatedAt"),
    ("CustomerPhoneNumber", "sourceLocation"): _of_consent("sourceLocation"),
    ("LineItem", "fulfillmentService"): _fulfillment_service,
    ("MailingAddress", "coordinatesValidated"): lambda get: get("latitude") is not None,
    ("MailingAddress", "formattedArea"): _area,
    ("MediaPreviewImage", "status"): _preview_status,
    ("Product", "bodyHtml"): _at("descriptionHtml"),
    ("Product", "description"): _plain_text,
    ("Product", "featuredImage"): _first_image,
    ("Product", "hasOutOfStockVariants"): _out_of_stock,
    ("Product", "images"): _images,
    ("Product", "onlineStorePreviewUrl"): _at("onlineStoreUrl"),
    ("TaxonomyCategory", "ancestorIds"): _ancestors,
    ("TaxonomyCategory", "isArchived"): _always(False),
    ("TaxonomyCategory", "isRoot"): lambda get: not _ancestors(get),
    ("TaxonomyCategory", "level"): lambda get: len(_ancestors(get)) + 1,
    ("TaxonomyCategory", "name"): _category_name,
    ("TaxonomyCategory", "parentId"): lambda get: next(iter(_ancestors(get)), None),
    **{
        (medium, name): _always([])
        for medium in ("ExternalVideo", "MediaImage", "Model3d", "Video")
        for name in ("mediaErrors", "mediaWarnings")
    },
}
