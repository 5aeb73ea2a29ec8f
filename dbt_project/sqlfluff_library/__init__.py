"""What dbt gives to a template and the linter's own stand-ins lack; only sqlfluff reads it.

So that `sqlfluff lint` renders the models with our own macros and the vars of
dbt_project.yml, in an environment without dbt. Our macros are compiled here, once a process:
by its setting load_macros_from_path the linter compiles them twice for each file, which takes
as long as everything else.
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable
from datetime import datetime
from multiprocessing import parent_process
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from jinja2 import pass_context
from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEnvironment
from sqlfluff.core.templaters.builtins.dbt import DBT_BUILTINS, DbtMacroWrapper

if parent_process():
    # the trees are large and in use: to look for garbage in them is a quarter of the time
    gc.set_threshold(1_000_000, 50, 100)

_ROOT = Path(__file__).resolve().parents[2]
_PROJECT = yaml.safe_load((_ROOT / "dbt_project.yml").read_text())


class _Adapter:
    """dbt's adapter, as far as our macros ask for it."""

    @pass_context
    def dispatch(self, context: Context, name: str, _package: str) -> Any:
        """The DuckDB variant of a macro."""
        return context.resolve(f"duckdb__{name}")


adapter = _Adapter()
run_started_at = datetime(2026, 1, 1)
execute = False
invocation_args_dict = {"vars": {}}


def var(name: str) -> Any:
    """The default of a var in dbt_project.yml; raises KeyError for one it does not declare."""
    return _PROJECT["vars"][name]


def env_var(_name: str, default: str) -> str:
    """The default of an environment variable."""
    return default


def _compiled() -> dict[str, DbtMacroWrapper]:
    """Our macros by name, but for materializations, which no model calls."""
    found: dict[str, DbtMacroWrapper] = {}

    def late(name: str) -> Callable[..., Any]:
        return lambda *values, **named: found[name](*values, **named)

    texts = [
        path.read_text()
        for path in sorted((_ROOT / "dbt_project" / "macros").rglob("*.sql"))
        if "materializations" not in path.parts
    ]
    names = [name for text in texts for name in re.findall(r"{%-? macro (\w+)", text)]
    given = {**DBT_BUILTINS, "adapter": adapter, "var": var, "env_var": env_var}
    given |= {"run_started_at": run_started_at, "execute": execute}
    given |= {"invocation_args_dict": invocation_args_dict}
    given |= {name: late(name) for name in names}
    environment = SandboxedEnvironment(keep_trailing_newline=True, extensions=["jinja2.ext.do"])
    for text in texts:
        module = environment.from_string(text, globals=given).module
        for name, each in vars(module).items():
            if isinstance(each, Macro):
                found[name] = DbtMacroWrapper(each)
    return found


# the linter executes this module for every file, so they are kept elsewhere
_KEPT = "cartwheel_macros_for_sqlfluff"
if _KEPT not in sys.modules:
    sys.modules[_KEPT] = ModuleType(_KEPT)
    sys.modules[_KEPT].__dict__["macros"] = _compiled()
globals().update(sys.modules[_KEPT].__dict__["macros"])
