"""A first plan looks up which contacts HubSpot has already."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import LoadFailed, OtherAccount
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.account.adoption import look_up_contacts
from load.plan.plan_file import write_plan
from load.plan.rows import Row
from load.plan.session import PlanSession
from load.run import load
from tests.integration.load.plans import asked, planned

ONE, TWO = "person1@example.com", "person2@example.com"


@pytest.fixture
def ana(account):
    """The second person of the shop, whom HubSpot has under another first name."""
    return account.create("contacts", {"email": TWO, "firstname": "Anna", "lastname": "Costa"})


@pytest.fixture
def looked_up(shop, ready, ana, log):
    """Settings after a look-up, with the request log emptied."""
    look_up_contacts(ready, silent)
    log.forget()
    return ready


def listed(settings) -> dict[str, Row]:
    """The planned changes of contacts, by e-mail."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        session.refresh()
        return {row.key: row for row in session.changes("contacts")}


def test_looking_up_writes_nothing_to_hubspot(shop, ready, ana, log):
    """HubSpot is read by e-mail, a batch for all, and neither written to nor searched."""
    log.forget()

    look_up_contacts(ready, silent)

    assert log.writes() == []
    assert [each["path"].rsplit("/", 3)[1:] for each in asked(log)] == [
        ["contacts", "batch", "read"]
    ]


def test_a_contact_that_hubspot_has_is_an_update(looked_up):
    """It shows as one with the values that it would overwrite, and no others."""
    counts = planned(looked_up).objects["contacts"]
    row = listed(looked_up)[TWO]

    assert (counts.create, counts.update) == (4, 1)
    assert planned(looked_up).as_json()["adopted"] == 1
    assert row.action == "update"
    assert (row.acknowledged["firstname"], row.changes["firstname"]) == ("Anna", "Ana2")
    assert not {"email", "lastname"} & row.changes.keys()


def test_only_created_contacts_are_of_the_import(looked_up, shop):
    """The plan does not give INTEGRATION_SYNC to a contact that HubSpot had."""
    shop.run(
        "update hubspot.contacts set shopify_original_source_1 = 'INTEGRATION_SYNC', "
        "shopify_original_source_2 = 'integrations-sync'"
    )

    found = listed(looked_up)

    assert "shopify_original_source_1" in found[ONE].changes
    assert not [name for name in found[TWO].changes if "original_source" in name]


def test_a_second_look_up_asks_for_new_contacts_alone(looked_up, shop, build, log):
    """Who was looked up is not asked for again, whether HubSpot had it or not."""
    look_up_contacts(looked_up, silent)
    assert log.entries("hubspot") == []

    shop.insert("contacts", [build.contact(77)])
    look_up_contacts(looked_up, silent)

    assert len(asked(log)) == 1


def test_a_plan_to_review_looks_at_hubspot_again(looked_up, account, tmp_path):
    """`plan --out` and `plan --refresh` know of a contact that HubSpot got since."""
    account.create("contacts", {"email": ONE, "firstname": "Old"})
    environ = {
        "CARTWHEEL_WAREHOUSE": str(looked_up.warehouse),
        "HUBSPOT_ACCESS_TOKEN": looked_up.hubspot_access_token,
        "HUBSPOT_API_URL": looked_up.hubspot_api_url,
        "CARTWHEEL_NOW": looked_up.now.isoformat(),
    }

    def creates(*options):
        done = CliRunner(env=environ).invoke(main, ["plan", "--json", *options])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)["objects"]["contacts"]["create"]

    assert creates() == 4
    assert creates("--out", str(tmp_path / "plan.json")) == 3
    account.create("contacts", {"email": "person3@example.com"})
    assert creates("--refresh") == 2


def test_a_contact_that_hubspot_got_since_outdates_the_plan(looked_up, account, tmp_path, log):
    """What was reviewed as a new contact does not overwrite one that a person made since."""
    path = tmp_path / "plan.json"
    with open_warehouse(looked_up.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        session.refresh()
        write_plan(session, path)
    account.create("contacts", {"email": ONE, "firstname": "Old"})

    for dry_run in (True, False):
        with pytest.raises(
            LoadFailed, match="outdated: .* contacts among them. Nothing was sent"
        ):
            load(looked_up, silent, dry_run, plan_file=path)

    assert log.writes() == []


def test_the_load_does_what_the_plan_said(looked_up, shop, tmp_path):
    """The plan in a file, with its adoption, is what is sent."""
    path = tmp_path / "plan.json"
    with open_warehouse(looked_up.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        expected = session.refresh()
        write_plan(session, path)

    report = load(looked_up, silent, plan_file=path)

    (row,) = (each for each in json.loads(path.read_text()) if each["key"] == TWO)
    assert row["action"] == "update"
    assert {"name": "firstname", "old": "Anna", "new": "Ana2"} in row["changes"]
    sent = report.objects["contacts"]
    assert (sent.create, sent.update) == (4, 1)
    assert report.writes == expected.writes
    assert planned(looked_up).writes == 0


def test_a_contact_that_was_deleted_since_is_not_created(looked_up, account, ana):
    """Whom a person deleted after the look-up, the load finds in the recycle bin."""
    account.archive("contacts", ana["id"])

    report = load(looked_up, silent)

    assert report.objects["contacts"].skipped == 1
    assert TWO not in {each["properties"]["email"] for each in account.objects("contacts")}


def test_a_contact_that_came_since_is_adopted(looked_up, account):
    """The load asks for itself: whom a person made after the look-up is not made twice."""
    account.create("contacts", {"email": ONE})

    report = load(looked_up, silent)

    assert report.objects["contacts"].update == 2
    assert len(account.objects("contacts")) == 5


def test_without_a_token_the_plan_says_that_it_did_not_look(shop, ready, log):
    """The plan is made all the same, and says what it does not know."""
    said: list[str] = []
    log.forget()

    look_up_contacts(replace(ready, hubspot_access_token=""), said.append)

    assert log.entries() == []
    (line,) = said
    assert "was not asked which of 5 new contacts" in line
    assert "HUBSPOT_ACCESS_TOKEN" in line


def test_a_plan_goes_on_without_hubspot(shop, ready):
    """A HubSpot that does not answer is said, and nobody counts as looked up."""
    said: list[str] = []

    look_up_contacts(replace(ready, hubspot_api_url="http://127.0.0.1:9"), said.append)

    assert "connection refused" in said[-1]
    assert planned(ready).objects["contacts"].create == 5


def test_another_account_is_not_asked(looked_up, account):
    """What one account was found to have is not mixed with what another has."""
    with open_warehouse(looked_up.warehouse) as connection:
        connection.execute("delete from ops.hubspot_lookups")
        connection.execute("update ops.hubspot_account set portal_id = 4711")

    with pytest.raises(OtherAccount, match="4711"):
        look_up_contacts(looked_up, silent)


def test_offline_asks_nothing(shop, ready, ana, log):
    """plan --offline counts the contact as to create; plan without it as an update."""
    environ = {
        "CARTWHEEL_WAREHOUSE": str(ready.warehouse),
        "HUBSPOT_ACCESS_TOKEN": ready.hubspot_access_token,
        "HUBSPOT_API_URL": ready.hubspot_api_url,
    }
    log.forget()

    without = CliRunner(env=environ).invoke(main, ["plan", "--offline", "--json"])
    assert log.entries("hubspot") == []
    asking = CliRunner(env=environ).invoke(main, ["plan", "--json"])

    found = [json.loads(each.stdout)["objects"]["contacts"] for each in (without, asking)]
    assert [each["update"] for each in found] == [0, 1]
