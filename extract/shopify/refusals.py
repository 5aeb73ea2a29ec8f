"""What Shopify's refusals mean, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from cartwheel.core.errors import AccessDenied, ServiceError
from cartwheel.core.http import request_id
from cartwheel.core.settings import Settings

Problem = Mapping[str, Any]  # one of an answer's errors


def code(error: Problem) -> str:
    """The code of an error, "" where it has none."""
    return str((error.get("extensions") or {}).get("code", ""))


def required_access(errors: Sequence[Problem]) -> str:
    """The access that errors name as needed, without repetition."""
    named = {str((error.get("extensions") or {}).get("requiredAccess", "")) for error in errors}
    return ", ".join(sorted(named - {""}))


def of_query(name: str, errors: Sequence[Problem], response: requests.Response) -> ServiceError:
    """The error for a document that was refused."""
    messages = "; ".join(str(error.get("message", "no message")) for error in errors)
    denied = [error for error in errors if code(error) == "ACCESS_DENIED"]
    if denied:
        return AccessDenied(
            f"Shopify refused {name}: {messages}. Access needed: "
            f"{required_access(denied) or 'see the message'}. Add it to the app in the Dev "
            "Dashboard, release the version, then run: cartwheel doctor",
            status=response.status_code,
            request_id=request_id(response),
        )
    return ServiceError(
        f"Shopify refused {name}: {messages or 'no data and no reason'}",
        status=response.status_code,
        request_id=request_id(response),
    )


def of_request(settings: Settings, response: requests.Response) -> ServiceError:
    """The error for an HTTP status other than success."""
    status, identity = response.status_code, request_id(response)
    if status in (401, 403):
        names = ["SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET"]
        if settings.shopify_access_token:
            names = ["SHOPIFY_ACCESS_TOKEN"]
        setting = " and ".join(settings.secret_name(name) for name in names)
        return AccessDenied(
            f"Shopify does not accept the token for {settings.shop} (HTTP {status}). Check "
            f"{setting}, and that the app is installed on the store, then run: "
            "cartwheel doctor",
            status=status,
            request_id=identity,
        )
    reason = {
        402: "the shop is frozen until its plan is paid",
        404: f"there is no such shop; check {settings.address_names}",
    }.get(status, "see the status page of Shopify")
    return ServiceError(
        f"Shopify answered HTTP {status} for {settings.shop}: {reason}",
        status=status,
        request_id=identity,
    )


def no_graphql(settings: Settings, response: requests.Response) -> ServiceError:
    """The error for an answer that is not GraphQL, such as an HTML page."""
    return ServiceError(
        f"Shopify's answer is not GraphQL. Check {settings.address_names}",
        status=response.status_code,
        request_id=request_id(response),
    )
