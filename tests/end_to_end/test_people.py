"""Contacts after the first sync: adopted, folded, moved, cleared, deleted, held back."""

from __future__ import annotations

import pytest

from tests.end_to_end.days import SHOP


def test_adopted_contact_keeps_what_shopify_leaves_blank(begun):
    """The first load adopts a contact that HubSpot has, and its phone stays."""
    assert begun.values("contacts", "buyer41@post.example.org")["phone"] == "+1 555 0141"


def test_adopted_contact_takes_what_shopify_has(begun):
    """The first load gives an adopted contact the first name that Shopify has."""
    assert begun.values("contacts", "buyer41@post.example.org")["firstname"] != "Own"


def test_contact_of_a_person_is_adopted_by_a_new_customer(changed):
    """A new customer with a known e-mail in other letters makes no second contact."""
    contact = changed.values("contacts", "ines@person.example")

    assert contact["shopify_customer_ids"] == f"{SHOP}:7900000000001"


def test_blanks_of_a_new_customer_overwrite_nothing(changed):
    """A person's own values stay in a contact where the new customer has blanks."""
    contact = changed.values("contacts", "ines@person.example")

    assert (contact["firstname"], contact["lastname"], contact["city"]) == (
        "Ines",
        "Own",
        "Lyon",
    )


def test_deleted_contact_stays_deleted(changed):
    """A contact that a person deleted does not come back when the customer changes."""
    assert "buyer36@mail.example" not in changed.living["contacts"]


@pytest.mark.nightly
def test_deleted_contact_stays_deleted_for_good(later):
    """Nor does it when the customer changes once more."""
    assert "buyer36@mail.example" not in later.living["contacts"]


def test_customer_with_a_new_email_has_its_contact(changed):
    """A customer's deals belong to the contact of the e-mail that the customer has now."""
    assert changed.contacts_of[changed.deal("#1123")] == ["moved61@shop.example"]


def test_blank_clears_what_cartwheel_wrote(changed):
    """A city that Cartwheel wrote is gone when the customer has none any more."""
    assert not changed.values("contacts", "buyer45@mail.example").get("city")


def test_blank_does_not_clear_what_a_person_wrote(changed):
    """A city that a person wrote over Cartwheel's stays when the customer has none any more."""
    assert changed.values("contacts", "buyer43@mail.example")["city"] == "A person's word"


def test_malformed_email_is_no_contact(changed):
    """A customer with a malformed e-mail is quarantined, one more than at first."""
    assert changed.told["plan"]["objects"]["contacts"]["quarantined"] == 6


def test_status_shows_the_malformed_emails(changed):
    """`status` says how many contacts are held back for want of one @."""
    lines = changed.told["status"].splitlines()
    [line] = [line for line in lines if "not exactly one @" in line]

    assert line.split()[:3] == ["contacts", "quarantined", "2"]


def test_two_customers_with_one_email_make_one_contact(changed):
    """A second customer with a contact's e-mail is folded into it."""
    contact = changed.values("contacts", "buyer48@post.example.org")

    assert contact["shopify_customer_ids"] == f"{SHOP}:7000000000528;{SHOP}:7900000000003"
