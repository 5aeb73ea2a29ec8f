"""The Admin GraphQL API over HTTP: envelope, errors, throttling, version, server's time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from cartwheel.core.clock import without_zone
from cartwheel.core.errors import ServiceError, ServiceUnreachable
from cartwheel.core.http import READ_TIMEOUT, Http, back_off, request_id
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from extract.shopify import refusals
from extract.shopify.api_usage import Usage, UsageMeter, UsageMeters
from extract.shopify.auth import Token
from extract.shopify.documents import document
from extract.shopify.download import download
from extract.shopify.lenient_json import read_json
from extract.shopify.query_cost import Prices, too_costly
from extract.shopify.throttle import Throttle

# The documents ask for smsMarketingConsent, which came with 2026-10, and for cartToken and
# attribution, which came with 2026-07 (docs/reference/shopify.md#versions)
NEEDED_VERSION = "2026-10"
ATTEMPTS = 8  # of one request that meets an outage: some 80 seconds
THROTTLED_TRIES = 30  # of one query; each waits for the bucket to refill
FAULTY_TRIES = 5  # of one query that Shopify answers, but not with an answer
RENEWALS = 3  # of the token, in one request
HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
RETRIED_CODES = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT"})

Answer = dict[str, Any]

logger = logging.getLogger(__name__)


class Shopify:
    """One shop's Admin API; safe for several threads.

    say gets warnings, and why the client waits for an answer. timeout is how many
    seconds may pass without a byte.
    """

    def __init__(
        self,
        settings: Settings,
        say: Say,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        timeout: float = READ_TIMEOUT,
        tell: Say = silent,
    ) -> None:
        self.settings = settings
        self.served_version = ""
        self._say = say
        self._sleep = sleep
        self._pace = Throttle(clock=clock, sleep=sleep)
        self._prices = Prices()
        self._meters = UsageMeters()
        self._http, self._files = (
            Http(
                service,
                settings.shopify_api_url,
                setting=setting,
                attempts=ATTEMPTS,
                read_timeout=timeout,
                wait=self._wait,
                sleep=sleep,
                on_send=lambda: self._meters.add(requests=1),
                say=tell,
            )
            for service, setting in (
                ("Shopify", settings.address_names),
                ("Shopify's file storage", ""),
            )
        )
        self._token = Token(settings, self._http, clock=clock)
        self._lock = threading.Lock()
        self._warned_version = ""
        self._answered_at: datetime | None = None

    @property
    def took(self) -> Usage:
        """Requests of every kind, points charged and bytes received so far, by all threads."""
        return self._meters.whole.usage()

    def metered(self) -> AbstractContextManager[UsageMeter]:
        """Measure the API usage of the calling thread within the block."""
        return self._meters.metered()

    def server_time(self) -> datetime:
        """The shop's time, naive and in UTC.

        That is CARTWHEEL_NOW where it is set, else the time of Shopify's latest answer,
        whole seconds, else the machine's.
        """
        now = self.settings.now or self._answered_at or datetime.now(UTC)
        return without_zone(now)

    def query(self, name: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """Run the document queries/<name>.graphql and give its data.

        Waits for the cost bucket as often as needed. Raises TooCostly for a page that
        costs more than Shopify allows, AccessDenied for a token or a scope,
        ServiceUnreachable if there is no answer for now, ServiceError for any other
        refusal, with Shopify's request id.
        """
        answer, response = self._answer(name, variables or {})
        if answer.get("errors") or not isinstance(answer.get("data"), dict):
            raise refusals.of_query(name, answer.get("errors") or [], response)
        return dict(answer["data"])

    def denials(self, name: str) -> list[Answer]:
        """Run a document only to be told what of it is refused: the ACCESS_DENIED errors.

        Raises as query does for every other error.
        """
        answer, response = self._answer(name, {})
        errors: list[Answer] = answer.get("errors") or []
        others = [error for error in errors if refusals.code(error) != "ACCESS_DENIED"]
        if others or not (errors or isinstance(answer.get("data"), dict)):
            raise refusals.of_query(name, others, response)
        return errors

    def download(self, url: str, target: Path) -> int:
        """Stream a result file to target and give its size in bytes.

        The address is pre-signed: no token goes with it. A broken transfer is resumed or
        restarted. Raises InvalidAddress for an address that nothing may be fetched from,
        ExpiredAddress if it is no longer valid, ServiceError if the file cannot be had.
        """
        size = download(self._files, url, target, sleep=self._sleep)
        self._meters.add(size=size)
        return size

    def close(self) -> None:
        """Close the pooled connections."""
        self._http.close()
        self._files.close()

    def _answer(
        self, name: str, variables: Mapping[str, Any]
    ) -> tuple[Answer, requests.Response]:
        """The answer once it is neither throttled nor faulty, or as often as we try."""
        throttled = faulty = 0
        while True:
            answer, response = self._ask(name, variables)
            codes = {refusals.code(error) for error in answer.get("errors") or []}
            if "MAX_COST_EXCEEDED" in codes:
                raise self._refused(name, variables, answer, response)
            if "THROTTLED" in codes:
                throttled += 1
                if throttled == THROTTLED_TRIES:
                    raise ServiceUnreachable(
                        f"Shopify's cost bucket stayed empty through {throttled} tries of "
                        f"{name}: another program uses it. Run again later: cartwheel extract"
                    )
                # the next try waits for the bucket; this is for a bucket whose level is wrong
                self._sleep(min(back_off(None, throttled) / 10, 5.0))
            elif not answer or codes & RETRIED_CODES:
                faulty += 1
                if faulty == FAULTY_TRIES:
                    if not answer:
                        raise refusals.no_graphql(self.settings, response)
                    return answer, response
                self._sleep(back_off(response, faulty - 1))
            else:
                return answer, response

    def _ask(self, name: str, variables: Mapping[str, Any]) -> tuple[Answer, requests.Response]:
        """One answer of Shopify's, accounted for; empty if it is not GraphQL."""
        text = document(name)
        reserved = self._pace.reserve(self._prices.of(name, text, variables))
        cost: Answer | None = None  # unknown, as long as no answer has come
        try:
            response = self._post({"query": text, "variables": dict(variables)})
            answer = _envelope(response)
            if answer:
                cost = (answer.get("extensions") or {}).get("cost") or {}
        finally:
            self._pace.settle(reserved, cost)
        charged = float((cost or {}).get("actualQueryCost") or 0)
        self._meters.add(points=charged)
        logger.debug("Shopify %s: %g points charged", name, charged)
        if cost and cost.get("requestedQueryCost") is not None:
            self._prices.learn(name, variables, float(cost["requestedQueryCost"]))
        return answer, response

    def _refused(
        self,
        name: str,
        variables: Mapping[str, Any],
        answer: Answer,
        response: requests.Response,
    ) -> ServiceError:
        told: Answer = next(
            error.get("extensions") or {}
            for error in answer["errors"]
            if refusals.code(error) == "MAX_COST_EXCEEDED"
        )
        cost, limit = float(told.get("cost") or 0), float(told.get("maxCost") or 0)
        self._prices.refused(name, variables, cost, limit)
        return too_costly(name, cost, limit, request_id(response))

    def _post(self, body: Mapping[str, Any]) -> requests.Response:
        version = self.settings.shopify_api_version
        path = f"/admin/api/{version}/graphql.json"
        for _ in range(1 + RENEWALS):
            token = self._token.value()
            headers = {"X-Shopify-Access-Token": token}
            response = self._http.send("POST", path, headers=headers, json=body)
            self._meters.add(size=len(response.content))
            if response.status_code != 401 or not self._token.renew(token):
                break
        if response.status_code != 200:
            raise refusals.of_request(self.settings, response)
        self._answered_at = _date(response) or self._answered_at
        self._check_version(response.headers.get("X-Shopify-API-Version", version))
        return response

    def _wait(self, response: requests.Response | None, attempt: int) -> float:
        seconds = back_off(response, attempt)
        if response is not None and response.status_code == 429:
            self._pace.pause(seconds)
        return seconds

    def _check_version(self, served: str) -> None:
        """Warn of a version other than the one asked for; preflight reports one too old."""
        self.served_version = served
        asked = self.settings.shopify_api_version
        with self._lock:
            known = served in (asked, self._warned_version) or served < NEEDED_VERSION
            self._warned_version = self._warned_version if known else served
        if not known:
            self._say(
                f"Warning: Shopify serves API version {served} instead of {asked}, which it "
                "does not support (any more, or yet); fields may be missing. Set "
                "SHOPIFY_API_VERSION to a supported version."
            )


def _date(response: requests.Response) -> datetime | None:
    try:
        return datetime.strptime(response.headers.get("Date", ""), HTTP_DATE).replace(
            tzinfo=UTC
        )
    except ValueError:
        return None


def _envelope(response: requests.Response) -> Answer:
    """The answer's JSON object, its errors a list of objects; empty if it is not one."""
    try:
        answer = read_json(response.content)
    except ValueError:
        return {}
    if not isinstance(answer, dict):
        return {}
    errors = answer.get("errors") or []
    listed = errors if isinstance(errors, list) else [errors]
    answer["errors"] = [
        error if isinstance(error, dict) else {"message": str(error)} for error in listed
    ]
    return answer
