"""cartwheel workflows on the command line: what each prints, as text and as JSON."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main

SENDER = ["--from-name", "Mugs", "--reply-to", "shop@example.com"]


@pytest.fixture
def cartwheel(audiences, tmp_path, monkeypatch):
    """Type a command of workflows; gives its exit code, its stdout and its stderr."""
    environ = {
        "HUBSPOT_API_URL": audiences.hubspot_api_url,
        "HUBSPOT_ACCESS_TOKEN": audiences.hubspot_access_token,
        "CARTWHEEL_WAREHOUSE": str(audiences.warehouse),
        "CARTWHEEL_NOW": "2026-11-23T12:00:00Z",
    }
    monkeypatch.chdir(tmp_path)

    def typed(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["workflows", *words], env=environ)
        return done.exit_code, done.stdout, done.stderr

    return typed


def test_list_shows_audiences_and_states(cartwheel):
    """Before and after a creation."""
    code, before, _ = cartwheel("list")
    cartwheel("create", "abandoned_checkout", *SENDER)
    _, after, _ = cartwheel("list")

    assert code == 0
    assert before.count("  not created") == 3
    assert after.count("  not created") == 2


def test_status_names_the_parts_as_hubspot_does(cartwheel, hand):
    """The workflow, its list and its e-mails, with the ids by which a person finds them."""
    cartwheel("create", "abandoned_checkout", *SENDER)

    code, told, _ = cartwheel("status")
    _, data, _ = cartwheel("status", "--json")

    (state,) = json.loads(data)["workflows"]
    parts = {(each["kind"], each["hubspot_id"]): each["name"] for each in state["parts"]}
    (flow,) = hand.flows()
    assert code == 0
    assert parts["workflow", flow["id"]] == flow["name"]
    emails = {email.id: email.members["name"] for email in hand.account.emails.all()}
    assert {key: name for (kind, key), name in parts.items() if kind == "email"} == emails
    assert [kind for kind, _ in parts].count("list") == 1
    for (_, hubspot_id), name in parts.items():
        assert re.search(rf"abandoned_checkout +\w+ +{hubspot_id} +{re.escape(name)}", told)


def test_status_and_list_end_with_a_summary(cartwheel):
    """The last line is what `each` shows of a client: never a note that is the same for all."""
    none = cartwheel("status")[1]
    cartwheel("create", "abandoned_checkout", *SENDER)
    status, listed = cartwheel("status")[1], cartwheel("list")[1]

    assert none.splitlines()[-1].startswith("No workflow was created yet. ")
    assert status.splitlines()[-1] == "1 workflow: 1 off"
    assert "Note: HubSpot supports" in status
    assert listed.splitlines()[-1] == "3 workflows: 2 not created, 1 off"


def test_quiet_status_prints_nothing(cartwheel, hand):
    """It speaks by its exit code, and by an error where HubSpot lacks a part."""
    cartwheel("create", "new_customer", *SENDER)
    in_order = cartwheel("status", "--quiet")
    (flow,) = hand.flows()
    hand.do("DELETE", f"flows/{flow['id']}")

    code, told, error = cartwheel("status", "--quiet")

    assert in_order == (0, "", "")
    assert (code, told) == (3, "")
    assert error.startswith("Error: Deleted in HubSpot: ")


def test_show_tells_the_actions_with_what_is_checked(cartwheel):
    """And, with --more, all that can be ordered."""
    code, told, _ = cartwheel("show", "abandoned_checkout", "--more")

    assert code == 0
    assert "3. send e-mail 2, if the cart is still open and consent still stands" in told
    assert "task (or task:TITLE)" in told


def test_clone_is_known_by_its_name(cartwheel):
    """To show, to create and to preview."""
    cartwheel("clone", "re_engagement", "--as", "Win back", "--days", "180", *SENDER)

    shown = cartwheel("show", "win_back")
    again = cartwheel("create", "win_back")

    assert shown[0] == again[0] == 0
    assert "nothing bought for 180 days" in shown[1]
    assert "workflow Cartwheel: Win back: exists" in again[1]


def test_command_that_status_names_creates_a_clone_again(cartwheel, hand):
    """What was deleted of it, without its conditions being typed again."""
    cartwheel("clone", "re_engagement", "--as", "Win back", "--days", "180", *SENDER)
    (flow,) = hand.flows()
    hand.do("DELETE", f"flows/{flow['id']}")

    code, _, error = cartwheel("status")
    again = cartwheel("clone", "re_engagement", "--as", "Win back")

    assert code == 3
    assert 'cartwheel workflows clone re_engagement --as "Win back"' in error
    assert again[0] == 0
    assert "'numberOfDays': 180" in str(hand.flows()[0]["enrollmentCriteria"])


@pytest.mark.parametrize(
    "words",
    [
        ["list", "--json"],
        ["create", "new_customer", "--json", *SENDER],
        ["create", "new_customer", "--json", "--dry-run"],
        ["status", "--json"],
        ["show", "abandoned_checkout", "--json"],
        ["show", "new_customer", "--more", "--json"],
    ],
    ids=" ".join,
)
def test_json_is_all_that_stdout_holds(cartwheel, words):
    """For a script."""
    code, told, _ = cartwheel(*words)

    assert code == 0
    assert json.loads(told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["create", "win_back"], "there are new_customer, abandoned_checkout, re_engagement"),
        (["clone", "re_engagement", "--as", "X"], "needs another trigger"),
        (["clone", "new_customer", "--as", "X", "--days", "3"], "of re_engagement alone"),
        (["create", "new_customer", "--actions", "fax"], "not a valid action"),
        (["create", "new_customer", "--language", "xx"], "no e-mails in the language"),
        (["preview", "new_customer", "--language", "xx"], "no e-mails in the language"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_wrong_use_ends_with_2_and_says_what_is_right(cartwheel, words, told):
    """Before anything is made."""
    code, _, error = cartwheel(*words)

    assert code == 2
    assert told in error


def test_create_of_what_is_on_says_that_nothing_was_done(cartwheel, hand):
    """Without the clicks that would turn it on."""
    cartwheel("create", "new_customer", *SENDER)
    hand.do("POST", f"flows/{hand.flows()[0]['id']}/enable")

    code, told, _ = cartwheel("create", "new_customer", "--actions", "mail1")

    assert code == 0
    assert "The workflow was left as it is: it is on" in told
    assert "Turn on" not in told


def test_drafts_are_told_before_the_clicks(cartwheel):
    """Without an address for answers HubSpot publishes no e-mail."""
    code, told, _ = cartwheel("create", "abandoned_checkout")

    assert code == 0
    assert "Before you turn it on, publish 2 e-mails" in told
