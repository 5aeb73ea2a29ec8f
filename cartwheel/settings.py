"""Settings from the environment, then from a .env file; the environment wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from dotenv import dotenv_values

from cartwheel.errors import SettingsError
from cartwheel.setting_values import moment, share, size, whole_number

SHOPIFY_API_VERSION = "2026-10"
HUBSPOT_API_VERSION = "2026-03"
HUBSPOT_API_URL = "https://api.hubapi.com"
MEMORY_LIMIT = "4GB"
SWEEP_LIMIT = Decimal("0.1")


@dataclass(frozen=True)
class Settings:
    """What a run needs to know; secrets are left out of its repr.

    now is the fixed clock of CARTWHEEL_NOW (aware, UTC), or None for the machine's.
    memory_limit is DuckDB's, like 4GB. batch_size is how many records a landing takes at
    once, None for all. history_days is how long former versions of a record are kept, None
    for ever. sweep_limit is the share (0 to 1) of a table's living records that one run may
    mark as deleted. secrets is what stands before SHOPIFY_CLIENT_ID and its like in the
    names of this store's settings, empty where they have just those names.
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
    memory_limit: str = MEMORY_LIMIT
    batch_size: int | None = None
    history_days: int | None = None
    sweep_limit: Decimal = SWEEP_LIMIT
    now: datetime | None = None
    env_file: Path | None = None

    @classmethod
    def read(
        cls, env_file: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> Settings:
        """Read the settings; a named env_file must exist, the default .env need not.

        Raises SettingsError if env_file is missing or a setting is malformed.
        """
        if env_file is not None and not env_file.is_file():
            raise SettingsError(
                f"There is no settings file {env_file}. Copy .env.example to it, or start "
                f"the sandbox with: cartwheel sandbox --write-env {env_file}"
            )
        source = env_file or Path(".env")
        from_file = dotenv_values(source, interpolate=False) if source.is_file() else {}
        merged = {**from_file, **(os.environ if environ is None else environ)}

        def value(name: str, default: str = "") -> str:
            return (merged.get(name) or default).strip()

        shop = value("SHOPIFY_SHOP").lower()
        return cls(
            warehouse=Path(value("CARTWHEEL_WAREHOUSE", "warehouse.duckdb")).absolute(),
            shop=shop,
            shopify_api_url=value("SHOPIFY_API_URL", f"https://{shop}").rstrip("/"),
            shopify_api_version=value("SHOPIFY_API_VERSION", SHOPIFY_API_VERSION),
            shopify_client_id=value("SHOPIFY_CLIENT_ID"),
            shopify_client_secret=value("SHOPIFY_CLIENT_SECRET"),
            shopify_access_token=value("SHOPIFY_ACCESS_TOKEN"),
            hubspot_access_token=value("HUBSPOT_ACCESS_TOKEN"),
            hubspot_api_url=value("HUBSPOT_API_URL", HUBSPOT_API_URL).rstrip("/"),
            hubspot_api_version=value("HUBSPOT_API_VERSION", HUBSPOT_API_VERSION),
            memory_limit=size(
                "CARTWHEEL_MEMORY_LIMIT", value("CARTWHEEL_MEMORY_LIMIT", MEMORY_LIMIT)
            ),
            batch_size=whole_number("CARTWHEEL_BATCH_SIZE", value("CARTWHEEL_BATCH_SIZE"))
            or None,
            history_days=whole_number(
                "CARTWHEEL_HISTORY_DAYS", value("CARTWHEEL_HISTORY_DAYS")
            ),
            sweep_limit=share(
                "CARTWHEEL_SWEEP_LIMIT", value("CARTWHEEL_SWEEP_LIMIT", str(SWEEP_LIMIT))
            ),
            now=moment("CARTWHEEL_NOW", value("CARTWHEEL_NOW")),
            env_file=source if source.is_file() else None,
        )

    def require_shopify(self) -> None:
        """Raise SettingsError naming every Shopify setting that is missing."""
        missing = [] if self.shop else ["SHOPIFY_SHOP (name.myshopify.com)"]
        token = self.secret_name("SHOPIFY_ACCESS_TOKEN")
        if not self.shopify_access_token:
            if not self.shopify_client_id:
                missing.append(f"{self.secret_name('SHOPIFY_CLIENT_ID')} (or {token})")
            if not self.shopify_client_secret:
                missing.append(f"{self.secret_name('SHOPIFY_CLIENT_SECRET')} (or {token})")
        self._refuse(missing)

    def require_hubspot(self) -> None:
        """Raise SettingsError naming every HubSpot setting that is missing."""
        self._refuse([] if self.hubspot_access_token else ["HUBSPOT_ACCESS_TOKEN"])

    def secret_name(self, name: str) -> str:
        """What this store's SHOPIFY_CLIENT_ID or the like is called, for messages."""
        return f"{self.secrets}_{name}" if self.secrets else name

    def clock(self) -> datetime:
        """The time of this run: aware, UTC."""
        return self.now or datetime.now(UTC)

    def _refuse(self, missing: list[str]) -> None:
        if missing:
            where = self.env_file or ".env"
            raise SettingsError(
                f"Settings are missing: {', '.join(missing)}. Put them into {where} "
                "(see .env.example) or into the environment; to try without an account: "
                "cartwheel demo"
            )
