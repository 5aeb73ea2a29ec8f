"""One GraphQL request: read, validated, priced, executed, wrapped as Shopify wraps it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    parse,
)
from graphql.execution.values import get_variable_values
from graphql.utilities import get_operation_ast

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.shopify.bulk import BulkOperations
from sandbox.shopify.cost import MOST_PER_QUERY, Bucket, Pricing
from sandbox.shopify.faults import KINDS
from sandbox.shopify.listing import Catalogue
from sandbox.shopify.resolvers import Context, executable, resolve_type
from sandbox.shopify.schema import contract
from sandbox.shopify.validation import errors_of
from sandbox.store import Store

Answer = dict[str, Any]


@lru_cache(maxsize=256)
def read_document(
    text: str, version: str
) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse a document and validate it for a version; give it, or the errors it has."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    errors = errors_of(document, version)
    return (None, tuple(errors)) if errors else (document, ())


class Api:
    """The GraphQL endpoint of one shop for one app."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        scopes: tuple[str, ...],
        bucket: Bucket,
    ) -> None:
        self.store = store
        self.clock = clock
        self.scopes = frozenset(scopes)
        self.bucket = bucket
        self.faults = Faults(KINDS)
        self.bulk = BulkOperations(clock, self.faults)

    def answer(self, request: Any, base_url: str, version: str) -> tuple[int, Answer]:
        """Answer the body of a POST to a version: HTTP status and JSON body."""
        if self.faults.take("unavailable"):
            return 503, {"errors": "Service Unavailable"}
        text = request.get("query") if isinstance(request, dict) else None
        if not isinstance(text, str) or not text.strip():
            return 400, {"errors": {"query": "Required parameter missing or invalid"}}
        document, errors = read_document(text, version)
        if document is None:
            return 200, {"errors": [error.formatted for error in errors]}
        operation = get_operation_ast(document, request.get("operationName"))
        if operation is None:
            return 200, {"errors": [{"message": "An operation name is required"}]}
        given = request.get("variables") or {}
        if not isinstance(given, dict):
            return 400, {"errors": {"variables": "Must be an object"}}
        variables = get_variable_values(
            contract(version), operation.variable_definitions or (), given
        )
        if isinstance(variables, list):
            return 200, {"errors": [_variable_error(error) for error in variables]}
        return 200, self._priced(document, operation, variables, given, base_url, version)

    def _priced(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        given: dict[str, Any],
        base_url: str,
        version: str,
    ) -> Answer:
        pricing = Pricing(document, variables)
        requested = pricing.price(operation)
        if requested > MOST_PER_QUERY:
            return {"errors": [_too_costly(requested)]}
        if self.faults.take("internal_error"):
            return {"errors": [_INTERNAL_ERROR]}
        if self.faults.take("throttled") or not self.bucket.take(requested):
            return {"errors": [_THROTTLED], "extensions": self._cost(requested, None)}
        catalogue = Catalogue(self.store, self.clock, self.scopes)
        result = execute_sync(
            executable(version),
            document,
            context_value=Context(catalogue, self.bulk, base_url, version),
            variable_values=given,
            operation_name=operation.name.value if operation.name else None,
            type_resolver=resolve_type,
        )
        actual = requested
        if operation.operation is OperationType.QUERY:
            actual = min(requested, pricing.price(operation, result.data or {}))
        self.bucket.give_back(requested - actual)
        answer: Answer = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        answer["extensions"] = self._cost(requested, actual)
        if catalogue.warnings:
            answer["extensions"]["search"] = catalogue.warnings
        return answer

    def _cost(self, requested: int, actual: int | None) -> dict[str, Any]:
        return {
            "cost": {
                "requestedQueryCost": requested,
                "actualQueryCost": actual,
                "throttleStatus": self.bucket.status(),
            }
        }


_THROTTLED = {
    "message": "Throttled",
    "extensions": {
        "code": "THROTTLED",
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    },
}


_INTERNAL_ERROR = {
    "message": "Internal error. Looks like something went wrong on our end.",
    "extensions": {"code": "INTERNAL_SERVER_ERROR"},
}


def _too_costly(cost: int) -> dict[str, Any]:
    return {
        "message": f"Query cost is {cost}, which exceeds the single query max cost limit"
        f" ({MOST_PER_QUERY}). To query larger amounts of data with fewer limits, bulk"
        " operations should be used instead.",
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": MOST_PER_QUERY,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }


def _variable_error(error: GraphQLError) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": "INVALID_VARIABLE"}}
