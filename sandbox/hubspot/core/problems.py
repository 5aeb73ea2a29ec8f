"""Refusals, in the shape of HubSpot's error bodies (docs/reference/hubspot.md#error-bodies)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson


class Fault(NamedTuple):
    """What is wrong with one property value."""

    name: str
    code: str
    message: str


class Problem(Exception):
    """A refusal: HTTP status, category, message and, where known, its parts."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        context: Mapping[str, list[str]] | None = None,
        sub_category: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.errors = [dict(error) for error in errors]
        self.context = dict(context or {})
        self.sub_category = sub_category
        self.headers = dict(headers or {})

    def row(self) -> dict[str, Any]:
        """The problem as one entry of `errors` in a 207 body."""
        row: dict[str, Any] = {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": self.context,
            "errors": self.errors,
            "links": {},
        }
        if self.sub_category:
            row["subCategory"] = self.sub_category
        return row

    def body(self) -> dict[str, Any]:
        """The problem as the whole body of an answer."""
        body = {**self.row(), "correlationId": str(uuid.uuid4())}
        if not self.context:
            del body["context"]
        return body


class ServerFailure(Exception):
    """A request on which HubSpot's server fails: HTTP 500 without a body."""


def invalid_values(faults: Iterable[Fault]) -> Problem:
    """400: property values that their types refuse, packed as JSON into the message."""
    faults = list(faults)
    packed = [
        {"isValid": False, "message": fault.message, "error": fault.code, "name": fault.name}
        for fault in faults
    ]
    return Problem(
        400,
        "VALIDATION_ERROR",
        f"Property values were not valid: {orjson.dumps(packed).decode()}",
        errors=[
            {
                "message": fault.message,
                "code": fault.code,
                "context": {"propertyName": [fault.name]},
            }
            for fault in faults
        ],
    )


def lacking_values(names: Iterable[str], because: str) -> Problem:
    """400: properties that an admin's rule demands, and that the record does not have."""
    names = list(names)
    return Problem(
        400,
        "VALIDATION_ERROR",
        f"Required properties are missing: {', '.join(names)}. They are required by {because}.",
        errors=[
            {
                "message": f"{name} is required by {because}",
                "code": "REQUIRED_PROPERTY_MISSING",
                "context": {"propertyName": [name]},
            }
            for name in names
        ],
    )


def bad_request(message: str, code: str | None = None) -> Problem:
    """400: a request that does not make sense as a whole."""
    errors = [{"message": message, "code": code}] if code else []
    return Problem(400, "VALIDATION_ERROR", message, errors=errors)


def not_found(message: str, context: Mapping[str, list[str]] | None = None) -> Problem:
    """404, or one OBJECT_NOT_FOUND row of a 207."""
    return Problem(404, "OBJECT_NOT_FOUND", message, context=context)


def conflict(message: str, code: str = "CONFLICT", name: str | None = None) -> Problem:
    """409: somebody else holds that value."""
    context = {"propertyName": [name]} if name else {}
    return Problem(
        409,
        "CONFLICT",
        message,
        errors=[{"message": message, "code": code, "context": context}],
    )


def already_exists(contact_id: str) -> Problem:
    """409: a living contact has that e-mail, as its first or as a secondary one."""
    return conflict(f"Contact already exists. Existing ID: {contact_id}", name="email")


def over_plan(message: str) -> Problem:
    """403: the account's subscription allows no more; a matter of no scope."""
    return Problem(
        403,
        "FORBIDDEN",
        f"{message} Upgrade the subscription, or remove what is no longer used.",
        sub_category="PORTAL_LIMIT_REACHED",
    )


def missing_scopes(required: Iterable[str]) -> Problem:
    """403: the token lacks scopes, or the account's plan has nothing that they are for."""
    return Problem(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call.",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": list(required)},
            }
        ],
    )


def unauthorized() -> Problem:
    """401: no bearer token, or not this account's."""
    return Problem(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. Send the account's access token as "
        "Authorization: Bearer <token>.",
    )
