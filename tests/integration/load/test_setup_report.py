"""What setup says that it did, would do, and left alone."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from cartwheel.core.progress import silent
from load.account.state import look_up
from load.setup.drift import Difference
from load.setup.run import set_up
from tests.integration.load.plans import SET_UP


def test_a_label_that_a_person_changed_stays(ready, account, log):
    """Setup writes nothing, and the report shows both labels."""
    account.properties["deals"].change("shopify_note", {"label": "Remark"})
    log.forget()

    report = set_up(ready, silent)

    assert log.writes() == []
    assert account.properties["deals"].definitions["shopify_note"]["label"] == "Remark"
    assert report.different == [Difference("deals: shopify_note", "label", "Remark", "Note")]


def test_another_field_type_or_group_is_reported_and_stays(ready, account):
    """A person who moves a property to a group of their own keeps it there."""
    known = account.properties["deals"]
    changes = {"fieldType": "html", "groupName": "dealinformation"}
    known.change("shopify_note", changes)

    report = set_up(ready, silent)

    assert [(each.trait, each.theirs) for each in report.different] == [
        ("field type", "html"),
        ("group", "dealinformation"),
    ]
    assert known.definitions["shopify_note"]["fieldType"] == "html"


def test_another_language_changes_no_label_that_exists(ready, account, log):
    """An account that was set up in English stays English; a line counts the labels."""
    log.forget()
    said: list[str] = []

    settings = replace(ready, env_file=Path("clients/ada/.env"))

    report = set_up(settings, said.append, language="fr")

    assert log.writes() == []
    assert account.pipelines.stages("ecommerce")["shipped"]["label"] == "Shipped"
    count = report.other_languages["en"]
    assert count > 90
    assert report.different == []
    assert said[1:] == [
        f"unchanged in HubSpot: {count} labels in the language en; to change those that are "
        "ours to fr, run: cartwheel setup --relabel --language fr; to keep en: "
        "CARTWHEEL_LANGUAGE=en in clients/ada/.env"
    ]


def test_renamed_group_pipeline_and_stage_stay(ready, account):
    """They are found by their ids, left alone and reported."""
    account.properties["products"].groups["shopify"]["label"] = "Shop"
    account.pipelines.change("ecommerce", {"label": "Orders"})
    account.pipelines.change_stage("ecommerce", "shipped", {"label": "Sent"})

    report = set_up(ready, silent)

    assert [(each.where, each.theirs) for each in report.different] == [
        ("products: group shopify", "Shop"),
        ("pipeline E-commerce", "Orders"),
        ("stage Shipped", "Sent"),
    ]


def test_a_dry_run_says_the_same_with_would(settings, account):
    """Its first line differs from the setup's by a word alone, and so does its report."""
    lines: dict[bool, list[str]] = {True: [], False: []}
    reports = {}
    for dry_run in (True, False):
        reports[dry_run] = asdict(set_up(settings, lines[dry_run].append, dry_run=dry_run))

    assert lines[True][0].startswith(f"would create {SET_UP}: products: group shopify")
    assert lines[True][0].replace("would create", "created") in lines[False]
    assert {**reports[True], "dry_run": False} == reports[False]


def test_long_reports_are_cut_short_for_a_person(ready, account):
    """Ten differences are shown, the others are counted, with the command that lists them."""
    names = [
        name for name in account.properties["deals"].definitions if name.startswith("shopify")
    ]
    for name in names[:13]:
        account.properties["deals"].change(name, {"label": f"Our {name}"})
    said: list[str] = []

    set_up(ready, said.append, dry_run=True)

    assert said[1] == "unchanged in HubSpot, but different from ours: 13"
    assert said[12:] == ["  and 3 more; to see all: cartwheel setup --dry-run --json"]


def test_look_up_gives_hubspots_definitions(ready, account, hubspot):
    """The loader's preflight gets each property as HubSpot lists it, its own ones too."""
    definitions = look_up(hubspot).definitions

    assert definitions["deals"]["shopify_deal_key"]["hasUniqueValue"] is True
    assert (
        definitions["contacts"]["email"] == account.properties["contacts"].definitions["email"]
    )
