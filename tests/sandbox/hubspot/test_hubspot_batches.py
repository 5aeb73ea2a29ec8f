"""Batches: create, read, update, upsert, archive, and what a bad row does."""

from __future__ import annotations

import pytest


def test_upsert_creates_and_then_updates(hubspot, account):
    """The same e-mail twice is one contact: first new, then not."""
    first = hubspot.batch("upsert", "contacts", [hubspot.row("A@x.com", firstname="Ann")])
    second = hubspot.batch("upsert", "contacts", [hubspot.row("a@x.com", firstname="Anna")])

    assert (first.status_code, first.json()["results"][0]["new"]) == (200, True)
    assert (second.status_code, second.json()["results"][0]["new"]) == (200, False)
    assert [row["properties"]["firstname"] for row in account.objects("contacts")] == ["Anna"]


def test_upsert_by_a_custom_unique_property(hubspot, account):
    """A property with hasUniqueValue identifies deals."""
    hubspot.add_property("deals", "deal_key", hasUniqueValue=True)
    for name in ("One", "Two"):
        answer = hubspot.batch(
            "upsert", "deals", [hubspot.row("k1", "deal_key", dealname=name)]
        )
        assert answer.status_code == 200, answer.text

    (deal,) = account.objects("deals")
    assert (deal["properties"]["deal_key"], deal["properties"]["dealname"]) == ("k1", "Two")


def test_upsert_by_record_id_is_refused(hubspot):
    """hs_object_id is no unique property, and HubSpot says so."""
    answer = hubspot.batch("upsert", "contacts", [hubspot.row("1", "hs_object_id")])

    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "Unable to perform upsert by non-unique 0-1 property hs_object_id"
    )


def test_one_id_twice_in_a_batch_is_refused(hubspot, account):
    """Duplicates within an upsert refuse the batch, trace ids or not."""
    rows = [hubspot.row("a@x.com", trace="1"), hubspot.row("a@x.com", trace="2")]

    assert hubspot.batch("upsert", "contacts", rows).status_code == 400
    assert account.objects("contacts") == []


@pytest.mark.parametrize("action", ["create", "update", "upsert", "read", "archive"])
def test_more_than_a_hundred_inputs_are_refused(hubspot, action):
    """101 inputs get 400 from every batch."""
    rows = [{"id": str(number), "properties": {}} for number in range(101)]

    assert hubspot.batch(action, "contacts", rows).status_code == 400


def test_a_bad_row_without_trace_ids_fails_the_whole_batch(hubspot, account):
    """One invalid e-mail, and nothing of the batch is stored."""
    rows = [hubspot.row("a@x.com"), hubspot.row("nonsense")]
    answer = hubspot.batch("upsert", "contacts", rows)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "INVALID_EMAIL"
    assert account.objects("contacts") == []


def test_a_bad_row_with_trace_ids_harms_only_itself(hubspot, account):
    """207 names the bad row by its trace id; the others are stored."""
    rows = [hubspot.row("a@x.com", trace="r1"), hubspot.row("nonsense", trace="r2")]
    answer = hubspot.batch("upsert", "contacts", rows)
    body = answer.json()

    assert (answer.status_code, body["status"], body["numErrors"]) == (207, "COMPLETE", 1)
    assert body["errors"][0]["context"]["objectWriteTraceId"] == ["r2"]
    assert [row["objectWriteTraceId"] for row in body["results"]] == ["r1"]
    assert len(account.objects("contacts")) == 1


def test_version_2026_09_reports_row_errors_in_a_200(hubspot):
    """The newer version folds the errors into the ordinary answer."""
    rows = [hubspot.row("a@x.com", trace="r1"), hubspot.row("nonsense", trace="r2")]
    path = "/crm/objects/2026-09/contacts/batch/upsert"
    answer = hubspot.send("POST", path, {"inputs": rows})

    assert (answer.status_code, answer.json()["numErrors"]) == (200, 1)


def test_creating_an_existing_contact_is_a_conflict(hubspot):
    """409 names the existing contact's id."""
    contact_id = hubspot.create("contacts", email="a@x.com")
    rows = [{"properties": {"email": "a@x.com"}}]
    answer = hubspot.batch("create", "contacts", rows)

    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {contact_id}"


def test_creating_one_contact_twice_in_a_batch_is_a_conflict(hubspot, account):
    """Two rows with one e-mail get 409, and nothing is stored."""
    rows = [{"properties": {"email": "a@x.com"}}, {"properties": {"email": "A@x.com"}}]

    assert hubspot.batch("create", "contacts", rows).status_code == 409
    assert account.objects("contacts") == []


def test_a_unique_value_of_another_record_is_a_conflict(hubspot):
    """Moving a deal onto another deal's key gets 409."""
    hubspot.add_property("deals", "deal_key", hasUniqueValue=True)
    hubspot.create("deals", deal_key="k1")
    other = hubspot.create("deals", deal_key="k2")
    answer = hubspot.batch("update", "deals", [{"id": other, "properties": {"deal_key": "k1"}}])

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "CONFLICTING_UNIQUE_VALUE"


def test_a_unique_value_that_was_given_up_is_free(hubspot):
    """Once a deal has another key, its old one can be used."""
    hubspot.add_property("deals", "deal_key", hasUniqueValue=True)
    deal_id = hubspot.create("deals", deal_key="k1")
    hubspot.batch("update", "deals", [{"id": deal_id, "properties": {"deal_key": "k2"}}])

    hubspot.create("deals", deal_key="k1")


def test_updating_a_missing_record_harms_only_its_row(hubspot, account):
    """An unknown id is an OBJECT_NOT_FOUND row; the other record is changed."""
    contact_id = hubspot.create("contacts", email="a@x.com")
    rows = [{"id": each, "properties": {"firstname": "Ann"}} for each in (contact_id, "999")]
    answer = hubspot.batch("update", "contacts", rows)

    assert answer.status_code == 207
    assert answer.json()["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert answer.json()["errors"][0]["context"]["ids"] == ["999"]
    assert account.objects("contacts")[0]["properties"]["firstname"] == "Ann"


def test_read_by_a_unique_property_names_what_is_missing(hubspot):
    """batch/read by e-mail gives what there is and one error row for the rest."""
    hubspot.create("contacts", email="a@x.com", firstname="Ann")
    inputs = [{"id": "A@x.com"}, {"id": "b@x.com"}]
    answer = hubspot.batch(
        "read", "contacts", inputs, idProperty="email", properties=["firstname", "phone"]
    )

    assert answer.status_code == 207
    assert answer.json()["results"][0]["properties"]["firstname"] == "Ann"
    assert answer.json()["results"][0]["properties"]["phone"] is None
    assert answer.json()["errors"][0]["context"]["ids"] == ["b@x.com"]


def test_an_archived_record_is_found_only_as_archived(hubspot, account):
    """After archiving, batch/read misses the id unless it asks for archived ones."""
    contact_id = hubspot.create("contacts", email="a@x.com")
    assert hubspot.batch("archive", "contacts", [{"id": contact_id}]).status_code == 204
    path = "/crm/objects/2026-03/contacts/batch/read?archived=true"

    assert hubspot.batch("read", "contacts", [{"id": contact_id}]).status_code == 207
    answer = hubspot.send("POST", path, {"inputs": [{"id": contact_id}]})
    assert (answer.status_code, answer.json()["results"][0]["archived"]) == (200, True)
    assert account.objects("contacts") == []


def test_upsert_after_archiving_makes_a_new_contact(hubspot, account):
    """The archived contact stays in the bin; its e-mail is free for a new one."""
    old = hubspot.create("contacts", email="a@x.com")
    account.archive("contacts", old)
    result = hubspot.batch("upsert", "contacts", [hubspot.row("a@x.com")]).json()["results"][0]

    assert (result["new"], result["id"] == old) == (True, False)
    assert [row["id"] for row in account.objects("contacts", archived=True)] == [old]


def test_the_list_is_read_page_by_page(hubspot):
    """Following paging.next.after gives every record once, in the order of ids."""
    ids = [hubspot.create("products", name=str(number)) for number in range(5)]
    seen, after = [], "0"
    while after:
        page = hubspot.send(
            "GET", "/crm/objects/2026-03/products", params={"limit": 2, "after": after}
        ).json()
        seen += [row["id"] for row in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")

    assert seen == ids


def test_the_list_of_archived_records(hubspot, account):
    """archived=true lists the recycle bin and nothing else."""
    kept, gone = (hubspot.create("deals", dealname=name) for name in ("Kept", "Gone"))
    account.archive("deals", gone)

    listed = hubspot.send("GET", "/crm/objects/2026-03/deals?archived=true").json()["results"]

    assert [row["id"] for row in listed] == [gone]
    assert kept not in [row["id"] for row in listed]


def test_an_erased_contact_is_nowhere(hubspot, account):
    """A GDPR delete removes the contact from the living and from the bin."""
    hubspot.create("contacts", email="a@x.com")
    answer = hubspot.send(
        "POST",
        "/crm/objects/2026-03/contacts/gdpr-delete",
        {"objectId": "a@x.com", "idProperty": "email"},
    )

    assert answer.status_code == 204
    assert account.objects("contacts") == account.objects("contacts", archived=True) == []


def test_search_finds_by_property_once_the_index_has_caught_up(hubspot):
    """Without lag a created contact is found, and sorted, at once."""
    for email, name in (("b@x.com", "B"), ("a@x.com", "A"), ("c@y.com", "C")):
        hubspot.create("contacts", email=email, lastname=name)
    at_x = {"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*@x.com"}
    answer = hubspot.send(
        "POST",
        "/crm/objects/2026-03/contacts/search",
        {"filterGroups": [{"filters": [at_x]}], "sorts": [{"propertyName": "lastname"}]},
    ).json()

    assert answer["total"] == 2
    assert [row["properties"]["lastname"] for row in answer["results"]] == ["A", "B"]


def test_search_takes_words_for_words(hubspot):
    """A name that reads like a number without a value is compared as text."""
    for name in ("Nan", "7", "Infinity", "12"):
        hubspot.create("contacts", lastname=name)
    path = "/crm/objects/2026-03/contacts/search"
    nan = {"propertyName": "lastname", "operator": "EQ", "value": "nan"}

    found = hubspot.send("POST", path, {"filterGroups": [{"filters": [nan]}]}).json()
    ranked = hubspot.send("POST", path, {"sorts": [{"propertyName": "lastname"}]}).json()
    assert [row["properties"]["lastname"] for row in found["results"]] == ["Nan"]
    assert [row["properties"]["lastname"] for row in ranked["results"]] == [
        "7",
        "12",
        "Infinity",
        "Nan",
    ]


def test_search_lags_behind_the_writes(hubspot, account):
    """A record that was just created is not in the index yet."""
    account.records["contacts"].lag = 60.0
    hubspot.create("contacts", email="a@x.com")

    answer = hubspot.send("POST", "/crm/objects/2026-03/contacts/search", {})

    assert answer.json()["total"] == 0
