"""Money in whole minor units of the shop's currency, and its two faces in the API.

All sums are made in cents of the shop's currency (USD). The presentment amount of each
figure is that figure at a fixed rate, rounded half up by itself: presentment amounts of one
order need not add up to the last digit, shop amounts always do.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson

SHOP_CURRENCY = "USD"
MOST_BAGS = 100_000
"""How many MoneyBags a currency keeps before it starts over."""


_FRACTIONS = {
    decimals: [f"{rest:0{decimals}d}".rstrip("0") or "0" for rest in range(10**decimals)]
    for decimals in (0, 2, 3)
}
"""What stands behind the point, by number of decimals, for each number of minor units."""


def amount(minor: int, decimals: int) -> str:
    """Minor units as the Admin API writes a decimal: `10.2`, `0.0`, `-3.05`, `1500.0`.

    Raises KeyError unless there are 0, 2 or 3 decimals.
    """
    fractions = _FRACTIONS[decimals]
    whole, rest = divmod(abs(minor), len(fractions))
    return f"{'-' if minor < 0 else ''}{whole}.{fractions[rest]}"


def price(minor: int) -> str:
    """Cents with two decimals, as the API writes a variant's price."""
    return f"{minor // 100}.{minor % 100:02d}"


def divide(numerator: int, denominator: int) -> int:
    """Quotient rounded half away from zero; the denominator is positive."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def allocate(total: int, weights: list[int]) -> list[int]:
    """Split a total in proportion to weights, to the cent, no cent lost.

    Weights are not negative; where all are zero, every part is zero and so must the total be.
    """
    whole = sum(weights)
    parts: list[int] = []
    given = seen = 0
    for weight in weights:
        seen += weight
        upto = divide(total * seen, whole) if whole else 0
        parts.append(upto - given)
        given = upto
    return parts


class Currency:
    """A presentment currency: its decimals, and minor units per cent of the shop's.

    `bag_text(cents)` is the JSON text of a MoneyBag: shop money and presentment money of one
    figure.
    """

    def __init__(self, code: str, decimals: int, numerator: int, denominator: int) -> None:
        self.code = code
        self.decimals = decimals
        self._numerator = numerator
        self._denominator = denominator
        # an order holds some eighty bags: one that was made before must cost a lookup only
        self.bag_text: Callable[[int], str] = _Bags(self).__getitem__

    def presented(self, cents: int) -> int:
        """Minor units of this currency for cents of the shop's."""
        return divide(cents * self._numerator, self._denominator)

    def bag(self, cents: int) -> orjson.Fragment:
        """A MoneyBag that may stand in a node."""
        return orjson.Fragment(self.bag_text(cents))


class _Bags(dict[int, str]):
    """The MoneyBags of one currency by cents, each made when it is first asked for."""

    def __init__(self, currency: Currency) -> None:
        super().__init__()
        self._currency = currency

    def __missing__(self, cents: int) -> str:
        if len(self) > MOST_BAGS:
            self.clear()
        currency = self._currency
        shop = presented = amount(cents, 2)
        if currency.code != SHOP_CURRENCY:
            presented = amount(currency.presented(cents), currency.decimals)
        bag = self[cents] = (
            f'{{"shopMoney":{{"amount":"{shop}","currencyCode":"{SHOP_CURRENCY}"}},'
            f'"presentmentMoney":{{"amount":"{presented}","currencyCode":"{currency.code}"}}}}'
        )
        return bag


def currencies() -> dict[str, Currency]:
    """The shop's currency and its presentment currencies, by code."""
    return {
        currency.code: currency
        for currency in (
            Currency("USD", 2, 1, 1),
            Currency("EUR", 2, 92, 100),
            Currency("GBP", 2, 79, 100),
            Currency("JPY", 0, 3, 2),
            Currency("KWD", 3, 307, 100),
        )
    }
