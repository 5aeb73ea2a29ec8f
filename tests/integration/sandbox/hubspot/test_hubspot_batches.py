"""Batches of writes: create, update, upsert, archive, and what a bad row does."""

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


@pytest.mark.parametrize("action", ["upsert", "update"])
@pytest.mark.parametrize(
    ("object_type", "type_id"), [("contacts", "0-1"), ("companies", "0-2")]
)
def test_writing_by_record_id_as_a_property_is_refused(hubspot, action, object_type, type_id):
    """hs_object_id is not a unique property, and HubSpot says so."""
    answer = hubspot.batch(action, object_type, [hubspot.row("1", "hs_object_id")])

    assert answer.status_code == 400
    assert answer.json()["message"] == (
        f"Unable to perform {action} by non-unique {type_id} property hs_object_id"
    )


@pytest.mark.parametrize("email", ["ann", "ann@", "@x.com", "ann@x", "ann@x.com, b@x.com", " "])
def test_upsert_needs_a_complete_email(hubspot, account, email):
    """Part of an address identifies nobody, as HubSpot's documentation says."""
    hubspot.create("contacts", email="ann@x.com")
    answer = hubspot.batch("upsert", "contacts", [hubspot.row(email, firstname="Ann")])

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert "firstname" not in account.objects("contacts")[0]["properties"]


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


@pytest.mark.parametrize("known", [True, False])
def test_one_email_in_two_spellings_is_a_conflict(hubspot, account, known):
    """Upserts of A@x.com and a@x.com in one batch get 409, whether it is known or not."""
    if known:
        hubspot.create("contacts", email="a@x.com")
    rows = [hubspot.row("a@x.com", firstname="A"), hubspot.row("A@x.com", firstname="B")]

    assert hubspot.batch("upsert", "contacts", rows).status_code == 409
    assert len(account.objects("contacts")) == known


def test_one_email_twice_with_trace_ids_harms_only_the_later_row(hubspot, account):
    """The first row is stored, the second is a CONFLICT of a 207."""
    rows = [hubspot.row("a@x.com", trace="r1"), hubspot.row("A@x.com", trace="r2")]
    answer = hubspot.batch("upsert", "contacts", rows)

    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert answer.json()["errors"][0]["category"] == "CONFLICT"
    assert answer.json()["errors"][0]["context"]["objectWriteTraceId"] == ["r2"]
    assert len(account.objects("contacts")) == 1


def test_one_unique_value_twice_in_a_batch_is_a_conflict(hubspot, account):
    """Two new deals with one key get 409, and nothing is stored."""
    hubspot.add_property("deals", "deal_key", hasUniqueValue=True)
    rows = [{"properties": {"deal_key": "k1", "dealname": name}} for name in "AB"]

    assert hubspot.batch("create", "deals", rows).status_code == 409
    assert account.objects("deals") == []


def test_one_record_by_two_names_in_a_batch_is_a_conflict(hubspot):
    """An update by id and one by e-mail cannot both be of the same contact."""
    contact = hubspot.create("contacts", email="a@x.com")
    rows = [{"id": contact, "properties": {"phone": "1"}}, hubspot.row("a@x.com", phone="2")]

    assert hubspot.batch("update", "contacts", rows).status_code == 409


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


def test_upsert_after_archiving_makes_a_new_contact(hubspot, account):
    """The archived contact stays in the bin; its e-mail is free for a new one."""
    old = hubspot.create("contacts", email="a@x.com")
    account.archive("contacts", old)
    result = hubspot.batch("upsert", "contacts", [hubspot.row("a@x.com")]).json()["results"][0]

    assert (result["new"], result["id"] == old) == (True, False)
    assert [row["id"] for row in account.objects("contacts", archived=True)] == [old]


@pytest.mark.parametrize(
    ("action", "status"), [("read", 200), ("create", 201), ("update", 200)]
)
def test_version_2026_09_folds_the_errors_of_every_batch(hubspot, action, status):
    """Errors of rows change no status there; by 2026-03 it is 207."""
    contact = hubspot.create("contacts", email="a@x.com")
    rows = {
        "read": [{"id": contact}, {"id": "999"}],
        "create": [
            {"properties": {"email": email}, "associations": []}
            for email in ("b@x.com", "nonsense")
        ],
        "update": [{"id": each, "properties": {"phone": "1"}} for each in (contact, "999")],
    }[action]
    traced = [{**row, "objectWriteTraceId": str(n)} for n, row in enumerate(rows)]
    path = f"/crm/objects/2026-09/contacts/batch/{action}"
    more: dict[str, list[str]] = {"properties": [], "propertiesWithHistory": []}
    answer = hubspot.send("POST", path, {"inputs": traced, **more})

    assert (answer.status_code, answer.json()["numErrors"]) == (status, 1)
    assert len(answer.json()["results"]) == 1
    older = hubspot.send("POST", path.replace("09", "03"), {"inputs": traced[1:], **more})
    assert older.status_code == 207
