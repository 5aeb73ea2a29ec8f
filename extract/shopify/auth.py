"""The access token: a static one, or one by client credentials, renewed in time."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from cartwheel.core.errors import AccessDenied
from cartwheel.core.http import Http, request_id
from cartwheel.core.settings import Settings

SLACK = 60.0  # seconds before its expiry at which a token is renewed

_FIXES = {
    "shop_not_permitted": (
        "The app and the store must belong to the same organization in the Dev Dashboard"
    ),
    "app_not_installed": "Install the app on the store from the Dev Dashboard",
}


class Token:
    """Provides the token for X-Shopify-Access-Token; safe for several threads."""

    def __init__(
        self,
        settings: Settings,
        http: Http,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock
        self._lock = threading.Lock()
        self._value = settings.shopify_access_token
        self._good_until = float("inf") if self._value else 0.0

    def value(self) -> str:
        """A token that is valid for another minute, or for half its lifetime if that is less.

        Raises AccessDenied if Shopify refuses the client credentials.
        """
        with self._lock:
            if self._clock() >= self._good_until:
                self._grant()
            return self._value

    def renew(self, refused: str) -> bool:
        """Get another token in place of a refused one; False where none can be had.

        Of several threads whose token was refused, one asks and the others take what it
        got. Raises AccessDenied as value does.
        """
        if self._settings.shopify_access_token:
            return False
        with self._lock:
            if self._value == refused:
                self._grant()
            return self._value != refused

    def _grant(self) -> None:
        asked_at = self._clock()
        response = self._http.send(
            "POST",
            "/admin/oauth/access_token",
            data={
                "grant_type": "client_credentials",
                "client_id": self._settings.shopify_client_id,
                "client_secret": self._settings.shopify_client_secret,
            },
        )
        granted = _json(response)
        token = granted.get("access_token")
        if response.status_code != 200 or not _is_token(token):
            raise _refusal(self._settings, response, granted)
        self._value = str(token)
        lifetime = float(granted.get("expires_in") or math.inf)
        self._good_until = asked_at + max(lifetime - SLACK, lifetime / 2)


def _is_token(value: object) -> bool:
    """Whether a header can hold it."""
    return isinstance(value, str) and bool(re.fullmatch(r"[!-~]+", value))


def _json(response: requests.Response) -> dict[str, Any]:
    """The answer's JSON object; empty if it is not one."""
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(
    settings: Settings, response: requests.Response, answer: dict[str, Any]
) -> AccessDenied:
    code = answer.get("error") or answer.get("errors") or "no token in the answer"
    fix = next(
        (fix for known, fix in _FIXES.items() if known in response.text),
        f"Check {settings.secret_name('SHOPIFY_CLIENT_ID')} and "
        f"{settings.secret_name('SHOPIFY_CLIENT_SECRET')} against the app's settings in the "
        f"Dev Dashboard, and {settings.address_names} against the store's address",
    )
    return AccessDenied(
        f"Shopify gave no token for {settings.shop} (HTTP {response.status_code}, {code}). "
        f"{fix}, then run: cartwheel doctor",
        status=response.status_code,
        request_id=request_id(response),
    )
