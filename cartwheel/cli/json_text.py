"""Reports as JSON: how each kind of value is written, the same for every command."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cartwheel.core.clock import rfc3339


def as_json(report: Any) -> str:
    """Any report as JSON: times in UTC with their zone, decimals and paths as text."""
    return json.dumps(_plain(report), default=str)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)
        }
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return rfc3339(value)
    return str(value) if isinstance(value, date | Decimal | Path) else value
