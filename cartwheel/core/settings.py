"""Settings from the environment, then from a .env file; the environment wins."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from cartwheel.core.addresses import api_address
from cartwheel.core.env_file import read_env_file, readable_secrets
from cartwheel.core.errors import SettingsError
from cartwheel.core.setting_names import unknown_names
from cartwheel.core.setting_values import (
    api_path,
    memory,
    moment,
    secret,
    share,
    version,
    warehouse_path,
    whole_number,
)
from cartwheel.core.shop_name import shop_name
from cartwheel.core.shops import SHOPS_FILE, ListedShop, read_shops

SHOPIFY_API_VERSION = "2026-10"
HUBSPOT_API_VERSION = "2026-03"
HUBSPOT_API_URL = "https://api.hubapi.com"
HUBSPOT_AUTOMATION_PATH = "/automation/v4"  # docs/reference/workflows.md#paths
MEMORY_LIMIT = "3.5GB"  # with Python on top, the process stays under 4 GB
LOAD_MEMORY_LIMIT = "256MB"  # of a plan or a load: with Python on top, under 500 MB
SWEEP_LIMIT = Decimal("0.1")
DELETE_LIMIT = Decimal("0.1")
HELD_BACK_LIMIT = Decimal("0.05")
QUARANTINE_LIMIT = Decimal("0.01")


@dataclass(frozen=True)
class Settings:
    """The settings of a run; secrets are left out of its repr.

    now is the fixed clock of CARTWHEEL_NOW (aware, UTC), or None for the machine's.
    memory_limit is DuckDB's, like 3.5GB, load_memory_limit that of a plan or a load. batch_size
    is how many records a landing takes at once, None for all. history_days is how long former
    versions of a record are kept, None forever. Four limits are shares (0 to 1): sweep_limit,
    of a table's records that one run may mark as deleted; delete_limit, of an object's records
    that one load may delete; quarantine_limit, of a shop's records of an object that may be
    quarantined before the load is stopped; held_back_limit, of an object's records that may be
    held back before every load warns. language is that of the labels in HubSpot: a code, a
    file, or empty for English. secrets is the prefix of SHOPIFY_CLIENT_ID and the like in the
    names of this store's settings, empty if there is none. listed holds the settings of each
    store of shops_file. warnings are what a person should know of the settings file and of the
    names in it and in the environment, in sentences without a value.
    """

    warehouse: Path
    shop: str = ""
    secrets: str = ""
    shopify_api_url: str = ""
    shopify_api_version: str = SHOPIFY_API_VERSION
    shopify_client_id: str = ""
    shopify_client_secret: str = field(default="", repr=False)
    shopify_access_token: str = field(default="", repr=False)
    hubspot_access_token: str = field(default="", repr=False)
    hubspot_api_url: str = HUBSPOT_API_URL
    hubspot_api_version: str = HUBSPOT_API_VERSION
    hubspot_automation_path: str = HUBSPOT_AUTOMATION_PATH
    memory_limit: str = MEMORY_LIMIT
    load_memory_limit: str = LOAD_MEMORY_LIMIT
    batch_size: int | None = None
    history_days: int | None = None
    sweep_limit: Decimal = SWEEP_LIMIT
    delete_limit: Decimal = DELETE_LIMIT
    held_back_limit: Decimal = HELD_BACK_LIMIT
    quarantine_limit: Decimal = QUARANTINE_LIMIT
    language: str = ""
    now: datetime | None = None
    env_file: Path | None = None
    shops_file: Path | None = None
    listed: tuple[Settings, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        """Admit only valid store names, since they become part of addresses and paths."""
        object.__setattr__(self, "shop", shop_name(self.shop, "SHOPIFY_SHOP"))

    @classmethod
    def read(
        cls, env_file: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> Settings:
        """Read the settings; a named env_file must exist, the default .env need not.

        Several stores are listed in a shops.toml beside the settings file, or where
        CARTWHEEL_SHOPS says.

        Raises SettingsError if a named file is missing, or a line of it, a setting or the
        list of stores is malformed.
        """
        if env_file is not None and not env_file.is_file():
            raise SettingsError(
                f"There is no settings file {env_file}. Copy .env.example to it, or start "
                f"the sandbox with: cartwheel sandbox --orders 300 --write-env {env_file}"
            )
        source = env_file or Path(".env")
        from_file = read_env_file(source) if source.is_file() else {}
        environ = os.environ if environ is None else environ
        merged = {**from_file, **environ}
        known: set[str] = set()

        def value(name: str, default: str = "") -> str:
            known.add(name)
            return (merged.get(name) or default).strip()

        def address(name: str, default: str) -> str:
            return api_address(name, value(name)) if value(name) else default

        def hidden(name: str) -> str:
            return secret(name, value(name))

        shop = shop_name(value("SHOPIFY_SHOP"), "SHOPIFY_SHOP")
        shops_file = Path(value("CARTWHEEL_SHOPS") or source.parent / SHOPS_FILE)
        listing = bool(value("CARTWHEEL_SHOPS")) or shops_file.exists()
        settings = cls(
            warehouse=warehouse_path(
                "CARTWHEEL_WAREHOUSE", value("CARTWHEEL_WAREHOUSE", "warehouse.duckdb")
            ),
            shop=shop,
            shopify_api_url=address("SHOPIFY_API_URL", shop and f"https://{shop}"),
            shopify_api_version=version(
                "SHOPIFY_API_VERSION", value("SHOPIFY_API_VERSION", SHOPIFY_API_VERSION)
            ),
            shopify_client_id=hidden("SHOPIFY_CLIENT_ID"),
            shopify_client_secret=hidden("SHOPIFY_CLIENT_SECRET"),
            shopify_access_token=hidden("SHOPIFY_ACCESS_TOKEN"),
            hubspot_access_token=hidden("HUBSPOT_ACCESS_TOKEN"),
            hubspot_api_url=address("HUBSPOT_API_URL", HUBSPOT_API_URL),
            hubspot_api_version=version(
                "HUBSPOT_API_VERSION", value("HUBSPOT_API_VERSION", HUBSPOT_API_VERSION)
            ),
            hubspot_automation_path=api_path(
                "HUBSPOT_AUTOMATION_PATH",
                value("HUBSPOT_AUTOMATION_PATH", HUBSPOT_AUTOMATION_PATH),
            ),
            memory_limit=memory(
                "CARTWHEEL_MEMORY_LIMIT", value("CARTWHEEL_MEMORY_LIMIT", MEMORY_LIMIT)
            ),
            load_memory_limit=memory(
                "CARTWHEEL_MEMORY_LIMIT", value("CARTWHEEL_MEMORY_LIMIT", LOAD_MEMORY_LIMIT)
            ),
            batch_size=whole_number("CARTWHEEL_BATCH_SIZE", value("CARTWHEEL_BATCH_SIZE"))
            or None,
            history_days=whole_number(
                "CARTWHEEL_HISTORY_DAYS", value("CARTWHEEL_HISTORY_DAYS")
            ),
            sweep_limit=share(
                "CARTWHEEL_SWEEP_LIMIT", value("CARTWHEEL_SWEEP_LIMIT", str(SWEEP_LIMIT))
            ),
            delete_limit=share(
                "CARTWHEEL_DELETE_LIMIT", value("CARTWHEEL_DELETE_LIMIT", str(DELETE_LIMIT))
            ),
            held_back_limit=share(
                "CARTWHEEL_HELD_BACK_LIMIT",
                value("CARTWHEEL_HELD_BACK_LIMIT", str(HELD_BACK_LIMIT)),
            ),
            quarantine_limit=share(
                "CARTWHEEL_QUARANTINE_LIMIT",
                value("CARTWHEEL_QUARANTINE_LIMIT", str(QUARANTINE_LIMIT)),
            ),
            language=value("CARTWHEEL_LANGUAGE"),
            now=moment("CARTWHEEL_NOW", value("CARTWHEEL_NOW")),
            env_file=source if source.is_file() else None,
            shops_file=shops_file if listing else None,
        )
        shops = read_shops(shops_file, settings.settings_file) if listing else ()
        listed = tuple(settings._of(shop, hidden) for shop in shops)
        # what was asked for above is what is known
        warnings = list(unknown_names(str(source), from_file, environ, known))
        if settings.env_file:
            warnings += readable_secrets(settings.env_file, from_file.items())
        return replace(settings, listed=listed, warnings=tuple(warnings))

    def shops(self, name: str = "", *, to_hubspot: bool = False) -> tuple[Settings, ...]:
        """The settings of each store to read, in the order of shops.toml.

        name picks one of them, as shop_name reads it; without it, SHOPIFY_SHOP does. If there
        is no shops.toml, the only store is that of SHOPIFY_SHOP.

        Raises SettingsError if the picked store is not listed, if SHOPIFY_API_URL would
        send all stores to one address, or naming every setting that any of them lacks; with
        to_hubspot, those of HubSpot's side as well.
        """
        picked = shop_name(name, "--shop") or self.shop
        among = self.listed or (self,)
        found = tuple(each for each in among if picked in ("", each.shop))
        if not found:
            raise SettingsError(self._not_listed(picked, "--shop" if name else "SHOPIFY_SHOP"))
        if self.listed and self.shopify_api_url not in ("", f"https://{self.shop}"):
            raise SettingsError(
                f"SHOPIFY_API_URL is one address, but {self.shops_file} lists the stores. "
                "Remove the setting, and write api_url below the store that needs one."
            )
        missing = [setting for each in found for setting in each._missing()]
        missing += self._missing_of_hubspot() if to_hubspot else []
        self._refuse(list(dict.fromkeys(missing)))
        # each knows of the others that are listed with it
        return tuple(replace(each, listed=self.listed) for each in found)

    def left_out(self) -> str:
        """What SHOPIFY_SHOP leaves out of several stores, as a sentence; empty if nothing."""
        if not self.shop or len(self.listed) < 2:
            return ""
        return (
            f"{self.shops_file} lists {len(self.listed)} stores; SHOPIFY_SHOP in "
            f"{self.settings_file} or the environment reads 1 of them: remove it to read all"
        )

    def require_shopify(self) -> None:
        """Raise SettingsError naming every Shopify setting that this store lacks."""
        self._refuse(self._missing())

    def require_hubspot(self) -> None:
        """Raise SettingsError naming every HubSpot setting that is missing."""
        self._refuse(self._missing_of_hubspot())

    @property
    def settings_file(self) -> str:
        """The file that these settings are read from, for messages."""
        return str(self.env_file or ".env")

    def secret_name(self, name: str) -> str:
        """The name of this store's SHOPIFY_CLIENT_ID or another secret, for messages."""
        return f"{self.secrets}_{name}" if self.secrets else name

    @property
    def address_names(self) -> str:
        """What holds the name and the address of this store, for messages."""
        if self.secrets:
            return f"shop and api_url of {self.shop} in {self.shops_file}"
        return "SHOPIFY_SHOP and SHOPIFY_API_URL"

    def secret_values(self) -> set[str]:
        """Every secret of these settings and of the stores listed, for what must hide them."""
        own = {
            self.shopify_client_secret,
            self.shopify_access_token,
            self.hubspot_access_token,
        }
        return own.union(*(each.secret_values() for each in self.listed)) - {""}

    def clock(self) -> datetime:
        """The time of this run: aware, UTC."""
        return self.now or datetime.now(UTC)

    def _of(self, shop: ListedShop, hidden: Callable[[str], str]) -> Settings:
        """These settings for a store of shops.toml."""
        return replace(
            self,
            shop=shop.shop,
            secrets=shop.secrets,
            shopify_api_url=shop.api_url,
            shopify_api_version=shop.api_version or self.shopify_api_version,
            shopify_client_id=hidden(f"{shop.secrets}_SHOPIFY_CLIENT_ID"),
            shopify_client_secret=hidden(f"{shop.secrets}_SHOPIFY_CLIENT_SECRET"),
            shopify_access_token=hidden(f"{shop.secrets}_SHOPIFY_ACCESS_TOKEN"),
        )

    def _missing(self) -> list[str]:
        missing = [] if self.shop else ["SHOPIFY_SHOP (name.myshopify.com)"]
        token = self.secret_name("SHOPIFY_ACCESS_TOKEN")
        if not self.shopify_access_token:
            if not self.shopify_client_id:
                missing.append(f"{self.secret_name('SHOPIFY_CLIENT_ID')} (or {token})")
            if not self.shopify_client_secret:
                missing.append(f"{self.secret_name('SHOPIFY_CLIENT_SECRET')} (or {token})")
        return missing

    def _missing_of_hubspot(self) -> list[str]:
        return [] if self.hubspot_access_token else ["HUBSPOT_ACCESS_TOKEN"]

    def _not_listed(self, picked: str, by: str) -> str:
        if not self.listed:
            return (
                f"There is no list of stores, only SHOPIFY_SHOP={self.shop}. To read {picked} "
                f"as well, list both in {SHOPS_FILE} (see docs/how-to/several-stores.md)."
            )
        listed = ", ".join(each.shop for each in self.listed)
        return (
            f"{self.shops_file} does not list {picked}, which {by} picks; it lists {listed}. "
            "Add the store there, pick another, or keep a settings file that is not for "
            "these stores in another folder."
        )

    def _refuse(self, missing: list[str]) -> None:
        if missing:
            raise SettingsError(
                f"Settings are missing: {', '.join(missing)}. Put them into "
                f"{self.settings_file} (see .env.example) or into the environment; to try "
                "without an account: cartwheel demo"
            )
