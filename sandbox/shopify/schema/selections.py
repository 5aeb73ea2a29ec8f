"""Selections of a GraphQL document as they apply to one concrete type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
    value_from_ast_untyped,
)

from sandbox.shopify.schema.contract import contract


@dataclass
class Selected:
    """One response key: the field, as often as it was written for it."""

    written: list[FieldNode]

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self.written[0].name.value

    @property
    def inner(self) -> list[SelectionSetNode]:
        """All selection sets of the field."""
        return [found.selection_set for found in self.written if found.selection_set]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments, all literals."""
        return {
            argument.name.value: value_from_ast_untyped(argument.value)
            for argument in self.written[0].arguments
        }


class Document:
    """A parsed and validated document with its fragments."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.operations = [
            definition
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        ]

    def written(
        self, selections: SelectionSetNode, parent: str
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType]]:
        """Give every field as written, fragments opened, with the type it is written on."""
        for selection in _included(selections):
            if isinstance(selection, FieldNode):
                yield selection, contract().type_map[parent]
            else:
                inner, condition = self._opened(selection)
                yield from self.written(inner, condition or parent)

    def collect(self, sets: list[SelectionSetNode], concrete: str) -> dict[str, Selected]:
        """Give what is selected on a concrete type, by response key, merged, in order."""
        found: dict[str, Selected] = {}
        for selections in sets:
            self._collect(selections, concrete, found)
        return found

    def _collect(
        self, selections: SelectionSetNode, concrete: str, found: dict[str, Selected]
    ) -> None:
        for selection in _included(selections):
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                found.setdefault(key, Selected([])).written.append(selection)
            else:
                inner, condition = self._opened(selection)
                if condition is None or _applies(condition, concrete):
                    self._collect(inner, concrete, found)

    def _opened(self, selection: Any) -> tuple[SelectionSetNode, str | None]:
        if isinstance(selection, FragmentSpreadNode):
            fragment = self._fragments[selection.name.value]
            return fragment.selection_set, fragment.type_condition.name.value
        inline: InlineFragmentNode = selection
        condition = inline.type_condition
        return inline.selection_set, condition.name.value if condition else None


def concrete_types(named: GraphQLNamedType) -> list[str]:
    """List the object types that a type may turn out to be."""
    if is_abstract_type(named):
        possible = contract().get_possible_types(cast(GraphQLAbstractType, named))
        return [one.name for one in possible]
    return [named.name]


def fields_of(named: GraphQLNamedType) -> dict[str, GraphQLField]:
    """Give the fields of an object or interface type, none for other types."""
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        fields: dict[str, GraphQLField] = named.fields
        return fields
    return {}


def _included(selections: SelectionSetNode) -> Iterator[SelectionNode]:
    """Give the selections that no `@skip` or `@include`, with a literal, leaves out."""
    unless = {"skip": True, "include": False}
    for selection in selections.selections:
        if not any(
            value_from_ast_untyped(directive.arguments[0].value)
            is unless.get(directive.name.value)
            for directive in selection.directives
        ):
            yield selection


def _applies(condition: str, concrete: str) -> bool:
    if condition == concrete:
        return True
    schema = contract()
    abstract, named = schema.type_map[condition], schema.type_map[concrete]
    return (
        is_abstract_type(abstract)
        and not is_abstract_type(named)
        and schema.is_sub_type(abstract, named)  # type: ignore[arg-type]  # both were checked
    )
