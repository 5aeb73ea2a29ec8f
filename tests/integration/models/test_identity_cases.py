"""Who is who where a store is not tidy: merged, redacted, deleted, doubled, oddly named."""

from __future__ import annotations

import pytest

from tests.integration.models.many_cases import LONDON, NAMES, TOKYO


def test_the_orders_of_a_merged_customer_are_the_survivors(many_cases):
    """After a merge both orders belong to the surviving customer, one new, one returning."""
    found = many_cases(
        "select order_id, person_key, order_index from core.orders "
        "where order_id in ('101', '102') order by order_id"
    )

    assert found == [("101", "survivor@example.com", 1), ("102", "survivor@example.com", 2)]


def test_a_customer_who_was_merged_away_has_no_orders(many_cases):
    """The contact stays, but counts nothing that has moved."""
    found = many_cases(
        "select shopify_orders_count, shopify_total_spent, shopify_rfm_segment "
        "from hubspot.contacts where email = 'merged.away@example.com'"
    )

    assert found == [(0, None, None)]


def test_a_redacted_customer_is_no_contact(many_cases):
    """Whose record says nothing has no e-mail, whatever the order says."""
    [(person, email)] = many_cases(
        "select person_key, email from core.orders where order_id = '103'"
    )
    contacts = many_cases("select * from hubspot.contacts where email like 'redacted%'")

    assert (person, email, contacts) == (f"{LONDON}/customer:3", None, [])


def test_a_redacted_customers_order_is_a_deal_without_contact(many_cases):
    """The deal lives on; nobody is associated with it."""
    found = many_cases(
        "select count(*), count(associations.to_key) from hubspot.deals as deals "
        "left join hubspot.associations as associations "
        "on associations.from_key = deals.shopify_deal_key "
        "and associations.association_type = 'deal_to_contact' "
        "where deals.shopify_order_id = '103'"
    )

    assert found == [(1, 0)]


def test_one_email_is_one_contact_over_records_guests_and_stores(many_cases):
    """Two records, another store's and a guest order with one e-mail make one contact."""
    found = many_cases(
        "select shopify_orders_count, shopify_customer_ids, shopify_stores, lastname "
        "from hubspot.contacts where email = 'one@example.com'"
    )

    ids = f"{LONDON}:4;{LONDON}:5;{TOKYO}:4"
    assert found == [(4, ids, f"{LONDON};{TOKYO}", "Lee")]


def test_orders_are_numbered_over_a_persons_records_per_store(many_cases):
    """Records and guest orders of an e-mail share a sequence; another store has its own."""
    found = many_cases(
        "select shop, order_id, order_index from core.orders "
        "where person_key = 'one@example.com' order by order_id"
    )

    assert found == [
        (LONDON, "104", 1),
        (LONDON, "105", 2),
        (LONDON, "106", 3),
        (TOKYO, "107", 1),
    ]


def test_a_deleted_customers_order_keeps_its_person(many_cases):
    """A customer's tombstone takes neither the order's person nor its contact away."""
    found = many_cases(
        "select orders.person_key, contacts.email from core.orders as orders "
        "join hubspot.contacts as contacts using (email) where order_id = '108'"
    )

    assert found == [("deleted@example.com", "deleted@example.com")]


def test_a_guest_with_a_phone_alone_is_nobody(many_cases):
    """Without an e-mail and a customer an order belongs to nobody, and is a deal."""
    found = many_cases(
        "select orders.person_key, deals.dealname from core.orders as orders "
        "join hubspot.deals as deals on deals.shopify_order_id = orders.order_id "
        "where orders.order_id = '109'"
    )

    assert found == [(None, "#109")]


@pytest.mark.parametrize("kind", NAMES)
def test_text_survives_unchanged(many_cases, kind):
    """A name, a note and an order's note arrive in HubSpot's columns as Shopify holds them."""
    number = list(NAMES).index(kind)
    email = f"name{number}@example.com"

    [(name, note)] = many_cases(
        "select firstname, shopify_note from hubspot.contacts where email = ?", email
    )
    [(order_note,)] = many_cases(
        "select shopify_note from hubspot.deals where shopify_order_id = ?", str(200 + number)
    )

    assert [name, note, order_note] == [NAMES[kind]] * 3


def test_a_redacted_customer_is_named_and_in_no_audience(many_cases):
    """Only the customer whose record says nothing is redacted; no workflow is about it."""
    named = "select record from hubspot.redacted_customers where shop = ?"
    enrolled = """
        select 'new_customer' from workflows.new_customer where person_key = ?
        union all
        select 'abandoned_checkout' from workflows.abandoned_checkout where person_key = ?
        union all
        select 're_engagement' from workflows.re_engagement where person_key = ?
    """
    key = many_cases("select person_key from intermediate.int_customers_redacted")[0][0]

    assert many_cases(named, LONDON) == [("customer 3",)]
    assert many_cases(enrolled, key, key, key) == []
