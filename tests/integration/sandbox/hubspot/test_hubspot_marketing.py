"""Marketing e-mails: made, changed, published, cloned and deleted by the API."""

from __future__ import annotations

from typing import Any

import pytest
from hubspot_sdk.types import marketing

from tests.integration.sandbox.hubspot.design_files import EMAIL, template
from tests.integration.sandbox.hubspot.flow_bodies import (
    FLOWS,
    either,
    flow,
    list_based,
    mail,
    prop,
)
from tests.integration.sandbox.hubspot.sdk_types import fits

EMAILS = "/marketing/emails/2026-03"
SENDER = {"fromName": "Shop", "replyTo": "hello@shop.example"}
WELCOME: dict[str, Any] = {
    "name": "Cartwheel: New customer 1 (en)",
    "subcategory": "automated",
    "state": "AUTOMATED_DRAFT",
    "language": "en",
    "subject": "Welcome",
    "from": SENDER,
    "content": {"templatePath": EMAIL, "plainTextVersion": "Welcome"},
}


@pytest.fixture
def post(hubspot, design):
    """Create an e-mail from a template that is there; the answer is requests' own."""
    design.stored(EMAIL, template())
    return lambda **changes: hubspot.send("POST", EMAILS, {**WELCOME, **changes})


@pytest.fixture
def make(post):
    """Create an e-mail and give it, as HubSpot shows it."""

    def make(**changes):
        answer = post(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.fixture
def change(hubspot):
    """Send a PATCH to an e-mail; the answer is requests' own."""
    return lambda email, **body: hubspot.send("PATCH", f"{EMAILS}/{email['id']}", body)


@pytest.fixture
def do(hubspot):
    """Send a POST below an e-mail; the answer is requests' own."""
    return lambda email, what: hubspot.send("POST", f"{EMAILS}/{email['id']}/{what}")


@pytest.fixture
def read(hubspot):
    """An e-mail, or what lies below it, as HubSpot shows it now."""
    return lambda email, tail="": hubspot.send("GET", f"{EMAILS}/{email['id']}{tail}").json()


@pytest.fixture
def flows(hubspot):
    """Create two flows that send an e-mail, and give their ids."""
    known = list_based(either([prop("dealname", "ALL_PROPERTY", "IS_KNOWN")]))

    def flows(email_id):
        body = flow(mail("1", email_id), enrollmentCriteria=known)
        return [hubspot.send("POST", FLOWS, body).json()["id"] for _ in range(2)]

    return flows


def test_an_automated_draft_is_made(make, read):
    """As asked for, of type AUTOMATED_EMAIL, with its times and an id in text."""
    made = make()

    assert made.items() >= {**WELCOME, "content": made["content"]}.items()
    assert made["content"] == WELCOME["content"]
    assert (made["type"], made["isPublished"]) == ("AUTOMATED_EMAIL", False)
    assert made["emailTemplateMode"] == "DESIGN_MANAGER"
    assert (made["createdAt"], made["id"].isdecimal()) == ("2026-11-23T12:00:00.000Z", True)
    assert read(made) == made


def test_answers_have_the_shape_of_the_sdk(hubspot, post):
    """One e-mail and a page of them hold nothing that HubSpot's own types lack."""
    fits(marketing.PublicEmail, post(), 201)
    fits(marketing.CollectionResponseWithTotalPublicEmail, hubspot.send("GET", EMAILS))


@pytest.mark.parametrize("path", ["/marketing/emails/2026-09", "/marketing/v3/emails"])
def test_other_versions_serve_the_same_emails(hubspot, make, path):
    """The path of another version leads to the same e-mail."""
    made = make()

    assert hubspot.send("GET", f"{path}/{made['id']}").json() == made


def test_an_email_needs_a_name(post):
    """Nothing else."""
    assert post(name=None).status_code == 400
    assert post(subject=None, content=None, **{"from": None}).status_code == 201


def test_no_email_is_published_by_its_creation(post):
    """The state AUTOMATED is refused with HubSpot's words."""
    answer = post(state="AUTOMATED")

    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Creating an email in the published state AUTOMATED is not allowed. "
        "Consider using the DRAFT state AUTOMATED_DRAFT.",
    )


@pytest.mark.parametrize("state", ["DRAFT", "NONSENSE", "AUTOMATED_SENDING", 5])
def test_a_state_must_fit_the_subcategory(post, state):
    """An automated e-mail begins as AUTOMATED_DRAFT or not at all."""
    assert post(state=state).status_code == 400


def test_the_state_follows_from_the_subcategory(make):
    """Who names none gets the draft of its kind."""
    assert make(state=None)["state"] == "AUTOMATED_DRAFT"


def test_a_type_alone_makes_a_regular_email(make):
    """HubSpot ignores the type: without a subcategory it is BATCH_EMAIL."""
    made = make(type="AUTOMATED_EMAIL", subcategory=None, state=None)

    assert (made["type"], made["subcategory"], made["state"]) == (
        "BATCH_EMAIL",
        "batch",
        "DRAFT",
    )


@pytest.mark.parametrize("subcategory", ["automated_email", "landing_page", 5])
def test_an_invalid_subcategory_is_refused(post, subcategory):
    """With HubSpot's words."""
    answer = post(subcategory=subcategory)

    assert (answer.status_code, answer.json()["message"]) == (
        400,
        "Creating an email with invalid subcategory is not allowed",
    )


def test_an_account_may_refuse_the_subcategory_of_deals(hubspot, post):
    """Which of the two an account takes is unknown, so that a client must try."""
    assert post(subcategory="automated_for_deal").status_code == 201
    order = {"refused_subcategories": ["automated_for_deal"]}
    assert hubspot.control("PATCH", "marketing", order).status_code == 200

    assert post(subcategory="automated_for_deal").status_code == 400
    assert post().status_code == 201


def test_a_lesser_plan_has_no_automated_emails(account, post):
    """Regular ones it has."""
    account.behaviours.order({"plan": {"marketing": "STARTER"}})

    assert post().status_code == 403
    assert post(subcategory="batch", state="DRAFT").status_code == 201


def test_members_in_the_wrong_place_are_dropped(make):
    """A fromName at the top and the html of a content vanish without a word."""
    content = {**WELCOME["content"], "html": "<p></p>"}
    made = make(fromName="Shop", content=content)

    assert "fromName" not in made
    assert made["content"] == WELCOME["content"]


def test_flexible_areas_are_lost(make, change, read):
    """Neither creation nor a change keeps them."""
    areas: dict[str, Any] = {"flexAreas": {"main": {}}}
    made = make(content={**WELCOME["content"], **areas})

    assert change(made, content=areas).status_code == 200
    assert "flexAreas" not in made["content"]
    assert "flexAreas" not in read(made)["content"]


def test_a_missing_subscription_is_assigned(make):
    """HubSpot's first kind of marketing mail."""
    assert make()["subscriptionDetails"] == {
        "subscriptionId": "1001",
        "subscriptionName": "Marketing Information",
    }


def test_an_unknown_subscription_is_refused(post):
    """An id must be one of the account's."""
    assert post(subscriptionDetails={"subscriptionId": "1002"}).status_code == 201
    assert post(subscriptionDetails={"subscriptionId": "7"}).status_code == 400


def test_an_email_without_a_template_is_drag_and_drop(make):
    """So says its mode."""
    assert make(content=None)["emailTemplateMode"] == "DRAG_AND_DROP"


def test_a_template_must_be_published(post, design):
    """One that is a draft, of another type, or not there at all is refused."""
    design.stored("cartwheel/draft.html", template(), "draft")
    design.stored("cartwheel/page.html", "<!--\ntemplateType: page\n-->")

    for name in ("draft", "page", "nowhere"):
        content = {"templatePath": f"cartwheel/{name}.html"}
        assert post(content=content).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 5},
        {"subject": []},
        {"from": "Shop"},
        {"from": {"replyTo": "nobody"}},
        {"language": "english"},
        {"content": {"widgets": {"items": 5}}},
        {"content": {"widgets": {"items": {"heading": "x"}}}},
        {"subscriptionDetails": {"subscriptionId": 1001}},
    ],
)
def test_values_of_a_wrong_type_are_refused(post, wrong):
    """Text is text, and a widget holds its fields in its body."""
    assert post(**wrong).status_code == 400


def test_emails_are_listed_in_pages(hubspot, make):
    """In order of id, with the total and a cursor to the next page."""
    ids = [make()["id"] for _ in range(3)]

    first = hubspot.send("GET", f"{EMAILS}?limit=2").json()
    second = hubspot.send(
        "GET", f"{EMAILS}?limit=2&after={first['paging']['next']['after']}"
    ).json()

    assert [each["id"] for each in first["results"] + second["results"]] == ids
    assert (first["total"], "paging" in second) == (3, False)


def test_a_list_can_be_narrowed_and_sorted(hubspot, make, do):
    """By type, by being published, and by a member in either direction."""
    one, two = make(name="A"), make(name="B")
    regular = make(name="C", subcategory="batch", state="DRAFT")
    do(two, "publish")

    def listed(query):
        return [
            each["id"] for each in hubspot.send("GET", f"{EMAILS}?{query}").json()["results"]
        ]

    assert listed("type=BATCH_EMAIL") == [regular["id"]]
    assert listed("isPublished=true") == [two["id"]]
    assert listed("sort=-name") == [regular["id"], two["id"], one["id"]]


@pytest.mark.parametrize("query", ["limit=0", "after=x", "sort=color"])
def test_a_list_that_makes_no_sense_is_refused(hubspot, query):
    """A limit, a cursor or an order that there is not."""
    assert hubspot.send("GET", f"{EMAILS}?{query}").status_code == 400


def test_a_change_keeps_what_it_does_not_name(make, change):
    """Within an object too; the change is later than the creation."""
    made = make()
    widgets = {"items": {"body": {"heading": "x"}}}
    changed = change(made, subject="Hello", content={"widgets": widgets}).json()

    assert changed["subject"] == "Hello"
    assert changed["content"] == {**made["content"], "widgets": widgets}
    assert changed["from"] == SENDER
    assert changed["updatedAt"] > made["updatedAt"]


@pytest.mark.parametrize(
    ("member", "message"),
    [
        (
            {"subcategory": "automated"},
            "Cannot perform subcategory updates for this email type",
        ),
        (
            {"state": "AUTOMATED"},
            "Cannot schedule or publish an email via the update API. "
            "Use the publish API instead.",
        ),
    ],
)
def test_subcategory_and_state_are_not_changed(make, change, member, message):
    """Each is refused with HubSpot's words."""
    answer = change(make(), **member)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_published_automated_email_may_be_sent_by_flows(make, do, read, account):
    """Its state is AUTOMATED, and it has a campaign."""
    made = make()

    assert do(made, "publish").status_code == 204
    published = read(made)
    assert (published["state"], published["isPublished"]) == ("AUTOMATED", True)
    assert published["primaryEmailCampaignId"]
    assert account.emails.get(made["id"]).is_automated


def test_unpublishing_makes_a_draft_of_it(make, do, read):
    """Once; a draft cannot be unpublished."""
    made = make()
    do(made, "publish")

    assert do(made, "unpublish").status_code == 204
    assert read(made)["state"] == "AUTOMATED_DRAFT"
    assert do(made, "unpublish").status_code == 400


@pytest.mark.parametrize(
    "lacking", [{"subject": ""}, {"from": {}}, {"from": {"fromName": "Shop"}}]
)
def test_what_lacks_subject_or_sender_is_not_published(make, do, lacking):
    """An e-mail says who sends it and what it is about."""
    assert do(make(**lacking), "publish").status_code == 400


def test_what_is_not_hubl_is_not_published(make, do):
    """A subject is HubL as well."""
    assert do(make(subject="Hello {{ contact.firstname"), "publish").status_code == 400


def test_an_email_whose_template_was_deleted_is_not_published(hubspot, design, make, do):
    """Its template must be there."""
    made = make()
    hubspot.send("DELETE", f"{design.base}/published/content/{EMAIL}")

    assert do(made, "publish").status_code == 400


def test_a_draft_comes_into_force_when_published(hubspot, make, do, read):
    """Until then what is sent stays as it is."""
    made = make()
    do(made, "publish")
    draft = hubspot.send("PATCH", f"{EMAILS}/{made['id']}/draft", {"subject": "New"})

    assert (draft.json()["subject"], read(made, "/draft")["subject"]) == ("New", "New")
    assert read(made)["subject"] == "Welcome"
    do(made, "publish")
    assert read(made)["subject"] == "New"


def test_a_draft_can_be_forgotten(hubspot, make, do, read):
    """Then it is what is sent."""
    made = make()
    hubspot.send("PATCH", f"{EMAILS}/{made['id']}/draft", {"subject": "New"})

    assert do(made, "draft/reset").status_code == 204
    assert read(made, "/draft")["subject"] == "Welcome"


def test_a_clone_is_another_draft(hubspot, make, do):
    """It says what it was made from, and has the name and language asked for."""
    made = make()
    do(made, "publish")
    body = {"id": made["id"], "cloneName": "Twin", "language": "fr"}
    clone = hubspot.send("POST", f"{EMAILS}/clone", body).json()

    assert clone["id"] != made["id"]
    assert (clone["name"], clone["language"]) == ("Twin", "fr")
    assert (clone["state"], clone["clonedFrom"]) == ("AUTOMATED_DRAFT", made["id"])
    assert clone["content"] == made["content"]


def test_a_clone_names_what_it_is_made_from(hubspot):
    """Without an id the body lacks a required member; an unknown one is not found."""
    assert hubspot.send("POST", f"{EMAILS}/clone", {}).status_code == 400
    assert hubspot.send("POST", f"{EMAILS}/clone", {"id": "1"}).status_code == 404


def test_a_deleted_email_is_in_the_bin(hubspot, make):
    """It answers as archived only."""
    path = f"{EMAILS}/{make()['id']}"

    assert hubspot.send("DELETE", path).status_code == 204
    assert hubspot.send("GET", path).status_code == 404
    assert hubspot.send("GET", f"{path}?archived=true").json()["archived"] is True
    assert hubspot.send("GET", EMAILS).json()["total"] == 0
    assert hubspot.send("GET", f"{EMAILS}?archived=true").json()["total"] == 1


def test_an_email_that_a_flow_sends_is_not_deleted(hubspot, account, make, flows):
    """The refusal names the flows."""
    email_id = make()["id"]
    ids = flows(email_id)

    answer = hubspot.send("DELETE", f"{EMAILS}/{email_id}")

    assert (answer.status_code, answer.json()["context"]) == (400, {"flowIds": ids})
    assert account.emails.get(email_id)


def test_an_email_tells_which_flows_send_it(hubspot, make, flows):
    """If it is asked to."""
    email_id = make()["id"]
    ids = flows(email_id)

    shown = hubspot.send("GET", f"{EMAILS}/{email_id}?workflowNames=true").json()

    assert shown["workflowNames"] == ids


@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/draft"),
        ("POST", "/publish"),
        ("POST", "/unpublish"),
        ("POST", "/draft/reset"),
    ],
)
def test_an_email_that_there_is_not_is_not_found(hubspot, method, tail):
    """404 by every path."""
    assert hubspot.send(method, f"{EMAILS}/77{tail}", {}).status_code == 404
