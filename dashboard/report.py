"""What a report of a dashboard is: its model, its columns, the form in which it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["money", "count", "share", "number", "text", "date", "time"]
Form = Literal[
    "lines", "columns", "stacked", "ranking", "histogram", "cohorts", "table", "orders"
]
# what a column of text holds: words of our own models; tokens of Shopify's; names that others
# gave, with our words where there is none; the domain of a store
Names = Literal["words", "tokens", "given", "shop"]

_OVER_TIME = ("lines", "columns", "stacked")
_DRAWN = (*_OVER_TIME, "ranking", "histogram")


@dataclass(frozen=True)
class Column:
    """A column of a report.

    name is the model's column; ratio names the two whose sums are divided, since quotients
    cannot be added. is_distinct says that its days do not add up to its period, since
    a person or an order of two days counts once.
    """

    name: str
    label: str
    kind: Kind
    ratio: tuple[str, str] | None = None
    is_distinct: bool = False
    names: Names = "given"


def money(name: str, label: str) -> Column:
    """A column of amounts."""
    return Column(name, label, "money")


def count(name: str, label: str, *, is_distinct: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name, label, "count", is_distinct=is_distinct)


def text(name: str, label: str, names: Names = "given") -> Column:
    """A column of names."""
    return Column(name, label, "text", names=names)


def quotient(name: str, label: str, kind: Kind, dividend: str, divisor: str) -> Column:
    """A column that is divided from two others."""
    return Column(name, label, kind, ratio=(dividend, divisor))


@dataclass(frozen=True)
class Report:
    """A report: the model reports.<key>, drawn in one form.

    about is the definition, in a sentence or two. drawn are the columns that become marks;
    told is the one that its sentence is about, the last of them where none is named. A ranking
    shows the `most` greatest, or all in the order of a column, and sums up the others; labels
    are its columns of text, each row's name first, and noted stands beside its bars. choices
    are what can be shown, by key: the values of the model's column `dimension`, or another
    figure of cohorts.

    forgets: Shopify keeps its records for a while only, nothing is known before the first.
    is_of_all_time: it knows no period. counts_persons: each store counts its own. opens_orders:
    a bucket leads to the orders placed in it. shows_people: it has single orders, by which a
    person can be found.
    """

    key: str
    title: str
    about: str
    form: Form
    columns: tuple[Column, ...]
    drawn: tuple[str, ...] = ()
    told: str = ""
    labels: tuple[Column, ...] = ()
    noted: tuple[str, str] | None = None
    choices: dict[str, str] = field(default_factory=dict)
    order: str = ""
    most: int = 10
    is_wide: bool = False
    forgets: bool = False
    is_of_all_time: bool = False
    counts_persons: bool = False
    opens_orders: bool = False
    shows_people: bool = False

    @property
    def main(self) -> str:
        """The column that the report's sentence is about."""
        return self.told or (self.drawn or (self.columns[0].name,))[-1]

    @property
    def is_over_time(self) -> bool:
        """Whether it has a row per bucket of time."""
        return self.form in _OVER_TIME

    @property
    def is_of_period(self) -> bool:
        """Whether it shows the chosen period."""
        return self.is_over_time or self.form == "ranking"

    @property
    def is_drawn(self) -> bool:
        """Whether it has a chart beside its table."""
        return self.form in _DRAWN

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that the model has; the others are divided from them."""
        return tuple(column for column in self.columns if column.ratio is None)

    def place(self, name: str) -> int:
        """The position of a column."""
        return [column.name for column in self.columns].index(name)
