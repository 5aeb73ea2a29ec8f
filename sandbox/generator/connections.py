"""Connections with all their nodes on one page, as dicts and as JSON text."""

from __future__ import annotations

from typing import Any

from sandbox.generator.json_text import written

PAGE_INFO: dict[str, Any] = {"hasNextPage": False, "endCursor": None}
END_OF_CONNECTION = f'],"pageInfo":{written(PAGE_INFO)}}}'


def connection(nodes: list[Any]) -> dict[str, Any]:
    """A connection of nodes."""
    return {"nodes": nodes, "pageInfo": PAGE_INFO}


def connection_text(texts: list[str]) -> str:
    """A connection, as JSON text, of nodes that are texts too."""
    return f'{{"nodes":[{",".join(texts)}{END_OF_CONNECTION}'
