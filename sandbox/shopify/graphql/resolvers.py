"""How graphql-core finds each field's value in the store's nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
)

from sandbox.shopify.access.installation import (
    PROTECTED_FIELDS,
    SCOPE_OF_COUNT,
    SCOPE_OF_TYPE,
    denied,
    unapproved,
)
from sandbox.shopify.bulk.operations import BulkOperations
from sandbox.shopify.connections.catalogue import RESOURCE_OF_FIELD, Catalogue
from sandbox.shopify.connections.paging import Window, nested
from sandbox.shopify.schema import versions
from sandbox.shopify.schema.contract import is_connection, lenient, node_type
from sandbox.shopify.schema.derived import DERIVED, Derive
from sandbox.store.facts import Node

MOST_IDS = 250
_ENGLISH = {"locale": "en", "name": "English", "primary": True, "published": True}
Resolver = Callable[..., Any]
Read = Callable[[Node, GraphQLResolveInfo, str], Any]


@dataclass(frozen=True)
class Context:
    """What a request's resolvers work with."""

    catalogue: Catalogue
    bulk: BulkOperations
    base_url: str
    version: str
    protected_data: bool = True


def type_of(gid: str) -> str:
    """Give the type in a gid. Raises GraphQLError if it is not a valid gid."""
    parts = gid.split("/")
    if not gid.startswith("gid://shopify/") or len(parts) != 5 or not parts[4]:
        raise GraphQLError(
            f"Invalid global id '{gid}'", extensions={"code": "argumentLiteralsIncompatible"}
        )
    return parts[3]


@cache
def executable(version: str) -> GraphQLSchema:
    """Give the schema of a version with its resolvers in place."""
    schema = lenient(version)
    for named in schema.type_map.values():
        if isinstance(named, GraphQLObjectType) and not named.name.startswith("__"):
            for name, field in named.fields.items():
                field.resolve = _resolver(named.name, name, field)
    return schema


def resolve_type(
    value: Any, info: GraphQLResolveInfo, abstract: GraphQLAbstractType
) -> str | None:
    """Give the concrete type of a node: its `__typename`, else the type in its gid."""
    del info, abstract
    name = value.get("__typename") or value.get("id", "").removeprefix("gid://shopify/")
    return str(name).partition("/")[0] or None


def _resolver(parent: str, name: str, field: GraphQLField) -> Resolver:
    resolve = _ROOT.get(name) if parent in ("QueryRoot", "Mutation") else None
    if resolve is None and name in RESOURCE_OF_FIELD and parent == "QueryRoot":
        resolve = _listing
    elif resolve is None:
        resolve = _from_node(parent, name, field)
    if name in PROTECTED_FIELDS.get(parent, ()):
        return _protected(resolve)
    scope = SCOPE_OF_COUNT.get(name) if parent == "QueryRoot" else None
    scope = scope or SCOPE_OF_TYPE.get(node_type(field.type).name)
    return _guarded(resolve, scope) if scope else resolve


def _from_node(parent: str, name: str, field: GraphQLField) -> Resolver:
    derive = DERIVED.get((parent, name))
    read = _reading(derive) if derive else _stored
    return _nested(read) if is_connection(_named(field)) else _plain(read)


def _named(field: GraphQLField) -> Any:
    named = field.type
    while hasattr(named, "of_type"):
        named = named.of_type
    return named


def _guarded(resolve: Resolver, scope: str) -> Resolver:
    def guarded(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if scope not in info.context.catalogue.scopes:
            raise denied(info.field_name, scope)
        return resolve(source, info, **arguments)

    return guarded


def _stored(source: Node, info: GraphQLResolveInfo, name: str) -> Any:
    return source[name] if name in source else info.context.catalogue.complete(source, name)


def _reading(derive: Derive) -> Read:
    def read(source: Node, info: GraphQLResolveInfo, name: str) -> Any:
        if name in source:
            return source[name]
        return derive(lambda other: _stored(source, info, other))

    return read


def _plain(read: Read) -> Resolver:
    def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        value = read(source, info, info.field_name)
        if arguments.get("first") is not None and isinstance(value, list):
            return value[: arguments["first"]]
        return value

    return resolve


def _protected(resolve: Resolver) -> Resolver:
    def protected(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if not info.context.protected_data:
            raise unapproved(info.field_name)
        return resolve(source, info, **arguments)

    return protected


def _nested(read: Read) -> Resolver:
    def resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        return nested(read(source, info, info.field_name), Window.of(arguments))

    return resolve


def _listing(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    return info.context.catalogue.page(info.field_name, arguments)


def _count(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    return info.context.catalogue.count(
        info.field_name, arguments.get("query"), arguments.get("limit")
    )


def _by_id(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    kind = type_of(arguments["id"])
    returned = _named(info.parent_type.fields[info.field_name])
    if not isinstance(returned, GraphQLInterfaceType) and kind != returned.name:
        raise GraphQLError(f"Invalid id: {arguments['id']}")
    return _node(arguments["id"], info)


def _nodes(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    ids = arguments["ids"]
    if len(ids) > MOST_IDS:
        raise GraphQLError(
            f"The input array size of {len(ids)} is greater than the maximum allowed of"
            f" {MOST_IDS}.",
            extensions={"code": "MAX_INPUT_SIZE_EXCEEDED"},
        )
    return [_node(gid, info) for gid in ids]


def _node(gid: str, info: GraphQLResolveInfo) -> Node | None:
    context: Context = info.context
    kind = type_of(gid)
    if kind == "BulkOperation":
        return context.bulk.node(gid)
    scope = SCOPE_OF_TYPE.get(kind)
    if scope and scope not in context.catalogue.scopes:
        raise denied(info.field_name, scope)
    return context.catalogue.find(gid)


def _shop(source: Any, info: GraphQLResolveInfo) -> Node:
    del source
    shop: Node = info.context.catalogue.store.shop
    return shop


def _shop_locales(source: Any, info: GraphQLResolveInfo, published: bool = False) -> Any:
    """List the shop's languages; a store that names none has English alone."""
    del source
    locales = info.context.catalogue.store.shop.get("shopLocales", [_ENGLISH])
    return [each for each in locales if each["published"] or not published]


def _installation(source: Any, info: GraphQLResolveInfo) -> Node:
    del source
    scopes = sorted(info.context.catalogue.scopes)
    return {
        "id": "gid://shopify/AppInstallation/1",
        "accessScopes": [{"handle": scope} for scope in scopes],
    }


def _versions(source: Any, info: GraphQLResolveInfo) -> list[dict[str, Any]]:
    del source, info
    return versions.public()


def _bulk_list(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    bulk: BulkOperations = info.context.bulk
    return nested(
        {"nodes": bulk.listing(arguments.get("query"), arguments.get("sortKey"))},
        Window.of(arguments),
    )


def _bulk_run(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    context: Context = info.context
    return context.bulk.run(
        arguments["query"],
        arguments["groupObjects"],
        context.catalogue,
        context.base_url,
        context.version,
        protected_data=context.protected_data,
    )


def _bulk_cancel(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    del source
    type_of(arguments["id"])
    return info.context.bulk.cancel(arguments["id"])


_ROOT: dict[str, Resolver] = {
    **dict.fromkeys(SCOPE_OF_COUNT, _count),
    **dict.fromkeys(
        ("order", "customer", "product", "refund", "event", "node", "bulkOperation"), _by_id
    ),
    "nodes": _nodes,
    "shop": _shop,
    "shopLocales": _shop_locales,
    "currentAppInstallation": _installation,
    "publicApiVersions": _versions,
    "bulkOperations": _bulk_list,
    "bulkOperationRunQuery": _bulk_run,
    "bulkOperationCancel": _bulk_cancel,
}
