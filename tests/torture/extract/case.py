"""What a case of the fault matrix is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Way = Literal["bulk", "pages"]
Stage = Literal["first", "later"]
Body = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One disturbance of one resource, read one way.

    In the first stage the warehouse is empty; in the later one it holds an earlier store,
    which has changed since.

    orders are sent to the sandbox's controls, path and body, before the disturbed run.
    before and between are changes of the store (shopify/control/changes.py) ahead of that
    run and of the next. sweep says that the runs compare all ids, fails that the disturbed
    run cannot but fail. batch is how many records are landed at once, None for all.
    unknowable says why nothing in Shopify's answer gives the fault away.
    """

    name: str
    resource: str
    way: Way
    stage: Stage
    orders: tuple[tuple[str, Body], ...] = ()
    before: tuple[Body, ...] = ()
    between: tuple[Body, ...] = ()
    sweep: bool = False
    fails: bool = False
    batch: int | None = None
    unknowable: str = ""

    def __str__(self) -> str:
        """The case's name among the tests."""
        return f"{self.name}-{self.resource}-{self.way}-{self.stage}"

    def changes(self) -> list[Body]:
        """All changes of the store, in their order."""
        during = [
            change
            for path, body in self.orders
            if path == "schedule"
            for change in body["do"]
            if change.keys() & {"put", "remove"}
        ]
        return [*self.before, *during, *self.between]
