"""Models and data tests as dbt compiled them, run without dbt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter

from cartwheel.build.data_tests import DataTest, run_tests
from cartwheel.build.dbt import dbt, parse
from cartwheel.build.found_rows import tell_rows
from cartwheel.core.warehouse import open_warehouse

AS_IN_SQL = "%Y-%m-%d %H:%M:%S"  # what the macro cartwheel_now() writes


@dataclass(frozen=True)
class Verdict:
    """What the tests found: the names of those that failed, and what the others warn of.

    told: those that failed, with their rows.
    """

    failed: list[str]
    warnings: list[str]
    told: list[str]


class Models:
    """The SQL of the models and of their tests, compiled by dbt once, and the seeds.

    The project is parsed without variables: they change what a model says, not what there is.
    """

    def __init__(self, settings, variables=None):
        succeeded(dbt(settings, "seed"))
        self._seeded, self._now = settings.warehouse, settings.now
        self._settings, self._variables = settings, variables
        kinds = ("--select", "resource_type:model", "resource_type:test")
        manifest = parse(settings)
        results = dbt(settings, "compile", *kinds, variables=variables, manifest=manifest)
        nodes = {result.node.unique_id: result.node for result in results}
        models = {key: node for key, node in nodes.items() if node.resource_type == "model"}
        above = {key: models.keys() & node.depends_on.nodes for key, node in models.items()}
        self.nodes = [models[key] for key in TopologicalSorter(above).static_order()]
        self._tests = [node for node in nodes.values() if node.resource_type == "test"]

    def create(self, connection, *, now=None, only=None):
        """Make the seeds and each model in a warehouse: what dbt makes of them at first.

        With now, as at that moment instead of the one for which they were compiled. Where an
        incremental model's table is there already, it gets what a later build adds. With only,
        nothing but a model and what it is made from.
        """
        compiled, wanted = (
            f"'{moment:{AS_IN_SQL}}'" for moment in (self._now, now or self._now)
        )
        connection.execute(f"attach '{self._seeded}' as seeded (read_only)")
        connection.execute("create schema seeds")
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() "
            "where (database_name, schema_name) = ('seeded', 'seeds')"
        ).fetchall():
            connection.execute(f"create table seeds.{name} as from seeded.seeds.{name}")
        connection.execute("detach seeded")
        for node in self._upstream(only) if only else self.nodes:
            kind = "view" if node.config.materialized == "replaced_view" else "table"
            connection.execute(f"create schema if not exists {node.schema}")
            making, code = f"create {kind} {node.relation_name} as", node.compiled_code
            if node.config.materialized == "incremental" and _exists(connection, node):
                making, code = (
                    f"insert into {node.relation_name} by name",
                    self._added[node.name],
                )
            connection.execute(f"{making} {code.replace(compiled, wanted)}")

    def _upstream(self, name):
        """A model and what it is made from, in order."""
        wanted: list = []
        for node in reversed(self.nodes):
            reader = any(node.unique_id in other.depends_on.nodes for other in wanted)
            if reader or node.name == name:
                wanted.append(node)
        return wanted[::-1]

    @cached_property
    def _added(self):
        """The SQL of what a later build adds to each incremental model, by name."""
        nodes = [node for node in self.nodes if node.config.materialized == "incremental"]
        with open_warehouse(self._seeded) as connection:
            for node in nodes:
                connection.execute(f"create schema if not exists {node.schema}")
                connection.execute(f"create table {node.schema}.{node.name} (id integer)")
        names = [node.name for node in nodes]
        results = dbt(
            self._settings,
            "compile",
            "--select",
            *names,
            variables=self._variables,
            manifest=parse(self._settings),
        )
        return {result.node.name: result.node.compiled_code for result in results}

    def judge(self, connection, name=None):
        """Run every test, or those of a model, or that of a file, over what was made."""
        of = f"model.cartwheel.{name}"
        tests = [
            DataTest.of(node)
            for node in self._tests
            # a test in a file of its own is of no model
            if not name or name == node.name or getattr(node, "attached_node", None) == of
        ]
        findings = [*run_tests(connection, tests)]
        return Verdict(
            [found.test.name for found in findings if found.outcome in ("fail", "error")],
            [tell_rows(connection, found) for found in findings if found.outcome == "warn"],
            [tell_rows(connection, found) for found in findings if found.outcome == "fail"],
        )


def failures(settings, test):
    """What a test of dbt's found, as transform() says it: a list of one line or none."""
    results = [
        result
        for result in dbt(settings, "test", "--select", test)
        if str(result.node.resource_type) == "test"
    ]
    with open_warehouse(settings.warehouse) as connection:
        findings = [*run_tests(connection, [DataTest.of(each.node) for each in results])]
        assert [bool(r.failures) for r in results] == [f.failures > 0 for f in findings]
        return [tell_rows(connection, found) for found in findings if found.failures]


def _exists(connection, node):
    query = "select 1 from duckdb_tables() where (schema_name, table_name) = (?, ?)"
    return connection.execute(query, [node.schema, node.name]).fetchone() is not None


def succeeded(results):
    """Every node of a dbt command must succeed; a test may warn."""
    good = {"success", "no-op", "pass", "warn"}
    assert [each.message for each in results if str(each.status) not in good] == []
