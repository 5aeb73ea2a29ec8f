"""/settings/currencies and /account-info: which currencies the account has."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.core.clock import stamp
from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call
from sandbox.hubspot.api.routing import both_versions, route


def routes(account: Account) -> list[Route]:
    """The routes of the account's currencies and details."""
    area = "settings/currencies"
    return [
        *both_versions(account, area, "/company-currency", {"get": company_currency}),
        *both_versions(account, area, "/exchange-rates/current", {"get": exchange_rates}),
        route(account, "/account-info/{version}/details", {"get": account_details}),
    ]


def company_currency(call: Call) -> Answer:
    """The currency that deals are in unless they say otherwise; its code is the id."""
    moment = stamp(call.account.clock.now())
    return 200, {"id": call.account.currencies[0], "createdAt": moment}


def exchange_rates(call: Call) -> Answer:
    """One rate for each further currency of the account; the sandbox's are all 1."""
    moment = stamp(call.account.clock.now())
    return 200, {
        "results": [
            {
                "id": str(number),
                "fromCurrencyCode": code,
                "toCurrencyCode": call.account.currencies[0],
                "conversionRate": 1.0,
                "visibleInUI": True,
                "effectiveAt": moment,
                "createdAt": moment,
                "updatedAt": moment,
            }
            for number, code in enumerate(call.account.currencies[1:], start=1)
        ]
    }


def account_details(call: Call) -> Answer:
    """The account's id, time zone and currencies."""
    return 200, {
        "portalId": call.account.portal_id,
        "accountType": "STANDARD",
        "timeZone": "UTC",
        "companyCurrency": call.account.currencies[0],
        "additionalCurrencies": call.account.currencies[1:],
        "utcOffset": "+00:00",
        "utcOffsetMilliseconds": 0,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }
