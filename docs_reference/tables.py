"""The pages of the tables: what the yml beside the models says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from docs_reference.markdown import escaped, linked, page, table

MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models"
SCHEMAS = ("core", "hubspot", "reports", "workflows")
FOLDER = "reference/tables"
RAW_AND_OPS = f"{FOLDER}/raw-and-ops.md"

INTRODUCTIONS = {
    "core": "The truth that everything else groups.",
    "hubspot": "What HubSpot gets: a row is the properties of a record, and each column of the "
    "first four is named as its property. [From field to property](../properties.md) says what "
    "each is made from.",
    "reports": "A model for each report; "
    "[the data model](../../data-model.md#reports) has the questions and the definitions.",
    "workflows": "Who is in an audience, since when, and why "
    "([the rules](../rules.md#audiences)).",
}

Described = Mapping[str, Any]


def table_pages() -> Iterator[tuple[str, str]]:
    """Each page below docs/, and its text."""
    for schema in SCHEMAS:
        path = f"{FOLDER}/{schema}.md"
        models = list(_models(MODELS / "marts" / schema))
        yield path, _page(schema, INTRODUCTIONS[schema], schema, models, path)
    yield RAW_AND_OPS, _raw_and_ops()


def _raw_and_ops() -> str:
    sources = [each for file in sorted(MODELS.rglob("*sources.yml")) for each in _sources(file)]
    raw, ops = (
        next(each for each in sources if each["name"] == name) for name in ("raw", "ops")
    )
    first = raw["tables"][0]
    return page(
        "raw and ops",
        "the yml of dbt's sources and models",
        "## raw",
        _text(raw["description"], RAW_AND_OPS),
        _columns(first["columns"], RAW_AND_OPS),
        table(
            ["table", "holds"],
            (
                (f"`raw.{each['name']}`", _text(each["description"], RAW_AND_OPS))
                for each in raw["tables"]
            ),
        ),
        "## ops",
        "What the steps remember between runs. "
        "[A diagram](../../architecture.md#the-tables-of-ops) shows all of its tables; below "
        "stand those that the models read, and the one that dbt makes.",
        *_described(
            "###", "ops", [*ops["tables"], *_models(MODELS / "marts" / "ops")], RAW_AND_OPS
        ),
    )


def _page(
    title: str, introduction: str, schema: str, models: list[Described], path: str
) -> str:
    parts = _described("##", schema, models, path)
    return page(title, "the yml beside the models", introduction, *parts)


def _described(level: str, schema: str, models: list[Described], path: str) -> Iterator[str]:
    for model in models:
        yield f"{level} {schema}.{model.get('config', {}).get('alias', model['name'])}"
        yield _text(model["description"], path)
        yield _columns(model["columns"], path)


def _columns(columns: list[Described], path: str) -> str:
    if not any("data_type" in each for each in columns):
        rows = ((f"`{each['name']}`", _text(each["description"], path)) for each in columns)
        return table(["column", "meaning"], rows)
    typed = (
        (f"`{each['name']}`", each["data_type"], _text(each["description"], path))
        for each in columns
    )
    return table(["column", "type", "meaning"], typed)


def _models(folder: Path) -> Iterator[Described]:
    for file in sorted(folder.glob("*.yml")):
        yield from _read(file).get("models", ())


def _sources(file: Path) -> list[Described]:
    return list(_read(file)["sources"])


def _read(file: Path) -> Described:
    return dict(yaml.load(file.read_text(), Loader=yaml.CSafeLoader))


def described(model: str, column: str, path: str) -> str:
    """What the yml of a model of hubspot.* says of a column, for a page at a path."""
    for each in _models(MODELS / "marts" / "hubspot"):
        if each["name"] == model:
            texts = {below["name"]: below["description"] for below in each["columns"]}
            return _text(texts[column], path)
    raise KeyError(model)


def _text(description: str, path: str) -> str:
    """A description as Markdown, with dbt's docs blocks put in."""
    told = re.sub(
        r"""\{\{ *doc\(['"](\w+)['"]\) *\}\}""", lambda match: _words()[match[1]], description
    )
    return linked(escaped(" ".join(told.split())), path)


@cache
def _words() -> dict[str, str]:
    """The docs blocks that several columns share."""
    blocks = re.compile(r"\{% docs (\w+) %\}\n(.*?)\n\{% enddocs %\}", re.DOTALL)
    return dict(blocks.findall((MODELS / "words.md").read_text()))
