"""Lesser accounts: what is lacking is said before the first write, the rest is created."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cartwheel.core.errors import AccessDenied, SettingsError, WorkflowIncomplete
from cartwheel.core.progress import silent
from load.workflows.overview import list_workflows
from tests.integration.load.workflows.asked import writes
from tests.nightly import mostly_nightly

FREE = {"marketing": "FREE"}
PRO = {"marketing": "PROFESSIONAL"}


def incomplete(create, **options):
    """The report of a creation that lacks something, which ends with 3."""
    with pytest.raises(WorkflowIncomplete) as raised:
        create(**options)
    assert raised.value.exit_code == 3
    return raised.value.report


@pytest.fixture
def account_is(hand):
    """Give the account a plan, or take scopes away."""
    return lambda **behaviours: hand.account.behaviours.order(behaviours)


@pytest.mark.parametrize("plan", [FREE, {"marketing": "STARTER", "sales": "STARTER"}])
def test_free_and_starter_get_properties_list_and_files(
    account_is, create, hand, tmp_path, plan
):
    """No flow and no e-mail; the e-mails' files lie on disk, with what to do."""
    account_is(plan=plan)

    report = incomplete(create)

    assert hand.counts() == {"flows": 0, "emails": 0, "lists": 1, "files": 0}
    assert (tmp_path / "workflows/cartwheel/emails/abandoned_checkout.html").is_file()
    assert "Design Manager" in (tmp_path / "workflows/README.txt").read_text()
    assert [each[:11].strip(": f") for each in report.lacking] == ["no workflow", "no e-mails"]


def test_professional_of_another_hub_gets_a_flow_without_emails(account_is, create, hand):
    """What is left of the actions is built, in its order."""
    account_is(plan={"sales": "PROFESSIONAL"})

    report = incomplete(create, actions="mail1,delay:1d,task:Call")

    (flow,) = hand.flows()
    assert [each["actionTypeId"] for each in flow["actions"]] == ["0-1", "0-3"]
    assert report.actions == ["wait 1 day", "create the task Call"]
    assert hand.counts()["emails"] == 0


def test_without_publishing_emails_stay_drafts(account_is, create, hand):
    """A person publishes each; the report and the exit code say so."""
    account_is(missing_scopes=["marketing-email", "transactional-email"])

    report = incomplete(create)

    assert {email.state for email in hand.account.emails.all()} == {"AUTOMATED_DRAFT"}
    assert len(hand.flows()) == 1
    drafts = [part.note for part in report.parts if part.kind == "e-mail"]
    assert drafts == ["a draft: the token may not publish it"] * 2


def test_draft_that_a_person_published_is_known(account_is, create, hand):
    """Its state is no edit."""
    account_is(missing_scopes=["marketing-email", "transactional-email"])
    incomplete(create)
    for email in hand.account.emails.all():
        hand.do("POST", f"emails/{email.id}/publish")

    report = incomplete(create)

    assert {part.outcome for part in report.parts} == {"exists"}


def test_without_content_there_are_no_emails(account_is, create, hand):
    """The flow is built without them."""
    account_is(missing_scopes=["content"])

    report = incomplete(create, actions="mail1,task:Call")

    assert hand.counts()["emails"] == hand.counts()["files"] == 0
    assert report.actions == ["create the task Call"]


def test_without_lists_everything_else_is_created(account_is, create, hand):
    """The list is named as lacking."""
    account_is(missing_scopes=["crm.lists.read", "crm.lists.write"])

    report = incomplete(create)

    assert hand.counts() == {"flows": 1, "emails": 2, "lists": 0, "files": 24}
    assert [each[:7] for each in report.lacking] == ["no list"]


def test_without_programmable_email_tokens_are_printed(account_is, create, hand):
    """Other templates, which read no records while they are sent."""
    account_is(programmable_email=False)

    incomplete(create)

    paths = hand.account.files.paths("published")
    assert "cartwheel/emails/abandoned_checkout_tokens.html" in paths
    assert "cartwheel/emails/abandoned_checkout.html" not in paths
    sources = {email.members["content"]["templatePath"] for email in hand.account.emails.all()}
    assert sources == {"cartwheel/emails/abandoned_checkout_tokens.html"}


@pytest.mark.parametrize(
    "behaviours",
    mostly_nightly(
        [
            {"plan": FREE},
            {"plan": {"sales": "PROFESSIONAL"}},
            {"missing_scopes": ["automation"]},
            {"missing_scopes": ["content"]},
            {"missing_scopes": ["marketing-email", "transactional-email"]},
            {"missing_scopes": ["crm.lists.read", "crm.lists.write"]},
            {"programmable_email": False},
        ],
        0,
        4,
        5,
    ),
    ids=str,
)
def test_a_dry_run_says_what_the_creation_says(account_is, create, log, behaviours):
    """What is lacking is known before the first write."""
    account_is(**behaviours)
    log.forget()

    planned = create(dry_run=True)

    assert writes(log) == []
    assert planned.lacking
    assert planned.lacking == incomplete(create).lacking


def test_account_that_gets_the_plan_later_gets_the_rest(account_is, create, hand):
    """Run again, the same command completes what was lacking."""
    account_is(plan=FREE)
    incomplete(create)
    account_is(plan=PRO)

    report = create()

    assert report.lacking == []
    assert hand.counts() == {"flows": 1, "emails": 2, "lists": 1, "files": 24}


def test_flow_without_emails_gets_them_with_the_plan(account_is, create, hand):
    """The flow that nobody touched is replaced by the one that was ordered."""
    account_is(plan={"sales": "PROFESSIONAL"})
    incomplete(create, actions="mail1,task:Call")
    account_is(plan=PRO)

    create()

    (flow,) = hand.flows()
    assert [each["actionTypeId"] for each in flow["actions"]] == ["0-4", "0-3"]


def test_wrong_token_is_refused_at_once(audiences, hand):
    """401 is not a plan."""
    with pytest.raises(AccessDenied):
        list_workflows(replace(audiences, hubspot_access_token="pat-wrong"), silent)


def test_path_that_leads_nowhere_names_the_setting(audiences, hand):
    """As after HubSpot has ended the default path."""
    elsewhere = replace(audiences, hubspot_automation_path="/automation/v9")

    with pytest.raises(SettingsError, match="HUBSPOT_AUTOMATION_PATH"):
        list_workflows(elsewhere, silent)


@pytest.mark.parametrize("path", ["/automation/2026-09-beta", "/automation/2027-03-beta"])
def test_dated_path_serves_the_same_flow(audiences, create, hand, path):
    """A flow made by one path is found by another."""
    create()

    listed = list_workflows(replace(audiences, hubspot_automation_path=path), silent)

    assert listed.workflows[1].state == "off"


def test_list_says_nothing_of_a_flow_that_it_may_not_ask_for(create, hand, audiences):
    """Without the scope automation: not "not created", as WorkflowState.state promises."""
    create()
    hand.account.behaviours.order({"missing_scopes": ["automation"]})

    assert list_workflows(audiences, silent).workflows[1].state == ""
