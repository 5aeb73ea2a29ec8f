"""Who is let in, how often, and by which paths."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from starlette.applications import Starlette

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.app import routes

DEALS = "/crm/objects/2026-03/deals"


def test_a_wrong_token_is_refused(hubspot):
    """Another token than the account's gets 401 with HubSpot's category."""
    answer = hubspot.send("GET", DEALS, headers={"Authorization": "Bearer pat-other"})

    assert answer.status_code == 401
    assert answer.json()["category"] == "INVALID_AUTHENTICATION"


@pytest.mark.parametrize("path", ["/crm/v3/objects/deals", "/crm/objects/2026-09/deals"])
def test_classic_and_dated_paths_reach_the_same_records(hubspot, path):
    """A record made under one version is listed under the others."""
    deal_id = hubspot.create("deals", dealname="One")

    assert [row["id"] for row in hubspot.send("GET", path).json()["results"]] == [deal_id]


def test_an_unknown_version_is_not_found(hubspot):
    """A version that HubSpot does not serve gets 404."""
    assert hubspot.send("GET", "/crm/objects/2019-01/deals").status_code == 404


def test_an_unknown_object_type_is_not_found(hubspot):
    """An object type that the account lacks gets 404 with HubSpot's message."""
    answer = hubspot.send("GET", "/crm/objects/2026-03/unicorns")

    assert answer.status_code == 404
    assert "Unable to infer object type from: unicorns" in answer.json()["message"]


def test_malformed_json_is_a_bad_request(hubspot):
    """A body that is not JSON gets 400, not a broken connection."""
    answer = hubspot.session.post(hubspot.url + DEALS, data="{", timeout=10)

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_answers_say_what_is_left_of_the_limit(hubspot):
    """Each answer counts down the window and the day."""
    first, second = hubspot.send("GET", DEALS), hubspot.send("GET", DEALS)

    assert first.headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
    for name in ("X-HubSpot-RateLimit-Remaining", "X-HubSpot-RateLimit-Daily-Remaining"):
        assert int(first.headers[name]) - int(second.headers[name]) == 1


@pytest.fixture
def strict(served, account):
    """A function that asks an account with limits of its own n times."""
    switch, url = served

    def ask(n: int, path: str = DEALS, method: str = "GET", body=None, **limits: Any):
        switch.app = Starlette(routes=routes(Account(account.clock, ["GBP"], "t", **limits)))
        headers = {"Authorization": "Bearer t"}
        return [
            requests.request(method, url + path, json=body, headers=headers, timeout=10)
            for _ in range(n)
        ]

    return ask


def test_too_many_requests_in_the_window_are_refused(strict):
    """The request over the ten-secondly limit gets 429 with its policy."""
    answers = strict(3, ten_secondly_limit=2)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert answers[2].headers["X-HubSpot-RateLimit-Remaining"] == "0"


def test_a_429_has_the_body_that_hubspot_gives(strict):
    """errorType, policyName and groupName beside the rest; no Retry-After."""
    refused = strict(2, ten_secondly_limit=1)[1]

    body = refused.json()
    assert body.pop("correlationId") == refused.headers["X-HubSpot-Correlation-Id"]
    assert body == {
        "status": "error",
        "category": "RATE_LIMITS",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errors": [],
        "links": {},
        "errorType": "RATE_LIMIT",
        "policyName": "TEN_SECONDLY_ROLLING",
        "groupName": "publicapi:private-apps:api-calls",
    }
    assert "Retry-After" not in refused.headers


def test_answers_say_what_the_limits_are(strict):
    """The window's and the day's limits are in the headers, in a 429 as well."""
    for answer in strict(2, ten_secondly_limit=1, daily_limit=50):
        assert answer.headers["X-HubSpot-RateLimit-Max"] == "1"
        assert answer.headers["X-HubSpot-RateLimit-Daily"] == "50"
        assert answer.headers["X-HubSpot-RateLimit-Daily-Remaining"] == "49"


def test_the_daily_limit_has_its_own_policy(strict):
    """The request over the day's limit gets 429 with the policy DAILY."""
    assert strict(2, daily_limit=1)[1].json()["policyName"] == "DAILY"


def test_searches_have_their_own_limit_and_no_limit_headers(strict):
    """The sixth search of a second gets 429 SECONDLY, and no rate-limit headers."""
    every = {"after": "", "filterGroups": [], "limit": 1, "properties": [], "sorts": []}
    answers = strict(6, DEALS + "/search", "POST", every)

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].json()["policyName"] == "SECONDLY"
    names = [name.lower() for answer in answers for name in answer.headers]
    assert not any(name.startswith("x-hubspot-ratelimit") for name in names)


def test_the_account_tells_its_currencies(hubspot):
    """Company currency, exchange rates and account details agree."""
    company = hubspot.send("GET", "/settings/currencies/2026-03/company-currency").json()
    rates = hubspot.send("GET", "/settings/v3/currencies/exchange-rates/current").json()
    details = hubspot.send("GET", "/account-info/2026-03/details").json()

    assert company["id"] == details["companyCurrency"] == "GBP"
    assert [rate["fromCurrencyCode"] for rate in rates["results"]] == ["USD"]
    assert details["additionalCurrencies"] == ["USD"]


@pytest.mark.parametrize(
    ("tail", "body"),
    [
        ("/search", {"filterGroups": [{"filters": [{"operator": "EQ"}]}]}),
        ("/search", {"limit": "many"}),
        ("/search", {"limit": 201}),
        ("/search", {"query": "x" * 3_000}),
        ("/search", {"after": "-1"}),
        ("/batch/read", {"inputs": [{"id": "1"}], "idProperty": ["email"]}),
        ("/batch/create", {"inputs": [{"properties": {}, "associations": 5}]}),
        (
            "/batch/create",
            {
                "inputs": [
                    {
                        "properties": {},
                        "associations": [
                            {"to": {"id": "1"}, "types": [{"associationTypeId": [3]}]}
                        ],
                    }
                ]
            },
        ),
        ("/batch/upsert", {"inputs": [{"id": "k", "idProperty": ["x"], "properties": {}}]}),
        ("/batch/create", {"inputs": [{"properties": {}, "objectWriteTraceId": ["r"]}]}),
        ("/batch/read", {"inputs": [{"id": "1"}], "properties": "dealname"}),
        ("/batch/create", {"inputs": [{"properties": {}, "associations": [{}]}]}),
        ("/batch/upsert", {"inputs": [{"properties": {}}]}),
        ("/batch/upsert", {"inputs": {}}),
        ("/batch/upsert", {}),
        ("", {"properties": []}),
    ],
)
@pytest.mark.parametrize("strict_requests", [True, False])
def test_bodies_of_the_wrong_shape_are_bad_requests(hubspot, tail, body, strict_requests):
    """What does not fit gets 400 VALIDATION_ERROR, never a server error.

    Also where members that are required may be absent.
    """
    hubspot.control("POST", "behaviours", {"strict_requests": strict_requests})
    hubspot.create("deals", dealname="D")
    answer = hubspot.send("POST", DEALS + tail, body)

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
