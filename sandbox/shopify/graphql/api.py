"""One GraphQL request: read, validated, priced, executed, wrapped as Shopify wraps it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
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

from sandbox.core.clock import Clock
from sandbox.core.faults import Faults
from sandbox.shopify.access.installation import Installation, asks_for_protected_data
from sandbox.shopify.bulk.operations import BulkOperations
from sandbox.shopify.connections.catalogue import Catalogue
from sandbox.shopify.cost.budget import Budget
from sandbox.shopify.cost.fields import cost_fields
from sandbox.shopify.cost.pricing import Pricing
from sandbox.shopify.graphql.faults import KINDS, text_of
from sandbox.shopify.graphql.resolvers import Context, executable, resolve_type
from sandbox.shopify.schema.contract import contract
from sandbox.shopify.schema.validation import errors_of
from sandbox.store.store import Store

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


@dataclass(frozen=True)
class Asked:
    """A valid request: `given` are its variables as sent, `variables` as they are coerced.

    `text` is the document's; faults aim at `target`. `debug` asks for the cost of each field.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    given: dict[str, Any]
    text: str
    target: str
    base_url: str
    version: str
    debug: bool


class Api:
    """The GraphQL endpoint of one shop for one app."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        installation: Installation,
        budget: Budget,
    ) -> None:
        self.store = store
        self.clock = clock
        self.installation = installation
        self.budget = budget
        self.faults = Faults(KINDS)
        self.bulk = BulkOperations(clock, self.faults)

    def answer(
        self, request: Any, base_url: str, version: str, debug: bool = False
    ) -> tuple[int, Answer]:
        """Answer the body of a POST to a version: HTTP status and JSON body.

        With debug, the answer states what each field costs.
        """
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
        target = text_of(request)
        return 200, self._priced(
            Asked(document, operation, variables, given, text, target, base_url, version, debug)
        )

    def _priced(self, asked: Asked) -> Answer:
        due = partial(self.faults.take, text=asked.target)
        pricing = Pricing(asked.document, asked.variables, self.budget.model)
        requested = pricing.price(asked.operation)
        if requested > self.budget.most:
            return {"errors": [_too_costly(requested, self.budget.most)]}
        if due("internal_error"):
            return {"errors": [_INTERNAL_ERROR]}
        fields = cost_fields(pricing, asked.operation) if asked.debug else None
        if due("throttled") or not self.budget.bucket.take(requested):
            return {"errors": [_THROTTLED], "extensions": self._cost(requested, None, fields)}
        catalogue = Catalogue(self.store, self.clock, self.installation.scopes)
        result = execute_sync(
            executable(asked.version),
            asked.document,
            context_value=Context(
                catalogue,
                self.bulk,
                asked.base_url,
                asked.version,
                self._may_see_protected(asked),
            ),
            variable_values=asked.given,
            operation_name=asked.operation.name.value if asked.operation.name else None,
            type_resolver=resolve_type,
        )
        actual = requested
        if asked.operation.operation is OperationType.QUERY:
            actual = min(requested, pricing.price(asked.operation, result.data or {}))
        self.budget.bucket.give_back(requested - actual)
        answer: Answer = {"data": result.data}
        errors = result.errors or []
        if result.data and due("partial_data"):
            errors = [*errors, _without_first(result.data, asked.operation)]
        if errors:
            answer["errors"] = [error.formatted for error in errors]
        answer["extensions"] = self._cost(requested, actual, fields)
        if catalogue.warnings:
            answer["extensions"]["search"] = catalogue.warnings
        return answer

    def _may_see_protected(self, asked: Asked) -> bool:
        if not self.installation.protected_data:
            return False
        return not (
            asks_for_protected_data(asked.text)
            and self.faults.take("access_denied", asked.target)
        )

    def _cost(
        self, requested: int, actual: int | None, fields: list[dict[str, Any]] | None
    ) -> dict[str, Any]:
        cost = {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": self.budget.bucket.status(),
        }
        return {"cost": cost if fields is None else {**cost, "fields": fields}}


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


def _too_costly(cost: int, most: int) -> dict[str, Any]:
    return {
        "message": f"Query cost is {cost}, which exceeds the single query max cost limit"
        f" ({most}). To query larger amounts of data with fewer limits, bulk"
        " operations should be used instead.",
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": most,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }


def _variable_error(error: GraphQLError) -> dict[str, Any]:
    return {**error.formatted, "extensions": {"code": "INVALID_VARIABLE"}}
