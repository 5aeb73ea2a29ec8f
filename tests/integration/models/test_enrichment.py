"""What Cartwheel adds to a contact: scores, habits, the checkout that was left.

The rule: docs/data-model.md#scores-and-segments-of-a-contact
"""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser

import pytest

from tests.integration.models.many_cases import NAMES

SEGMENTS = {
    *("Champions", "Loyal customers", "New customers", "Potential loyalists"),
    *(
        "Needing attention",
        "Promising",
        "Cannot lose them",
        "At risk",
        "About to sleep",
        "Lost",
    ),
}


class Page(HTMLParser):
    """The tags of an HTML text in their order, and the text inside each list item."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.items = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))
        if tag == "li":
            self.items.append("")

    def handle_data(self, data):
        self.items[-1] += data


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("last_order_date", "recency"),
        ("orders", "frequency"),
        ("net_sales", "monetary"),
    ],
)
def test_equal_values_score_equally(many_cases, value, score):
    """No two people with one value have different scores in it, and more never scores less."""
    found = many_cases(
        f"select {value}, min({score}), max({score}) from core.people "
        f"join intermediate.int_people_with_rfm using (person_key) group by {value} order by 1"
    )

    assert len(found) > 2
    assert [low for _, low, _ in found] == [high for _, _, high in found]
    scores = [low for _, low, _ in found]
    assert scores == sorted(scores)


def test_segments_are_the_documented_ones(many_cases):
    """Who bought is in one of ten segments, who never did in none."""
    found = many_cases(
        "select distinct rfm.segment, people.orders > 0 from core.people as people "
        "left join intermediate.int_people_with_rfm as rfm using (person_key)"
    )

    assert {segment for segment, bought in found if bought} <= SEGMENTS
    assert {segment for segment, bought in found if not bought} == {None}


def test_days_between_orders_is_the_median(many_cases):
    """Gaps of 10, 20 and 60 days have the median 20, whatever their mean."""
    found = many_cases(
        "select shopify_days_between_orders, shopify_orders_count from hubspot.contacts "
        "where email = 'regular@example.com'"
    )

    assert found == [(Decimal("20"), 4)]


def test_the_last_products_come_first(many_cases):
    """Titles of what was bought and kept, the latest order's first."""
    found = many_cases(
        "select shopify_products_bought from hubspot.contacts where email = 'buyer@example.com'"
    )

    assert found == [("Thing;Sold 1;Sold 2;Sold 3;Sold 4;Sold 5",)]


def test_the_current_checkout_is_the_latest_abandoned(many_cases):
    """Not an earlier one, and not one that is still pending."""
    found = many_cases(
        "select shopify_abandoned_checkout_url, shopify_abandoned_checkout_at::varchar, "
        "shopify_abandoned_checkout_value from hubspot.contacts "
        "where email = 'left@example.com'"
    )

    url = "https://shop.example/1/checkouts/token511/recover?key=1"
    assert found == [(url, "2026-06-02 10:00:00", Decimal("5"))]


def test_the_items_as_text_hold_every_title_unchanged(many_cases):
    """Text is for reading: nothing in it is escaped or lost."""
    [(items,)] = many_cases(
        "select shopify_abandoned_checkout_items from hubspot.contacts "
        "where email = 'left@example.com'"
    )

    titles = [title for name, title in NAMES.items() if name != "300 characters"]
    assert items == "; ".join(f"1 x {title}" for title in titles)


def test_the_items_as_html_are_safe_in_an_email(many_cases):
    """Read as HTML, the items are one list without other tags, and each title is as it was."""
    [(html,)] = many_cases(
        "select shopify_abandoned_checkout_items_html from hubspot.contacts "
        "where email = 'left@example.com'"
    )

    page = Page(html)
    titles = [title for name, title in NAMES.items() if name != "300 characters"]
    assert page.tags == [("ul", []), *[("li", [])] * len(titles)]
    assert page.items == [f"1 x {title}" for title in titles]


def test_no_quotation_mark_is_left_in_the_html(many_cases):
    """Nor can a title leave an attribute: both kinds of quotation mark are escaped."""
    [(html,)] = many_cases(
        "select shopify_abandoned_checkout_items_html from hubspot.contacts "
        "where email = 'left@example.com'"
    )

    assert not {'"', "'"} & set(html)
