"""Whether HubSpot still has what was sent, in whatever form it stores it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# HubSpot upgrades an action to a newer version by itself, and a person switches flows on
_NOT_COMPARED = ("actionTypeVersion", "isEnabled", "uuid")
_EMPTY: tuple[Any, ...] = (None, False, "", [], {})


def differences(sent: Any, stored: Any, where: str = "") -> Iterator[str]:
    """Where what HubSpot stores is not what was sent, as paths like actions[0].fields.delta.

    HubSpot injects members that are empty or false, and leaves such out: those are not
    differences (docs/reference/workflows.md#flows).
    """
    if isinstance(sent, Mapping) and isinstance(stored, Mapping):
        for name in {**sent, **stored}:
            if name in _NOT_COMPARED:
                continue
            ours, theirs = sent.get(name), stored.get(name)
            inner = f"{where}.{name}" if where else name
            # below the top HubSpot's own members do not occur
            if name in sent or where:
                yield from differences(ours, theirs, inner)
    elif isinstance(sent, list) and isinstance(stored, list):
        if len(sent) != len(stored):
            yield where
            return
        for place, (ours, theirs) in enumerate(zip(sent, stored, strict=True)):
            yield from differences(ours, theirs, f"{where}[{place}]")
    elif sent != stored and not (sent in _EMPTY and stored in _EMPTY):
        yield where


def in_words(places: Iterable[str]) -> str:
    """The places of differences as a person knows them: action 2, its trigger, its name."""
    told = []
    for place in places:
        action = re.match(r"actions\[(\d+)\]", place)
        member = place.partition(".")[0]
        told.append(f"action {int(action[1]) + 1}" if action else _PLACES.get(member, member))
    return ", ".join(dict.fromkeys(told))


_PLACES = {
    "actions": "its actions",
    "description": "its description",
    "enrollmentCriteria": "its trigger",
    "filterBranch": "its filters",
    "name": "its name",
    "suppressionFilterBranch": "when it ends",
}
