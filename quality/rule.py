"""What a rule of the gate is: a condition on rows, and how many rows may meet it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "warn"]


@dataclass(frozen=True)
class Rule:
    """At most `limit` of a table's rows may be odd in one way.

    measure names the figure in the results; odd is the SQL condition of an odd row,
    in which $now stands for the run's time (UTC); unit says whether limit counts
    rows or is a share of all rows (0 to 1). why is for the person who must act.
    """

    measure: str
    odd: str
    limit: float
    severity: Severity
    why: str
    unit: Literal["rows", "share"] = "rows"

    def figure(self) -> str:
        """The SQL aggregate that measures the rule over the table; 0 where it is empty."""
        if self.unit == "rows":
            return f"count(*) filter (where {self.odd})"
        return f"coalesce(avg(coalesce({self.odd}, false)::integer), 0.0)"


@dataclass(frozen=True)
class Table:
    """A table under the gate.

    promised is a SQL scalar: the rows from which core says this table is made. Where
    it is above zero the table must not be empty.
    """

    name: str
    key: str
    promised: str
    rules: tuple[Rule, ...]

    def profile(self) -> str:
        """One statement that gives one row: the row count, the loss and every rule's figure."""
        lost = f"case when count(*) = 0 then ({self.promised}) else 0 end"
        figures = ["count(*) as row_count", f"{lost} as lost_rows"]
        figures += [f"{rule.figure()} as {rule.measure}" for rule in self.rules]
        return f"select {', '.join(figures)} from {self.name}"
