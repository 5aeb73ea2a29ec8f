"""Our schema against Shopify's own: a subset, identical wherever a name is present."""

from __future__ import annotations

import gzip
import json

import pytest
from graphql import (
    build_client_schema,
    get_named_type,
    is_enum_type,
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


def differences(ours, theirs):
    """What a type of ours has and Shopify's type of that name has not, or has otherwise."""
    if type(ours) is not type(theirs):
        yield f"{ours} is a {type(ours).__name__}"
        return
    if is_enum_type(ours) and ours.values.keys() != theirs.values.keys():
        yield f"{ours} has the values {sorted(ours.values)}"
    if is_union_type(ours):
        known = {one.name for one in theirs.types}
        yield from (f"{ours} has the type {one}" for one in ours.types if one.name not in known)
    if is_object_type(ours) or is_interface_type(ours):
        known = {one.name for one in theirs.interfaces}
        yield from (f"{ours} is {one}" for one in ours.interfaces if one.name not in known)
    for name, field in getattr(ours, "fields", {}).items():
        if name not in theirs.fields or str(field.type) != str(theirs.fields[name].type):
            yield f"{ours}.{name}: {field.type}"
            continue
        arguments = getattr(theirs.fields[name], "args", {})
        for argument, given in getattr(field, "args", {}).items():
            if (
                argument not in arguments
                or str(given.type) != str(arguments[argument].type)
                or given.default_value != arguments[argument].default_value
            ):
                yield f"{ours}.{name}({argument}: {given.type} = {given.default_value})"


def test_types_are_parts_of_shopifys(shopifys):
    """Every field, argument, type reference, default, value and interface is Shopify's."""
    found = [
        f"{version}: {difference}"
        for version, schema in shopifys.items()
        for name in OURS
        if (ours := contract(version).type_map.get(name)) is not None
        for difference in differences(ours, schema.type_map.get(name))
    ]

    assert found == []


def test_versions_lack_nothing_of_ours_that_shopifys_has(shopifys):
    """A field that we have in some version is in each version of ours where Shopify has it."""
    lacking = []
    for version, schema in shopifys.items():
        for name in OURS:
            ever, theirs, ours = (
                getattr(each.type_map.get(name), "fields", {}).keys()
                for each in (contract(), schema, contract(version))
            )
            lacking += [f"{version}: {name}.{field}" for field in (ever & theirs) ^ ours]

    assert lacking == []


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
