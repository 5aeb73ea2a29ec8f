"""The actions of a flow as a graph: where each leads, and whether all of it can be walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

Action = Mapping[str, Any]

MOST_ACTIONS, MOST_LIST_BRANCHES, MOST_STATIC_BRANCHES = 500, 20, 250


def targets(action: Action) -> list[str]:
    """The ids of the actions that an action leads to; where there is no connection it ends."""
    return [each["nextActionId"] for each in _connections(action) if each]


def next_of(action: Action) -> str | None:
    """The id of the one action that follows an action without branches."""
    connection = action.get("connection")
    return connection["nextActionId"] if connection else None


def is_walkable(start: str | None, actions: Sequence[Action]) -> bool:
    """Whether ids are unique numbers, all targets exist, all is reachable, and it ends."""
    by_id = {action["actionId"]: action for action in actions}
    if len(by_id) < len(actions) or len(actions) > MOST_ACTIONS:
        return False
    if not all(_is_number(each) for each in by_id):
        return False
    if not actions:
        return start is None
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        action_id = waiting.pop()
        if action_id is None or action_id not in by_id:
            return False
        if action_id not in reached:
            reached.add(action_id)
            waiting += targets(by_id[action_id])
    return len(reached) == len(by_id) and _ends(by_id) and all(map(_branches_fit, actions))


def _ends(by_id: Mapping[str, Action]) -> bool:
    try:
        TopologicalSorter({key: targets(each) for key, each in by_id.items()}).prepare()
    except CycleError:
        return False
    return True


def _branches_fit(action: Action) -> bool:
    if action["type"] == "LIST_BRANCH":
        return 1 <= len(action["listBranches"]) <= MOST_LIST_BRANCHES
    if action["type"] == "STATIC_BRANCH":
        values = [each["branchValue"] for each in action["staticBranches"]]
        return 1 <= len(values) <= MOST_STATIC_BRANCHES and len(set(values)) == len(values)
    if action["type"] == "AB_TEST_BRANCH":
        percentages = [each.get("percentage", 0) for each in action["testBranches"]]
        return min(percentages, default=0) >= 0 and sum(percentages) == 100
    return True


def _connections(action: Action) -> Iterator[Mapping[str, str] | None]:
    for name in ("listBranches", "staticBranches", "testBranches"):
        for branch in action.get(name) or ():
            yield branch.get("connection")
    yield action.get("connection")
    yield action.get("defaultBranch")


def _is_number(action_id: str) -> bool:
    return action_id.isascii() and action_id.isdecimal() and len(action_id) <= 9
