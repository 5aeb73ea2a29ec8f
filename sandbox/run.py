"""Serve a store folder, or make one up first."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.generator import generate
from sandbox.hubspot.core.behaviours import PORTAL_ID
from sandbox.server import serve

# the settings that reach a sandbox, which no other file has
_OURS = re.compile(r"^SHOPIFY_API_URL=http://127\.0\.0\.1:\d+$", re.MULTILINE)


def run_sandbox(
    store: Path | None,
    *,
    orders: int | None = None,
    seed: int = 1,
    port: int | None = 0,
    write_env: Path | None = None,
    portal: int = PORTAL_ID,
    say: Callable[[str], object] = print,
) -> None:
    """Serve the store folder until interrupted; with orders, write it there first.

    port is as in serve; portal is the id of the HubSpot account. Without a folder the
    generated store lives in a temporary one. An env file of an earlier sandbox is removed at
    once, so that its address is not taken for this one's.

    Raises ValueError if there is neither a store folder nor a number of orders, if the
    folder is not a store, if the folder of a store to be made up already holds one, or if the
    env file is somebody's own or in no folder.
    """
    if write_env is not None:
        _make_way(write_env)
    if orders is None:
        if store is None:
            raise ValueError("There is nothing to serve: give --store DIR or --orders N")
        serve(store, port, write_env, say, hubspot_portal=portal)
        return
    with tempfile.TemporaryDirectory(prefix="cartwheel-store-") as temporary:
        folder = store or Path(temporary)
        if (folder / "shop.json").exists():
            raise ValueError(f"{folder} already holds a store; serve it without --orders")
        began = time.monotonic()
        generate(folder, orders, seed)
        took = time.monotonic() - began
        say(f"generated a store with {orders:,} orders (seed {seed}) in {took:.1f} s")
        serve(folder, port, write_env, say, hubspot_portal=portal)


def _make_way(env_file: Path) -> None:
    """Remove an earlier sandbox's settings, and nobody else's."""
    if not env_file.parent.is_dir():
        raise ValueError(f"There is no folder {env_file.parent} for the settings")
    if not env_file.exists() and not env_file.is_symlink():
        return
    if not _OURS.search(env_file.read_text(encoding="utf-8", errors="replace")):
        raise ValueError(
            f"{env_file} holds what no sandbox wrote, and would be replaced; name another file"
        )
    env_file.unlink()
