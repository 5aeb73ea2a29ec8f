"""A dbt project of three models that uses Cartwheel's macros, as somebody else's would."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from tests.commands import Command

MACROS = Path(__file__).parents[3] / "dbt_project" / "macros"

# parsed is made of a source, kept and seen of it
MODELS = {
    "parsed": """
        select payload as word, length(payload) as letters, {{ version_of_row() }} as version
        from {{ source('raw', 'words') }} where {{ is_unparsed('words') }}
    """,
    "kept": "select word, letters from {{ ref('parsed') }}",
    "seen": "select word from {{ ref('kept') }}",
}
MATERIALIZED = {"parsed": "parsed_once", "kept": "changed_rows", "seen": "replaced_view"}
WORDS = """
    create schema raw;
    create table raw.words (
        shop text, id text, run_id text, payload_hash text, deleted_at timestamp, payload text
    );
    insert into raw.words values
        ('a', '1', 'r', 'h', null, 'one'), ('a', '2', 'r', 'h', null, 'two');
"""
# a plugin of dbt-duckdb that gives SQL a function which ends the process
DYING = """
import os
from dbt.adapters.duckdb.plugins import BasePlugin

class Plugin(BasePlugin):
    def configure_connection(self, connection):
        connection.create_function("die", lambda: os._exit(9), [], "INTEGER", side_effects=True)
"""


class SmallProject:
    """The project's folder and warehouse; its configuration may be changed between runs.

    A folder that holds a copied project goes on with it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.warehouse = folder, folder / "small.duckdb"
        self.models: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        if self.warehouse.exists():
            return
        shutil.copytree(MACROS, folder / "macros")
        (folder / "models").mkdir()
        for name, query in MODELS.items():
            self.write(name, query)
        self._profile()
        self.ask(WORDS)

    def write(self, name: str, query: str) -> None:
        """Give a model another query."""
        (self.folder / "models" / f"{name}.sql").write_text(query)

    def change(self, name: str, text: str, other: str) -> None:
        """Replace a text in a model's query, where it is there."""
        path = self.folder / "models" / f"{name}.sql"
        path.write_text(path.read_text().replace(text, other))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What the warehouse answers."""
        with duckdb.connect(str(self.warehouse)) as connection:
            return connection.execute(query).fetchall()

    def rows(self, table: str, schema: str = "main") -> list[tuple[Any, ...]]:
        """The rows of a table, in order."""
        return self.ask(f"from {schema}.{table} order by all")

    def dbt(self, *command: str) -> dict[str, str]:
        """Run dbt; give the status of each node, and what went wrong under 'error'."""
        self._configure()
        folder = str(self.folder)
        try:
            answer = dbtRunner().invoke(
                [
                    *(*command, "--quiet", "--project-dir", folder, "--profiles-dir", folder),
                    *("--target-path", str(self.folder / "target")),
                ]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()
        found = {"error": str(answer.exception)} if answer.exception else {}
        for result in getattr(answer.result, "results", []) or []:
            found[result.node.name] = str(result.status)
            if str(result.status) == "error":
                found["error"] = str(result.message)
        return found

    def run_until_it_dies(self, model: str) -> int:
        """The exit code of dbt in a process of its own, whose SQL knows a die()."""
        (self.folder / "dying.py").write_text(DYING)
        self._profile(plugins=[{"module": "dying"}])
        self._configure()
        command = ["run", "--select", model, "--quiet"]
        environ = os.environ | {"DBT_PROFILES_DIR": "."}
        done = Command.begin(command, self.folder, environ, "dbt").finish()
        return done.returncode

    def _configure(self) -> None:
        # dispatch looks for our macros in the package of this name
        project: dict[str, Any] = {
            "name": "cartwheel",
            "profile": "cartwheel",
            "config-version": 2,
        }
        project["flags"] = {"send_anonymous_usage_stats": False}
        project["models"] = {"cartwheel": dict(self.models)}
        for name, kind in MATERIALIZED.items():
            project["models"]["cartwheel"][name] = {
                "+materialized": kind,
                **self.models.get(name, {}),
            }
        self._dump("dbt_project.yml", project | self.more)
        sources = [{"name": "raw", "tables": [{"name": "words"}]}]
        described = [{"name": name, **described} for name, described in self.described.items()]
        self._dump("models/schema.yml", {"sources": sources, "models": described})

    def _profile(self, **more: object) -> None:
        # by a relative path, so that a copied project need not be parsed anew
        output = {"type": "duckdb", "path": self.warehouse.name, "threads": 1, **more}
        self._dump("profiles.yml", {"cartwheel": {"target": "a", "outputs": {"a": output}}})

    def _dump(self, name: str, content: dict[str, Any]) -> None:
        (self.folder / name).write_text(yaml.safe_dump(content))
