"""Workflows created in HubSpot: switched off, once, whatever answers are lost."""

from __future__ import annotations

import pytest

from load.workflows.definition.templates import TEMPLATES
from tests.integration.load.workflows.asked import status, writes
from tests.nightly import mostly_nightly

NAMES = {name: f"Cartwheel: {each.title}" for name, each in TEMPLATES.items()}


@pytest.mark.parametrize("name", TEMPLATES)
def test_workflow_is_created_off_with_what_belongs_to_it(create, hand, name):
    """A list, its e-mails, published, and the flow, which HubSpot stores as it was sent."""
    report = create(name)

    (flow,) = hand.flows()
    assert (flow["name"], flow["isEnabled"]) == (NAMES[name], False)
    assert report.different == []
    assert report.lacking == []
    assert {part.outcome for part in report.parts} == {"created"}
    assert hand.counts()["lists"] == 1
    emails = hand.account.emails.all()
    assert len(emails) == TEMPLATES[name].mails
    assert {email.state for email in emails} == {"AUTOMATED"}
    assert flow["id"] in report.link


def test_second_run_makes_nothing_and_writes_nothing(create, hand, log):
    """Everything is found, by its id."""
    create()
    before = hand.counts()
    log.forget()

    report = create()

    assert hand.counts() == before
    assert writes(log) == []
    assert {part.outcome for part in report.parts} == {"exists"}


def test_dry_run_writes_nothing(create, hand, log):
    """Neither to HubSpot nor into the warehouse; and it names what would be made."""
    log.forget()

    report = create(dry_run=True)

    assert writes(log) == []
    assert hand.counts() == {"flows": 0, "emails": 0, "lists": 0, "files": 0}
    assert [part.outcome for part in report.parts] == ["created"] * 5
    assert "would be created" in "\n".join(report.in_words())


def test_report_says_how_many_match_and_what_to_click(create):
    """The audience's size, the link, and the three clicks."""
    told = "\n".join(create().in_words())

    assert "2 match now; 1 more cannot be mailed" in told
    assert "https://app.hubspot.com/workflows/62515/platform/flow/" in told
    assert "Turn on" in told
    assert "24 to 25 hours" in told


# a creation of each kind, and how many questions to its path succeed before it: an answer that
# is a refusal does not get lost
CREATIONS = [
    ("POST /automation/v4/flows", 0),
    ("POST /marketing/emails/", 0),
    ("POST /crm/lists/", 1),
    ("PUT /cms/source-code/", 3),
]
FAULTS = ["internal_error", "gateway_timeout", "dropped", "throttled", "slow"]


@pytest.mark.parametrize(
    ("where", "asked_before", "fault"),
    mostly_nightly([(*each, fault) for fault in FAULTS for each in CREATIONS], 0, 5, 16),
)
def test_answer_that_is_lost_makes_nothing_twice(create, hand, fault, where, asked_before):
    """The creation was carried out or not, answered or not, or late: one of each thing."""
    order = {"kind": fault, "times": 1, "where": where, "after": asked_before}
    hand.do("POST", "faults", order)

    create()

    assert hand.do("GET", "faults") == [], "the fault happened"
    assert hand.counts() == {"flows": 1, "emails": 2, "lists": 1, "files": 24}


def test_ledger_that_was_lost_finds_what_is_there(create, hand, marts):
    """As after a kill between HubSpot's answer and the ledger's note."""
    create()
    before = hand.counts()
    marts.run("delete from ops.hubspot_workflow_assets")

    report = create()

    assert hand.counts() == before
    assert report.flow.outcome == "exists"


@pytest.mark.parametrize("kinds", [[], ["automated_for_deal"]], ids=["taken", "refused"])
def test_emails_of_deals_are_of_the_kind_that_the_account_takes(create, hand, kinds):
    """That of deals' flows where there is one, else the common one; and found again."""
    hand.do("PATCH", "marketing", {"refused_subcategories": kinds})

    create()

    wanted = "automated" if kinds else "automated_for_deal"
    assert {email.subcategory for email in hand.account.emails.all()} == {wanted}
    assert {part.outcome for part in create().parts} == {"exists"}


def test_status_tells_when_the_path_ends(create, audiences):
    """And that a draft waits for a person."""
    create(reply_to="")

    report = status(audiences)

    assert any("is a draft" in remark for remark in report.workflows[0].remarks)
    assert any("2027-03-30" in warning for warning in report.warnings)
