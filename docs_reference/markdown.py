"""Markdown as the pages need it: cells, tables, and links out of what code cites."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by `make reference` from {source}; a test compares. -->"
# a page as code cites it, from the root; its heading
CITED = re.compile(r"docs/((?:[\w-]+/)*[\w-]+\.md)(#[\w-]+)?")


def page(title: str, source: str, *parts: str) -> str:
    """A page with its title, and where it comes from."""
    return "\n\n".join([NOTICE.format(source=source), f"# {title}", *parts]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(cell, each)) + " |" for each in lines)


def cell(text: str) -> str:
    """A text as a cell, in one line; a bar in code is written so that it ends no cell."""
    line = " ".join(text.split())
    code = re.sub(
        r"`([^`]*\|[^`]*)`",
        lambda match: f"<code>{match[1].replace('<', '&lt;').replace('|', '&#124;')}</code>",
        line,
    )
    return code.replace("|", "\\|") or " "


def escaped(text: str) -> str:
    """Plain text as Markdown: angle brackets and stars mean themselves."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else part.replace("<", "&lt;").replace("*", "\\*")
        for part in parts
    )


def linked(text: str, at: str) -> str:
    """A text whose citations of pages are links, for a page at a path below docs/."""

    def link(match: re.Match[str]) -> str:
        to = posixpath.relpath(match[1], posixpath.dirname(at))
        name = (match[2] or match[1]).lstrip("#").replace("-", " ")
        return f"[{name}]({to}{match[2] or ''})"

    return CITED.sub(link, text)
