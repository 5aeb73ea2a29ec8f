"""The documents against Shopify's own schema and its rules for bulk operations."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLNonNull,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    is_list_type,
    parse,
    specified_rules,
    validate,
    visit,
)

from extract.shopify.documents import FOLDER, bulk_document, document

NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql") if path.stem != "fragments")
BULK = [name.removesuffix("_bulk") for name in NAMES if name.endswith("_bulk")]


@pytest.fixture(scope="session")
def admin_schema(shared: Path) -> GraphQLSchema:
    """Shopify's Admin schema, as its introspection gives it."""
    contract = shared / "contracts" / "shopify" / "admin-2026-10.json.gz"
    introspection = json.loads(gzip.decompress(contract.read_bytes()))
    return build_client_schema(introspection.get("data", introspection), assume_valid=True)


class Connections(Visitor):
    """Collects a document's connections: how many, how deep, and those below a list."""

    def __init__(self, type_info: TypeInfo) -> None:
        super().__init__()
        self.info = type_info
        self.count, self.depth = 0, 0
        self.below_lists: list[str] = []
        self._open: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        declared = self.info.get_type()
        kind = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
        if get_named_type(kind).name.endswith("Connection"):
            self.count += 1
            self.depth = max(self.depth, self._open.count("connection"))
            if "list" in self._open:
                self.below_lists.append(node.name.value)
            self._open.append("connection")
        else:
            is_list = is_list_type(kind) and node.name.value not in ("edges", "nodes")
            self._open.append("list" if is_list else "field")

    def leave_field(self, *_: object) -> None:
        self._open.pop()


def root_of(tree: DocumentNode) -> FieldNode:
    """The one field at the root of the one operation of a document."""
    (operation,) = tree.definitions
    assert isinstance(operation, OperationDefinitionNode)
    (root,) = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    return root


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_document_is_valid(name: str, admin_schema: GraphQLSchema) -> None:
    """Every document validates against Admin 2026-10 and uses nothing deprecated."""
    rules = [*specified_rules, NoDeprecatedCustomRule]

    assert validate(admin_schema, parse(document(name)), rules) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", BULK)
def test_bulk_document_keeps_the_bulk_rules(name: str, admin_schema: GraphQLSchema) -> None:
    """A bulk document has one root, at most 5 connections, depth 2, none below a list."""
    tree = parse(bulk_document(name, search=None, tag="test"))
    info = TypeInfo(admin_schema)
    found = Connections(info)
    visit(tree, TypeInfoVisitor(info, found))

    assert root_of(tree)
    assert 1 <= found.count <= 5
    assert found.depth <= 2
    assert found.below_lists == []


@pytest.mark.parametrize("name", BULK)
def test_filter_of_a_bulk_document_is_one_string(name: str) -> None:
    """Quotes and backslashes in a filter stay inside the string that holds them."""
    search = "name:'a \"b\" \\ c'"

    tree = parse(bulk_document(name, search=search, tag="test"))

    root = root_of(tree)
    given = next(argument for argument in root.arguments if argument.name.value == "query")
    assert given.value.to_dict()["value"] == search


@pytest.mark.parametrize("name", BULK)
def test_whole_read_has_no_filter(name: str) -> None:
    """Without a filter the query argument is left out, since Shopify fails on an empty one."""
    tree = parse(bulk_document(name, search=None, tag="test"))

    root = root_of(tree)
    assert "query" not in [argument.name.value for argument in root.arguments]


def test_fragments_may_be_laid_out_otherwise(tmp_path):
    """However an editor indents the files, the documents stay the same."""
    for path in FOLDER.glob("*.graphql"):
        lines = path.read_text().replace("{", " {\n").splitlines()
        (tmp_path / path.name).write_text("\n".join(f"    {line}" for line in lines))

    assert [document(name, tmp_path) for name in NAMES] == [document(name) for name in NAMES]
