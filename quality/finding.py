"""What the gate found of one expectation or one figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cartwheel.core.counts import counted
from quality.suite import Severity

SHOWN = 20  # failing rows that the pages show and the results keep
NAMED = 3  # failing rows that a sentence names
_READABLE = 160  # characters of a query in a sentence; the pages have longer ones too


@dataclass(frozen=True)
class Row:
    """A row that fails, by its key, and the value that it fails by; never a person's data."""

    key: str
    value: str


@dataclass(frozen=True)
class Finding:
    """One judged expectation or figure.

    Of rows, observed is how many of the judged ones fail, allowed which share of them may; of a
    figure or an aggregate, observed is its value, which should lie within low and high (None
    is open). usual is the median of a figure's earlier runs, None where there are not enough:
    then nothing is judged. part is the store of a figure, or ''. see is a query for the rows.
    file is that of the suite, "" where it is of none.
    """

    table: str
    name: str
    severity: Severity
    success: bool
    observed: float | None
    judged: int
    why: str
    of_rows: bool
    part: str = ""
    allowed: float = 0.0
    low: float | None = None
    high: float | None = None
    usual: float | None = None
    earlier_runs: int = 0
    rows: tuple[Row, ...] = ()
    see: str = ""
    file: str = ""

    @property
    def stops(self) -> bool:
        """Whether it closes the gate."""
        return not self.success and self.severity == "critical"

    @property
    def warns(self) -> bool:
        """Whether somebody should look at it."""
        return not self.success and self.severity == "warning"

    @property
    def is_judged(self) -> bool:
        """Whether there is anything to judge it by: of a figure, enough earlier runs."""
        return self.of_rows or self.low is not None or self.high is not None

    @property
    def result(self) -> str:
        """Its result in a word."""
        if self.success:
            return "passes" if self.is_judged else "is kept"
        return {"critical": "stops", "warning": "warns", "info": "is noted"}[self.severity]

    @property
    def bound(self) -> str:
        """What it should be, such as: at most 5 % of the rows; from 10 to 40."""
        if self.of_rows:
            return f"at most {self.allowed * 100:.4g} % of the rows" if self.allowed else "none"
        if self.low is not None and self.high is not None:
            return f"from {_number(self.low)} to {_number(self.high)}"
        if not self.is_judged:
            return "not judged yet"
        low_or_high = self.low if self.high is None else self.high
        return f"at {'least' if self.high is None else 'most'} {_number(low_or_high)}"

    @property
    def measured(self) -> str:
        """What it is, such as: 3 of 1,000 rows; 12.5, usually 30."""
        if self.of_rows:
            return f"{self.observed or 0:,.0f} of {self.judged:,} rows"
        usually = "" if self.usual is None else f", usually {_number(self.usual)}"
        return f"{_number(self.observed)}{usually}"

    def in_short(self) -> str:
        """What is wrong and with which rows, by their keys; holds no personal data."""
        of = f" of {self.part}" if self.part else ""
        text = f"{self.table}: {self.name}{of}: {self.measured}"
        if self.allowed or not self.of_rows:
            text += f", should be {self.bound}"
        if self.rows:
            named = ", ".join(row.key for row in self.rows[:NAMED])
            text += f" ({named}{', ...' if len(self.rows) > NAMED else ''})"
        return text

    def __str__(self) -> str:
        """What is wrong, why it matters, and a query for the rows, if it is a short one."""
        see = f" See: {self.see}" if 0 < len(self.see) <= _READABLE else ""
        return f"{self.in_short()}. {self.why}{see}"


def verdict(findings: Sequence[Finding]) -> str:
    """How the gate decided, such as: 43 checks: 1 stops the load, 2 warn."""
    stop = sum(each.stops for each in findings)
    warn = sum(each.warns for each in findings)
    return (
        f"{counted(len(findings), 'check')}: {stop} stop{'s' * (stop == 1)} the load, "
        f"{warn} warn{'s' * (warn == 1)}"
    )


def _number(value: float | None) -> str:
    """A number for a person: 1,772; 96.23; 0.02794."""
    if value is None:
        return "nothing"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
