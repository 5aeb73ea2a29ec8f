"""Settings from the environment, then from a .env file; the environment wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dotenv import dotenv_values

from cartwheel.errors import SettingsError

SHOPIFY_API_VERSION = "2026-10"
HUBSPOT_API_VERSION = "2026-03"
HUBSPOT_API_URL = "https://api.hubapi.com"


@dataclass(frozen=True)
class Settings:
    """What a run needs to know; secrets are left out of its repr.

    now is the fixed clock of CARTWHEEL_NOW (aware, UTC), or None for the machine's.
    """

    warehouse: Path
    shop: str = ""
    shopify_api_url: str = ""
    shopify_api_version: str = SHOPIFY_API_VERSION
    shopify_client_id: str = ""
    shopify_client_secret: str = field(default="", repr=False)
    shopify_access_token: str = field(default="", repr=False)
    hubspot_access_token: str = field(default="", repr=False)
    hubspot_api_url: str = HUBSPOT_API_URL
    hubspot_api_version: str = HUBSPOT_API_VERSION
    now: datetime | None = None
    env_file: Path | None = None

    @classmethod
    def read(
        cls, env_file: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> Settings:
        """Read the settings; a named env_file must exist, the default .env need not.

        Raises SettingsError if env_file is missing or CARTWHEEL_NOW is no date-time.
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
            now=_date_time(value("CARTWHEEL_NOW")),
            env_file=source if source.is_file() else None,
        )

    def require_shopify(self) -> None:
        """Raise SettingsError naming every Shopify setting that is missing."""
        missing = [] if self.shop else ["SHOPIFY_SHOP (name.myshopify.com)"]
        if not self.shopify_access_token:
            if not self.shopify_client_id:
                missing.append("SHOPIFY_CLIENT_ID (or SHOPIFY_ACCESS_TOKEN)")
            if not self.shopify_client_secret:
                missing.append("SHOPIFY_CLIENT_SECRET (or SHOPIFY_ACCESS_TOKEN)")
        self._refuse(missing)

    def require_hubspot(self) -> None:
        """Raise SettingsError naming every HubSpot setting that is missing."""
        self._refuse([] if self.hubspot_access_token else ["HUBSPOT_ACCESS_TOKEN"])

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


def _date_time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"CARTWHEEL_NOW is {text!r}, which is no date-time. "
            "Write it like 2026-11-23T00:00:00Z."
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
