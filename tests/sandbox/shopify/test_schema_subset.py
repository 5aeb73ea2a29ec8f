"""Our schema against Shopify's own: a subset, identical wherever a name is present."""

from __future__ import annotations

import gzip
import json

import pytest
from graphql import (
    build_client_schema,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_union_type,
    parse,
    validate,
)

from sandbox.shopify.schema import contract

pytestmark = pytest.mark.shared
OURS = sorted(name for name in contract().type_map if not name.startswith("__"))


@pytest.fixture(scope="module")
def shopifys(shared):
    """Shopify's schema of 2026-10."""
    path = shared / "contracts/shopify/admin-2026-10.json.gz"
    read = json.loads(gzip.decompress(path.read_bytes()))
    return build_client_schema(read.get("data", read), assume_valid=True)


@pytest.mark.parametrize("name", OURS)
def test_type_is_a_part_of_shopifys(shopifys, name):
    """Every field, argument, type reference, default, value and interface is Shopify's."""
    ours, theirs = contract().type_map[name], shopifys.type_map[name]
    assert type(ours) is type(theirs)
    if is_object_type(ours) or is_interface_type(ours):
        assert {one.name for one in ours.interfaces} <= {one.name for one in theirs.interfaces}
    if is_object_type(ours) or is_interface_type(ours) or is_input_object_type(ours):
        for field_name, field in ours.fields.items():
            assert str(field.type) == str(theirs.fields[field_name].type), field_name
            for argument, given in getattr(field, "args", {}).items():
                known = theirs.fields[field_name].args[argument]
                assert str(given.type) == str(known.type), (field_name, argument)
                assert given.default_value == known.default_value, (field_name, argument)
    if is_enum_type(ours):
        assert list(ours.values) == list(theirs.values)
    if is_union_type(ours):
        assert {one.name for one in ours.types} <= {one.name for one in theirs.types}


@pytest.mark.parametrize("kind", ["query_type", "mutation_type"])
def test_root_types_are_shopifys(shopifys, kind):
    """Queries and mutations start at the types that Shopify names."""
    assert getattr(contract(), kind).name == getattr(shopifys, kind).name


def test_reference_documents_validate(shared):
    """Every document of the reference is valid against our subset."""
    documents = sorted((shared / "reference/shopify-queries").glob("*.graphql"))
    assert documents
    for path in documents:
        assert validate(contract(), parse(path.read_text())) == [], path.name


def test_field_types_are_all_defined():
    """No field of ours leads to an object type without fields."""
    for named in contract().type_map.values():
        for field in getattr(named, "fields", {}).values():
            returned = get_named_type(field.type)
            assert not is_object_type(returned) or returned.fields
