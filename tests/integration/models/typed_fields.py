"""The typed fields that staging reads, told by the models themselves."""

from __future__ import annotations

import re
from ast import literal_eval
from pathlib import Path

STAGING = Path(__file__).parents[3] / "dbt_project" / "models" / "staging" / "shopify"
MACROS = Path(__file__).parents[3] / "dbt_project" / "macros"
# what is read of a MoneyBag
BAGS = {
    "amount": {"shopMoney": {"amount": "text"}},
    "money": {"shopMoney": {"amount": "text", "currencyCode": "text"}},
}
CASTS = {
    "to_money": "money",
    "to_integer": "integer",
    "to_boolean": "boolean",
    "to_timestamp": "timestamp",
}


def judged(path):
    """The fields that a staging model judges: path -> kind; [] stands behind a list."""
    return {field: kind for field, kind in _said(path) if kind != "required"}


def required(path):
    """The fields without which a staging model judges a record unreadable."""
    return [field for field, kind in _said(path) if kind == "required"]


def _said(path):
    found = re.search(r"unreadable\((\{.*?\})(?:, (\{.*\}))?\) \}\} as", path.read_text(), re.S)
    if not found:
        return []
    fields = _fields(literal_eval(found[1]))
    for name, inner in literal_eval(found[2] or "{}").items():
        fields += [(f"{name}[].{field}", kind) for field, kind in _fields(inner)]
    return fields


def _fields(kinds):
    bag = ".shopMoney.amount"
    return [
        (path + (bag if kind == "shop_money" else ""), kind.removeprefix("shop_"))
        for kind, paths in kinds.items()
        for path in paths
    ]


def read(path):
    """Every field that a staging model reads: path -> whether it is a "text" or a "struct".

    A list of either is a "list"; [] stands behind it where its elements have fields.
    """
    text = path.read_text()
    if "order_shape()" in text:
        text = (MACROS / "order_shape.sql").read_text()
    names = {"address_shape": lambda: dict.fromkeys(("firstName", "city"), "text")}
    for name, value in re.findall(r"\{%-? set (\w+) = (\{.*?\}) -?%\}", text, re.S):
        names[name] = eval(value, {}, names)  # noqa: S307 (our own models)
    if returned := re.search(r"return\((\{.*?\})\) \}\}", text, re.S):
        names["shape"] = eval(returned[1], {}, names)  # noqa: S307
    return dict(_paths(names.get("shape", {}), ""))


def _paths(shape, above):
    for name, inner in shape.items():
        field = above + name
        if inner == "text":
            yield field, "text"
        elif isinstance(inner, list):
            yield field, "list"
            if isinstance(inner[0], dict):
                yield from _paths(inner[0], f"{field}[].")
        else:
            yield field, "struct"
            yield from _paths(BAGS[inner] if isinstance(inner, str) else inner, f"{field}.")


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
