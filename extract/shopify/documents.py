"""The GraphQL documents of extract/shopify/queries, ready to send."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

FOLDER = Path(__file__).parent / "queries"
_FILTER = "__FILTER__"


@cache
def document(name: str, folder: Path = FOLDER) -> str:
    """The document <name>.graphql of a folder, its shared fragments written out.

    Written out because a bulk operation takes one operation and nothing beside it.
    Raises KeyError if it spreads a fragment that the folder's fragments.graphql lacks.
    """
    return print_ast(_written_out(name, folder))


def bulk_document(name: str, *, search: str | None, tag: str) -> str:
    """The document of a bulk operation, which takes no variables: its filter inlined.

    search is Shopify's search syntax, None for everything. tag and name go into a comment
    in front, which identifies the operation as ours in Shopify's list of them.
    """
    text = print_ast(visit(_written_out(f"{name}_bulk", FOLDER), _WithFilter(search)))
    return f"# cartwheel {tag} {name}\n{text}\n"


@cache
def _written_out(name: str, folder: Path) -> DocumentNode:
    written: DocumentNode = visit(_parsed(name, folder), _WithoutSpreads(_fragments(folder)))
    return written


@cache
def _fragments(folder: Path) -> dict[str, FragmentDefinitionNode]:
    return {
        node.name.value: node
        for node in _parsed("fragments", folder).definitions
        if isinstance(node, FragmentDefinitionNode)
    }


def _parsed(name: str, folder: Path) -> DocumentNode:
    return parse((folder / f"{name}.graphql").read_text(encoding="utf-8"), no_location=True)


class _WithoutSpreads(Visitor):
    """Replaces each fragment spread with the fragment's selections."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self._fragments = fragments

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        return SelectionSetNode(selections=tuple(self._selections(node)))

    def _selections(self, node: SelectionSetNode) -> list[SelectionNode]:
        found: list[SelectionNode] = []
        for selection in node.selections:
            if isinstance(selection, FragmentSpreadNode):
                found += self._selections(self._fragments[selection.name.value].selection_set)
            else:
                found.append(selection)
        return found


class _WithFilter(Visitor):
    """Fills in a document's placeholder for the search, or removes it."""

    def __init__(self, search: str | None) -> None:
        super().__init__()
        self._search = search

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        if not isinstance(node.value, StringValueNode) or node.value.value != _FILTER:
            return None
        if self._search is None:
            return REMOVE
        return ArgumentNode(name=node.name, value=StringValueNode(value=self._search))
