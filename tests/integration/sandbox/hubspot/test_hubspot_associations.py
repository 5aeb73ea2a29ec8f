"""Associations: made, read and removed in batches, seen from both sides."""

from __future__ import annotations

import pytest


def link(from_id: str, to_id: str, type_id: int) -> dict:
    """One association to make."""
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
    return {"from": {"id": from_id}, "to": {"id": to_id}, "types": types}


@pytest.fixture
def pair(hubspot):
    """The ids of a deal and a contact."""
    return hubspot.create("deals", dealname="D"), hubspot.create("contacts", email="a@x.com")


def test_an_association_is_seen_from_both_sides(hubspot, account, pair):
    """Deal to contact is type 3, contact to deal type 4."""
    deal, contact = pair
    answer = hubspot.associate("deals", "contacts", [link(deal, contact, 3)])

    assert answer.status_code == 201
    assert answer.json()["results"][0]["fromObjectTypeId"] == "0-3"
    assert [row["type_id"] for row in account.associations("deals", "contacts")] == [3]
    assert [row["type_id"] for row in account.associations("contacts", "deals")] == [4]


def test_making_an_association_again_changes_nothing(hubspot, account, pair):
    """The same association twice is one."""
    deal, contact = pair
    for _ in range(2):
        hubspot.associate("deals", "contacts", [link(deal, contact, 3)])

    assert len(account.associations("deals", "contacts")) == 1


def test_a_pair_with_an_unknown_record_harms_only_itself(hubspot, account, pair):
    """The other pair is associated, the answer is a 207."""
    deal, contact = pair
    links = [link(deal, contact, 3), link(deal, "999", 3)]
    answer = hubspot.associate("deals", "contacts", links)

    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert answer.json()["errors"][0]["context"] == {"toObjectId": ["999"]}
    assert len(account.associations("deals", "contacts")) == 1


def test_a_type_of_another_pair_is_refused(hubspot, pair):
    """Deals are not associated with contacts by type 4."""
    deal, contact = pair

    answer = hubspot.associate("deals", "contacts", [link(deal, contact, 4)])

    assert answer.status_code == 400


def test_products_are_not_associated(hubspot, pair):
    """There is no association between deals and products."""
    assert hubspot.associate("deals", "products", [link("1", "2", 3)]).status_code == 400


def test_a_line_item_has_one_parent(hubspot, account):
    """Associating a line item with a second deal is refused."""
    line = hubspot.create("line_items", name="L")
    deals = [hubspot.create("deals", dealname=name) for name in "AB"]
    answers = [
        hubspot.associate("line_items", "deals", [link(line, deal, 20)]) for deal in deals
    ]

    assert [answer.status_code for answer in answers] == [201, 207]
    assert [row["to_id"] for row in account.associations("line_items", "deals")] == deals[:1]


def test_reading_names_the_records_without_associations(hubspot, pair):
    """What has none is an error of a 207, as in HubSpot."""
    deal, contact = pair
    lonely = hubspot.create("deals", dealname="Lonely")
    hubspot.associate("deals", "contacts", [link(deal, contact, 3)])
    answer = hubspot.associate("deals", "contacts", [{"id": deal}, {"id": lonely}], "read")

    assert answer.status_code == 207
    (found,) = answer.json()["results"]
    assert found["to"][0]["toObjectId"] == contact
    assert found["to"][0]["associationTypes"][0]["typeId"] == 3
    (error,) = answer.json()["errors"]
    assert error["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_a_removed_association_is_gone_from_both_sides(hubspot, account, pair):
    """batch/archive parts the pair."""
    deal, contact = pair
    hubspot.associate("deals", "contacts", [link(deal, contact, 3)])
    inputs = [{"from": {"id": deal}, "to": [{"id": contact}]}]

    assert hubspot.associate("deals", "contacts", inputs, "archive").json()["results"] == []
    assert account.associations() == []


def test_archiving_a_record_removes_its_associations(hubspot, account, pair):
    """An archived deal is associated with nobody."""
    deal, contact = pair
    hubspot.associate("deals", "contacts", [link(deal, contact, 3)])

    account.archive("deals", deal)

    assert account.associations() == []


def test_two_thousand_associations_fit_in_a_batch_and_no_more(hubspot, pair):
    """2,000 inputs are taken, 2,001 are refused."""
    deal, contact = pair
    links = [link(deal, contact, 3)] * 2_000

    assert hubspot.associate("deals", "contacts", links).status_code == 201
    assert hubspot.associate("deals", "contacts", [*links, links[0]]).status_code == 400


@pytest.mark.parametrize(("action", "most"), [("read", 1_000), ("archive", 100)])
def test_reading_and_parting_have_their_own_limits(hubspot, pair, action, most):
    """1,000 are read and 100 parted at once; one more is refused."""
    deal, contact = pair
    row = {"id": deal} if action == "read" else {"from": {"id": deal}, "to": [{"id": contact}]}

    assert hubspot.associate("deals", "contacts", [row] * most, action).ok
    refused = hubspot.associate("deals", "contacts", [row] * (most + 1), action)
    assert refused.status_code == 400


def test_version_2026_09_reports_bad_pairs_in_a_200(hubspot, pair):
    """The newer version folds the errors into the ordinary answer."""
    deal, contact = pair
    links = [link(deal, contact, 3), link(deal, "999", 3)]
    path = "/crm/associations/2026-09/deals/contacts/batch/create"
    answer = hubspot.send("POST", path, {"inputs": links})

    assert (answer.status_code, answer.json()["numErrors"]) == (200, 1)


def test_a_deal_does_not_point_at_an_archived_contact(hubspot, account, pair):
    """Neither by a batch of associations nor when it is created."""
    deal, contact = pair
    account.archive("contacts", contact)
    inline = {"to": {"id": contact}, "types": link("", "", 3)["types"]}
    row = {"properties": {"dealname": "E"}, "associations": [inline]}

    answer = hubspot.associate("deals", "contacts", [link(deal, contact, 3)])
    assert (answer.status_code, answer.json()["results"]) == (207, [])
    assert answer.json()["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert hubspot.batch("create", "deals", [row]).status_code == 404
    assert account.associations() == []


@pytest.mark.parametrize("action", ["update", "upsert"])
def test_only_a_creation_takes_associations(hubspot, account, action):
    """HubSpot's specification has them in no other write: 400."""
    contact = hubspot.create("contacts", email="a@x.com")
    row = {**hubspot.row("a@x.com"), "associations": []}

    assert hubspot.batch(action, "contacts", [row]).status_code == 400
    assert [each["id"] for each in account.objects("contacts")] == [contact]


def test_a_record_is_created_with_its_associations(hubspot, account):
    """batch/create takes inline associations."""
    deal = hubspot.create("deals", dealname="D")
    inline = {"to": {"id": deal}, "types": link("", "", 20)["types"]}
    row = {"properties": {"name": "L"}, "associations": [inline]}

    assert hubspot.batch("create", "line_items", [row]).status_code == 201
    assert [each["to_id"] for each in account.associations("line_items", "deals")] == [deal]


def test_the_types_of_a_pair_are_listed(hubspot):
    """labels names the ids that HubSpot defines."""
    answer = hubspot.send("GET", "/crm/associations/2026-03/deals/contacts/labels")

    assert [row["typeId"] for row in answer.json()["results"]] == [3]
