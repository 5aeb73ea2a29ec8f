"""One HTTP session for a service: timeouts, bounded retries, request ids in errors.

It sends requests to the configured address only: no redirect is followed, no password of a
.netrc is sent, and requests to this machine bypass any proxy.
"""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from cartwheel.core.addresses import host_of
from cartwheel.core.awaited import awaited
from cartwheel.core.errors import Redirected, ServiceUnreachable
from cartwheel.core.http_causes import Cause, Peer, cause_of
from cartwheel.core.interruptions import has_come, rest
from cartwheel.core.network import proxies_for, proxy_named, trusted_certificates
from cartwheel.core.progress import Say, silent

# beside every 5xx; docs/reference/hubspot.md#statuses-that-are-tried-again,
# Shopify's are a subset: docs/reference/shopify.md#throttling
RETRIED = frozenset({408, 423, 429, 477})
# a waiting user is told within 5 seconds that a host does not answer, but not constantly
CONNECT_TIMEOUT, READ_TIMEOUT = 4.0, 120.0
TELL_EVERY = 5.0
LONGEST_WAIT = 120.0  # seconds, whatever Retry-After says
# what requests raises, and what it lets through of the libraries below it
BROKEN = (requests.RequestException, HTTPError, UnicodeError)

Wait = Callable[[requests.Response | None, int], float]

logger = logging.getLogger(__name__)


def back_off(response: requests.Response | None, attempt: int) -> float:
    """Seconds to wait before attempt+1: Retry-After where given, else doubling with jitter."""
    given = retry_after(response) if response is not None else None
    if given is not None:
        return given
    return float(min(2**attempt, 30)) * (0.5 + random.random() / 2)


def retry_after(response: requests.Response) -> float | None:
    """The seconds that Retry-After asks for, within bounds; None where it says none.

    A date (RFC 9110, 10.2.3) is taken by the server's own clock, which its answer shows.
    """
    text = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return min(float(text), LONGEST_WAIT)
    then = http_date(text)
    if then is None:
        return None
    now = http_date(response.headers.get("Date", "")) or datetime.now(UTC)
    return min(max((then - now).total_seconds(), 0.0), LONGEST_WAIT)


class Http:
    """A requests session that sends, waits and tries again.

    Safe for use by several threads at once (pool_size connections). setting names the setting
    of base_url, for messages. say gets a line when the service does not answer: why, and when
    the next attempt follows. on_send is called before each attempt, in the thread that makes
    it.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        setting: str = "",
        headers: Mapping[str, str] | None = None,
        attempts: int = 6,
        pool_size: int = 8,
        read_timeout: float = READ_TIMEOUT,
        wait: Wait = back_off,
        sleep: Callable[[float], None] = rest,
        on_send: Callable[[], None] | None = None,
        say: Say = silent,
    ) -> None:
        self.service = service
        self.base_url = base_url.rstrip("/")
        self.requests_sent = 0
        self._setting = setting
        self._attempts = attempts
        self._wait = wait
        self._sleep = sleep
        self._on_send = on_send
        self._say = say
        self._told_at = -TELL_EVERY
        self._timeout = (CONNECT_TIMEOUT, read_timeout)
        self._counting = threading.Lock()
        self._session = requests.Session()
        self._session.trust_env = False  # see cartwheel/core/network.py
        self._session.headers.update({"User-Agent": "cartwheel", **(headers or {})})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=pool_size))

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        repeats: bool = True,
        **options: Any,
    ) -> requests.Response:
        """Send one request to a path below base_url.

        5xx, the statuses in RETRIED, broken connections and bodies cut short are tried
        again, `attempts` times in all. Any other answer is returned, 4xx included: the
        caller knows what it means. With repeats off, only what was certainly not carried out
        is tried again: whoever creates a thing looks for it first.

        Raises ServiceUnreachable when no attempt brought a usable answer, Redirected for
        an answer that points elsewhere.
        """
        if not path.startswith("/"):
            raise ValueError(f"the path {path!r} does not begin with a slash")
        url = self.base_url + path
        return self._send(method, url, headers, options, repeats)

    def fetch(self, url: str, *, headers: Mapping[str, str]) -> requests.Response:
        """Request the file at a full address that addresses.problem_of has accepted.

        The caller reads the body, and retries if that breaks. Raises as send does.
        """
        return self._send("GET", url, headers, {"stream": True}, True)

    def cause(self, error: Exception, url: str) -> Cause:
        """Why a request to an address, or the body of its answer, broke."""
        proxies = proxies_for(url)
        peer = Peer(
            host_of(url),
            self._setting,
            *self._timeout,
            proxy=proxy_named(url, proxies),
        )
        return cause_of(error, peer)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        options: Mapping[str, Any],
        repeats: bool,
    ) -> requests.Response:
        attempt = 0
        while True:
            attempt += 1
            response: requests.Response | None = None
            with self._counting:
                self.requests_sent += 1
            if self._on_send is not None:
                self._on_send()
            began = time.monotonic()
            try:
                with awaited(self.service, self._timeout[1]):
                    response = self._session.request(
                        method,
                        url,
                        headers=dict(headers or {}),
                        timeout=self._timeout,
                        proxies=proxies_for(url),
                        verify=trusted_certificates(),
                        allow_redirects=False,
                        **options,
                    )
            except BROKEN as error:
                cause = self.cause(error, url)
                self._log(method, url, attempt, began, cause.what, None)
            else:
                self._log(method, url, attempt, began, str(response.status_code), response)
                if 300 <= response.status_code < 400:
                    raise self._redirected(method, url, response)
                if response.status_code < 500 and response.status_code not in RETRIED:
                    return response
                response.close()
                cause = Cause(
                    f"HTTP {response.status_code}",
                    "Check the network and the service's status page",
                )
            refused = response is not None and response.status_code in RETRIED
            is_last = attempt == self._attempts or not (repeats or refused) or has_come()
            if cause.is_final or is_last:
                raise self._unreachable(method, url, attempt, cause, response)
            seconds = self._wait(response, attempt - 1)
            if response is None or response.status_code >= 500:
                self._tell(cause, seconds)
            self._sleep(seconds)
            if has_come():
                raise self._unreachable(method, url, attempt, cause, response)

    def _log(
        self,
        method: str,
        url: str,
        attempt: int,
        began: float,
        outcome: str,
        response: requests.Response | None,
    ) -> None:
        """Log an attempt without query, headers and body, which may hold secrets and data."""
        identity = request_id(response)
        logger.debug(
            "%s %s %s: %s in %.0f ms, attempt %d%s",
            self.service,
            method,
            url.split("?")[0],
            outcome,
            (time.monotonic() - began) * 1000,
            attempt,
            f", request {identity}" if identity else "",
        )

    def _tell(self, cause: Cause, seconds: float) -> None:
        """Say why the client waits, unless another thread has just said the same."""
        with self._counting:
            now = time.monotonic()
            if now - self._told_at < TELL_EVERY:
                return
            self._told_at = now
        self._say(
            f"{self.service} does not answer: {cause.what}. Trying again in {seconds:.0f} s"
        )

    def _unreachable(
        self,
        method: str,
        url: str,
        attempts: int,
        cause: Cause,
        response: requests.Response | None,
    ) -> ServiceUnreachable:
        return ServiceUnreachable(
            f"{self.service} gave no usable answer to {method} {url.split('?')[0]} in "
            f"{attempts} attempt{'s' if attempts > 1 else ''} (last: {cause.what}). "
            f"{cause.fix}, then run the same command again",
            status=response.status_code if response is not None else None,
            request_id=request_id(response),
        )

    def _redirected(self, method: str, url: str, response: requests.Response) -> Redirected:
        response.close()
        try:
            there = host_of(urljoin(url, response.headers["Location"]))
        except (KeyError, ValueError):
            there = ""
        check = f"Check {self._setting}, and" if self._setting else "Check"
        return Redirected(
            f"{self.service} answered {method} {url.split('?')[0]} with HTTP "
            f"{response.status_code}, which points to {there or 'no address'}. No redirect is "
            f"followed, so that secrets and data go nowhere else. {check} whether a proxy or a "
            "log-in page answers in its place, then run the same command again",
            status=response.status_code,
            request_id=request_id(response),
        )

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()


def request_id(response: requests.Response | None) -> str | None:
    """The service's own id of the request, if it gave one."""
    if response is None:
        return None
    for name in ("X-Request-Id", "X-HubSpot-Correlation-Id"):
        if name in response.headers:
            return response.headers[name]
    return None


def http_date(text: str) -> datetime | None:
    """The moment of an HTTP date, aware; None where the text is not one."""
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
