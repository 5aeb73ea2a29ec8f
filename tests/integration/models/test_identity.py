"""Who is who: e-mails, people, and whose an order is.

The rule: docs/reference/rules.md#contacts, docs/reference/metrics.md#the-person-of-an-order
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EMAILS = json.loads((Path(__file__).parent / "emails.json").read_text())


def person_of(ask, order_id):
    [(person,)] = ask("select person_key from core.orders where order_id = ?", order_id)
    return person


def test_records_with_one_email_are_one_person(two_shops):
    """Two records and two shops with one e-mail in different spelling are one person."""
    found = two_shops("select customer_ids from core.people where email = 'ann@example.com'")

    london, tokyo = "london.myshopify.com", "tokyo.myshopify.com"
    assert found == [(f"{london}:1;{london}:2;{tokyo}:1",)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        pytest.param("last_name", "New", id="the most recently updated value"),
        pytest.param("first_name", "Ann", id="a blank does not compete"),
        pytest.param("note", "kept", id="an empty text is a blank"),
        pytest.param("tags", "b2b;vip", id="the union of the tags"),
        pytest.param("created_at::date::varchar", "2025-03-01", id="the earliest creation"),
        pytest.param("orders", 3, id="orders that are not cancelled, tests left out"),
        pytest.param("orders_placed", 4, id="orders placed"),
        pytest.param("first_order_name", "#100", id="the first order that counts"),
        pytest.param("last_order_name", "#102", id="the last order, in whichever shop"),
    ],
)
def test_competing_records_are_merged(two_shops, column, value):
    """Each property of a person comes from the record that its rule names."""
    found = two_shops(f"select {column} from core.people where email = 'ann@example.com'")

    assert found == [(value,)]


def test_money_on_a_person_is_in_the_home_currency(two_shops):
    """Yen from the second shop are not added to pounds; the cancelled order's sale is in."""
    found = two_shops("select net_sales from core.people where email = 'ann@example.com'")

    assert [str(value) for (value,) in found] == ["30.0000"]


def test_a_plus_tag_makes_another_person(two_shops):
    """ann+shop@example.com is not ann@example.com."""
    found = two_shops("select person_key from core.people where customer_ids like '%:3'")

    assert found == [("ann+shop@example.com",)]


@pytest.mark.parametrize(
    ("order_id", "person"),
    [
        pytest.param("101", "ann@example.com", id="its customer's e-mail, normalised"),
        pytest.param("110", "guest@example.com", id="without a customer the order's"),
        pytest.param("111", None, id="a guest with a malformed e-mail is nobody"),
        pytest.param(
            "112", "london.myshopify.com/customer:4", id="never the order's beside a customer"
        ),
        pytest.param(
            "113", "london.myshopify.com/customer:99", id="a customer who was not extracted"
        ),
    ],
)
def test_an_order_belongs_to(two_shops, order_id, person):
    """The person of an order follows the customer, then the order's own e-mail."""
    assert person_of(two_shops, order_id) == person


def test_an_order_without_consent_takes_none_back(two_shops):
    """A later guest order that does not ask for marketing leaves the consent as it was."""
    found = two_shops(
        "select accepts_marketing from core.people where email = 'consent@example.com'"
    )

    assert found == [(True,)]


def test_a_record_that_was_never_asked_takes_no_consent_back(two_shops):
    """Consent with a date is the latest statement, however lately another record changed."""
    found = two_shops(
        "select accepts_marketing from core.people where email = 'asked@example.com'"
    )

    assert found == [(True,)]


def test_a_street_is_taken_whole(two_shops):
    """Both lines of the street come from one record; the city, which it lacks, from another."""
    found = two_shops(
        "select address, city from hubspot.contacts where email = 'moved@example.com'"
    )

    assert found == [("9 New Road", "Leeds")]


def test_a_later_shops_import_leaves_the_source(two_shops):
    """Who arrived before a second shop was imported keeps the source of the first journey."""
    found = two_shops(
        "select shopify_original_source_1, shopify_original_source_2 "
        "from hubspot.contacts where email = 'arrived@example.com'"
    )

    assert found == [("Google", "SEO")]


def test_the_initial_import_is_remembered(two_shops):
    """Who was landed before the first complete extract ended came with it; others later."""
    found = two_shops("select email from core.people where is_initial_import")

    assert found == [("ann+shop@example.com",)]


def test_order_index_is_per_shop_and_person(two_shops):
    """A person's orders are numbered in each shop, cancelled and test orders left out."""
    found = two_shops(
        "select order_id, order_index from core.orders where person_key = 'ann@example.com' "
        "order by order_id"
    )

    assert found == [("100", 1), ("101", 2), ("102", 1), ("103", None)]


@pytest.fixture(scope="module")
def judged(two_shops):
    """The fault of each e-mail, by the e-mail as found."""
    return dict(
        two_shops("select email_found, fault from intermediate.int_emails_with_validity")
    )


@pytest.mark.parametrize("email", EMAILS["valid"])
def test_a_valid_email_has_no_fault(judged, email):
    """What the rule allows is a contact's e-mail."""
    assert judged[email] is None


@pytest.mark.parametrize("email", EMAILS["faulty"])
def test_a_malformed_email_has_a_fault(judged, email):
    """What the rule does not allow is named with its reason."""
    assert judged[email]


def test_a_blank_email_is_none(judged):
    """Nothing but blanks is no e-mail, not a malformed one."""
    assert not set(judged) & set(EMAILS["blank"])
