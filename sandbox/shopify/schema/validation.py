"""Whether a document is valid in a version; a field that it lacks is named in Shopify's words.

Shopify's server says "Field 'x' doesn't exist on type 'Y'", with the code undefinedField and
the way to the field from the operation or fragment that it is written in.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    ValidationRule,
    specified_rules,
    validate,
)
from graphql.validation import FieldsOnCorrectTypeRule

from sandbox.shopify.schema.contract import contract


def errors_of(document: DocumentNode, version: str) -> list[GraphQLError]:
    """List what makes a document invalid in a version."""
    return validate(contract(version), document, _RULES)


class _FieldsExist(ValidationRule):
    def enter_field(
        self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]
    ) -> None:
        owner = self.context.get_parent_type()
        if owner is None or self.context.get_field_def() is not None:
            return
        error = GraphQLError(
            f"Field '{node.name.value}' doesn't exist on type '{owner.name}'",
            node,
            path=[*filter(None, map(_step, ancestors)), _step(node) or ""],
            extensions={
                "code": "undefinedField",
                "typeName": owner.name,
                "fieldName": node.name.value,
            },
        )
        self.report_error(error)


def _step(node: Any) -> str | None:
    if isinstance(node, OperationDefinitionNode):
        name = f" {node.name.value}" if node.name else ""
        return f"{node.operation.value}{name}"
    if isinstance(node, FragmentDefinitionNode):
        return f"fragment {node.name.value}"
    if isinstance(node, InlineFragmentNode):
        return f"... on {node.type_condition.name.value}" if node.type_condition else "..."
    if isinstance(node, FieldNode):
        return node.alias.value if node.alias else node.name.value
    return None


_RULES = [_FieldsExist if rule is FieldsOnCorrectTypeRule else rule for rule in specified_rules]
