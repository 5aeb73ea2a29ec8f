"""One HTTP session for a service: timeouts, bounded retries, request ids in errors."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from cartwheel.errors import ServiceUnreachable

# beside every 5xx; hubspot.md 3.3, Shopify's are a subset (shopify.md 4)
RETRIED = frozenset({408, 423, 429, 477})
CONNECT_TIMEOUT, READ_TIMEOUT = 10.0, 120.0
# a body cut short is no ConnectionError to requests, though it is one to everybody else
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)

Wait = Callable[[requests.Response | None, int], float]


def back_off(response: requests.Response | None, attempt: int) -> float:
    """Seconds to wait before attempt+1: Retry-After where given, else doubling with jitter."""
    given = response.headers.get("Retry-After", "") if response is not None else ""
    if given.replace(".", "", 1).isdigit():
        return min(float(given), 120.0)
    return float(min(2**attempt, 30)) * (0.5 + random.random() / 2)


class Http:
    """A requests session that sends, waits and tries again.

    Safe for use by several threads at once (pool_size connections). on_send is called
    before each attempt, in the thread that makes it.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        attempts: int = 6,
        pool_size: int = 8,
        read_timeout: float = READ_TIMEOUT,
        wait: Wait = back_off,
        sleep: Callable[[float], None] = time.sleep,
        on_send: Callable[[], None] | None = None,
    ) -> None:
        self.service = service
        self.base_url = base_url.rstrip("/")
        self.requests_sent = 0
        self._attempts = attempts
        self._wait = wait
        self._sleep = sleep
        self._on_send = on_send
        self._timeout = (CONNECT_TIMEOUT, read_timeout)
        self._counting = threading.Lock()
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "cartwheel", **(headers or {})})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=pool_size))

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        **options: Any,
    ) -> requests.Response:
        """Send one request to a path below base_url, or to a whole URL.

        5xx, the statuses in RETRIED, broken connections and bodies cut short are tried
        again, `attempts` times in all. Any other answer is returned, 4xx included: the
        caller knows what it means. With stream, the body is the caller's to read, and
        what breaks there is the caller's to try again.

        Raises ServiceUnreachable when no attempt brought a usable answer.
        """
        url = path if path.startswith(("http://", "https://")) else self.base_url + path
        problem = ""
        for attempt in range(self._attempts):
            response: requests.Response | None = None
            with self._counting:
                self.requests_sent += 1
            if self._on_send is not None:
                self._on_send()
            try:
                response = self._session.request(
                    method,
                    url,
                    headers=dict(headers or {}),
                    stream=stream,
                    timeout=self._timeout,
                    **options,
                )
            except BROKEN as error:
                problem = type(error).__name__
            else:
                if response.status_code < 500 and response.status_code not in RETRIED:
                    return response
                response.close()
                problem = f"HTTP {response.status_code}"
            if attempt + 1 < self._attempts:
                self._sleep(self._wait(response, attempt))
        raise ServiceUnreachable(
            f"{self.service} gave no usable answer to {method} {url.split('?')[0]} in "
            f"{self._attempts} attempts (last: {problem}). Check the network and the "
            "service's status page, then run the same command again",
            status=response.status_code if response is not None else None,
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
