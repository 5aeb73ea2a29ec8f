"""What a person does in HubSpot behind a loader's back, ordered over HTTP."""

from __future__ import annotations

import pytest

CONTACTS = "/crm/objects/2026-03/contacts"


@pytest.fixture
def ann(hubspot):
    """The id of a contact."""
    return hubspot.create("contacts", email="ann@x.com", firstname="Ann")


@pytest.fixture
def merged(hubspot, ann):
    """A function that merges Ann with Bob, and gives both ids and the merged contact."""
    bob = hubspot.create("contacts", email="bob@x.com", firstname="Bob", phone="1")

    def merge(**options):
        body = {"primary": ann, "other": bob, **options}
        answer = hubspot.control("POST", "contacts/merge", body)
        assert answer.status_code == 200, answer.text
        return ann, bob, answer.json()

    return merge


def test_a_record_made_by_hand_is_like_any_other(hubspot):
    """The API finds it by its e-mail."""
    body = {"properties": {"email": "Ann@x.com", "lastname": "Lee"}}
    made = hubspot.control("POST", "objects/contacts", body)
    found = hubspot.send("GET", f"{CONTACTS}/ann@x.com?idProperty=email").json()

    assert made.status_code == 201
    assert found["id"] == made.json()["id"]
    assert found["properties"]["lastname"] == "Lee"


def test_an_edit_by_hand_changes_the_record(hubspot, account, ann):
    """The values given are those of the record."""
    answer = hubspot.control("PATCH", f"objects/0-1/{ann}", {"properties": {"phone": "7"}})

    assert answer.json()["properties"]["phone"] == "7"
    assert account.objects("contacts")[0]["properties"]["phone"] == "7"


@pytest.mark.parametrize(
    ("properties", "status"),
    [({"email": "nonsense"}, 400), ({"email": "bob@x.com"}, 409), ({"no_such": "x"}, 400)],
)
def test_an_edit_by_hand_meets_the_same_rules(hubspot, ann, properties, status):
    """HubSpot's pages refuse what its API refuses."""
    hubspot.create("contacts", email="bob@x.com")
    answer = hubspot.control("PATCH", f"objects/contacts/{ann}", {"properties": properties})

    assert answer.status_code == status


@pytest.mark.parametrize("body", [None, {}, [], {"properties": 5}, {"primary": "1"}])
@pytest.mark.parametrize("path", ["objects/contacts", "contacts/merge", "contacts/1/emails"])
def test_deeds_that_make_no_sense_are_bad_requests(hubspot, path, body):
    """What a route does not take gets 400, never a server error."""
    assert hubspot.control("POST", path, body).status_code == 400


def test_an_archived_record_can_be_restored(hubspot, ann):
    """After DELETE the API does not find it, after restore it does, by e-mail too."""
    assert hubspot.control("DELETE", f"objects/contacts/{ann}").status_code == 204
    assert hubspot.send("GET", f"{CONTACTS}/{ann}").status_code == 404

    assert hubspot.control("POST", f"objects/contacts/{ann}/restore").status_code == 200
    found = hubspot.send("GET", f"{CONTACTS}/ann@x.com?idProperty=email").json()
    assert (found["id"], found["archived"]) == (ann, False)


def test_a_record_whose_email_was_taken_is_not_restored(hubspot, account, ann):
    """A new contact with that e-mail keeps the old one in the bin: 409."""
    account.archive("contacts", ann)
    hubspot.create("contacts", email="ann@x.com")

    assert hubspot.control("POST", f"objects/contacts/{ann}/restore").status_code == 409
    assert [row["id"] for row in account.objects("contacts", archived=True)] == [ann]


def test_a_living_record_is_not_restored(hubspot, ann):
    """What is in no bin gets 404."""
    assert hubspot.control("POST", f"objects/contacts/{ann}/restore").status_code == 404


@pytest.mark.parametrize("archived_before", [False, True])
def test_a_contact_can_be_deleted_for_good(hubspot, account, ann, archived_before):
    """It answers neither as living nor as archived, and its e-mail is free."""
    if archived_before:
        account.archive("contacts", ann)
    assert hubspot.control("DELETE", f"objects/contacts/{ann}?forever=true").status_code == 204

    assert hubspot.send("GET", f"{CONTACTS}/{ann}?archived=true").status_code == 404
    assert account.objects("contacts") == account.objects("contacts", archived=True) == []
    assert hubspot.create("contacts", email="ann@x.com") != ann


def test_a_merge_makes_a_new_record(merged, account):
    """The primary's values win, the other's fill blanks, both old ids are remembered."""
    ann, bob, contact = merged()
    values = contact["properties"]

    assert contact["id"] not in (ann, bob)
    assert (values["firstname"], values["phone"]) == ("Ann", "1")
    assert (values["email"], values["hs_additional_emails"]) == ("ann@x.com", "bob@x.com")
    assert values["hs_merged_object_ids"] == f"{ann};{bob}"
    assert [row["id"] for row in account.objects("contacts")] == [contact["id"]]


@pytest.mark.parametrize("archived", ["false", "true"])
def test_merged_ids_no_longer_answer(hubspot, merged, archived):
    """Both are missing from a batch read, among the archived ones too, and get 404."""
    ann, bob, _ = merged()
    answer = hubspot.batch("read", "contacts", [{"id": ann}, {"id": bob}], archived)

    assert (answer.status_code, answer.json()["results"]) == (207, [])
    assert answer.json()["errors"][0]["context"]["ids"] == [ann, bob]
    assert hubspot.send("GET", f"{CONTACTS}/{bob}").status_code == 404


def test_a_merge_can_keep_the_primary_id(hubspot, account, merged):
    """With keep_primary only the other id no longer exists."""
    ann, bob, contact = merged(keep_primary=True)

    assert contact["id"] == ann
    assert contact["properties"]["hs_merged_object_ids"] == bob
    assert [row["id"] for row in account.objects("contacts")] == [ann]
    assert hubspot.send("GET", f"{CONTACTS}/{bob}").status_code == 404


@pytest.mark.parametrize("keep_primary", [False, True])
def test_associations_move_to_the_merged_contact(hubspot, account, merged, keep_primary):
    """The deals of both are the merged contact's."""
    contacts = [row["id"] for row in account.objects("contacts")]
    deals = [hubspot.create("deals", dealname=name) for name in "AB"]
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    inputs = [
        {"from": {"id": deal}, "to": {"id": contact}, "types": types}
        for deal, contact in zip(deals, contacts, strict=True)
    ]
    assert hubspot.associate("deals", "contacts", inputs).status_code == 201

    _, _, contact = merged(keep_primary=keep_primary)

    found = account.associations("deals", "contacts")
    expected = [(deal, contact["id"]) for deal in deals]
    assert [(row["from_id"], row["to_id"]) for row in found] == expected


def test_a_second_merge_remembers_the_first(account, hubspot, merged):
    """hs_merged_object_ids names every id that was merged, ever."""
    ann, bob, first = merged()
    cid = hubspot.create("contacts", email="cid@x.com")
    again = account.merge(first["id"], cid)["properties"]

    assert again["hs_merged_object_ids"] == f"{ann};{bob};{first['id']};{cid}"
    assert again["hs_additional_emails"] == "bob@x.com;cid@x.com"


def test_a_contact_is_not_merged_with_itself(hubspot, ann):
    """One id twice gets 400, an unknown one 404."""
    for other, status in ((ann, 400), ("999", 404)):
        body = {"primary": ann, "other": other}
        assert hubspot.control("POST", "contacts/merge", body).status_code == status


def test_a_product_that_a_person_deleted_takes_no_new_line_items(hubspot, account):
    """The refusal names hs_product_id; line items that name it stay, and can be changed."""
    product = hubspot.create("products", name="Mug", price="9.50")
    old = hubspot.create("line_items", hs_product_id=product, quantity="1")
    assert hubspot.control("DELETE", f"objects/products/{product}").status_code == 204

    refused = hubspot.new("line_items", hs_product_id=product, quantity="1")
    row = {"id": old, "properties": {"quantity": "2"}}
    changed = hubspot.batch("update", "line_items", [row])

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["context"] == {"propertyName": ["hs_product_id"]}
    assert changed.status_code == 200
    assert account.objects("line_items")[0]["properties"]["hs_product_id"] == product


def test_an_email_that_a_person_changed_leads_nowhere_any_more(hubspot, ann):
    """The contact keeps its id; its earlier e-mail is another's to have."""
    new = {"properties": {"email": "ann@new.com"}}
    assert hubspot.control("PATCH", f"objects/contacts/{ann}", new).status_code == 200

    by_new = hubspot.send("GET", f"{CONTACTS}/ann@new.com?idProperty=email")
    by_old = hubspot.send("GET", f"{CONTACTS}/ann@x.com?idProperty=email")

    assert (by_new.json()["id"], by_old.status_code) == (ann, 404)
    assert hubspot.create("contacts", email="ann@x.com") != ann
