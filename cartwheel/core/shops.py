"""Several stores: shops.toml names them; their secrets stay in the environment and .env."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartwheel.core.addresses import api_address
from cartwheel.core.errors import SettingsError
from cartwheel.core.setting_values import version
from cartwheel.core.shop_name import DOMAIN, EXAMPLE, shop_name

SHOPS_FILE = "shops.toml"

_KEYS = ("shop", "secrets", "api_version", "api_url")
_PREFIX = re.compile(r"[A-Z][A-Z0-9_]*")
# what a secret's key or value looks like, and the setting to which it belongs
_SECRET_KEYS = (
    (re.compile(r"hubspot", re.I), "HUBSPOT_ACCESS_TOKEN"),
    (re.compile(r"client_?id|api_?key", re.I), "SHOPIFY_CLIENT_ID"),
    (re.compile(r"secret(?!s$)", re.I), "SHOPIFY_CLIENT_SECRET"),
    (re.compile(r"token|password", re.I), "SHOPIFY_ACCESS_TOKEN"),
)
_SECRET_VALUES = (
    (re.compile(r"pat-"), "HUBSPOT_ACCESS_TOKEN"),
    (re.compile(r"shpss_"), "SHOPIFY_CLIENT_SECRET"),
    (re.compile(r"shp[a-z]{2,3}_"), "SHOPIFY_ACCESS_TOKEN"),
)
_EXAMPLE = f'[[shops]], and below it shop = "{EXAMPLE}"'


@dataclass(frozen=True)
class ListedShop:
    """A store of shops.toml; secrets is the prefix of its settings' names."""

    shop: str
    secrets: str
    api_version: str
    api_url: str


def read_shops(path: Path, settings_file: str = ".env") -> tuple[ListedShop, ...]:
    """The stores that the file lists, in its order.

    Raises SettingsError naming every store that is written wrongly and how to fix it, or the
    line where the file is not valid TOML. A secret in the file is refused without being shown.
    """
    entries = _entries(path, settings_file)
    problems = [
        problem
        for number, entry in enumerate(entries, 1)
        for problem in _problems(number, entry, settings_file)
    ]
    names = [_name(entry) for entry in entries]
    problems += [
        f"{name} is listed {names.count(name)} times: keep one of them."
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    if problems:
        raise SettingsError(f"{path} is not valid. {' '.join(problems)}")
    return tuple(
        ListedShop(
            name,
            _prefix(entry),
            entry.get("api_version", ""),
            _api_url(name, entry),
        )
        for name, entry in zip(names, entries, strict=True)
    )


def _entries(path: Path, settings_file: str) -> list[dict[str, Any]]:
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}. Fix that line; write a store as {_EXAMPLE}."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}. Check CARTWHEEL_SHOPS, or write the "
            f"file: each store as {_EXAMPLE}."
        ) from None
    entries: Any = whole.pop("shops", [])
    for key, value in whole.items():
        belongs = _secret(key, value)
        fix = _move(belongs, settings_file) if belongs else f"Write each store as {_EXAMPLE}."
        raise SettingsError(f"{path} contains {key!r} outside of any store. {fix}")
    tables = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    if not (tables and entries):
        raise SettingsError(
            f"{path} lists no store. Write each as {_EXAMPLE}, with two brackets; or remove "
            "the file and set SHOPIFY_SHOP."
        )
    return list(entries)


def _problems(number: int, entry: Mapping[str, Any], settings_file: str) -> list[str]:
    """What is wrong with a store, a sentence each; no value of an unknown key is shown."""
    shop, name = entry.get("shop"), _name(entry)
    called = name or f"Store {number}"
    found = []
    for key, value in entry.items():
        belongs = _secret(key, value)
        if belongs:
            fix = _move(belongs, settings_file, entry)
            found.append(f"{called} contains a secret under {key!r}. {fix}")
        elif key not in _KEYS:
            found.append(f"{called} has an unknown key {key!r}; known: {', '.join(_KEYS)}.")
        elif not isinstance(value, str):
            found.append(f"{called}: write the value of {key} in quotes.")
    if found:
        return found
    if not name:
        found.append(
            f'{called}: write the name that the store\'s admin shows, shop = "{EXAMPLE}", '
            + (f"in place of {shop!r}." if shop else "which is missing.")
        )
    elif not _PREFIX.fullmatch(_prefix(entry)):
        # the value of secrets is not shown: it may be the secret itself
        found.append(
            f'{called}: write the prefix of the names of its secrets, like secrets = "UK" '
            "for UK_SHOPIFY_ACCESS_TOKEN: a capital, then capitals, digits and underscores."
        )
    try:
        _api_url(called, entry)
        if entry.get("api_version"):
            version(f"{called}: api_version", entry["api_version"])
    except SettingsError as problem:
        found.append(str(problem))
    return found


def _name(entry: Mapping[str, Any]) -> str:
    """The whole name of the store, "" where what is written is not a valid one."""
    try:
        return shop_name(str(entry.get("shop", "")), "shop")
    except SettingsError:
        return ""


def _api_url(called: str, entry: Mapping[str, Any]) -> str:
    """Where the API of a store is; raises SettingsError where nothing may be sent to."""
    given = entry.get("api_url")
    if given is None:
        return f"https://{called}"
    return api_address(f"{called}: api_url", given)


def _secret(key: str, value: object) -> str | None:
    """The setting that a key belongs to, if it holds a secret by its name or its look."""
    by_value = (name for look, name in _SECRET_VALUES if look.match(str(value)))
    by_key = (name for look, name in _SECRET_KEYS if look.search(key))
    return next(by_value, None) or next(by_key, None)


def _move(setting: str, settings_file: str, entry: Mapping[str, Any] | None = None) -> str:
    prefix = _prefix(entry) if entry else "NAME"
    if entry and not _PREFIX.fullmatch(prefix):
        prefix = "NAME"
    name = setting if setting.startswith("HUBSPOT") else f"{prefix}_{setting}"
    return (
        f"Secrets do not belong in this file: remove it, and put {name} into "
        f"{settings_file} or the environment. If others have seen the file, ask for a new "
        "secret."
    )


def _prefix(entry: Mapping[str, Any]) -> str:
    """The prefix in the file, else by the store's name: UK_STORE for uk-store."""
    derived = _name(entry).removesuffix(DOMAIN)
    return str(entry.get("secrets", derived.upper().replace("-", "_")))
