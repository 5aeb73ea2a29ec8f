"""What a command prints with --json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from cartwheel.cli.json_text import as_json
from cartwheel.last_runs import LastRun
from cartwheel.status import Status, Store
from load.plan.omitted_properties import OmittedProperty
from tests.unit.repository import ROOT

MOMENT = datetime(2026, 11, 30, 20, 50, 25, 648688)
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")


class Named(NamedTuple):
    """A tuple with names."""

    one: int
    at: datetime


@dataclass
class Report:
    """A report with a value of each kind."""

    value: Any


def test_every_time_of_a_status_carries_its_zone():
    """Those of the runs, of the stores and of the count, which the warehouse keeps without."""
    run = LastRun("load", MOMENT, MOMENT, "succeeded", "3 writes")
    store = Store("a.myshopify.com", 1, 2, 3, MOMENT, True)
    found = as_json(Status({}, [run], [], [], stores=[store], as_of=MOMENT))

    assert TIME.findall(found.replace('"', " ")) == ["2026-11-30T20:50:25Z"] * 4


def test_each_kind_of_value_has_one_form():
    """Times of another zone are told in UTC; what has names is an object wherever it stands."""
    abroad = MOMENT.replace(tzinfo=timezone(timedelta(hours=2)))
    value = {
        "abroad": abroad,
        "utc": MOMENT.replace(tzinfo=UTC),
        "day": date(2026, 11, 30),
        "money": Decimal("1.50"),
        "path": Path("a") / "b",
        "named": (Named(1, MOMENT),),
        "omitted": [OmittedProperty("deals", "amount", "c", "r", 2)],
        "none": None,
    }

    assert json.loads(as_json(Report(value))) == {
        "value": {
            "abroad": "2026-11-30T18:50:25Z",
            "utc": "2026-11-30T20:50:25Z",
            "day": "2026-11-30",
            "money": "1.50",
            "path": "a/b",
            "named": [{"one": 1, "at": "2026-11-30T20:50:25Z"}],
            "omitted": [
                {
                    "object": "deals",
                    "property": "amount",
                    "category": "c",
                    "reason": "r",
                    "records": 2,
                }
            ],
            "none": None,
        }
    }


def test_commands_write_json_in_one_place():
    """No command has a way of its own, so none prints a time without its zone.

    cartwheel/cli/screen.py writes progress, which holds no time.
    """
    writers = {
        path.name
        for path in (ROOT / "cartwheel" / "cli").glob("*.py")
        if "json.dumps" in path.read_text()
    }

    assert writers == {"json_text.py", "screen.py"}
