"""A store: its settings, its host, the token, and what the app may read."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.doctor.checks import AGAIN, Check, Checks, Finding, ok, warning, wrong
from cartwheel.doctor.hosts import Host
from cartwheel.doctor.machine import Machine
from extract.preflight import (
    check_shop,
    missing_access,
    missing_scopes,
    missing_version,
    wants_old_orders,
)
from extract.shopify.access import granted_scopes
from extract.shopify.client import Shopify
from extract.shopify.locales import read_locales

_BY_TOKEN = ("shop", "API version", "scopes", "protected customer data", "language")


class StoreChecks:
    """The checks of one store; currency is the shop's, "" as long as it is not known."""

    def __init__(self, settings: Settings, machine: Machine, say: Say) -> None:
        self.currency = ""
        self._settings = settings
        self._machine = machine
        self._say = say
        self._checks = Checks(settings.shop or "Shopify")
        self._answer: dict[str, Any] = {}

    def run(self) -> list[Check]:
        """All of them; those that depend on one that found a fault are not checked."""
        settings, checks = self._settings, self._checks
        host = Host("Shopify", settings.shopify_api_url, settings.address_names)
        path = f"/admin/api/{settings.shopify_api_version}/graphql.json"
        if checks.run("settings", self._look_at_settings).is_wrong:
            checks.skip("settings", "connection", "clock", "token", *_BY_TOKEN)
        elif checks.run("connection", lambda: host.reach("POST", path, self._say)).is_wrong:
            checks.skip("connection", "clock", "token", *_BY_TOKEN)
        else:
            checks.run("clock", lambda: host.clock(self._machine.now()))
            with closing(Shopify(settings, self._say, tell=self._say)) as shopify:
                self._ask(shopify)
        return checks.done

    def _look_at_settings(self) -> Finding:
        try:
            self._settings.require_shopify()
        except SettingsError as error:
            return missing_settings(error, self._settings)
        return ok("store and credentials are set")

    def _ask(self, shopify: Shopify) -> None:
        checks = self._checks
        if checks.run("token", lambda: self._token(shopify)).is_wrong:
            checks.skip("token", *_BY_TOKEN)
            return
        if checks.run("shop", lambda: self._shop(shopify)).is_wrong:
            checks.skip("shop", *_BY_TOKEN[1:])
            return
        checks.run("API version", lambda: self._version(shopify))
        checks.run("scopes", lambda: self._scopes(shopify))
        checks.run("protected customer data", lambda: self._access(shopify))
        checks.run("language", lambda: self._language(shopify))

    def _token(self, shopify: Shopify) -> Finding:
        self._answer = shopify.query("shop")
        return ok("Shopify accepts it")

    def _shop(self, shopify: Shopify) -> Finding:
        node = self._answer["shop"]
        check_shop(shopify, str(node["myshopifyDomain"]))
        self.currency = str(node["currencyCode"])
        return ok(f"{node['name']}, {self.currency}, {node['ianaTimezone']}")

    def _version(self, shopify: Shopify) -> Finding:
        served, asked = shopify.served_version, self._settings.shopify_api_version
        lacking = _first_missing(missing_version(shopify))
        if lacking is None and served != asked:
            return warning(
                f"Shopify serves {served} instead of {asked}",
                f"Set SHOPIFY_API_VERSION={served}, {AGAIN}",
            )
        return lacking or ok(f"{served} is served")

    def _scopes(self, shopify: Shopify) -> Finding:
        held = granted_scopes(self._answer)
        old = wants_old_orders(shopify, self._answer["shop"], None)
        return _first_missing(missing_scopes(held, all_orders=old)) or ok("all that are needed")

    def _access(self, shopify: Shopify) -> Finding:
        return _first_missing(missing_access(shopify, granted_scopes(self._answer))) or ok(
            "granted"
        )

    def _language(self, shopify: Shopify) -> Finding:
        """The shop's own language, which the labels follow; only some need it."""
        locales = read_locales(shopify, granted_scopes(self._answer), self._say)
        primary = next((each["locale"] for each in locales or () if each["primary"]), None)
        if primary is not None:
            return ok(f"optional; the shop's language is {primary}")
        if self._settings.language:
            return ok("optional; CARTWHEEL_LANGUAGE names the language of the labels")
        return warning(
            "optional; the app may not read the shop's language: labels are in English",
            "If you want another, add the scope read_locales, or set CARTWHEEL_LANGUAGE, "
            + AGAIN,
        )


def missing_settings(error: SettingsError, settings: Settings) -> Finding:
    """What to do about settings that are missing; init writes those of one store only."""
    said = str(error).partition(". ")[0]
    where = settings.settings_file
    if settings.secrets:
        names = map(settings.secret_name, ("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET"))
        return wrong(said, f"Put {' and '.join(names)} into {where}, {AGAIN}")
    if settings.listed:
        return wrong(said, f"Put them into {where}, {AGAIN}")
    return wrong(said, f"Run: cartwheel init, or put them into {where}, {AGAIN}")


def _first_missing(problems: Iterable[str]) -> Finding | None:
    """What the preflight misses: each says what, and after a full stop how to get it."""
    parted = [problem.partition(". ") for problem in problems]
    if not parted:
        return None
    fixes = " ".join(dict.fromkeys(f"{fix}." for _, _, fix in parted))
    return wrong(
        f"missing: {'; '.join(what for what, _, _ in parted)}",
        f"{fixes} Then run: cartwheel doctor",
    )
