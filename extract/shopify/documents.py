"""The GraphQL documents of extract/queries, ready to send."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "queries"
_FILTER = '"__FILTER__"'
_FRAGMENT = re.compile(r"^fragment (\w+) on \w+ \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)


@cache
def document(name: str) -> str:
    """The document of queries/<name>.graphql, its shared fragments written out.

    Written out because a bulk operation takes one operation and nothing beside it.
    Raises KeyError if it spreads a fragment that queries/fragments.graphql lacks.
    """
    return _written_out((FOLDER / f"{name}.graphql").read_text(encoding="utf-8"))


def bulk_document(name: str, *, search: str | None, tag: str) -> str:
    """The document of a bulk operation, which takes no variables: its filter inlined.

    search is Shopify's search syntax, None for everything. tag and name go into a comment
    in front, by which the operation is known as ours in Shopify's list of them.
    """
    text = document(f"{name}_bulk")
    if search is None:
        text = text.replace(f"(query: {_FILTER})", "").replace(f"query: {_FILTER}, ", "")
    else:
        text = text.replace(_FILTER, json.dumps(search, ensure_ascii=False))
    return f"# cartwheel {tag} {name}\n{text}"


@cache
def _fragments() -> dict[str, str]:
    text = (FOLDER / "fragments.graphql").read_text(encoding="utf-8")
    return {name: body.strip() for name, body in _FRAGMENT.findall(text)}


def _written_out(text: str) -> str:
    return re.sub(r"\.\.\.(\w+)", lambda spread: _written_out(_fragments()[spread[1]]), text)
