"""Actions as a person types them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartwheel.core.errors import SettingsError
from load.workflows.definition.steps import CATALOGUE, Step, read_steps, without, without_mails
from load.workflows.definition.templates import TEMPLATES
from load.workflows.mailing.texts import read_texts

ORDERED = st.lists(
    st.sampled_from(
        ["mail1", "mail2", "mail3", "delay:2d", "delay:3h", "task:Call them", "list:7"]
    ),
    min_size=1,
).filter(lambda each: any(not step.startswith("delay") for step in each))


def times(steps):
    """Each step but the delays, and after how many minutes it comes."""
    minutes, found = 0, []
    for step in steps:
        if step.kind == "delay":
            minutes += step.minutes
        else:
            found.append((minutes, step.typed()))
    return found


@given(ORDERED)
def test_order_given_is_order_read(typed):
    """The steps are those that were typed, in that order."""
    assert [step.typed() for step in read_steps(", ".join(typed), 3)] == typed


@given(ORDERED)
def test_no_mails_leaves_the_others_as_late_as_before(typed):
    """Without e-mails nothing waits at the end, and what is left comes when it did."""
    steps = read_steps(",".join(typed), 3)

    left = without_mails(steps)

    assert times(left) == [each for each in times(steps) if not each[1].startswith("mail")]
    assert not left or left[-1].kind != "delay"


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda each: each.name)
def test_recommended_actions_name_each_email_once(template):
    """The recommended actions send every e-mail of the workflow, in their order."""
    numbers = [step.number for step in template.steps if step.is_mail]

    assert numbers == list(range(1, template.mails + 1))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda each: each.name)
def test_template_knows_how_many_emails_it_has(template):
    """As many as there are texts of."""
    assert template.mails == len(read_texts(template.name, "en").messages)


def test_left_out_mail_takes_its_delay_along():
    """--without the last e-mail leaves no delay behind it."""
    steps = read_steps("mail1,delay:3d,mail2", 3)

    assert without(steps, ["mail2"], 3) == (Step("mail", "1"),)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mail4", "mail1, mail2, mail3"),
        ("delay:soon,mail1", "delay:2d"),
        ("delay:2d", "no action but delays"),
        ("webhook:https://example.com", "Data Hub Professional"),
        ("fax", "not a valid action"),
        ("set:property", "set:PROPERTY=VALUE"),
        ("notify:ann@example.com", "notify:USER_ID"),
        ("task:", "task:TITLE"),
        ("", "no action but delays"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(typed, told):
    """Each slip names what to write."""
    with pytest.raises(SettingsError, match=told):
        read_steps(typed, 3)


def test_left_out_step_that_is_not_there_is_refused():
    """--without of an action that the workflow does not have names those it has."""
    with pytest.raises(SettingsError, match="it has mail1, delay:3d, mail2"):
        without(read_steps("mail1,delay:3d,mail2", 3), ["mail3"], 3)


def test_every_action_of_the_catalogue_can_be_typed_or_says_where_it_is_added():
    """An action that --actions does not take has the reason."""
    for action in CATALOGUE:
        form = action.form.partition(" ")[0]
        typed = {"mail": "mail1", "delay": "task:x,delay:2d,task:y"}.get(
            action.kind, form.replace("USER_ID", "7").replace("LIST_ID", "7").lower()
        )
        if action.only:
            with pytest.raises(SettingsError, match="editor"):
                read_steps(typed, 3)
        else:
            assert read_steps(typed, 3)
