"""What must be so before anything is read; everything that is missing is named at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cartwheel.errors import AccessDenied, SettingsError
from cartwheel.progress import Say
from extract.client import Shopify
from extract.resources import BULK

WINDOW = timedelta(days=60)  # of orders visible without read_all_orders (shopify.md, 2)


@dataclass(frozen=True)
class Shop:
    """The shop node, and how many records of each kind the shop itself counts."""

    node: dict[str, Any]
    counts: dict[str, int]

    def line(self) -> str:
        """The node as one line of JSON."""
        return json.dumps(self.node, ensure_ascii=False, separators=(",", ":")) + "\n"


def preflight(shopify: Shopify, say: Say, *, since: timedelta | None = None) -> Shop:
    """Check token, shop and scopes, and read the shop's own counts.

    since is how far back orders are wanted, None for all of them.

    Raises AccessDenied naming every scope that is missing, read_all_orders included
    where orders older than 60 days are wanted and may exist; SettingsError if the
    token belongs to another shop.
    """
    answer = shopify.query("shop")
    node = answer["shop"]
    _check_shop(shopify, str(node["myshopifyDomain"]))
    scopes = answer["currentAppInstallation"]["accessScopes"]
    held = {str(scope["handle"]) for scope in scopes}
    wanted = sorted({resource.scope for resource in BULK})
    missing = [scope for scope in wanted if not _holds(held, scope)]
    young = _age(shopify, node) <= WINDOW
    if not (_holds(held, "read_all_orders") or young or (since and since <= WINDOW)):
        missing.append("read_all_orders")
    if missing:
        raise AccessDenied(_explain(shopify.settings.shop, missing))
    counts = {field: int(found["count"]) for field, found in shopify.query("counts").items()}
    listed = ", ".join(f"{count:,} {name[:-5]}" for name, count in counts.items())
    say(f"{node['myshopifyDomain']} counts {listed}.")
    return Shop(node, counts)


def _check_shop(shopify: Shopify, domain: str) -> None:
    if domain.lower() != shopify.settings.shop:
        raise SettingsError(
            f"SHOPIFY_SHOP is {shopify.settings.shop}, but the token belongs to {domain}. "
            f"Write SHOPIFY_SHOP={domain}, or use that shop's own token."
        )


def _holds(held: set[str], scope: str) -> bool:
    """Whether a scope is held; one that allows to write allows to read too."""
    return scope in held or scope.replace("read_", "write_", 1) in held


def _age(shopify: Shopify, node: dict[str, Any]) -> timedelta:
    return shopify.settings.clock() - datetime.fromisoformat(str(node["createdAt"]))


def _explain(shop: str, missing: list[str]) -> str:
    text = (
        f"The app lacks the scopes {', '.join(missing)} on {shop}. Add what is missing to the "
        "app in the Dev Dashboard, release the version, approve it on the store, then run: "
        "cartwheel extract."
    )
    if "read_all_orders" in missing:
        text += (
            " Without read_all_orders Shopify silently shows only the orders of the last "
            "60 days; to take just those: cartwheel extract --since 60d"
        )
    return text
