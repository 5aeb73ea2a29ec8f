"""The HubSpot account: the token, its scopes, its room, its currencies."""

from __future__ import annotations

from contextlib import closing

from cartwheel.core.errors import AccessDenied, SettingsError
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.doctor.checks import AGAIN, Check, Checks, Finding, ok, unknown, warning, wrong
from cartwheel.doctor.hosts import Host
from cartwheel.doctor.machine import Machine
from cartwheel.doctor.shopify import missing_settings
from cartwheel.doctor.warehouse import Warehouse
from load.account.currencies import account_currencies
from load.account.limits import check_limits
from load.account.portal import ask_portal, compare
from load.account.state import AccountState, look_up
from load.account.token_scopes import lacking_scopes
from load.hubspot.client import HubSpotClient
from load.objects.chosen_labels import labels_for
from load.workflows.access import ask_access

_BY_TOKEN = ("scopes", "properties", "limits", "currencies", "lists and workflows")


class HubSpotChecks:
    """The checks of the account.

    currencies are those of the stores, each with who uses it.
    """

    def __init__(
        self,
        settings: Settings,
        machine: Machine,
        say: Say,
        *,
        warehouse: Warehouse,
        currencies: dict[str, str],
    ) -> None:
        self._settings = settings
        self._machine = machine
        self._say = say
        self._warehouse = warehouse
        self._currencies = currencies
        self._checks = Checks("HubSpot")
        self._account: AccountState | None = None

    def run(self) -> list[Check]:
        """All of them; those that depend on one that found a fault are not checked."""
        settings, checks = self._settings, self._checks
        host = Host("HubSpot", settings.hubspot_api_url, "HUBSPOT_API_URL")
        path = f"/account-info/{settings.hubspot_api_version}/details"
        if checks.run("settings", self._look_at_settings).is_wrong:
            checks.skip("settings", "connection", "clock", "account", *_BY_TOKEN)
        elif checks.run("connection", lambda: host.reach("GET", path, self._say)).is_wrong:
            checks.skip("connection", "clock", "account", *_BY_TOKEN)
        else:
            checks.run("clock", lambda: host.clock(self._machine.now()))
            with closing(HubSpotClient(settings, self._say)) as hubspot:
                self._ask(hubspot)
        checks.run("language", self._language)
        return checks.done

    def _look_at_settings(self) -> Finding:
        try:
            self._settings.require_hubspot()
        except SettingsError as error:
            return missing_settings(error, self._settings)
        return ok("the token is set")

    def _ask(self, hubspot: HubSpotClient) -> None:
        checks = self._checks
        if checks.run("account", lambda: self._portal(hubspot)).is_wrong:
            checks.skip("account", *_BY_TOKEN)
            return
        checks.run("scopes", lambda: _scopes(hubspot))
        if checks.run("properties", lambda: self._properties(hubspot)).is_wrong:
            checks.skip("properties", "limits")
        else:
            checks.run("limits", lambda: self._limits(hubspot))
        checks.run("currencies", lambda: self._compare_currencies(hubspot))
        checks.run("lists and workflows", lambda: self._optional(hubspot))

    def _portal(self, hubspot: HubSpotClient) -> Finding:
        """Raises AccessDenied for a wrong token, OtherAccount if it is not the ledger's."""
        portal, noted = ask_portal(hubspot), self._warehouse.portal
        if portal is None:
            return ok("the token is accepted; HubSpot does not tell which account it is for")
        if noted is not None:
            compare(noted, portal)
            return ok(f"{portal.portal_id}, as in the ledger")
        if not self._warehouse.is_readable:
            return unknown(
                f"{portal.portal_id}; not compared with the ledger, since the warehouse cannot "
                "be read"
            )
        return ok(f"{portal.portal_id}; the ledger has none yet")

    def _properties(self, hubspot: HubSpotClient) -> Finding:
        """Raises SettingsError for a property of ours in another shape."""
        self._account = look_up(hubspot)
        lacking = len(self._account.names())
        if not lacking:
            return ok("all properties and stages are there")
        return ok(
            f"{lacking} properties, groups, stages and pipelines are missing: cartwheel sync "
            "creates them"
        )

    def _limits(self, hubspot: HubSpotClient) -> Finding:
        """Raises SettingsError if the account has no room for what is missing."""
        if self._account is not None:
            check_limits(hubspot, self._account)
        return ok("there is room for what setup creates")

    def _compare_currencies(self, hubspot: HubSpotClient) -> Finding:
        users = dict.fromkeys(self._warehouse.currencies, "deals in the warehouse")
        wanted = users | self._currencies
        if not wanted:
            return unknown("no store has told its currency")
        try:
            known = account_currencies(hubspot)
        except AccessDenied as error:
            if error.status != 403:
                raise
            return warning(
                "the token may not read the account's currencies",
                f"Add the scope multi-currency-read to the service key, {AGAIN}",
            )
        missing = sorted(set(wanted) - known)
        if missing:
            named = ", ".join(f"{code} ({wanted[code]})" for code in missing)
            return wrong(
                f"the account does not have {named}",
                "Add it in HubSpot under Settings > Account Defaults > Currency, " + AGAIN,
            )
        return ok(f"{', '.join(sorted(wanted))}: the account has them")

    def _optional(self, hubspot: HubSpotClient) -> Finding:
        """What the token or the plan does not allow, and only some need."""
        access = ask_access(hubspot, self._settings.hubspot_automation_path)
        lacking = list(access.lacking())
        if not lacking:
            return ok("optional; all are allowed")
        return warning(
            f"optional; {'; '.join(lacking)}",
            "If you want them, add the scopes to the service key, or raise the account's plan, "
            + AGAIN,
        )

    def _language(self) -> Finding:
        """Raises SettingsError for a language without labels that the settings name."""
        chosen = labels_for(self._settings.language, self._warehouse.language)
        language = chosen.labels.language
        if self._settings.language:
            return ok(f"labels in {language}, as CARTWHEEL_LANGUAGE says")
        if self._warehouse.language is None:
            return ok("labels in the shop's language, once a store was read")
        if chosen.remark:
            return warning(
                f"labels in {language}: there are none in {self._warehouse.language}, the "
                "shop's language",
                "Translate a copy of load/objects/labels/fr.toml and name it in "
                f"CARTWHEEL_LANGUAGE, {AGAIN}",
            )
        return ok(f"labels in {language}{'' if self._warehouse.language else ', the default'}")


def _scopes(hubspot: HubSpotClient) -> Finding:
    lacking = lacking_scopes(hubspot)
    if not lacking:
        return ok("all that are needed")
    return wrong(
        f"the token lacks {', '.join(lacking)}",
        f"Add them to the service key or the private app in HubSpot, {AGAIN}",
    )
