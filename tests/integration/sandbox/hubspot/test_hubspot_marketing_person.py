"""What a person does in the e-mail editor and in the design manager, ordered over HTTP."""

from __future__ import annotations

import copy

import pytest

from tests.integration.sandbox.hubspot.design_files import EMAIL, template

EMAILS = "/marketing/emails/2026-03"


@pytest.fixture
def email(hubspot, design):
    """An automated draft with a template, as HubSpot shows it."""
    design.stored(EMAIL, template())
    body = {
        "name": "Welcome",
        "subject": "Welcome",
        "subcategory": "automated",
        "from": {"fromName": "Shop", "replyTo": "hello@shop.example"},
        "content": {
            "templatePath": EMAIL,
            "widgets": {"items": {"body": {"heading": "a", "note": "b"}}},
        },
    }
    return hubspot.send("POST", EMAILS, body).json()


@pytest.fixture
def read(hubspot, email):
    """The e-mail as HubSpot shows it now."""
    return lambda: hubspot.send("GET", f"{EMAILS}/{email['id']}").json()


def test_a_person_saves_for_automation(hubspot, email, read):
    """The e-mail is AUTOMATED; taken back, it is a draft again."""
    path = f"emails/{email['id']}"

    assert hubspot.control("POST", f"{path}/publish").json()["state"] == "AUTOMATED"
    assert read()["isPublished"] is True
    assert hubspot.control("POST", f"{path}/unpublish").json()["state"] == "AUTOMATED_DRAFT"


def test_a_person_edits_an_email(hubspot, email, read):
    """A field of a module changes and the others stay; the change has a later time."""
    edit = {"subject": "Hello", "text": "Hello", "widgets": {"items": {"heading": "c"}}}

    assert hubspot.control("PATCH", f"emails/{email['id']}", edit).status_code == 200
    edited = read()
    assert edited["subject"] == "Hello"
    assert edited["content"] == {
        "templatePath": EMAIL,
        "plainTextVersion": "Hello",
        "widgets": {"items": {"body": {"heading": "c", "note": "b"}}},
    }
    assert edited["updatedAt"] > email["updatedAt"]


def test_a_person_deletes_an_email(hubspot, email):
    """The API does not find it then."""
    assert hubspot.control("DELETE", f"emails/{email['id']}").status_code == 204
    assert hubspot.send("GET", f"{EMAILS}/{email['id']}").status_code == 404


def test_a_person_edits_a_file(hubspot, design):
    """It is published at once, and its hash is another."""
    before = design.stored(EMAIL, template())
    changed = template("changed")
    answer = hubspot.session.put(
        f"{hubspot.url}/_sandbox/hubspot/files/{EMAIL}", data=changed.encode(), timeout=10
    )

    assert answer.status_code == 200
    assert design.get(EMAIL).text == changed
    assert design.get(EMAIL, "metadata").json()["hash"] != before["hash"]


def test_the_design_manager_refuses_what_the_api_refuses(hubspot):
    """A template that lacks its required tags is not published."""
    answer = hubspot.session.put(
        f"{hubspot.url}/_sandbox/hubspot/files/{EMAIL}",
        data=template(footer="").encode(),
        timeout=10,
    )

    assert answer.status_code == 400


def test_a_person_deletes_a_folder(hubspot, design):
    """With all that is in it."""
    design.stored(EMAIL, template())
    design.stored("other/a.txt", "a")

    assert hubspot.control("DELETE", "files/cartwheel").status_code == 204
    assert hubspot.control("GET", "files").json() == {"results": ["other/a.txt"]}


def test_the_address_of_the_account_can_be_changed(hubspot):
    """What is not given stays."""
    order = {"site_settings": {"company_name": "Shop & Sons"}}

    shown = hubspot.control("PATCH", "marketing", order).json()

    assert shown["site_settings"]["company_name"] == "Shop & Sons"
    assert shown["site_settings"]["company_city"] == "Dublin"
    assert hubspot.control("GET", "marketing").json() == shown


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "emails/50001", {"colour": "red"}),
        ("PATCH", "emails/50001", []),
        ("PATCH", "emails/50001", None),
        ("PATCH", "emails/50001", {"widgets": 5}),
        ("POST", "emails/50001/unpublish", None),
        ("POST", "emails/50001/send", None),
        ("PATCH", "marketing", {"colour": "red"}),
        ("PATCH", "marketing", {"site_settings": {"company_name": 5}}),
        ("PATCH", "marketing", {"refused_subcategories": 5}),
    ],
)
def test_orders_that_make_no_sense_are_bad_requests(hubspot, email, method, path, body):
    """What a route does not take gets 400, never a server error."""
    assert email["id"] == "50001"
    assert hubspot.control(method, path, body).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "emails/7"), ("DELETE", "files/x.txt")]
)
def test_what_there_is_not_is_not_found(hubspot, method, path):
    """An unknown e-mail and an unknown file get 404."""
    assert hubspot.control(method, path).status_code == 404


def test_a_copied_account_has_its_own_emails_and_files(hubspot, account, email):
    """A change of the copy does not reach the original."""
    other = copy.deepcopy(account)
    other.emails.delete(email["id"])
    other.files.delete("published", EMAIL)

    assert account.emails.get(email["id"])
    assert account.files.text(EMAIL)
