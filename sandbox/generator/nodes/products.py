"""Product nodes and the events that tell of deleted ones, as the Admin API gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sandbox.generator.core.json_text import connection
from sandbox.generator.core.money import SHOP_CURRENCY, amount, price
from sandbox.generator.core.times import DAY, NOW, iso
from sandbox.generator.shop.catalogue import Catalogue, Product, Variant

Node = dict[str, Any]

SHOP_URL = "https://northwind.example"
DESCRIPTIONS = {
    "": "<p>Made to last, {title}.</p>",
    "html": (
        "<h2>The <em>best</em> mug</h2>\n<ul><li>350&nbsp;ml</li><li>Dishwasher safe &amp; "
        'light</li></ul><p onclick="alert(1)">Fired twice.<br/>Signed &lt;by hand&gt;</p>'
        "<script>alert('mug')</script><style>.mug{{color:red}}</style><!-- kiln 4 -->"
    ),
    "emoji": "<p>いろいろ入り 🎁 صندوق المفاجآت</p>",
    "draft": "",
}


def _money(cents: int) -> Node:
    return {"amount": amount(cents, 2), "currencyCode": SHOP_CURRENCY}


def _variant(variant: Variant, updated: int) -> Node:
    product = variant.product
    title = variant.title or "Default Title"
    names = ("Size", "Colour") if len(variant.options) == 2 else ("Colour",)
    options = dict(zip(names, variant.options, strict=True)) if variant.options else None
    compare = price(variant.price * 5 // 4) if product.oddity == "compare_at" else None
    return {
        "id": f"gid://shopify/ProductVariant/{variant.id}",
        "legacyResourceId": str(variant.id),
        "title": title,
        "displayName": f"{product.title} - {title}",
        "sku": variant.sku,
        "barcode": f"{variant.id % 10**12:012d}" if variant.id % 3 == 0 else None,
        "price": price(variant.price),
        "compareAtPrice": compare,
        "position": 1 + variant.id % 1_000,
        "availableForSale": product.status == "ACTIVE",
        "inventoryPolicy": "DENY",
        "inventoryQuantity": variant.id % 173,
        "taxable": not product.is_gift_card,
        "createdAt": iso(product.created),
        "updatedAt": iso(updated),
        "selectedOptions": [
            {"name": name, "value": value}
            for name, value in (options or {"Title": title}).items()
        ],
        "inventoryItem": {
            "id": f"gid://shopify/InventoryItem/{variant.id}",
            "tracked": True,
            "requiresShipping": product.requires_shipping,
            "measurement": {
                "weight": {"value": variant.grams / 1_000, "unit": "KILOGRAMS"}
                if variant.grams
                else None
            },
        },
    }


def _media(product: Product) -> list[Node]:
    count = 3 if product.oddity == "media" else int(product.oddity == "" and product.id % 2)
    nodes: list[Node] = []
    for place in range(count):
        url = f"{SHOP_URL}/cdn/shop/files/{product.id}-{place}.jpg?v=1"
        alt = product.title if place == 0 else None
        image = {"url": url, "altText": alt, "width": 1_200, "height": 900}
        nodes.append(
            {
                "__typename": "MediaImage",
                "id": f"gid://shopify/MediaImage/{product.id * 10 + place}",
                "alt": alt,
                "mediaContentType": "IMAGE",
                "status": "READY",
                "preview": {"image": image},
                "mimeType": "image/jpeg",
                "image": {
                    "id": f"gid://shopify/ImageSource/{product.id * 10 + place}",
                    **image,
                },
            }
        )
    return nodes


def _options(product: Product) -> list[Node]:
    columns = list(zip(*(variant.options for variant in product.variants), strict=True))
    names = ("Size", "Colour") if len(columns) == 2 else ("Colour",)
    if not columns:
        columns = [tuple(variant.title or "Default Title" for variant in product.variants)]
        names = ("Title",)
    return [
        {
            "id": f"gid://shopify/ProductOption/{product.id * 10 + place}",
            "name": name,
            "position": place + 1,
            "values": list(dict.fromkeys(values)),
        }
        for place, (name, values) in enumerate(zip(names, columns, strict=True))
    ]


def product_node(product: Product) -> Node:
    """A product with its variants and media."""
    handle = re.sub(r"[^a-z0-9]+", "-", product.title.lower()).strip("-")
    prices = [variant.price for variant in product.variants]
    compared = product.oddity == "compare_at"
    published = product.status in ("ACTIVE", "UNLISTED")
    media = _media(product)
    description = DESCRIPTIONS.get(product.oddity, DESCRIPTIONS[""])
    return {
        "id": f"gid://shopify/Product/{product.id}",
        "legacyResourceId": str(product.id),
        "title": product.title,
        "handle": handle,
        "descriptionHtml": description.format(title=product.title),
        "productType": product.product_type,
        "vendor": product.vendor,
        "status": product.status,
        "tags": ["bestseller", "spring"] if product.id % 5 == 0 else [],
        "templateSuffix": None,
        "isGiftCard": product.is_gift_card,
        "createdAt": iso(product.created),
        "updatedAt": iso(product.updated),
        "publishedAt": iso(product.created + DAY) if published else None,
        "onlineStoreUrl": f"{SHOP_URL}/products/{handle}" if published else None,
        "totalInventory": sum(variant.id % 173 for variant in product.variants),
        "tracksInventory": True,
        "hasOnlyDefaultVariant": product.variants[0].title is None,
        "requiresSellingPlan": False,
        "category": {
            "id": "gid://shopify/TaxonomyCategory/hg-11",
            "fullName": "Home & Garden > Kitchen & Dining",
            "isLeaf": False,
        }
        if product.product_type == "Kitchen"
        else None,
        "seo": {"title": None, "description": None},
        "options": _options(product),
        "variantsCount": {"count": len(prices), "precision": "EXACT"},
        "mediaCount": {"count": len(media), "precision": "EXACT"},
        "priceRangeV2": {
            "minVariantPrice": _money(min(prices)),
            "maxVariantPrice": _money(max(prices)),
        },
        "compareAtPriceRange": {
            "minVariantCompareAtPrice": _money(min(prices) * 5 // 4),
            "maxVariantCompareAtPrice": _money(max(prices) * 5 // 4),
        }
        if compared
        else None,
        "featuredMedia": media[0] if media else None,
        "media": connection(media),
        "variants": connection(
            [_variant(variant, product.updated) for variant in product.variants]
        ),
    }


def deletion_events(catalogue: Catalogue) -> Iterator[Node]:
    """The `destroy` events of the products that the shop removed within the last month."""
    deleted = [product for product in catalogue.products if product.is_deleted]
    for place, product in enumerate(deleted):
        yield {
            "__typename": "BasicEvent",
            "id": f"gid://shopify/BasicEvent/{600_000_000 + place}",
            "action": "destroy",
            "createdAt": iso(NOW - (3 + 11 * place) * DAY),
            "message": f"Northwind Shop deleted a product: {product.title}.",
            "appTitle": None,
            "subjectId": f"gid://shopify/Product/{product.id}",
            "subjectType": "PRODUCT",
            "arguments": [],
            "additionalData": None,
        }
