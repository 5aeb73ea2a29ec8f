"""One GraphQL request: read, validated, priced, executed, wrapped as Shopify wraps it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values
from graphql.utilities import get_operation_ast

from sandbox.clock import Clock
from sandbox.faults import Fault, Faults
from sandbox.shopify.access import Installation, asks_for_protected_data
from sandbox.shopify.bulk import BulkOperations
from sandbox.shopify.cost import MOST_PER_QUERY, Bucket, Pricing
from sandbox.shopify.faults import KINDS, text_of
from sandbox.shopify.listing import Catalogue
from sandbox.shopify.resolvers import Context, executable, resolve_type
from sandbox.shopify.schema import contract
from sandbox.store import Store

Answer = dict[str, Any]


@lru_cache(maxsize=256)
def read_document(text: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse and validate a document; give it, or the errors it has."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    errors = validate(contract(), document)
    return (None, tuple(errors)) if errors else (document, ())


class Api:
    """The GraphQL endpoint of one shop for one app."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        installation: Installation,
        bucket: Bucket,
    ) -> None:
        self.store = store
        self.clock = clock
        self.installation = installation
        self.bucket = bucket
        self.faults = Faults(KINDS, aimed=True)
        self.bulk = BulkOperations(clock, self.faults)

    def answer(self, request: Any, base_url: str) -> tuple[int, Answer]:
        """Answer the body of a POST: HTTP status and JSON body."""
        text = request.get("query") if isinstance(request, dict) else None
        due = partial(self.faults.take, text=text_of(request))
        if not isinstance(text, str) or not text.strip():
            return 400, {"errors": {"query": "Required parameter missing or invalid"}}
        document, errors = read_document(text)
        if document is None:
            return 200, {"errors": [error.formatted for error in errors]}
        operation = get_operation_ast(document, request.get("operationName"))
        if operation is None:
            return 200, {"errors": [{"message": "An operation name is required"}]}
        given = request.get("variables") or {}
        if not isinstance(given, dict):
            return 400, {"errors": {"variables": "Must be an object"}}
        variables = get_variable_values(contract(), operation.variable_definitions or (), given)
        if isinstance(variables, list):
            return 200, {"errors": [_variable_error(error) for error in variables]}
        protected_asked = asks_for_protected_data(text)
        return 200, self._priced(
            document, operation, variables, given, base_url, due, protected_asked
        )

    def _priced(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
        given: dict[str, Any],
        base_url: str,
        due: Callable[[str], Fault | None],
        protected_asked: bool,
    ) -> Answer:
        pricing = Pricing(document, variables)
        requested = pricing.price(operation)
        if requested > MOST_PER_QUERY:
            return {"errors": [_too_costly(requested)]}
        if due("internal_error"):
            return {"errors": [_INTERNAL_ERROR]}
        if due("throttled") or not self.bucket.take(requested):
            return {"errors": [_THROTTLED], "extensions": self._cost(requested, None)}
        catalogue = Catalogue(self.store, self.clock, self.installation.scopes)
        protected_data = self.installation.protected_data and not (
            protected_asked and due("access_denied")
        )
        result = execute_sync(
            executable(),
            document,
            context_value=Context(catalogue, self.bulk, base_url, protected_data),
            variable_values=given,
            operation_name=operation.name.value if operation.name else None,
            type_resolver=resolve_type,
        )
        actual = requested
        if operation.operation is OperationType.QUERY:
            actual = min(requested, pricing.price(operation, result.data or {}))
        self.bucket.give_back(requested - actual)
        answer: Answer = {"data": result.data}
        errors = result.errors or []
        if result.data and due("partial_data"):
            errors = [*errors, _without_first(result.data, operation)]
        if errors:
            answer["errors"] = [error.formatted for error in errors]
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


_INTERNAL_ERROR: dict[str, Any] = {
    "message": "Internal error. Looks like something went wrong on our end.",
    "extensions": {"code": "INTERNAL_SERVER_ERROR"},
}


def _without_first(data: dict[str, Any], operation: OperationDefinitionNode) -> GraphQLError:
    """Take the first root field out of data; give the error that explains it."""
    key = next(iter(data))
    data[key] = None
    return GraphQLError(
        _INTERNAL_ERROR["message"],
        nodes=list(operation.selection_set.selections[:1]),
        path=[key],
        extensions=_INTERNAL_ERROR["extensions"],
    )


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
