"""Reads a store's name as people write or paste it.

The name becomes part of addresses, file names and rows, so nothing else is accepted.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cartwheel.core.errors import SettingsError

DOMAIN = ".myshopify.com"
EXAMPLE = f"name{DOMAIN}"
ADMIN = "admin.shopify.com"  # whose addresses name the store in their path

# names of generated stores; those of earlier versions had neither size nor seed
_MADE_UP = re.compile(rf"northwind-demo(-\d+-\d+)?{re.escape(DOMAIN)}")
_LABEL = "[a-z0-9][a-z0-9-]{0,62}"
_NAME = re.compile(rf"({_LABEL}){re.escape(DOMAIN)}")
_SHORT = re.compile(_LABEL)
_ADMIN_PATH = re.compile(rf"/store/({_LABEL})(/.*)?")


def shop_name(text: str, setting: str) -> str:
    """The store that a text names, as name.myshopify.com; "" for no text.

    Takes the whole name, the part before .myshopify.com, and addresses of the store or of
    its admin as a browser shows them, in any case. Raises SettingsError for anything else;
    setting is the text's name in messages, such as SHOPIFY_SHOP.
    """
    written = text.strip()
    if not written:
        return ""
    plain = written.isascii() and written.isprintable() and " " not in written
    found = _read(written.lower()) if plain else None
    if found is None:
        raise SettingsError(
            f"{setting} is {_shown(written)}, which is not a valid name of a store. Write the "
            f"name that the store's admin shows (Settings, Domains): {setting}={EXAMPLE}. The "
            "store's own domain, such as www.example.com, is not it."
        )
    return found


def is_made_up(shop: str) -> bool:
    """Whether a store is the generator's, by its name."""
    return bool(_MADE_UP.fullmatch(shop))


def _read(written: str) -> str | None:
    if _SHORT.fullmatch(written):
        return written + DOMAIN
    if _NAME.fullmatch(written):
        return written
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or port not in (None, 443):
        return None
    if host == ADMIN:
        match = _ADMIN_PATH.fullmatch(parts.path)
        return match[1] + DOMAIN if match else None
    return host if _NAME.fullmatch(host) else None


def _shown(written: str) -> str:
    return repr(written if len(written) <= 80 else f"{written[:77]}...")
