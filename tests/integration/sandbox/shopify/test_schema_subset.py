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
)

from sandbox.shopify.schema import versions
from sandbox.shopify.schema.contract import contract
from sandbox.shopify.schema.validation import errors_of

pytestmark = pytest.mark.shared
LATEST = versions.STABLE[-1]
OURS = sorted(name for name in contract().type_map if not name.startswith("__"))


@pytest.fixture(scope="module")
def shopifys(shared):
    """Shopify's schemas by version, as many as lie with the contracts: the latest for one."""
    found = {}
    for version in versions.ALL:
        path = shared / f"contracts/shopify/admin-{version}.json.gz"
        if path.exists():
            read = json.loads(gzip.decompress(path.read_bytes()))
            found[version] = build_client_schema(read.get("data", read), assume_valid=True)
    assert LATEST in found
    return found


@pytest.mark.parametrize("name", OURS)
def test_type_is_a_part_of_shopifys(shopifys, name):
    """Every field, argument, type reference, default, value and interface is Shopify's."""
    for version, schema in shopifys.items():
        ours, theirs = contract(version).type_map.get(name), schema.type_map.get(name)
        if ours is None:
            continue
        assert type(ours) is type(theirs), version
        if is_object_type(ours) or is_interface_type(ours):
            interfaces = {one.name for one in theirs.interfaces}
            assert {one.name for one in ours.interfaces} <= interfaces
        if is_object_type(ours) or is_interface_type(ours) or is_input_object_type(ours):
            for field_name, field in ours.fields.items():
                assert str(field.type) == str(theirs.fields[field_name].type), field_name
                for argument, given in getattr(field, "args", {}).items():
                    known = theirs.fields[field_name].args[argument]
                    assert str(given.type) == str(known.type), (field_name, argument)
                    assert given.default_value == known.default_value, (field_name, argument)
        if is_enum_type(ours):
            assert sorted(ours.values) == sorted(theirs.values), version
        if is_union_type(ours):
            assert {one.name for one in ours.types} <= {one.name for one in theirs.types}


@pytest.mark.parametrize("name", OURS)
def test_versions_lack_nothing_of_ours_that_shopifys_has(shopifys, name):
    """A field that we have in some version is in each version of ours where Shopify has it."""
    ever = getattr(contract().type_map[name], "fields", {})
    for version, schema in shopifys.items():
        theirs = getattr(schema.type_map.get(name), "fields", {})
        ours = getattr(contract(version).type_map.get(name), "fields", {})
        assert ours.keys() == ever.keys() & theirs.keys(), version


@pytest.mark.parametrize("kind", ["query_type", "mutation_type"])
def test_root_types_are_shopifys(shopifys, kind):
    """Queries and mutations start at the types that Shopify names."""
    assert getattr(contract(LATEST), kind).name == getattr(shopifys[LATEST], kind).name


def test_reference_documents_validate(shared):
    """Every document of the reference is valid against our subset of the latest version."""
    documents = sorted((shared / "reference/shopify-queries").glob("*.graphql"))
    assert documents
    for path in documents:
        assert errors_of(parse(path.read_text()), LATEST) == [], path.name


def test_field_types_are_all_defined():
    """No field of ours leads to an object type without fields, in no version."""
    for version in versions.ALL:
        for named in contract(version).type_map.values():
            for field in getattr(named, "fields", {}).values():
                returned = get_named_type(field.type)
                assert not is_object_type(returned) or returned.fields
