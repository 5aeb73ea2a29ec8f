"""The shop's node as it is landed: with its languages, those that were read last."""

from __future__ import annotations

import json
from typing import Any

from extract.land.run_log import Connection

LOCALES = "shopLocales"


def shop_line(node: dict[str, Any], locales: Any) -> str:
    """A shop's node and its languages (None where they are not known) as one line of JSON."""
    whole = node if locales is None else {**node, LOCALES: locales}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def landed_shop(connection: Connection, shop: str) -> dict[str, Any] | None:
    """The node that was landed last, None before the first."""
    found = connection.execute(
        "select payload from raw.shops where shop = ? and deleted_at is null", [shop]
    ).fetchone()
    return dict(json.loads(found[0])) if found else None
