"""The shop's products: a Zipf-like demand over a few hundred, with the odd ones among them."""

from __future__ import annotations

import math
import random
from bisect import bisect
from dataclasses import dataclass, field

from sandbox.generator.core.times import DAY, NOW, OPENED

ADJECTIVES = (
    "Alder", "Brass", "Cobalt", "Dusk", "Ember", "Fern", "Gold", "Harbour", "Indigo", "Juniper",
    "Kiln", "Linen", "Maple", "North", "Olive", "Pine", "Quartz", "River", "Slate", "Tidal",
)  # fmt: skip
NOUNS = (
    ("Mug", "Kitchen"), ("Kettle", "Kitchen"), ("Teapot", "Kitchen"), ("Blanket", "Home"),
    ("Lamp", "Home"), ("Cushion", "Home"), ("Candle", "Home"), ("Backpack", "Outdoor"),
    ("Tent", "Outdoor"), ("Bottle", "Outdoor"), ("Jacket", "Apparel"), ("Beanie", "Apparel"),
    ("Shirt", "Apparel"), ("Socks", "Apparel"), ("Notebook", "Paper"), ("Poster", "Paper"),
)  # fmt: skip
VENDORS = ("Northwind Makers", "Atelier Zoë", "Kanō & Sons", "O'Hara Mills", "Plain Goods")
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
COLOURS = ("Black", "Sand", "Bleu nuit", "Rouge")


@dataclass(slots=True, eq=False)
class Variant:
    """A variant: its price in cents, its weight in grams; `title` None is the only one."""

    id: int
    product: Product
    title: str | None
    sku: str | None
    price: int
    grams: int
    options: tuple[str, ...] = ()


@dataclass(slots=True)
class Product:
    """A product; a deleted one is only remembered by the lines that sold it."""

    id: int
    title: str
    product_type: str
    vendor: str
    created: int
    updated: int
    oddity: str = ""
    status: str = "ACTIVE"
    variants: list[Variant] = field(default_factory=list)

    @property
    def is_gift_card(self) -> bool:
        """Whether its sales are a liability, not revenue."""
        return self.oddity == "gift_card"

    @property
    def is_deleted(self) -> bool:
        """Whether the shop removed it since."""
        return self.oddity == "deleted"

    @property
    def requires_shipping(self) -> bool:
        """Whether its units are parcels."""
        return self.oddity not in ("gift_card", "digital")


ODDITIES = (
    "gift_card", "deleted", "html", "media", "archived", "draft", "unlisted", "many_variants",
    "digital", "emoji", "big_id", "compare_at", "no_sku", "deleted", "formula",
)  # fmt: skip
TITLES = {
    "gift_card": "Gift card",
    "emoji": "Mystery box 🎁 – 福袋",
    "formula": "=SUM(A1:A9) poster",
    "html": 'Bobby\'s <b>"Best"</b> & Brightest Mug',
    "digital": "Pattern booklet (PDF)",
}


class Catalogue:
    """All products, and the draw of what a buyer takes."""

    def __init__(self, orders: int, seed: int) -> None:
        rng = random.Random(f"catalogue {seed}")
        count = min(3_000, len(ODDITIES) + 10 + int(4 * math.sqrt(orders)))
        self.products = [_product(rng, index, orders) for index in range(count)]
        self.gift_cards = self._variants_of("gift_card")
        self.deleted = self._variants_of("deleted")
        plain = [product for product in self.products if product.oddity not in _NOT_DRAWN]
        rng.shuffle(plain)
        self._choice: list[Variant] = []
        self._weights: list[float] = []
        whole = 0.0
        for rank, product in enumerate(plain, start=1):
            for variant in product.variants:
                whole += 1 / (rank**0.7 * len(product.variants))
                self._choice.append(variant)
                self._weights.append(whole)
        self._whole, self._last = whole, len(self._choice) - 1
        by_price = sorted(self._choice, key=lambda variant: variant.price)
        self._small = by_price[: max(1, len(by_price) // 10)]

    def _variants_of(self, oddity: str) -> list[Variant]:
        found = [product for product in self.products if product.oddity == oddity]
        return [variant for product in found for variant in product.variants]

    def draw(self, rng: random.Random) -> Variant:
        """One variant, popular ones more often (Zipf, exponent 0.7)."""
        return self._choice[bisect(self._weights, rng.random() * self._whole, 0, self._last)]

    def draw_small(self, rng: random.Random) -> Variant:
        """One of the cheapest tenth of the variants."""
        return self._small[int(rng.random() * len(self._small))]


_NOT_DRAWN = ("gift_card", "deleted", "draft")


def _product(rng: random.Random, index: int, orders: int) -> Product:
    oddity = ODDITIES[index] if index < len(ODDITIES) else ""
    noun, product_type = rng.choice(NOUNS)
    title = TITLES.get(oddity) or f"{rng.choice(ADJECTIVES)} {noun} No. {index}"
    created = OPENED + rng.randrange(2 * DAY, 40 * DAY)
    product = Product(
        id=9_007_199_254_740_993 if oddity == "big_id" else 8_000_000_000_000 + 7 * index,
        title=title,
        product_type="Gift Cards" if oddity == "gift_card" else product_type,
        vendor=rng.choice(VENDORS),
        created=created,
        updated=created + rng.randrange(1, (NOW - created) // 2),
        oddity=oddity,
        status={"archived": "ARCHIVED", "draft": "DRAFT", "unlisted": "UNLISTED"}.get(
            oddity, "ACTIVE"
        ),
    )
    if oddity == "gift_card":
        faces = (2_500, 5_000, 10_000)
        for place, face in enumerate(faces):
            product.variants.append(
                Variant(_variant_id(index, place), product, f"${face // 100}", None, face, 0)
            )
        return product
    price = max(100, int(rng.lognormvariate(math.log(2_500), 0.8)) // 10 * 10 + 9)
    grams = 0 if oddity == "digital" else rng.randrange(50, 3_000)
    for place, options in enumerate(_options(rng, oddity, orders, product_type)):
        name = " / ".join(options) or None
        sku = None if oddity == "no_sku" else f"NW-{index:04d}-{place:02d}"
        product.variants.append(
            Variant(
                _variant_id(index, place),
                product,
                name,
                sku,
                price + 100 * place,
                grams,
                options,
            )
        )
    return product


def _variant_id(index: int, place: int) -> int:
    return 42_000_000_000_000 + 1_000 * index + place


def _options(
    rng: random.Random, oddity: str, orders: int, product_type: str
) -> list[tuple[str, ...]]:
    if oddity == "many_variants":
        return [(f"Shade {number}",) for number in range(1, 61 if orders >= 500 else 13)]
    if product_type == "Apparel" and rng.random() < 0.7:
        colours = COLOURS[: rng.randrange(1, 4)]
        return [(size, colour) for colour in colours for size in SIZES[: rng.randrange(2, 7)]]
    if rng.random() < 0.2:
        return [(colour,) for colour in COLOURS[: rng.randrange(2, 5)]]
    return [()]
