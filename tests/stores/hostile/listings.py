"""Checkouts and products that are no order, in every state."""

from __future__ import annotations

from tests.stores.hostile.shop import Hostile
from tests.stores.store import goods


def checkouts(store: Hostile) -> None:
    """Pending or abandoned by a second, recovered, completed, nobody's, twice of one cart."""
    left = store.person("left@hostile.example", "Left")
    store.checkout(left, goods(store.mug), when="2026-11-22T00:00:00Z", token="day")
    store.checkout(left, goods(store.mug), when="2026-11-22T00:00:01Z", token="nearly")
    store.checkout(left, goods(store.jug, 2), when="2026-10-30T10:00:00Z", token="old")
    store.checkout(None, goods(store.mug), when="2026-11-10T10:00:00Z", token="nobody")
    for token in ("ac/cart", "cn/cart"):
        url = f"https://hostile.example/123/checkouts/{token}/recover?key=a&locale=en"
        links = {"abandonedCheckoutUrl": url}
        store.checkout(left, goods(store.pin), when="2026-11-11T10:00:00Z", token="", **links)
    back = store.person("back@hostile.example", "Back")
    recovered = store.order(back, goods(store.mug), when="2026-11-20T10:00:00Z")
    store.change(recovered, {"checkoutToken": "recovered"})
    moments = {"when": "2026-11-17T10:00:00Z", "completed": "2026-11-20T10:00:00Z"}
    store.checkout(back, goods(store.mug), goods(store.pin), token="recovered", **moments)
    moments = {"when": "2026-11-18T10:00:00Z", "completed": "2026-11-18T10:05:00Z"}
    store.checkout(left, goods(store.pin), token="elsewhere", **moments)


def products(store: Hostile) -> None:
    """Text, prices and variants that a product library does not expect."""
    store.product('Bobby\'s <b>"Best"</b> & Brightest', 0, oddity="html")
    store.product("福袋 🎁 " + "x" * 240, 4_200, oddity="emoji")
    store.product("=SUM(A1:A9)", 100, 200, oddity="no_sku")
    store.product("Draft", 100, oddity="draft", status="DRAFT")
    store.product("Archived", 100, status="ARCHIVED")
    store.product("Shades", *range(1_000, 1_120))
    for status in ("UNLISTED", "FORESEEN"):
        store.product(f"Of a status {status}", 100, status=status)
