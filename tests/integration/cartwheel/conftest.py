"""Several small stores, each served by a sandbox of its own, and the command over all."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cartwheel.cli.app import main
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from sandbox.generator import generate
from sandbox.server import Sandbox

UK, DE = "uk-store.myshopify.com", "de-store.myshopify.com"
ORDERS = 5
WAREHOUSE = "o'brien's stores.duckdb"  # what people call files is no reason to fail


@dataclass
class Stores:
    """Two stores with the same ids and people; settings.env and shops.toml reach them."""

    folder: Path
    sandboxes: dict[str, Sandbox]

    def cartwheel(self, *arguments: str, **settings: str) -> Result:
        """The command, run with the settings file and more settings in its environment."""
        return CliRunner(env=settings).invoke(
            main, ["--env", str(self.folder / "settings.env"), *arguments]
        )

    def settings(self) -> Settings:
        """What the settings file and shops.toml say, and nothing else."""
        return Settings.read(self.folder / "settings.env", environ={})

    def set(self, name: str, value: str) -> None:
        """Give a setting of the file another value."""
        with (self.folder / "settings.env").open("a") as file:
            file.write(f"{name}={value}\n")

    def hubspot_records(self, object_type: str) -> list[dict[str, Any]]:
        """The living records of the HubSpot account that the settings name."""
        url = f"{self.sandboxes[UK].url}/_sandbox/hubspot/objects/{object_type}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)

    def change_in_hubspot(self, object_type: str, record: str, **properties: str) -> None:
        """Edit a record, as a person would."""
        settings = self.settings()
        path = f"/crm/objects/{settings.hubspot_api_version}/{object_type}/{record}"
        request = urllib.request.Request(
            self.sandboxes[UK].url + path,
            data=json.dumps({"properties": properties}).encode(),
            headers={
                "Authorization": f"Bearer {settings.hubspot_access_token}",
                "Content-Type": "application/json",
            },
            method="PATCH",
        )
        urllib.request.urlopen(request, timeout=30).close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the warehouse."""
        with open_warehouse(self.settings().warehouse, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def put(self, shop: str, resource: str, changed: dict[str, Any]) -> None:
        """Change a node of a store."""
        self._send(shop, resource, changed)

    def misbehave(self, shop: str, kind: str, times: int) -> None:
        """Order a fault of sandbox/shopify/graphql/faults.py."""
        self._send(shop, "faults", {"kind": kind, "times": times})

    def _send(self, shop: str, path: str, body: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{self.sandboxes[shop].url}/_sandbox/shopify/{path}",
            data=json.dumps(body).encode(),
            method="POST",
        )
        urllib.request.urlopen(request, timeout=30).close()


def serve_stores(folder: Path, stack: ExitStack, warehouse: str = WAREHOUSE) -> Stores:
    """Make up and serve the stores until the stack is closed, and write how to reach them."""
    sandboxes = {}
    for shop in (UK, DE):
        store = folder / shop
        generate(store, ORDERS, 1)
        facts = json.loads((store / "shop.json").read_text())
        (store / "shop.json").write_text(json.dumps(facts | {"myshopifyDomain": shop}))
        sandboxes[shop] = stack.enter_context(Sandbox(store))
    settings = {
        name: value
        for name, value in sandboxes[UK].env.items()
        if not name.startswith("SHOPIFY_")
    }
    settings["CARTWHEEL_WAREHOUSE"] = str(folder / warehouse)
    toml = ""
    for shop, prefix in ((UK, "UK"), (DE, "DE_STORE")):
        env = sandboxes[shop].env
        for name in ("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET"):
            settings[f"{prefix}_{name}"] = env[name]
        toml += f'[[shops]]\nshop = "{shop}"\napi_url = "{env["SHOPIFY_API_URL"]}"\n'
        toml += 'secrets = "UK"\n' if prefix == "UK" else ""
    lines = [f"{name}={value}\n" for name, value in settings.items()]
    (folder / "settings.env").touch(0o600)
    (folder / "settings.env").write_text("".join(lines))
    (folder / "shops.toml").write_text(toml)
    return Stores(folder, sandboxes)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """The two stores, and a warehouse of the test's own."""
    with ExitStack() as stack:
        yield serve_stores(tmp_path, stack)
