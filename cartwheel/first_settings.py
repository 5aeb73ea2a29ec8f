"""The settings file of a store and an account, as `cartwheel init` writes it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cartwheel.core.errors import OutputError, WarehouseError
from cartwheel.core.privacy import write_whole
from cartwheel.core.setting_values import secret, warehouse_path
from cartwheel.core.shop_name import DOMAIN, shop_name
from cartwheel.core.warehouse import open_warehouse
from cartwheel.last_runs import landed_shops

CLIENT_FILE = ".env"  # of a client's folder
# what leads the checks to other hosts, or another time, than the file alone would
_OF_THE_ENVIRONMENT = (
    "SHOPIFY_API_URL",
    "SHOPIFY_API_VERSION",
    "HUBSPOT_API_URL",
    "HUBSPOT_API_VERSION",
    "CARTWHEEL_NOW",
)

_BARE = re.compile(r"[\w./:@%+=,~-]+", re.ASCII)


@dataclass(frozen=True)
class FirstSettings:
    """What it takes to reach a store and an account; secrets are left out of its repr.

    A static access_token stands in place of client_id and client_secret. warehouse is its
    file, "" for the default; language that of the labels, "" for the default. taken are
    settings of the environment that the file gets as well.

    Raises SettingsError for a name or a secret that cannot be one, naming its option.
    """

    shop: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    hubspot_token: str = field(default="", repr=False)
    language: str = ""
    warehouse: str = ""
    taken: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the store's name, and look at the secrets."""
        object.__setattr__(self, "shop", shop_name(self.shop, "--shop"))
        for name in ("client_id", "client_secret", "access_token", "hubspot_token"):
            text = getattr(self, name).strip()
            object.__setattr__(self, name, secret(f"--{name.replace('_', '-')}", text))
        if self.warehouse:
            warehouse_path("--folder", self.warehouse)

    def missing(self) -> list[str]:
        """The options that have yet to be given, in words."""
        found = [] if self.shop else ["--shop"]
        if not self.access_token:
            if not self.client_id:
                found.append("--client-id (or --access-token)")
            if not self.client_secret:
                found.append("--client-secret (or --access-token)")
        return found if self.hubspot_token else [*found, "--hubspot-token"]

    def by_name(self) -> Mapping[str, str]:
        """The settings by name, without those that keep their default."""
        found = {
            "SHOPIFY_SHOP": self.shop,
            "SHOPIFY_ACCESS_TOKEN": self.access_token,
            "SHOPIFY_CLIENT_ID": "" if self.access_token else self.client_id,
            "SHOPIFY_CLIENT_SECRET": "" if self.access_token else self.client_secret,
            "HUBSPOT_ACCESS_TOKEN": self.hubspot_token,
            "CARTWHEEL_LANGUAGE": self.language,
            "CARTWHEEL_WAREHOUSE": self.warehouse,
            **self.taken,
        }
        return {name: value for name, value in found.items() if value}


def taken_from(environ: Mapping[str, str]) -> dict[str, str]:
    """The settings of the environment without which the file would lead to other hosts."""
    return {name: environ[name] for name in _OF_THE_ENVIRONMENT if environ.get(name)}


def unused_warehouse(wanted: Path, shop: str) -> tuple[Path, set[str]]:
    """Where a store's warehouse can be, and the other stores that keep it from where it was
    wanted.

    That is the wanted place, unless the warehouse there holds other stores and not this one:
    then a file beside it that is named after the store. One that cannot be read is left to
    the checks.
    """
    if not wanted.exists():
        return wanted, set()
    try:
        with open_warehouse(wanted, read_only=True, keep_modes=True) as connection:
            others = landed_shops(connection)
    except WarehouseError:
        return wanted, set()
    if not others or shop in others:
        return wanted, set()
    return wanted.with_name(f"{shop.removesuffix(DOMAIN)}.duckdb"), others


def check_target(path: Path, *, overwrite: bool, in_folder: bool = False) -> None:
    """Raise OutputError if the file may not be written: a link, or there without overwrite.

    in_folder tells that --folder named it, as the commands to type next then have to.
    """
    if path.is_symlink() or path.parent.is_symlink():
        raise OutputError(
            f"{path} is, or is in, a symbolic link, and secrets are not written through one. "
            "Name the real folder with --folder, then run: cartwheel init"
        )
    if path.exists() and not (overwrite and path.is_file()):
        name, folder = shlex.quote(str(path)), shlex.quote(str(path.parent))
        check = f"cartwheel --env {name} doctor" if in_folder else "cartwheel doctor"
        options = f"--folder {folder} --overwrite" if in_folder else "--overwrite"
        raise OutputError(
            f"There is a {path} already. To check what it says, run: {check}; to "
            f"write another in its place, run: cartwheel init {options}"
        )


def write_settings(path: Path, settings: FirstSettings, *, overwrite: bool = False) -> None:
    """Write the file, and a folder for it if there is none, for their owner alone.

    It is private from its first byte, and never written through a link. Raises OutputError
    where it may not or cannot be written.
    """
    check_target(path, overwrite=overwrite)
    lines = [f"{name}={_written(value)}\n" for name, value in settings.by_name().items()]
    text = "# All settings: docs/operations.md#settings\n" + "".join(lines)
    if overwrite:
        write_whole(path, text, 0o600)
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, new, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror}. Check the rights of the folder, or "
            "name another with --folder, then run: cartwheel init"
        ) from error


def _written(value: str) -> str:
    """A value as the settings file is read: in quotes where a shell would want them too."""
    if _BARE.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
