"""Every deal's currency must be one of the account's (docs/reference/hubspot.md#currencies)."""

from __future__ import annotations

import duckdb

from cartwheel.core.errors import AccessDenied, SettingsError
from cartwheel.core.progress import Say
from load.hubspot.client import HubSpot, raise_for_error

_WANTED = """
select distinct currency from (
    select deal_currency_code as currency from hubspot.deals
    union all
    select hs_line_item_currency_code from hubspot.line_items
)
where trim(currency) <> ''
order by currency
"""


def check_currencies(connection: duckdb.DuckDBPyConnection, hubspot: HubSpot, say: Say) -> None:
    """Raise SettingsError naming the currencies of the marts that the account lacks."""
    wanted = currencies_of_marts(connection)
    if not wanted:
        return
    try:
        known = account_currencies(hubspot)
    except AccessDenied:
        say("currencies not checked: the token lacks the scope multi-currency-read")
        return
    if missing := sorted(wanted - known):
        raise SettingsError(
            f"The HubSpot account does not have the currencies {', '.join(missing)}, which "
            "deals use. Add them in HubSpot under Settings > Account Defaults > Currency, "
            "then run the same command again"
        )


def currencies_of_marts(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The codes of the currencies that deals and line items use."""
    return {row[0] for row in connection.execute(_WANTED).fetchall()}


def account_currencies(hubspot: HubSpot) -> set[str]:
    """The codes of the company's currency and of the further ones."""
    base = f"/settings/currencies/{hubspot.version}"
    company = hubspot.call("GET", f"{base}/company-currency")
    raise_for_error(company, "read the company's currency")
    rates = hubspot.call("GET", f"{base}/exchange-rates/current")
    raise_for_error(rates, "read the account's currencies")
    further = {
        str(rate["fromCurrencyCode"])
        for rate in rates.body.get("results", [])
        if rate.get("visibleInUI", True)
    }
    return further | {str(company.body.get("currencyCode") or company.body.get("id"))}
