"""What dbt gives to a template and the linter's own stand-ins lack; only sqlfluff reads it.

So that `sqlfluff lint` renders the models with our own macros and the vars of
dbt_project.yml, in an environment without dbt.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context

_PROJECT = yaml.safe_load((Path(__file__).resolve().parents[2] / "dbt_project.yml").read_text())


class _Adapter:
    """dbt's adapter, as far as our macros ask for it."""

    @pass_context
    def dispatch(self, context: Context, name: str, _package: str) -> Any:
        """The DuckDB variant of a macro."""
        return context.resolve(f"duckdb__{name}")


adapter = _Adapter()
run_started_at = datetime(2026, 1, 1)


def var(name: str) -> Any:
    """The default of a var in dbt_project.yml; raises KeyError for one it does not declare."""
    return _PROJECT["vars"][name]


def env_var(_name: str, default: str) -> str:
    """The default of an environment variable."""
    return default
