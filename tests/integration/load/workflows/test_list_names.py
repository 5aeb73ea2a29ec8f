"""What a relabelling renames of a workflow, and what of it stays in another language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cartwheel.core.errors import LabelsRefused
from cartwheel.core.progress import silent
from load.setup.drift import CHANGED
from load.setup.run import set_up
from load.workflows.definition.conditions import Clone
from tests.integration.load.workflows.asked import status

GERMAN, FRENCH = "Abgebrochene Warenkörbe", "Paniers abandonnés"


@pytest.fixture
def relabel(audiences):
    """`cartwheel setup --relabel`, in a language."""

    def run(language, **options):
        return set_up(audiences, silent, language=language, relabel=True, **options)

    return run


def names(account):
    """The names of the lists, by id."""
    return {each["listId"]: each["name"] for each in account.lists.search("", [], [])}


def of_lists(found):
    """Of what a report names, the lists: former name, ours, and why it stays."""
    return [
        (each.theirs, each.ours, each.reason)
        for each in found
        if each.where.startswith("list of the workflow ")
    ]


def test_a_list_is_renamed_and_still_known(create, relabel, account, hand):
    """It keeps its id and its filters, and a creation in the new language finds it."""
    create()
    before = [account.lists.get(each)["filterBranch"] for each in names(account)]

    would = relabel("de", dry_run=True)
    assert names(account) == {"1": "Abandoned carts"}
    done = relabel("de")

    assert of_lists(done.relabelled) == [("Abandoned carts", GERMAN, "")]
    assert would.relabelled == done.relabelled
    assert names(account) == {"1": GERMAN}
    assert [account.lists.get(each)["filterBranch"] for each in names(account)] == before
    assert of_lists(relabel("de").relabelled) == []
    counts = hand.counts()
    create()
    assert hand.counts() == counts
    assert of_lists(relabel("fr").relabelled) == [(GERMAN, FRENCH, "")]


def test_a_name_that_a_person_gave_stays(create, relabel, account):
    """Even where it is the one that we give in another language."""
    create()
    account.lists.rename("1", FRENCH)

    report = relabel("de")

    assert names(account) == {"1": FRENCH}
    assert of_lists(report.different) == [(FRENCH, GERMAN, CHANGED)]


def test_the_list_of_a_clone_is_called_as_its_workflow(create, relabel, account):
    """A person named it: no language changes it."""
    create(title="Big carts", clone=Clone(where=("amount over 100",)))
    before = names(account)

    assert of_lists(relabel("de").relabelled) == []
    assert names(account) == before


def test_a_name_that_is_taken_is_an_error_with_the_report(create, relabel, account):
    """Labels are changed all the same; once the name is free, the same command takes it."""
    create()
    other = account.lists.create(
        {"name": GERMAN, "objectTypeId": "0-1", "processingType": "MANUAL"}
    )

    with pytest.raises(LabelsRefused, match="list of the workflow abandoned_checkout") as told:
        relabel("de")

    assert len(told.value.report.relabelled) > 120
    assert names(account)["1"] == "Abandoned carts"
    account.lists.delete(other["listId"])
    assert of_lists(relabel("de").relabelled) == [("Abandoned carts", GERMAN, "")]


def test_emails_of_another_language_are_told_until_they_are_replaced(
    create, relabel, hand, audiences
):
    """By the relabelling and by status, with the command; then which of them are not used."""
    create()
    (flow,) = hand.flows()
    former = {email.id for email in hand.account.emails.all()}
    german = replace(audiences, language="de", env_file=Path("clients/ada/.env"))

    told = list(relabel("de").in_words())
    [state] = status(german).workflows

    command = "cartwheel workflows create abandoned_checkout"
    assert any(
        "e-mails of abandoned_checkout stay in en" in line
        and line.endswith(f"run: {command} --language de")
        for line in told
    )
    said = (
        f"its e-mails are in en; for others in de, the language of the labels, run: {command}"
    )
    assert said in state.remarks
    assert not any(part.is_unused for part in state.parts)

    hand.do("POST", f"flows/{flow['id']}/enable")
    [state] = status(german).workflows
    assert any("switch it off in HubSpot, then run" in remark for remark in state.remarks)
    assert create(language="de").flow.outcome == "kept"
    hand.do("POST", f"flows/{flow['id']}/disable")
    create(language="de")
    report = status(german)
    [state] = report.workflows
    assert {part.hubspot_id for part in state.parts if part.is_unused} == former
    assert state.remarks == []
    assert any(
        "set HUBSPOT_AUTOMATION_PATH in clients/ada/.env" in each for each in report.warnings
    )
    assert not relabel("de").emails

    hand.do("DELETE", f"emails/{min(former)}")
    [state] = status(german).workflows
    assert {part.hubspot_id for part in state.parts if part.is_unused} == former - {min(former)}
