"""Changes that wait for a request: rows that come late, edits and deletions during a run."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from sandbox.shopify.control.changes import Action, ChangeError, Changes


@dataclass
class Step:
    """Changes that come together: before the first request after `after` matching ones.

    A request matches if its text (sandbox/shopify/graphql/faults.py) contains `where`.
    """

    after: int
    where: str
    do: list[Any]
    actions: list[Action]


class Schedule:
    """The changes of one shop that are still to come."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._steps: list[Step] = []
        self._lock = threading.Lock()

    def add(self, do: Any, where: str = "", after: int = 0) -> None:
        """Let changes come. Raises ChangeError if one of them is none; none come then."""
        if not isinstance(do, list) or not do or not isinstance(where, str) or after < 0:
            raise ChangeError(
                'Send {"after": 3, "where": "OrdersPage", "do": [{"put": ...}]}: the changes,'
                " and how many requests pass first"
            )
        actions = [self._changes.plan(change) for change in do]
        with self._lock:
            self._steps.append(Step(after, where, do, actions))

    def forget(self) -> None:
        """Let nothing more come."""
        with self._lock:
            self._steps.clear()

    def pending(self) -> list[dict[str, Any]]:
        """List what is still to come; `after` counts from now."""
        with self._lock:
            return [
                {"after": step.after, "where": step.where, "do": step.do}
                for step in self._steps
            ]

    def reach(self, text: str) -> None:
        """Carry out what is to come before the request with this text is answered."""
        with self._lock:
            for step in [step for step in self._steps if step.where in text]:
                if step.after > 0:
                    step.after -= 1
                    continue
                self._steps.remove(step)
                for action in step.actions:
                    action()
