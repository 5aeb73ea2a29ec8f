"""Reports as JSON: how each kind of value is written, the same for every command."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


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
        return _stamp(value)
    return str(value) if isinstance(value, date | Decimal | Path) else value


def _stamp(moment: datetime) -> str:
    """A time in UTC by RFC 3339, to the second; one without a zone is in UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{aware.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
