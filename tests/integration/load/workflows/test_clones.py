"""Clones: another trigger, and a name, a list and e-mails of their own."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import (
    SettingsError,
)
from cartwheel.core.progress import silent
from load.workflows.definition.conditions import Clone
from load.workflows.definition.templates import TEMPLATES
from load.workflows.overview import list_workflows


def test_clone_has_its_own_name_marker_and_trigger(create, hand, audiences):
    """It stands beside the default, with e-mails of its own."""
    create("re_engagement")
    emails = len(hand.account.emails.all())

    create("re_engagement", title="Win back 180", clone=Clone(days=180))

    default, clone = hand.flows()
    mails = {email.members["name"] for email in hand.account.emails.all()}
    assert "Cartwheel: Win back 180 1 (en)" in mails
    assert clone["name"] == "Cartwheel: Win back 180"
    assert "cartwheel:win_back_180:v1:" in clone["description"]
    assert "IS_MORE_THAN_X_DAYS_AGO" in str(clone["enrollmentCriteria"])
    assert "IS_MORE_THAN_X_DAYS_AGO" not in str(default["enrollmentCriteria"])
    assert len(hand.account.emails.all()) == 2 * emails
    listed = list_workflows(audiences, silent).workflows
    assert [each.workflow for each in listed] == [*TEMPLATES, "win_back_180"]


@pytest.mark.parametrize("title", ["re engagement", "Новые", "New customer"])
def test_clone_needs_a_name_of_its_own(create, title):
    """Not a default's, and one that makes a name on the command line."""
    with pytest.raises(SettingsError, match="not a free name"):
        create("re_engagement", title=title, clone=Clone(days=180))


def test_names_of_clones_that_differ_in_marks_alone_are_refused(create):
    """Two names that differ in marks alone are one on the command line."""
    create("re_engagement", title="Win back", clone=Clone(days=180))

    with pytest.raises(SettingsError, match="not a free name"):
        create("re_engagement", title="Win back!", clone=Clone(days=90))
    with pytest.raises(SettingsError, match="not a free name"):
        create("new_customer", title="Win back", clone=Clone(where=("amount over 1",)))


def test_clone_beside_a_workflow_that_is_on_leaves_it_alone(create, hand):
    """Its e-mails are its own, whoever sends the clone's."""
    create("re_engagement")
    (flow,) = hand.flows()
    hand.do("POST", f"flows/{flow['id']}/enable")
    before = {email.id: dict(email.members) for email in hand.account.emails.all()}

    create("re_engagement", title="Other", clone=Clone(days=180), from_name="Someone else")

    after = {email.id: dict(email.members) for email in hand.account.emails.all()}
    assert {each: after[each] for each in before} == before


def test_list_follows_the_trigger_of_a_clone(create, hand):
    """Asked for with other days, list and flow change alike."""
    create("re_engagement", title="Win back", clone=Clone(days=180))

    create("re_engagement", title="Win back", clone=Clone(days=90))

    (flow,) = hand.flows()
    (listed,) = hand.account.lists.search("", [], [])
    assert "'numberOfDays': 90" in str(flow["enrollmentCriteria"])
    assert listed["filterBranch"] == flow["enrollmentCriteria"]["listFilterBranch"]


def test_shop_that_is_not_in_the_warehouse_is_refused(create):
    """A clone of it would match nobody."""
    with pytest.raises(SettingsError, match="no such store"):
        create("new_customer", title="UK", clone=Clone(shop="uk.myshopify.com"))


def test_clone_does_not_take_the_title_of_a_default(create):
    """Abandoned cart is what the default is called in HubSpot, and is no key."""
    with pytest.raises(SettingsError, match="not a free name"):
        create(title="Abandoned cart", clone=Clone(where=("amount over 10",)))


def test_refused_condition_leaves_no_workflow_behind(create, audiences):
    """The clone never was, so list and status do not show it."""
    with pytest.raises(SettingsError):
        create("re_engagement", title="Bad", clone=Clone(where=("nosuch is x",)))

    assert len(list_workflows(audiences, silent).workflows) == len(TEMPLATES)


def test_dry_run_refuses_a_condition_that_a_creation_refuses(create):
    """It says what would happen."""
    with pytest.raises(SettingsError, match="no property nosuch"):
        create("re_engagement", title="Bad", clone=Clone(where=("nosuch is x",)), dry_run=True)
