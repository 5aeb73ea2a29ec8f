"""Modules of the design manager: folders with meta.json, fields.json and module.html."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from sandbox.hubspot.core.problems import bad_request

Reader = Callable[[str], str | None]  # the text of a file by its path, None if there is none
Field = Mapping[str, Any]

META, FIELDS, HTML = "meta.json", "fields.json", "module.html"
FOR_PAGES = {"module.css", "module.js"}
HOSTS = (
    "ANY", "BLOG_LISTING", "BLOG_POST", "EMAIL", "KNOWLEDGE_ARTICLE", "PAGE", "QUOTE_TEMPLATE",
)  # fmt: skip
RESERVED = {
    "body", "class", "content", "id", "key", "label", "name", "style", "title", "type",
}  # fmt: skip
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
# field type -> whether a default is of that type
DEFAULTS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "richtext": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "choice": lambda value: isinstance(value, (str, int, bool)),
    "image": lambda value: isinstance(value, dict),
    "link": lambda value: isinstance(value, dict),
    "color": lambda value: isinstance(value, dict),
    "group": lambda value: isinstance(value, dict),
}


class Module(NamedTuple):
    """A whole module: where it may stand, its fields, and its HubL."""

    hosts: frozenset[str]
    fields: tuple[Field, ...]
    source: str

    @property
    def defaults(self) -> dict[str, Any]:
        """The value of each field that nobody has set; fields of a group are within it."""
        return {field["name"]: _default(field) for field in self.fields}


def folder_of(path: str) -> str | None:
    """The module folder that a file stands in, None if it stands in none."""
    parts = path.split("/")
    for place, part in enumerate(parts[:-1]):
        if part.endswith(".module"):
            return "/".join(parts[: place + 1])
    return None


def read_module(read: Reader, path: str) -> Module | None:
    """The module at a path, None unless its three files are there."""
    folder = path.strip("/")
    texts = [read(f"{folder}/{name}") for name in (META, FIELDS, HTML)]
    meta, fields, source = texts
    if meta is None or fields is None or source is None:
        return None
    return Module(
        frozenset(orjson.loads(meta)["host_template_types"]),
        tuple(orjson.loads(fields)),
        source,
    )


def check_file(read: Reader, folder: str, path: str, text: str) -> None:
    """Check one file of a module before it is stored. Raises Problem 400.

    The API takes one file at a time, so that meta.json must be there before the others.
    """
    name = path.removeprefix(f"{folder}/")
    if name not in {META, FIELDS, HTML, *FOR_PAGES}:
        raise bad_request(f"A module has no file {name}")
    if name == META:
        _check_meta(_json(path, text))
        return
    meta = read(f"{folder}/{META}")
    if meta is None:
        raise bad_request(f"Module {folder} has no {META}: upload that file first")
    if name in FOR_PAGES and "EMAIL" in orjson.loads(meta)["host_template_types"]:
        raise bad_request(f"{name} has no effect in e-mails: write styles into {HTML}")
    if name == FIELDS:
        _check_fields(_json(path, text), path)


def _check_meta(meta: object) -> None:
    if not isinstance(meta, dict) or not isinstance(meta.get("label"), str):
        raise bad_request(f"{META} is an object with a label")
    hosts = meta.get("host_template_types")
    if not isinstance(hosts, list) or not hosts or not all(each in HOSTS for each in hosts):
        known = ", ".join(HOSTS)
        raise bad_request(f"host_template_types is a list of any of {known}")
    for name in ("is_available_for_new_content", "global"):
        if not isinstance(meta.get(name, True), bool):
            raise bad_request(f"{name} is true or false")


def _check_fields(fields: object, where: str) -> None:
    if not isinstance(fields, list):
        raise bad_request(f"{where} must hold a list of fields")
    names: set[str] = set()
    for field in fields:
        if not isinstance(field, dict):
            raise bad_request(f"{where}: a field is an object")
        name, kind = field.get("name"), field.get("type")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise bad_request(f"{where}: {name!r} is not a valid name of a field")
        if name in RESERVED:
            raise bad_request(f"{where}: '{name}' is a reserved name and cannot be a field's")
        if name in names:
            raise bad_request(f"{where}: there are two fields {name}")
        names.add(name)
        if not isinstance(field.get("label"), str):
            raise bad_request(f"{where}: field {name} has no label")
        if not isinstance(kind, str) or kind not in DEFAULTS:
            raise bad_request(f"{where}: field {name} has the unknown type {kind!r}")
        if field.get("default") is not None and not DEFAULTS[kind](field["default"]):
            raise bad_request(f"{where}: the default of {name} does not fit the type {kind}")
        if kind == "choice" and not _are_choices(field.get("choices")):
            raise bad_request(f"{where}: field {name} needs choices, as [value, label] pairs")
        if kind == "group":
            _check_fields(field.get("children"), f"{where}: {name}")


def _are_choices(choices: object) -> bool:
    return (
        isinstance(choices, list)
        and bool(choices)
        and all(isinstance(each, list) and len(each) == 2 for each in choices)
    )


def _default(field: Field) -> Any:
    if field["type"] != "group":
        return field.get("default")
    inside = {child["name"]: _default(child) for child in field["children"]}
    return {**inside, **(field.get("default") or {})}


def _json(path: str, text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise bad_request(f"{path} does not hold valid JSON: {error}") from None
