"""HubSpot over HTTP: paths, rate limits and refusals; callers interpret the bodies."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Protocol

import orjson
import requests
from urllib3.filepost import encode_multipart_formdata

from cartwheel.core.errors import AccessDenied, ServiceError, ServiceUnreachable
from cartwheel.core.http import Http, back_off, request_id, retry_after
from cartwheel.core.interruptions import rest
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from load.hubspot.rate_limit import RateLimiter
from load.hubspot.scopes import ALL, scopes_of

Body = dict[str, Any]

ATTEMPTS = 10  # at a request, before it counts as unanswered
# more writers at once only meet 423 Locked: docs/reference/hubspot.md#rate-limits
CONCURRENCY = 10
LOCKED_WAIT = 2.0  # seconds: docs/reference/hubspot.md#statuses-that-are-tried-again


class Answer:
    """A reply other than an outage: 2xx, or a refusal of what was sent (400, 404, 409, 413)."""

    def __init__(self, status: int, body: Body, request: str | None = None) -> None:
        self.status = status
        self.body = body
        self.request_id = body.get("correlationId") or request

    @property
    def ok(self) -> bool:
        """Whether HubSpot took the request, at least in part (207)."""
        return 200 <= self.status < 300


class HubSpot(Protocol):
    """What the loader needs of HubSpot; tests pass one that fails at will."""

    version: str

    def call(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and return its answer."""


class HubSpotClient:
    """One account, within its rate limit; safe for use by several threads at once.

    say is told when the client waits for an answer, and why; sleep waits.

    Raises, from every call: AccessDenied (401, 403), ServiceUnreachable (no answer,
    or the day's allowance is used up), Redirected (an answer that points elsewhere, which
    is not followed), ServiceError (an answer that is not JSON).
    """

    def __init__(
        self,
        settings: Settings,
        say: Say = silent,
        *,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = rest,
    ) -> None:
        settings.require_hubspot()
        self.version = settings.hubspot_api_version
        self._gate = RateLimiter(sleep=sleep)
        self._http = Http(
            "HubSpot",
            settings.hubspot_api_url,
            setting="HUBSPOT_API_URL",
            headers={
                "Authorization": f"Bearer {settings.hubspot_access_token}",
                "Content-Type": "application/json",
            },
            attempts=attempts,
            pool_size=CONCURRENCY,
            wait=self._wait,
            sleep=self._gate.rest,
            say=say,
        )

    def call(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request when the rate limit allows and return its answer."""
        data = None if body is None else orjson.dumps(body)
        return self._answer(method, path, data=data, params=params)

    def attempt(self, method: str, path: str, body: Body) -> Answer:
        """Send a request, and not again where HubSpot may have carried it out.

        Raises ServiceUnreachable then: the caller looks for what it wanted to create.
        """
        return self._answer(method, path, data=orjson.dumps(body), repeats=False)

    def upload(self, method: str, path: str, content: bytes) -> Answer:
        """Send a file, as the part `file` of a form, and return the answer."""
        part = (path.rpartition("/")[2], content)
        data, content_type = encode_multipart_formdata({"file": part})
        return self._answer(method, path, data=data, headers={"Content-Type": content_type})

    def download(self, path: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        response = self._send("GET", path)
        if response.status_code == 404:
            return None
        if not response.ok:
            raise_for_error(Answer(response.status_code, _json(response)), f"show {path}")
        return response.content

    def _answer(self, method: str, path: str, **options: Any) -> Answer:
        response = self._send(method, path, **options)
        return Answer(response.status_code, _json(response), request_id(response))

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        self._gate.enter()
        response = self._http.send(method, path, **options)
        self._gate.learn(response.headers)
        if response.status_code == 401:
            raise AccessDenied(
                "HubSpot does not accept the token: it is mistyped, revoked or expired. Check "
                "HUBSPOT_ACCESS_TOKEN: put the one that the service key, or the private app, "
                "shows in HubSpot into the settings, then run: cartwheel doctor",
                status=401,
                request_id=request_id(response),
            )
        if response.status_code == 403:
            raise AccessDenied(
                f"HubSpot refused {method} {path}: {_message(response).rstrip('.')}. "
                f"{_advice(response, method, path)}",
                status=response.status_code,
                request_id=request_id(response),
            )
        return response

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _wait(self, response: requests.Response | None, attempt: int) -> float:
        """Seconds before the next attempt, by HubSpot's policy.

        The policies: docs/reference/hubspot.md#rate-limit-answers
        """
        seconds = back_off(response, attempt)
        if response is None:
            return seconds
        self._gate.learn(response.headers)
        if response.status_code == 423:
            # not all at once again
            return max(seconds, LOCKED_WAIT * random.uniform(1, 1.5))
        if response.status_code != 429:
            return seconds
        if '"DAILY"' in response.text.upper():  # the body's policyName
            raise ServiceUnreachable(
                "HubSpot's allowance of requests for today is used up; it is renewed at "
                "midnight in the account's time zone. What was sent is recorded: run "
                "the same command again then",
                status=429,
                request_id=request_id(response),
            )
        if retry_after(response) is None:
            seconds = self._gate.interval / 40
        self._gate.close_for(seconds)
        return 0.0


def _advice(response: requests.Response, method: str, path: str) -> str:
    """What to do about a refusal of access; HubSpot's message tells about the others."""
    body = _json(response)
    said = f"{body.get('category')} {body.get('subCategory')} {body.get('message')}".lower()
    if not body or "scope" in said or "permission" in said:
        here = scopes_of(method, path)
        return (
            f"Check HUBSPOT_ACCESS_TOKEN and its scopes{here and f', here {here}'}; in all, it "
            f"needs {ALL}. Then run: cartwheel doctor"
        )
    return (
        "The token's scopes are not the cause: check the account's plan and settings, "
        "then run the same command again"
    )


def raise_for_error(answer: Answer, what: str) -> None:
    """Raise ServiceError if HubSpot did not take the request at all."""
    if not answer.ok:
        raise ServiceError(
            f"HubSpot refused to {what}: {answer.body.get('message', answer.status)}",
            status=answer.status,
            request_id=answer.request_id,
        )


def objects_path(hubspot: HubSpot, object_type: str, action: str) -> str:
    """The path of a batch action on objects."""
    return f"/crm/objects/{hubspot.version}/{object_type}/batch/{action}"


def _json(response: requests.Response) -> Body:
    if not response.content:
        return {}
    try:
        body = orjson.loads(response.content)
    except ValueError:
        raise ServiceError(
            f"HubSpot answered {response.request.method} {response.request.path_url} with "
            f"HTTP {response.status_code} and no JSON. Check HUBSPOT_API_URL",
            status=response.status_code,
            request_id=request_id(response),
        ) from None
    return body if isinstance(body, dict) else {"results": body}


def _message(response: requests.Response) -> str:
    return str(_json(response).get("message", f"HTTP {response.status_code}"))


@contextmanager
def connected(
    settings: Settings,
    say: Say = silent,
    *,
    hubspot: HubSpot | None = None,
    attempts: int = ATTEMPTS,
) -> Iterator[HubSpot]:
    """The given client, or else one by the settings that is closed at the end."""
    if hubspot is not None:
        yield hubspot
        return
    with closing(HubSpotClient(settings, say, attempts=attempts)) as client:
        yield client
