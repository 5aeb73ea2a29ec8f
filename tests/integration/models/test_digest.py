"""The digest: the figures of a period, how they changed, as text and as a mail."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from dashboard.cards import MEASURES, Card, read_cards
from dashboard.catalogue import PERIODS


def digest(settings, *options):
    """What `cartwheel digest` prints."""
    done = CliRunner(env={"CARTWHEEL_WAREHOUSE": str(settings.warehouse)}).invoke(
        main, ["digest", *options]
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_cards_are_the_reports_figures(reports):
    """June so far, beside the same ten days of May, as counted by hand."""
    [found] = read_cards(reports.settings.warehouse, period="month_to_date")

    assert [(card.measure.column, card.value, card.before) for card in found.cards] == [
        ("net_sales", Decimal(-5), Decimal(3)),
        ("orders", 1, 1),
        ("average_order_value", 5, 3),
        ("new_customers", 0, 0),
        ("returning_share", 1, None),
        # nothing is known of checkouts before the first
        ("abandoned_value", 10, None),
        ("recovered_revenue", 5, None),
        ("return_rate", 2, 0),
    ]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("comparison", ["previous_period", "previous_year"])
def test_a_change_is_recomputed_from_both_values(many_cases, period, comparison):
    """Percent of what it was before; of a share, percentage points."""
    for cards in read_cards(
        many_cases.settings.warehouse, period=period, comparison=comparison
    ):
        for card in cards.cards:
            if card.change is None:
                assert card.value is None or not card.before
            elif card.measure.kind == "share":
                assert abs(card.change - 100 * (card.value - card.before)) <= Decimal("0.05")
            else:
                then = card.before + card.change * abs(card.before) / 100
                assert abs(then - card.value) <= abs(card.before) / 1000


def test_currencies_are_never_added(many_cases):
    """Two currencies are two sets of cards, each of what was sold in it."""
    found = read_cards(many_cases.settings.warehouse, period="all_time")
    sold = many_cases(
        "select currency, sum(net_sales) from reports.daily_sales group by 1 order by 1"
    )

    assert [(cards.currency, cards.cards[0].value) for cards in found] == sold
    assert [currency for currency, _ in sold] == ["GBP", "JPY"]


def test_nothing_is_compared_with_days_before_the_first(reports):
    """The shop began in April: of the year before nothing is known."""
    [found] = read_cards(
        reports.settings.warehouse, period="last_month", comparison="previous_year"
    )

    assert found.compared_with is None
    assert {card.before for card in found.cards} == {None}


@pytest.mark.parametrize(
    ("value", "before", "change", "is_new"),
    [
        (112, 100, "12.0", False),
        (-5, 10, "-150.0", False),
        (5, 0, None, True),
        (0, 0, None, False),
        (None, 4, None, False),
    ],
)
def test_from_nothing_is_no_percentage(value, before, change, is_new):
    """What was nothing before is new, and nothing is no change at all."""
    amounts = (None if each is None else Decimal(each) for each in (value, before))
    card = Card(MEASURES[0], *amounts)

    assert card.change == (change and Decimal(change))
    assert card.is_new is is_new


def test_the_digest_says_what_it_is_about(reports):
    """Store, currency, days, what they are compared with, and the age of the data."""
    text = digest(reports.settings, "--period", "month_to_date")

    assert text.splitlines()[:3] == [
        "london.myshopify.com (GBP)",
        "Month to date: 1\u201310 Jun 2026",
        "Compared with the period before: 1\u201310 May 2026",
    ]
    assert "not known when the data were read" in text


def test_json_has_the_figures_of_the_cards(reports):
    """A script gets each card's value as it stands in the report, and what it is."""
    told = json.loads(digest(reports.settings, "--period", "month_to_date", "--json"))

    [said] = told["digest"]
    assert (said["currency"], said["starts"], said["ends"]) == (
        "GBP",
        "2026-06-01",
        "2026-06-10",
    )
    assert [(card["column"], card["kind"]) for card in said["cards"]][:2] == [
        ("net_sales", "money"),
        ("orders", "count"),
    ]
    assert [Decimal(card["value"]) for card in said["cards"]] == [-5, 1, 5, 0, 1, 10, 5, 2]
    assert said["cards"][0]["before"] == "3.0000"


def test_a_change_has_a_sign_without_colour(reports):
    """An arrow says up or down; a share changes by points; from nothing is new."""
    lines = digest(reports.settings, "--period", "month_to_date").splitlines()
    found = {" ".join(line.split()) for line in lines}

    assert "Net sales -\u00a35.00 \u25bc 266.7%" in found
    assert "Average order value \u00a35.00 \u25b2 66.7%" in found
    assert "Abandoned checkouts \u00a310.00 \u2013" in found
    assert "Orders 1 unchanged" in found
    assert "Returns 200.0% \u25b2 200.0 points" in found


def test_the_mail_has_the_same_figures_and_no_script(reports, tmp_path):
    """An HTML mail is a table with styles inline; it asks the network for nothing."""
    text = digest(reports.settings, "--html", str(tmp_path / "mail.html"))
    mail = (tmp_path / "mail.html").read_text()

    for line in text.splitlines():
        assert all(part.strip() in mail for part in line.split("  "))
    assert not any(each in mail for each in ("<script", "<img", "http"))
    assert (tmp_path / "mail.html").stat().st_mode & 0o777 == 0o600


def test_an_unknown_store_is_named(reports):
    """A typo in the store's name says which there are."""
    done = CliRunner(env={"CARTWHEEL_WAREHOUSE": str(reports.settings.warehouse)}).invoke(
        main, ["digest", "--shop", "paris"]
    )

    assert done.exit_code == 2
    assert "no store paris. It has: london.myshopify.com" in done.output


def test_before_the_first_order_it_says_so(empty_warehouse):
    """An empty warehouse is no error."""
    assert digest(empty_warehouse.settings) == "There is no order yet. Run: cartwheel sync\n"


def test_a_digest_in_another_language(reports):
    """Words, numbers, dates and the age of the data are German where that is asked for."""
    text = digest(reports.settings, "--period", "month_to_date", "--language", "de")

    assert "Nettoumsatz" in text
    assert "-5,00\xa0\u20ac" not in text
    assert "-5,00\xa0\xa3" in text
    assert "10. Juni 2026" in text


def test_a_digest_is_in_the_shops_language_by_itself(two_shops):
    """Japanese for a shop whose primary locale is ja, unless another is asked for."""
    assert "純売上高" in digest(two_shops.settings, "--shop", "tokyo")
    assert "Net sales" in digest(two_shops.settings, "--shop", "tokyo", "--language", "en")
