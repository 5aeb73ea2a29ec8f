"""The Admin GraphQL API over HTTP: envelope, errors, cost bucket, served version."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from cartwheel.errors import AccessDenied, ServiceError, ServiceUnreachable
from cartwheel.http import Http, request_id
from cartwheel.progress import Say
from cartwheel.settings import Settings
from extract.auth import Token
from extract.documents import document

ATTEMPTS = 30  # of one request that is throttled; each waits for the bucket to refill
RETRIED_CODES = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT"})
CHUNK = 1 << 20

Answer = dict[str, Any]


class Shopify:
    """One shop's Admin API; safe for several threads."""

    def __init__(
        self, settings: Settings, say: Say, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.settings = settings
        self._say = say
        self._sleep = sleep
        self._http = Http("Shopify", settings.shopify_api_url)
        self._files = Http("Shopify's file storage", settings.shopify_api_url)
        self._token = Token(settings, self._http)
        self._warned_version = ""

    @property
    def requests_sent(self) -> int:
        """Requests of every kind so far."""
        return self._http.requests_sent + self._files.requests_sent

    def query(self, name: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """Run the document queries/<name>.graphql and give its data.

        Waits for the cost bucket as often as needed. Raises AccessDenied for a token
        or a scope, ServiceError for any other refusal, with Shopify's request id.
        """
        body = {"query": document(name), "variables": dict(variables or {})}
        for attempt in range(ATTEMPTS):
            response = self._post(body)
            answer = _envelope(response)
            errors = answer.get("errors") or []
            if not errors and isinstance(answer.get("data"), dict):
                return dict(answer["data"])
            codes = {_code(error) for error in errors}
            if "THROTTLED" in codes:
                self._sleep(_refill_time(answer))
            elif codes & RETRIED_CODES and attempt < 4:
                self._sleep(min(2.0**attempt, 10.0))
            else:
                raise _refusal(name, errors, response)
        raise ServiceUnreachable(
            f"Shopify's cost bucket stayed empty through {ATTEMPTS} tries of {name}: another "
            "program spends it. Run again later: cartwheel extract"
        )

    def download(self, url: str, target: Path) -> int:
        """Stream a result file to target and give its size in bytes.

        The address is pre-signed: no token goes with it. A broken transfer is begun
        anew twice. Raises ServiceError if the file cannot be had.
        """
        for attempt in range(3):
            response = self._files.send("GET", url, stream=True)
            if response.status_code != 200:
                raise ServiceError(
                    "Shopify's result file cannot be fetched (HTTP "
                    f"{response.status_code}); the address may have expired. "
                    "Run again: cartwheel extract",
                    status=response.status_code,
                )
            try:
                with response, target.open("wb") as file:
                    return sum(file.write(chunk) for chunk in response.iter_content(CHUNK))
            except requests.RequestException:
                self._sleep(2.0**attempt)
        raise ServiceUnreachable(
            "Shopify's result file broke off three times on the way. Check the network, "
            "then run again: cartwheel extract"
        )

    def close(self) -> None:
        """Close the pooled connections."""
        self._http.close()
        self._files.close()

    def _post(self, body: Mapping[str, Any]) -> requests.Response:
        version = self.settings.shopify_api_version
        path = f"/admin/api/{version}/graphql.json"
        for _ in range(2):
            token = self._token.value()
            headers = {"X-Shopify-Access-Token": token}
            response = self._http.send("POST", path, headers=headers, json=body)
            if response.status_code != 401 or not self._token.renew(token):
                break
        if response.status_code != 200:
            raise _http_refusal(self.settings, response)
        self._check_version(response.headers.get("X-Shopify-API-Version", version))
        return response

    def _check_version(self, served: str) -> None:
        asked = self.settings.shopify_api_version
        if served not in (asked, self._warned_version):
            self._warned_version = served
            self._say(
                f"Warning: Shopify serves API version {served} instead of {asked}, which it "
                "no longer or not yet has; fields may be missing. Set SHOPIFY_API_VERSION "
                "to a supported version."
            )


def _envelope(response: requests.Response) -> Answer:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ServiceError(
            "Shopify answered something that is no GraphQL. Check SHOPIFY_API_URL",
            status=response.status_code,
            request_id=request_id(response),
        )
    if isinstance(answer.get("errors"), str):
        answer["errors"] = [{"message": answer["errors"]}]
    return answer


def _code(error: Mapping[str, Any]) -> str:
    return str((error.get("extensions") or {}).get("code", ""))


def _refill_time(answer: Answer) -> float:
    """Seconds until the bucket holds the requested cost (reference/shopify.md, 4)."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    missing = float(cost.get("requestedQueryCost") or 100) - float(
        status.get("currentlyAvailable") or 0
    )
    return min(max(missing / float(status.get("restoreRate") or 50), 0.1), 60.0)


def _refusal(
    name: str, errors: list[Mapping[str, Any]], response: requests.Response
) -> ServiceError:
    messages = "; ".join(str(error.get("message", "no message")) for error in errors)
    denied = [error for error in errors if _code(error) == "ACCESS_DENIED"]
    if denied:
        needed = {
            str((error.get("extensions") or {}).get("requiredAccess", "")) for error in denied
        }
        access = ", ".join(sorted(needed - {""})) or "see the message"
        return AccessDenied(
            f"Shopify refused {name}: {messages}. Access needed: {access}. Add it to the app "
            "in the Dev Dashboard, release the version, then run: cartwheel extract",
            status=response.status_code,
            request_id=request_id(response),
        )
    return ServiceError(
        f"Shopify refused {name}: {messages or 'no data and no reason'}",
        status=response.status_code,
        request_id=request_id(response),
    )


def _http_refusal(settings: Settings, response: requests.Response) -> ServiceError:
    status, identity = response.status_code, request_id(response)
    if status in (401, 403):
        setting = (
            "SHOPIFY_ACCESS_TOKEN"
            if settings.shopify_access_token
            else "SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET"
        )
        return AccessDenied(
            f"Shopify does not accept the token for {settings.shop} (HTTP {status}). Check "
            f"{setting}, and that the app is installed on the store, then run: "
            "cartwheel extract",
            status=status,
            request_id=identity,
        )
    reason = {
        402: "the shop is frozen until its plan is paid",
        404: "there is no such shop; check SHOPIFY_SHOP and SHOPIFY_API_URL",
    }.get(status, "see the status page of Shopify")
    return ServiceError(
        f"Shopify answered HTTP {status} for {settings.shop}: {reason}",
        status=status,
        request_id=identity,
    )
