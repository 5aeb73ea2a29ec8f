"""Both APIs behind one address: for tests, for demonstrations, as a command."""

from __future__ import annotations

import os
import re
import secrets
import signal
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict, Unpack

from starlette.applications import Starlette
from starlette.middleware import Middleware

from sandbox import control
from sandbox.core.clock import Clock
from sandbox.core.listening import running
from sandbox.core.request_log import RequestLog, RequestLogMiddleware
from sandbox.core.visitors import VisitorsMiddleware
from sandbox.hubspot import app as hubspot
from sandbox.hubspot.account.account import Account
from sandbox.shopify import app as shopify
from sandbox.store.store import Store

_BARE = re.compile(r"[\w./:@+-]+")
SHOPIFY_API_VERSION, HUBSPOT_API_VERSION = "2026-10", "2026-03"


class Limits(TypedDict, total=False):
    """How strict the sandbox is; what is left out is as in the real APIs.

    hubspot_rate: requests per hubspot_interval (10 s); hubspot_daily: requests per day;
    hubspot_search_lag and hubspot_latency: seconds; hubspot_most_writers: parallel writes of
    an object type; hubspot_portal: the account's id; shopify_rate: points restored per
    second; shopify_bucket: points; shopify_cost_model: logarithmic or linear;
    shopify_scopes: what the app was granted.
    """

    hubspot_rate: int
    hubspot_interval: float
    hubspot_daily: int
    hubspot_search_lag: float
    hubspot_latency: float
    hubspot_most_writers: int
    hubspot_portal: int
    shopify_rate: float
    shopify_bucket: float
    shopify_cost_model: str
    shopify_scopes: tuple[str, ...]


HUBSPOT_OPTIONS = {
    "hubspot_rate": "ten_secondly_limit",
    "hubspot_interval": "interval",
    "hubspot_daily": "daily_limit",
    "hubspot_search_lag": "search_lag",
    "hubspot_latency": "latency",
    "hubspot_most_writers": "most_writers",
    "hubspot_portal": "portal_id",
}
SHOPIFY_OPTIONS = {
    "shopify_rate": "rate",
    "shopify_bucket": "bucket",
    "shopify_cost_model": "cost_model",
    "shopify_scopes": "scopes",
}


class Sandbox:
    """Both APIs over a store folder, served while the `with` block runs.

    `port` is theirs: 0 takes a free one, None the usual one or else a free one. `url` is the
    address of both; `env` holds the settings that reach them; `store` and
    `account` are what is behind them, `log` is what was asked.
    """

    def __init__(self, folder: Path, *, port: int | None = 0, **limits: Unpack[Limits]) -> None:
        self.store = Store.open(folder)
        self.clock = Clock(self.store.now)
        self.log = RequestLog()
        self.account = Account(
            self.clock,
            account_currencies(self.store.shop),
            f"pat-na1-{secrets.token_hex(16)}",
            **_options(HUBSPOT_OPTIONS, limits),
        )
        self.url = ""
        self.env: dict[str, str] = {}
        self._port = port
        self._client_id, self._client_secret = secrets.token_hex(16), secrets.token_hex(16)
        self._shopify_options = _options(SHOPIFY_OPTIONS, limits)
        self._stack = ExitStack()

    def app(self) -> Starlette:
        """The ASGI app of both APIs and of the sandbox's own routes."""
        return Starlette(
            routes=[
                *control.routes(self.log, self.clock, self.account),
                *shopify.routes(
                    self.store,
                    self.clock,
                    client_id=self._client_id,
                    client_secret=self._client_secret,
                    **self._shopify_options,
                ),
                *hubspot.routes(self.account),
            ],
            middleware=[
                Middleware(VisitorsMiddleware),
                Middleware(RequestLogMiddleware, log=self.log),
            ],
        )

    def __enter__(self) -> Self:
        """Start serving; both APIs answer when this returns."""
        self.url = self._stack.enter_context(running(self.app(), self._port))
        self.env = {
            "SHOPIFY_SHOP": str(self.store.shop["myshopifyDomain"]),
            "SHOPIFY_CLIENT_ID": self._client_id,
            "SHOPIFY_CLIENT_SECRET": self._client_secret,
            "SHOPIFY_API_URL": self.url,
            "SHOPIFY_API_VERSION": SHOPIFY_API_VERSION,
            "HUBSPOT_ACCESS_TOKEN": self.account.token,
            "HUBSPOT_API_URL": self.url,
            "HUBSPOT_API_VERSION": HUBSPOT_API_VERSION,
            "CARTWHEEL_NOW": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self._stack.__exit__(kind, error, traceback)


def serve(
    store_folder: Path,
    port: int | None = 0,
    write_env: Path | None = None,
    say: Callable[[str], object] = print,
    **limits: Unpack[Limits],
) -> None:
    """Serve a store folder until SIGINT or SIGTERM; for the main thread.

    Port 0 takes a free one, None the usual one or else a free one. Says both addresses, and
    writes the settings that reach them to write_env, at once and whole, when both APIs
    listen; with them a warehouse of this store's own, beside the file.
    """
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with Sandbox(store_folder, port=port, **limits) as sandbox:
            say(
                f"Shopify Admin API  {sandbox.url}/admin/api/{SHOPIFY_API_VERSION}/graphql.json"
            )
            say(f"HubSpot API        {sandbox.url}/crm/objects/{HUBSPOT_API_VERSION}")
            if write_env is not None:
                warehouse = (write_env.parent.resolve() / write_env.name).with_suffix(".duckdb")
                own = {"CARTWHEEL_WAREHOUSE": str(warehouse)}
                write_settings(write_env, sandbox.env | own)
                say(f"Settings           {write_env}, with {warehouse.name} for a warehouse")
            else:
                say("Settings           written nowhere; to have them: --write-env s.env")
            stop.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def write_settings(path: Path, settings: Mapping[str, str]) -> None:
    """Write NAME=value lines to a file of the owner's alone, whole or not at all."""
    text = "".join(f"{name}={_quoted(value)}\n" for name, value in settings.items())
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _quoted(value: str) -> str:
    """A value as python-dotenv reads it: bare where that is plain."""
    if _BARE.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def account_currencies(shop: Mapping[str, Any]) -> list[str]:
    """The currencies of the HubSpot account: the shop's, then its presentment ones."""
    presented = shop.get("enabledPresentmentCurrencies") or []
    return list(dict.fromkeys([shop["currencyCode"], *presented]))


def _options(names: Mapping[str, str], limits: Mapping[str, Any]) -> dict[str, Any]:
    return {names[name]: value for name, value in limits.items() if name in names}
