"""Contacts that people merged in HubSpot: one row writes each, and the deals follow."""

from __future__ import annotations

import pytest

from cartwheel.core.progress import silent
from load.run import load
from load.verify.refresh import refresh
from tests.integration.load.test_load_people import (
    ONE,
    TWO,
    assert_at_rest,
    new_deal,
    rename,
    skipped,
    statuses,
)
from tests.nightly import mostly_nightly

new_id_or_kept = pytest.mark.parametrize(
    "keep_primary", mostly_nightly([False, True], 0), ids=["new_id", "kept"]
)


def hand_over(shop, giver, taker):
    """Let the deals of a customer be another one's in Shopify."""
    shop.run("update hubspot.associations set to_key = ? where to_key = ?", taker, giver)


@new_id_or_kept
def test_of_two_contacts_of_ours_that_were_merged_one_is_written(
    loaded, shop, account, log, contact, keep_primary
):
    """The row whose e-mail came first writes the merged contact, the other is skipped."""
    account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    rename(shop, ONE, to="One")
    rename(shop, TWO, to="Two")

    load(loaded, silent)

    assert len(account.objects("contacts")) == 4
    assert contact(ONE)["properties"]["firstname"] == "One"
    assert statuses(shop) == {TWO: "merged"}
    assert skipped(loaded) == 1
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_merged_contact_is_not_written_by_the_other_of_the_two(
    loaded, shop, account, log, contact, keep_primary
):
    """If only the other customer changes in Shopify, the merged contact keeps its name."""
    account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    rename(shop, TWO)
    load(loaded, silent)
    assert contact(ONE)["properties"]["firstname"] == "Ana1"
    assert_at_rest(loaded, log)

    rename(shop, ONE, to="Newer")
    load(loaded, silent)

    assert contact(ONE)["properties"]["firstname"] == "Newer"
    assert statuses(shop) == {TWO: "merged"}
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_the_deals_of_merged_contacts_are_of_the_merged_one(
    loaded, shop, build, account, log, contact, deals_of, keep_primary
):
    """Old and new deals of both customers are associated with the one contact."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    rename(shop, ONE, TWO)
    new_deal(shop, build, 61, 1)
    new_deal(shop, build, 62, 2)

    report = load(loaded, silent)

    assert deals_of(merged["id"]) == ["#1", "#2", "#61", "#62"]
    assert report.rejected == 0
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_new_deal_finds_a_merged_contact_whose_row_did_not_change(
    loaded, shop, build, account, log, contact, deals_of, keep_primary
):
    """Though the ledger knows ids that are gone, the deals reach the merged contact."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    new_deal(shop, build, 61, 1)
    new_deal(shop, build, 62, 2)

    report = load(loaded, silent)

    assert deals_of(merged["id"]) == ["#1", "#2", "#61", "#62"]
    assert report.rejected == 0
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_deal_that_changes_hands_leaves_a_contact_whose_merge_went_unnoticed(
    loaded, shop, account, log, contact, deals_of, keep_primary
):
    """Though the ledger knows an id that is gone, the deal is parted from the merged one."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    hand_over(shop, TWO, "person4@example.com")

    load(loaded, silent)

    assert deals_of(merged["id"]) == ["#1"]
    assert deals_of(contact("person4@example.com")["id"]) == ["#2", "#4"]
    assert_at_rest(loaded, log)


@pytest.mark.nightly
def test_a_deal_that_changes_hands_between_two_customers_of_a_contact_stays_there(
    loaded, shop, account, log, contact, deals_of
):
    """Customers that were merged in HubSpot first and in Shopify later keep all deals."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"])
    rename(shop, ONE, TWO)
    load(loaded, silent)
    hand_over(shop, TWO, ONE)

    load(loaded, silent)

    assert deals_of(merged["id"]) == ["#1", "#2"]
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_deal_that_changes_hands_leaves_a_contact_that_a_refresh_followed(
    loaded, shop, account, log, contact, deals_of, keep_primary
):
    """What was associated before the merge can still be parted after plan --refresh."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    refresh(loaded, silent)
    hand_over(shop, TWO, "person4@example.com")

    load(loaded, silent)

    assert "#2" not in deals_of(merged["id"])
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_deal_that_changes_hands_leaves_a_merged_contact(
    loaded, shop, account, log, contact, deals_of, keep_primary
):
    """The deal of a customer whose contact was merged is of its new owner alone."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"], keep_primary=keep_primary)
    rename(shop, ONE, TWO)
    hand_over(shop, TWO, "person4@example.com")

    load(loaded, silent)

    assert deals_of(merged["id"]) == ["#1"]
    assert deals_of(contact("person4@example.com")["id"]) == ["#2", "#4"]
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_contact_merged_into_one_that_is_not_ours_is_followed(
    loaded, shop, build, account, log, contact, deals_of, keep_primary
):
    """The other's e-mail stays the first one, ours fills in what Shopify knows."""
    own = {"email": "boss@example.org", "jobtitle": "Boss", "lastname": "Costa"}
    other = account.create("contacts", own)
    merged = account.merge(other["id"], contact(TWO)["id"], keep_primary=keep_primary)
    rename(shop, TWO)
    new_deal(shop, build, 62, 2)

    load(loaded, silent)

    found = contact("boss@example.org")
    assert found["id"] == merged["id"]
    assert found["properties"].items() >= (own | {"firstname": "New"}).items()
    assert deals_of(merged["id"]) == ["#2", "#62"]
    assert len(account.objects("contacts")) == 5
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_of_two_contacts_merged_into_one_that_is_not_ours_one_is_written(
    loaded, shop, account, log, contact, keep_primary
):
    """The customer whose e-mail comes first among the further ones writes, now and later."""
    other = account.create("contacts", {"email": "boss@example.org"})["id"]
    for email in (ONE, TWO):
        merged = account.merge(other, contact(email)["id"], keep_primary=keep_primary)
        other = merged["id"]
    rename(shop, ONE, to="One")
    rename(shop, TWO, to="Two")
    load(loaded, silent)
    assert statuses(shop) == {TWO: "merged"}

    rename(shop, TWO, to="Second")
    load(loaded, silent)

    assert contact("boss@example.org")["properties"]["firstname"] == "One"
    assert_at_rest(loaded, log)


@new_id_or_kept
def test_a_blank_clears_nothing_that_a_merge_brought(
    loaded, shop, account, contact, keep_primary
):
    """The first name of the other contact stays when Shopify has none any more."""
    other = account.create("contacts", {"email": "boss@example.org", "firstname": "Rui"})
    account.merge(other["id"], contact(TWO)["id"], keep_primary=keep_primary)
    rename(shop, TWO, to=None)

    load(loaded, silent)

    assert contact("boss@example.org")["properties"]["firstname"] == "Rui"


def test_a_customer_writes_the_contact_when_the_other_one_has_gone(
    loaded, shop, account, contact, deals_of
):
    """Of two customers with one contact, the one that Shopify still has gets it whole."""
    merged = account.merge(contact(ONE)["id"], contact(TWO)["id"])
    rename(shop, ONE, TWO)
    load(loaded, silent)
    hand_over(shop, ONE, TWO)
    shop.run("delete from hubspot.contacts where email = ?", ONE)
    rename(shop, TWO, to="Two")

    load(loaded, silent)

    assert contact(ONE)["properties"]["firstname"] == "Two"
    assert deals_of(merged["id"]) == ["#1", "#2"]
