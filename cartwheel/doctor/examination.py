"""All checks, in their order; `cartwheel doctor` shows them, and `cartwheel init` some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from cartwheel.doctor.checks import (
    AGAIN,
    Check,
    Checks,
    Finding,
    Report,
    of_error,
    ok,
    unknown,
    warning,
)
from cartwheel.doctor.files import check_files
from cartwheel.doctor.hubspot import HubSpotChecks
from cartwheel.doctor.machine import Machine, check_machine
from cartwheel.doctor.shopify import StoreChecks
from cartwheel.doctor.warehouse import Warehouse, check_warehouse

THIS_MACHINE = Machine()


def examine(
    read: Callable[[], Settings],
    env_file: Path,
    say: Say = silent,
    *,
    machine: Machine = THIS_MACHINE,
) -> Report:
    """Check everything; nothing is written, neither here nor in Shopify or HubSpot.

    read reads the settings, of which env_file is the file; say is told why it waits. A fault,
    of whatever kind, becomes a finding and does not end the checks that do not depend on it.
    """
    settings: list[Settings] = []
    checks = Checks("settings")

    def look() -> Finding:
        settings.append(read())
        return ok("all can be read")

    checks.run("values", look)
    found = settings[0] if settings else None
    done = [*checks.done, *check_machine(machine, found), *check_files(env_file, found)]
    if found is None:
        rest = Checks("everything else")
        rest.run("access, warehouse", lambda: unknown("the settings cannot be read"))
        return Report((*done, *rest.done))
    looked_at, warehouse = check_warehouse(found, machine.now())
    return Report((*done, *looked_at, *both_sides(found, say, machine, warehouse)))


def both_sides(
    settings: Settings,
    say: Say = silent,
    machine: Machine = THIS_MACHINE,
    warehouse: Warehouse | None = None,
) -> list[Check]:
    """The checks of each store and of the HubSpot account; warehouse is None before there is
    one."""
    stores, done = _stores(settings)
    currencies: dict[str, str] = {}
    for each in stores:
        store = StoreChecks(each, machine, say)
        done += store.run()
        if store.currency:
            named = currencies.get(store.currency)
            currencies[store.currency] = f"{named}, {each.shop}" if named else each.shop
    hubspot = HubSpotChecks(
        settings,
        machine,
        say,
        warehouse=warehouse or Warehouse(is_readable=True),
        currencies=currencies,
    )
    return [*done, *hubspot.run()]


def _stores(settings: Settings) -> tuple[tuple[Settings, ...], list[Check]]:
    """The stores to read, and what is wrong with the list of them."""
    checks = Checks("stores")
    try:
        found = settings.shops()
        if left_out := settings.left_out():
            fault, _, fix = left_out.partition(": ")
            checks.run("list", lambda: warning(fault, f"{fix.capitalize()}, {AGAIN}"))
        return found, checks.done
    except SettingsError as problem:
        every = settings.listed or (settings,)
        lacking = [each for each in every if _lacks_settings(each)]
        # what a store lacks is said among its own checks
        if not lacking:
            listing = of_error(problem)
            checks.run("list", lambda: listing)
        elif unprefixed := _unprefixed(settings):
            checks.run("secrets", lambda: _without_prefix(unprefixed, lacking))
        return every, checks.done


def _unprefixed(settings: Settings) -> list[str]:
    """The names of the secrets that are set as for one store, where several are listed."""
    set_here = {
        "SHOPIFY_CLIENT_ID": settings.shopify_client_id,
        "SHOPIFY_CLIENT_SECRET": settings.shopify_client_secret,
        "SHOPIFY_ACCESS_TOKEN": settings.shopify_access_token,
    }
    return [name for name, value in set_here.items() if value] if settings.listed else []


def _without_prefix(names: Sequence[str], lacking: Sequence[Settings]) -> Finding:
    """Secrets that no store reads, though some stores lack theirs."""
    verb, its = ("is", "its name") if len(names) == 1 else ("are", "each name")
    return warning(
        f"{' and '.join(names)} without a prefix {verb} read for no store of shops.toml",
        f"Put the store's prefix before {its}, such as {lacking[0].secret_name(names[0])}, "
        f"{AGAIN}",
    )


def _lacks_settings(settings: Settings) -> bool:
    try:
        settings.require_shopify()
    except SettingsError:
        return True
    return False
