"""The columns that the marts promise: names and types, by their descriptions beside them."""

from __future__ import annotations

import yaml

from cartwheel.build.dbt import PROJECT

_MARTS = PROJECT / "dbt_project" / "models" / "marts"


def promised_columns() -> dict[str, dict[str, str]]:
    """For each mart, schema.table, its columns in their order with DuckDB's type."""
    found = {}
    for path in sorted(_MARTS.glob("*/*.yml")):
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
        for model in described.get("models", ()):
            table = model.get("config", {}).get("alias", model["name"])
            found[f"{path.parent.name}.{table}"] = {
                column["name"]: column["data_type"] for column in model["columns"]
            }
    return found
