"""What is held back has one number and one name, wherever it is told."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from cartwheel.status import current_status
from load.plan.session import PlanSession
from load.run import load
from tests.integration.load.plans import planned
from tests.nightly import mostly_nightly

SHOP = "demo.myshopify.com"
FATES = ("quarantined", "rejected", "skipped")


def fates(objects) -> dict[str, tuple[int, ...]]:
    """How many of each object are quarantined, rejected and skipped."""
    return {name: tuple(getattr(counts, fate) for fate in FATES)
            for name, counts in objects.items()}  # fmt: skip


def quarantine(shop, name, *, record, reason, detail, is_ordinary=False) -> None:
    """Let the models keep a record apart."""
    shop.insert(
        f"quarantined_{name}",
        [
            {
                "shop": SHOP,
                "key": None,
                "record": record,
                "source_id": f"{name}:{record}",
                "reason": reason,
                "detail": detail,
                "is_ordinary": is_ordinary,
            }
        ],
    )


@pytest.fixture
def troubled(shop, ready, account, held):
    """Of each fate a record: of deals one quarantined and one skipped, of contacts one
    rejected and one quarantined for its e-mail."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    quarantine(
        shop, "deals", record="#1015", reason="figures disagree",
        detail="Shopify's total is 99.99, its sales add up to 100.00",
    )  # fmt: skip
    quarantine(
        shop, "contacts", record="customer 11", reason="invalid e-mail",
        detail="the e-mail has no @", is_ordinary=True,
    )  # fmt: skip
    load(ready, silent)
    account.archive("deals", held("deals")[f"{SHOP}/order:4"]["hs_object_id"])
    shop.run("update hubspot.deals set amount = 99 where dealname = '#4'")
    return ready


def test_plan_load_and_status_show_the_same_numbers(troubled):
    """The load's own table, the next plan and the status count the same records."""
    report = load(troubled, silent)

    found = planned(troubled)
    status = current_status(troubled)
    assert fates(report.objects) == fates(found.objects)
    assert fates(found.objects)["contacts"] == (1, 1, 0)
    assert fates(found.objects)["deals"] == (1, 0, 1)
    assert status.held_back == found.held_back == report.held_back
    assert {each.record for each in found.held_back if each.object == "contacts"} == {
        "customer 11",
        "",
    }
    for name, became in report.objects.items():  # a record stands in one column of each table
        done = became.create + became.update + became.unchanged
        assert (name, done) == (name, found.objects[name].unchanged)
    for name, counts in fates(found.objects).items():
        for fate, number in zip(FATES, counts, strict=True):
            told = [each.records for each in status.held_back
                    if (each.object, each.fate) == (name, fate)]  # fmt: skip
            assert sum(told) == number


def test_control_totals_hold_back_what_the_table_says(troubled):
    """Of the mart's records the control totals count the same as held back."""
    report = load(troubled, silent)

    assert report.totals.records["contacts"].held == report.objects["contacts"].rejected
    assert report.totals.records["deals"].held == report.objects["deals"].skipped


def test_each_record_is_listed_with_its_reason(troubled):
    """plan --object names the records that are held back, and why."""
    load(troubled, silent)
    with open_warehouse(troubled.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        session.refresh()
        deals = list(session.held_back("deals"))
        lines = list(session.held_back("line_items"))
        contacts = list(session.held_back("contacts"))

    assert [(each.fate, each.record, each.reason) for each in deals] == [
        ("quarantined", "#1015", "figures disagree"),
        ("skipped", "#4", "deleted by a user in HubSpot"),
    ]
    assert "99.99" in deals[0].detail
    assert [(each.record, each.reason) for each in lines] == [
        ("line 8 of #4", "its deal is not in HubSpot"),
        ("line 9 of #4", "its deal is not in HubSpot"),
    ]
    assert [(each.fate, each.reason, each.is_ordinary) for each in contacts] == [
        ("quarantined", "invalid e-mail", True),
        ("rejected", "INVALID_EMAIL", True),
    ]


def test_the_command_lists_them_in_text_and_json(troubled, tmp_path):
    """`plan --object deals` shows record, fate and reason; `--json` has them as data."""
    load(troubled, silent)
    environ = {"CARTWHEEL_WAREHOUSE": str(troubled.warehouse)}

    text = CliRunner(env=environ).invoke(main, ["plan", "--object", "deals"])
    data = CliRunner(env=environ).invoke(main, ["plan", "--object", "deals", "--json"])
    status = CliRunner(env=environ).invoke(main, ["status"])

    assert "quarantined  #1015" in text.output
    assert "99.99" in text.output
    assert "deleted by a user in HubSpot" in text.output
    assert "line 8 of #4" in status.output
    assert "restore it in HubSpot, then run: cartwheel plan --refresh" in status.output
    found = json.loads(data.stdout)
    assert found["objects"]["deals"]["skipped"] == 1
    assert [each["fate"] for each in found["records"]] == ["quarantined", "skipped"]


def test_what_is_held_back_anew_is_told_once(shop, ready):
    """A quarantined order alarms the load that first meets it, not the next."""
    quarantine(shop, "deals", record="#1015", reason="figures disagree", detail="99.99, 100")

    assert load(ready, silent).alarms == ["deals: 1 newly held back (#1015: 99.99, 100)"]
    assert load(ready, silent).alarms == []
    assert load(ready, silent, strict=True).alarms == ["deals: 1 of 7 held back"]


def test_persons_without_a_valid_email_are_ordinary(shop, ready):
    """An e-mail that is not valid, for us or for HubSpot, alarms nobody unless strict."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    quarantine(
        shop, "contacts", record="customer 11", reason="invalid e-mail",
        detail="the e-mail has no @", is_ordinary=True,
    )  # fmt: skip

    report = load(ready, silent)

    assert (report.quarantined, report.rejected, report.alarms) == (1, 1, [])
    assert load(ready, silent, strict=True).alarms == ["contacts: 2 of 6 held back"]


@pytest.mark.parametrize("name", mostly_nightly(["contacts", "deals"], 0))
def test_most_that_is_rejected_alarms_every_load(shop, ready, account, name):
    """When HubSpot takes none of an object, each load says so, and the status as well."""
    account.behaviours.order({"refused_objects": [name]})
    total = {"contacts": 5, "deals": 6}[name]

    first, second = load(ready, silent), load(ready, silent)

    assert (first.objects[name].rejected, second.objects[name].rejected) == (total, total)
    assert f"{name}: {total} of {total} held back" in first.alarms
    assert second.alarms == [f"{name}: {total} of {total} held back"]
    assert current_status(ready).warnings == second.alarms


@pytest.mark.nightly
def test_many_but_few_of_all_are_silent(marts, build, ready):
    """21 of 500 rejected deals are under the 5 % that may be held back; 31 are not."""
    marts.insert("deals", [build.deal(number) for number in range(500)])
    marts.run("update hubspot.deals set dealstage = 'nowhere' where dealname like '#1_'")
    marts.run("update hubspot.deals set dealstage = 'nowhere' where dealname like '#2_'")
    marts.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#3'")
    load(ready, silent)
    assert load(ready, silent).alarms == []

    marts.run("update hubspot.deals set dealstage = 'nowhere' where dealname like '#3_'")
    load(ready, silent)

    assert load(ready, silent).alarms == ["deals: 31 of 500 held back"]
