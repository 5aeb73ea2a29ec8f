"""A suite's file is read as it stands, or what is wrong with it is said."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import SettingsError
from quality.conditions import CONDITIONS
from quality.measure import shape
from quality.suite import read_suites

SUITE = """
table: hubspot.deals
key: shopify_deal_key
expectations:
  low:
    type: expect_column_values_to_be_between
    kwargs: {column: amount, min_value: 0}
    severity: warning
    notes: Low.
figures:
  rows:
    query: select '' as part, count(*) as value, null as judged from {batch}
    times: [0.8, 5]
    severity: info
    notes: Many.
"""


def test_the_suites_of_the_gate_are_read():
    """There is a suite for each object that is sent, and for the ledger."""
    suites = read_suites()

    assert sorted(suite.table for suite in suites) == [
        "core.sales",
        "hubspot.contacts",
        "hubspot.deals",
        "hubspot.line_items",
        "hubspot.products",
    ]
    assert all(suite.expectations and suite.figures for suite in suites)
    assert {each.severity for suite in suites for each in suite.expectations} == {
        "critical",
        "warning",
    }


def test_a_suite_of_ones_own_is_read(tmp_path):
    """A file beside the others is a suite; what it leaves out is as the documents say."""
    (tmp_path / "mine.yml").write_text(SUITE)

    [suite] = read_suites(tmp_path)

    assert (suite.file, suite.batch, suite.shown) == ("mine.yml", "hubspot.deals", ())
    assert suite.figures[0].enough == {"rows": 100, "runs": 5}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (SUITE, "- a list", "is not a mapping with table"),
        (SUITE, "a: [", "cannot be read"),
        ("table: hubspot.deals\n", "", "table is not an entry of a suite, or is missing"),
        ("key:", "keys:", "keys is not an entry"),
        ("severity: warning", "severity: loud", "low: severity is one of critical, warning"),
        ("    notes: Low.\n", "", "low lacks 'notes'"),
        ("notes: Low.", "notes: Low.\n    mostly: 0.5", "low: mostly is not an entry"),
        (
            "figures:\n",
            "figures:\n  mine: {type: x, kwargs: {}}\n",
            "mine: kwargs is not an entry of a figure; an expectation stands under exp",
        ),
        ("be_between", "be_rounded", "low: expect_column_values_to_be_rounded is not a type"),
        ("times: [0.8, 5]", "", "rows: a figure has either times or points"),
        ("  rows:", "  low:", "low is the name of an expectation and of a figure"),
    ],
)
def test_a_mistake_is_told(tmp_path, before, after, told):
    """The message names the file, what to change and the next command."""
    assert before in SUITE
    (tmp_path / "mine.yml").write_text(SUITE.replace(before, after, 1))

    with pytest.raises(SettingsError, match=rf"mine\.yml.*{told}.*run: cartwheel check"):
        read_suites(tmp_path)


def test_a_name_stands_once_for_a_table(tmp_path):
    """Two files may be about one table, not with a name in both: its runs are kept by it."""
    for name in ("mine", "ours"):
        (tmp_path / f"{name}.yml").write_text(SUITE)

    with pytest.raises(SettingsError, match=r"ours\.yml.*: low is a name in mine\.yml too"):
        read_suites(tmp_path)


@pytest.mark.parametrize(
    ("text", "seen"), [("Ada@x2.org", "aaa@a9.aaa"), ("", ""), ("né 7-É", "aa 9-a")]
)
def test_a_shape_says_nothing_of_the_text(text, seen):
    """Letters and digits are replaced, all else stays."""
    assert shape(text) == seen


@pytest.mark.parametrize(
    ("kind", "kwargs", "sql"),
    [
        ("values_to_be_in_set", {"value_set": ["a", "b's"]}, "not (\"x\" in ('a', 'b''s'))"),
        ("values_to_not_match_regex", {"regex": "^a"}, "regexp_matches(\"x\", '^a')"),
        ("values_to_be_null", {}, '"x" is not null'),
        ("values_to_be_between", {"min_value": 1, "strict_min": True}, '"x" <= 1'),
        ("values_to_be_between", {}, "false"),
    ],
)
def test_an_expectation_is_a_condition(kind, kwargs, sql):
    """The condition is that of a row which fails; a text in it stays a text."""
    assert CONDITIONS[f"expect_column_{kind}"]({"column": "x", **kwargs}) == sql
