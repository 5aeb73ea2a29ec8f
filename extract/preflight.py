"""Checks before anything is read; they report everything that is missing at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cartwheel.core.clock import without_zone
from cartwheel.core.counts import counted
from cartwheel.core.errors import AccessDenied, SettingsError
from cartwheel.core.progress import Say
from extract.shopify import refusals
from extract.shopify.access import granted_scopes, holds_scope
from extract.shopify.client import NEEDED_VERSION, Shopify
from extract.shopify.locales import Locales, read_locales
from extract.shopify.resources import LISTED

# of orders visible without read_all_orders: docs/reference/shopify.md#the-60-day-window
WINDOW = timedelta(days=60)
# Shopify's refusals of customer data are recognised by the page that they point to
PROTECTED = ("protected-customer-data", "protected customer data", "not approved")
# the scope of each root field; the root field "orders" is counted by ordersCount
_SCOPES = {resource.count.removesuffix("Count"): resource.scope for resource in LISTED}


@dataclass(frozen=True)
class Shop:
    """The shop node, its number of records of each kind, and the scopes granted.

    locales are its languages, None where Shopify does not tell them.
    """

    node: dict[str, Any]
    counts: dict[str, int]
    scopes: frozenset[str]
    locales: Locales | None = None

    @property
    def sees_all_orders(self) -> bool:
        """Whether a missing order was deleted, and is not just older than 60 days."""
        return holds_scope(self.scopes, "read_all_orders")


def preflight(shopify: Shopify, say: Say, *, since: timedelta | None = None) -> Shop:
    """Check token, shop, version and access, and read the shop's own counts and languages.

    since is how far back orders are wanted, None for all of them.

    Raises SettingsError if the token belongs to another shop; AccessDenied naming, each
    with its fix, everything else that is missing: an API version that has the fields we
    read, the scopes (read_all_orders included, where orders older than 60 days are
    wanted and may exist) and protected customer data.
    """
    answer = shopify.query("shop")
    node = answer["shop"]
    check_shop(shopify, str(node["myshopifyDomain"]))
    scopes = granted_scopes(answer)
    missing = [
        *missing_version(shopify),
        *missing_scopes(scopes, all_orders=wants_old_orders(shopify, node, since)),
        *missing_access(shopify, scopes),
    ]
    if missing:
        raise AccessDenied(_explain(shopify.settings.shop, missing))
    counts = {field: int(found["count"]) for field, found in shopify.query("counts").items()}
    listed = ", ".join(counted(count, _noun(field)) for field, count in counts.items())
    say(f"{node['myshopifyDomain']} has {listed}.")
    return Shop(node, counts, scopes, read_locales(shopify, scopes, say))


def _noun(field: str) -> str:
    """What a field of Shopify's counts, in our words: "abandoned checkout"."""
    return re.sub("[A-Z]", lambda found: f" {found[0].lower()}", field.removesuffix("sCount"))


def check_shop(shopify: Shopify, domain: str) -> None:
    """Raise SettingsError if the token belongs to another shop, whose domain that is."""
    settings = shopify.settings
    if domain.lower() == settings.shop:
        return
    if settings.secrets:
        by_token = bool(settings.shopify_access_token)
        name = "SHOPIFY_ACCESS_TOKEN" if by_token else "SHOPIFY_CLIENT_ID"
        raise SettingsError(
            f"{settings.shops_file} lists {settings.shop}, but the token belongs to {domain}. "
            f'Write shop = "{domain}" there, or put what belongs to {settings.shop} into '
            f"{settings.secret_name(name)} in {settings.settings_file}."
        )
    raise SettingsError(
        f"SHOPIFY_SHOP is {settings.shop}, but the token belongs to {domain}. Write "
        f"SHOPIFY_SHOP={domain}, or use the token of {settings.shop}."
    )


def wants_old_orders(shopify: Shopify, node: dict[str, Any], since: timedelta | None) -> bool:
    """Whether orders older than the window are asked for, and the shop may have some."""
    if since is not None and since <= WINDOW:
        return False
    born = without_zone(datetime.fromisoformat(str(node["createdAt"])))
    return shopify.server_time() - born > WINDOW


def missing_version(shopify: Shopify) -> Iterator[str]:
    """The API version that is needed, with its fix, if Shopify has served an older one."""
    served, asked = shopify.served_version, shopify.settings.shopify_api_version
    if served < NEEDED_VERSION:
        instead = "" if served == asked else f" instead of {asked}, which it does not have"
        yield (
            f"API version {NEEDED_VERSION} or later, for the fields that we read: Shopify "
            f"serves {served}{instead}. Set SHOPIFY_API_VERSION={NEEDED_VERSION}"
        )


def missing_scopes(held: frozenset[str], *, all_orders: bool) -> Iterator[str]:
    """The scopes that the app lacks, with their fix; all_orders: read_all_orders as well."""
    wanted = {resource.scope for resource in LISTED}
    missing = [scope for scope in sorted(wanted) if not holds_scope(held, scope)]
    old = all_orders and not holds_scope(held, "read_all_orders")
    if missing or old:
        names = ", ".join([*missing, *(["read_all_orders"] if old else [])])
        text = (
            f"the scopes {names}. Add them to the app in the Dev Dashboard, release the "
            "version and approve it on the store"
        )
        if old:
            text += (
                ". Without read_all_orders Shopify silently returns only the orders of the "
                "last 60 days; to read only those: cartwheel extract --since 60d, or cartwheel "
                "sync --since 60d"
            )
        yield text


def missing_access(shopify: Shopify, held: frozenset[str]) -> Iterator[str]:
    """What Shopify refuses although the scope is granted."""
    denied = shopify.denials("access")
    protected = sorted({_field(error) for error in denied if _is_protected(error)})
    if protected:
        yield (
            f"access to protected customer data ({', '.join(protected)}). Ask for it in the "
            "Dev Dashboard, under the app's API access: protected customer data, with name, "
            "e-mail, phone and address. For an app made in the store's admin, the store's "
            "plan must include it"
        )
    for error in denied:
        scope = _SCOPES.get(_field(error).split(".")[0])
        if not (_is_protected(error) or (scope and not holds_scope(held, scope))):
            access = refusals.required_access([error]) or error.get("message")
            yield (
                f"access to {_field(error)}: {str(access).rstrip('.')}. Add it to the app in "
                "the Dev Dashboard, release the version and approve it on the store"
            )


def _is_protected(error: refusals.Problem) -> bool:
    message = str(error.get("message", "")).lower()
    return any(sign in message for sign in PROTECTED)


def _field(error: refusals.Problem) -> str:
    """Where an error happened, without the positions in lists: customers.email."""
    names = [part for part in error.get("path") or () if isinstance(part, str)]
    return ".".join(name for name in names if name not in ("nodes", "edges")) or "a field"


def _explain(shop: str, missing: list[str]) -> str:
    listed = "".join(f"\n- {text}." for text in missing)
    return f"{shop} cannot be read yet. Missing:{listed}\nThen run: cartwheel doctor"
