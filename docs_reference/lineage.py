"""What a column of a model is made from, down to the fields of Shopify's JSON.

DuckDB's own parser reads the SQL that dbt compiled. A column is followed through CTEs, stars,
unions and subqueries; what only filters, joins or sorts is not what a column is made from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import duckdb

Node = Mapping[str, Any]
Path = tuple[str, ...]
Ctes = Mapping[str, Node]

SORTING = {"order_bys", "partitions", "filter", "arg_orders"}
RANKS = frozenset({"dense_rank", "ntile", "rank"})
NUMBERS = RANKS | {"row_number"}


@dataclass(frozen=True, order=True)
class Origin:
    """A column of a table, or a path below it: raw.orders, payload, (customer, id)."""

    table: str
    column: str
    path: Path = ()


@dataclass(frozen=True)
class Relation:
    """What stands in a from clause: a table by its name, or a query."""

    alias: str
    table: str = ""
    query: Node | None = None
    ctes: Ctes = field(default_factory=dict)


class Lineage:
    """The models of a warehouse by their names (schema.table), as dbt compiled them."""

    def __init__(self, queries: Mapping[str, Node], ranks: Set[str] = RANKS) -> None:
        self._queries, self._ranks = queries, ranks

    @classmethod
    def of(cls, compiled: Mapping[str, str]) -> Lineage:
        """Parse the SQL of each model."""
        with duckdb.connect() as connection:
            return cls({name: _parsed(connection, sql) for name, sql in compiled.items()})

    def columns(self, table: str) -> list[tuple[str, frozenset[Origin]]]:
        """Each column of a model, with the columns of other models that it is made from."""
        query = self._queries[table]
        names = self._outputs(query, {})
        return [(name, frozenset(self._column(query, {}, name, ()))) for name in names]

    def fields(self, table: str, column: str, path: Path = ()) -> frozenset[Origin]:
        """What a column is made from that is not a model's: fields of raw, seeds, ops.

        A row_number() picks rows; only where nothing else is there is it what a column tells.
        """
        found = frozenset(self._fields(Origin(table, column, path), set()))
        if found or self._ranks == NUMBERS:
            return found
        return Lineage(self._queries, NUMBERS).fields(table, column, path)

    def _fields(self, origin: Origin, seen: set[Origin]) -> Iterator[Origin]:
        if origin in seen:
            return
        seen.add(origin)
        query = self._queries.get(origin.table)
        if query is None:
            yield origin
            return
        for below in set(self._column(query, {}, origin.column, origin.path)):
            yield from self._fields(below, seen)

    def _outputs(self, query: Node, ctes: Ctes) -> list[str]:
        """The names of a query's columns; of tables that are not models, none are known."""
        ctes = {**ctes, **_ctes(query)}
        if query["type"] != "SELECT_NODE":
            return self._outputs(_parts(query)[0], ctes)
        names: list[str] = []
        for each in query["select_list"]:
            if each["class"] == "STAR":
                for relation in _relations(query["from_table"], ctes):
                    if each["relation_name"] in ("", relation.alias):
                        excluded = {name.lower() for name in each["exclude_list"]}
                        names += [
                            name for name in self._names(relation) if name not in excluded
                        ]
            else:
                names.append(_name(each))
        return list(dict.fromkeys(names))

    def _names(self, relation: Relation) -> list[str]:
        if relation.query is not None:
            return self._outputs(relation.query, relation.ctes)
        query = self._queries.get(relation.table)
        return [] if query is None else self._outputs(query, {})

    def _column(self, query: Node, ctes: Ctes, name: str, path: Path) -> Iterator[Origin]:
        """What a column of a query is made from, as columns of tables."""
        ctes = {**ctes, **_ctes(query)}
        if query["type"] != "SELECT_NODE":
            parts = _parts(query)
            at = self._outputs(parts[0], ctes).index(name)
            for part in parts:
                outputs = self._outputs(part, ctes)
                # a recursive part reads what it adds to
                own = {**ctes, query.get("cte_name", ""): parts[0]}
                yield from self._column(part, own, outputs[at], path)
            return
        for each in query["select_list"]:
            if each["class"] != "STAR" and _name(each) == name:
                yield from self._expression(each, query["from_table"], ctes, path)
                return
        for each in query["select_list"]:
            if each["class"] == "STAR":
                for relation in _relations(query["from_table"], ctes):
                    is_meant = each["relation_name"] in ("", relation.alias)
                    if is_meant and self._has(relation, name):
                        yield from self._of(relation, name, path)
                        return

    def _has(self, relation: Relation, name: str) -> bool:
        return name in self._names(relation) or self._is_open(relation)

    def _is_open(self, relation: Relation) -> bool:
        """Whether a relation has columns that nothing here names: those of raw."""
        if relation.query is None:
            return relation.table not in self._queries
        query = relation.query
        if query["type"] != "SELECT_NODE":
            query = _parts(query)[0]
        ctes = {**relation.ctes, **_ctes(relation.query), **_ctes(query)}
        return any(
            self._is_open(below)
            for each in query["select_list"]
            if each["class"] == "STAR"
            for below in _relations(query["from_table"], ctes)
            if each["relation_name"] in ("", below.alias)
        )

    def _of(self, relation: Relation, name: str, path: Path) -> Iterator[Origin]:
        if relation.query is not None:
            yield from self._column(relation.query, relation.ctes, name, path)
        else:
            yield Origin(relation.table, name, path)

    def _expression(self, node: Any, source: Node, ctes: Ctes, path: Path) -> Iterator[Origin]:
        if isinstance(node, list):
            for each in node:
                yield from self._expression(each, source, ctes, path)
        elif not isinstance(node, dict):
            return
        elif node.get("class") == "COLUMN_REF":
            yield from self._reference(node["column_names"], source, ctes, path)
        elif node.get("class") == "SUBQUERY":
            query = node["subquery"]["node"]
            if node.get("subquery_type") == "SCALAR":
                for name in self._outputs(query, ctes):
                    yield from self._column(query, ctes, name, path)
        else:
            # an order sorts alone, except where it is all that a rank has
            ignored = (
                SORTING if node.get("function_name") in self._ranks else {*SORTING, "orders"}
            )
            for key, below in node.items():
                if key not in ignored:
                    yield from self._expression(below, source, ctes, path)

    def _reference(
        self, names: list[str], source: Node, ctes: Ctes, path: Path
    ) -> Iterator[Origin]:
        relations = list(_relations(source, ctes))
        for relation in relations:
            if len(names) > 1 and names[0] == relation.alias:
                yield from self._of(relation, names[1].lower(), (*names[2:], *path))
                return
        name = names[0].lower()
        # one that names the column, before one that may have it
        for relation in sorted(relations, key=lambda each: name not in self._names(each)):
            if self._has(relation, name):
                yield from self._of(relation, name, (*names[1:], *path))
                return


def _parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> Node:
    rows = connection.execute("select json_serialize_sql(?::varchar)", [sql]).fetchall()
    answer = json.loads(rows[0][0])
    if answer["error"]:
        raise ValueError(f"DuckDB cannot parse a model: {answer['error_message']}")
    query: Node = answer["statements"][0]["node"]
    return query


def _ctes(query: Node) -> dict[str, Node]:
    return {
        each["key"]: each["value"].get("query_node") or each["value"]["query"]["node"]
        for each in query["cte_map"]["map"]
    }


def _parts(query: Node) -> list[Node]:
    """The queries of a union."""
    return [
        each for each in (*query.get("children", ()), query["left"], query["right"]) if each
    ]


def _name(expression: Node) -> str:
    names = expression.get("column_names") or [expression.get("function_name", "")]
    return str(expression["alias"] or names[-1]).lower()


def _relations(source: Node, ctes: Ctes) -> Iterator[Relation]:
    """What a from clause names; the CTE of a name before the table."""
    if source["type"] == "JOIN":
        yield from _relations(source["left"], ctes)
        yield from _relations(source["right"], ctes)
    elif source["type"] == "SUBQUERY":
        yield Relation(source["alias"], query=source["subquery"]["node"], ctes=ctes)
    elif source["type"] == "BASE_TABLE":
        name, schema = source["table_name"], source["schema_name"]
        alias = source["alias"] or name
        if not schema and name in ctes:
            # a CTE sees those before it, and itself only where it is recursive
            rest = {key: query for key, query in ctes.items() if key != name}
            yield Relation(alias, query=ctes[name], ctes=rest)
        else:
            yield Relation(alias, table=f"{schema}.{name}" if schema else name)
