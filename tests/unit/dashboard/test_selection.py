"""What can be chosen on the page, and how it is named."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.selection import label_of, periods_of, scopes_of, short_label_of

TO = "\N{THIN SPACE}–\N{THIN SPACE}"


def test_a_store_in_two_currencies_is_two_choices() -> None:
    """A store that changed its currency is offered once for each."""
    labels = [scope.label for scope in scopes_of([("a", "EUR"), ("a", "GBP")])]
    assert labels == ["a in EUR", "a in GBP"]


@pytest.mark.parametrize(
    ("grain", "starts", "ends", "label"),
    [
        ("day", date(2026, 11, 20), date(2026, 11, 20), "20 Nov 2026"),
        ("week", date(2026, 11, 16), date(2026, 11, 20), "16–20 Nov 2026"),
        ("week", date(2026, 8, 31), date(2026, 9, 6), f"31 Aug{TO}6 Sept 2026"),
        ("week", date(2025, 12, 29), date(2026, 1, 4), f"29 Dec 2025{TO}4 Jan 2026"),
        ("month", date(2026, 2, 1), date(2026, 2, 28), "Feb 2026"),
        ("month", date(2026, 11, 1), date(2026, 11, 20), "1–20 Nov 2026"),
    ],
)
def test_labels_tell_cut_buckets(grain: str, starts: date, ends: date, label: str) -> None:
    """A bucket is named by the days it holds; a month by its name only where it is whole."""
    assert label_of(grain, starts, ends) == label


def test_the_last_twelve_months_are_a_year() -> None:
    """Twelve months end with the last day and hold a year of days, leap days included."""
    for last in (date(2026, 11, 20), date(2024, 2, 29), date(2025, 2, 28)):
        year = next(p for p in periods_of(date(2020, 1, 1), last) if p.key == "12m")
        assert (year.ends - year.starts).days in (364, 365)


@pytest.mark.parametrize(
    ("grain", "label"), [("week", "7 Sept<br>2026"), ("month", "Sept<br>2026")]
)
def test_an_axis_has_the_year_below(grain: str, label: str) -> None:
    """The year stands in a line of its own; a month needs no day."""
    assert short_label_of(grain, date(2026, 9, 7)) == label
