"""Secondary e-mails: they find their contact, and nobody else may have them."""

from __future__ import annotations

import pytest

CONTACTS = "/crm/objects/2026-03/contacts"


@pytest.fixture
def ann(hubspot):
    """The id of the contact ann@x.com, who is also ann@home.com."""
    contact_id = hubspot.create("contacts", email="ann@x.com")
    answer = hubspot.control("POST", f"contacts/{contact_id}/emails", {"email": "Ann@Home.com"})
    assert answer.json()["properties"]["hs_additional_emails"] == "ann@home.com"
    return contact_id


def test_a_contact_is_read_by_a_secondary_email(hubspot, ann):
    """GET and batch/read find it; its e-mail is the first one."""
    got = hubspot.send("GET", f"{CONTACTS}/ann@home.com?idProperty=email").json()
    inputs = [{"id": "ANN@home.com"}]
    read = hubspot.batch("read", "contacts", inputs, idProperty="email", properties=["email"])

    assert read.status_code == 200
    for found in (got, *read.json()["results"]):
        assert (found["id"], found["properties"]["email"]) == (ann, "ann@x.com")


def test_a_contact_asked_for_by_both_emails_is_answered_once(hubspot, ann):
    """A batch read gives a record once, however it is named."""
    inputs = [{"id": "ann@x.com"}, {"id": "ann@home.com"}]
    answer = hubspot.batch("read", "contacts", inputs, idProperty="email")

    assert [row["id"] for row in answer.json()["results"]] == [ann]


def test_an_update_by_a_secondary_email_leaves_the_first_one(hubspot, account, ann):
    """batch/update finds the contact, and changes only what was sent."""
    rows = [hubspot.row("ann@home.com", firstname="Ann")]

    assert hubspot.batch("update", "contacts", rows).status_code == 200
    values = account.objects("contacts")[0]["properties"]
    assert (values["email"], values["firstname"]) == ("ann@x.com", "Ann")


def test_an_upsert_by_a_secondary_email_is_a_conflict(hubspot, account, ann):
    """409 names the contact, and nothing is written."""
    answer = hubspot.batch("upsert", "contacts", [hubspot.row("ann@home.com", firstname="A")])

    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {ann}"
    assert "firstname" not in account.objects("contacts")[0]["properties"]


def test_a_traced_upsert_by_a_secondary_email_harms_only_its_row(hubspot, ann):
    """With trace ids it is an error of a 207."""
    rows = [hubspot.row("ann@home.com", trace="1"), hubspot.row("bob@x.com", trace="2")]
    answer = hubspot.batch("upsert", "contacts", rows)

    assert answer.status_code == 207
    assert answer.json()["errors"][0]["context"]["objectWriteTraceId"] == ["1"]
    assert answer.json()["errors"][0]["category"] == "CONFLICT"


@pytest.mark.parametrize("email", ["ann@x.com", "ann@home.com"])
def test_nobody_else_gets_an_email_that_is_taken(hubspot, ann, email):
    """Neither by creation nor by a change nor as a secondary one: 409 each time."""
    bob = hubspot.create("contacts", email="bob@x.com")
    body = {"properties": {"email": email}}
    answers = [
        hubspot.new("contacts", email=email),
        hubspot.send("PATCH", f"{CONTACTS}/{bob}", body),
        hubspot.control("POST", f"contacts/{bob}/emails", {"email": email}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]


def test_a_secondary_email_made_the_first_changes_places_with_it(hubspot, account, ann):
    """The former first e-mail becomes a secondary one."""
    hubspot.send("PATCH", f"{CONTACTS}/{ann}", {"properties": {"email": "ann@home.com"}})

    values = account.objects("contacts")[0]["properties"]
    assert values["email"] == "ann@home.com"
    assert values["hs_additional_emails"] == "ann@x.com"


def test_archiving_gives_secondary_emails_free(hubspot, account, ann):
    """Then another contact may have it, and the first cannot be restored."""
    account.archive("contacts", ann)
    hubspot.create("contacts", email="ann@home.com")

    assert hubspot.control("POST", f"objects/contacts/{ann}/restore").status_code == 409


@pytest.mark.parametrize("name", ["hs_additional_emails", "hs_merged_object_ids"])
def test_a_loader_does_not_write_them(hubspot, ann, name):
    """Both properties are read-only in the API."""
    answer = hubspot.send("PATCH", f"{CONTACTS}/{ann}", {"properties": {name: "b@x.com"}})

    assert answer.json()["errors"][0]["code"] == "READ_ONLY_VALUE"


@pytest.mark.parametrize("email", ["nonsense", "", "ann@"])
def test_a_secondary_email_must_be_one(hubspot, ann, email):
    """What is not a valid address is refused."""
    answer = hubspot.control("POST", f"contacts/{ann}/emails", {"email": email})

    assert answer.status_code == 400
