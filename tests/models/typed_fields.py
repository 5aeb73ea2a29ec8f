"""The typed fields that staging reads, told by the models themselves."""

from __future__ import annotations

import re
from ast import literal_eval
from pathlib import Path

STAGING = Path(__file__).parents[2] / "dbt_project" / "models" / "staging" / "shopify"
CASTS = {
    "to_money": "money",
    "to_integer": "integer",
    "to_boolean": "boolean",
    "to_timestamp": "timestamp",
}


def judged(path):
    """The fields that a staging model judges: path -> kind; [] stands behind a list."""
    found = re.search(r"unreadable\((\{.*?\})(?:, (\{.*\}))?\) \}\} as", path.read_text(), re.S)
    if not found:
        return {}
    fields = _fields(literal_eval(found[1]))
    for name, casts in literal_eval(found[2] or "{}").items():
        fields |= {f"{name}[].{field}": kind for field, kind in _fields(casts).items()}
    return fields


def _fields(casts):
    bag = ".shopMoney.amount"
    return {
        path + (bag if kind == "shop_money" else ""): kind.removeprefix("shop_")
        for kind, paths in casts.items()
        for path in paths
    }


def cast(path):
    """The fields that a staging model casts, as judged() gives them."""
    text = path.read_text()
    fields = {
        field: CASTS[macro]
        for macro, field in re.findall(rf"({'|'.join(CASTS)})\(\s*'node\.([\w.]+)'", text)
    }
    for name, field in re.findall(r"sum_over_list\(\s*'node\.(\w+)',\s*'([\w.]+)'", text):
        fields[f"{name}[].{field}"] = "money"
    return fields
