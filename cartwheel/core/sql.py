"""One loader for the SQL that stands in files beside the module that runs it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb


class SqlFiles:
    """The statements in a folder `sql`, one or a few a file."""

    def __init__(self, module: str) -> None:
        """module is the __file__ of a module beside the folder."""
        self._folder = Path(module).parent / "sql"

    def text(self, name: str) -> str:
        """The text of sql/<name>.sql as it stands."""
        return _read(self._folder / f"{name}.sql")

    def __call__(self, name: str, **names: object) -> str:
        """The text of sql/<name>.sql with its {placeholders} replaced.

        names are our own tables, columns and conditions; values from elsewhere go in as
        parameters or variables, never here.
        """
        return self.text(name).format(**names)


def set_variables(connection: duckdb.DuckDBPyConnection, **values: object) -> None:
    """Set what statements read with getvariable()."""
    for name, value in values.items():
        connection.execute(f"set variable {name} = ?", [value])


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
