"""A plan in a file is what a load sends, or the load sends nothing."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from cartwheel.core.errors import LoadFailed, OutputError, ServiceUnreachable
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.plan.plan_file import write_plan
from load.plan.session import PlanSession
from load.run import load
from tests.integration.load.plans import asked
from tests.nightly import mostly_nightly

SHOP = "demo.myshopify.com"


@pytest.fixture
def written(tmp_path):
    """Write the plan of a warehouse; gives the file."""

    def written(settings):
        path = tmp_path / "plan.json"
        with open_warehouse(settings.warehouse, read_only=True) as connection:
            session = PlanSession(connection)
            session.refresh()
            write_plan(session, path)
        return path

    return written


def test_quiet_writes_the_file_and_prints_nothing(shop, ready, tmp_path):
    """`cartwheel plan --quiet --out` speaks by the file alone."""
    environ = {"CARTWHEEL_WAREHOUSE": str(ready.warehouse)}
    path = tmp_path / "plan.json"

    done = CliRunner(env=environ).invoke(
        main, ["plan", "--offline", "--quiet", "--out", str(path)]
    )

    assert (done.exit_code, done.output) == (0, "")
    assert json.loads(path.read_text())


def record(path, key):
    """The record of the plan with a key."""
    (found,) = (each for each in json.loads(path.read_text()) if each["key"] == key)
    return found


def test_the_file_names_every_write(shop, ready, written):
    """Each record and association that the first load would create is in it once."""
    planned = json.loads(written(ready).read_text())

    keys = [(each["object"], each["key"]) for each in planned]
    assert len(keys) == len(set(keys)) == 3 + 5 + 6 + 12 + 6 + 12
    assert {each["action"] for each in planned} == {"create"}


def test_a_change_is_told_by_its_old_and_its_new_value(loaded, shop, written):
    """An update says what the property held when it was acknowledged, and what it will."""
    shop.run(f"update hubspot.deals set amount = 11.5, dealname = null {_where('order:1')}")

    assert record(written(loaded), f"{SHOP}/order:1")["changes"] == [
        {"name": "amount", "old": "10.01", "new": "11.5"},
        {"name": "dealname", "old": "#1", "new": None},
    ]


def test_nothing_to_write_is_an_empty_plan(loaded, written):
    """After a load the file holds an empty list."""
    assert json.loads(written(loaded).read_text()) == []


def test_only_the_owner_reads_it(ready, shop, written):
    """The file holds customers' data: its mode is 600, also where one was there before."""
    path = written(ready)
    path.chmod(0o644)

    assert stat.S_IMODE(written(ready).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["file/plan.json", "folder"])
def test_a_plan_that_cannot_be_written_is_told(ready, tmp_path, name):
    """The message names the file, why, and how to name another; nothing is left behind."""
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with open_warehouse(ready.warehouse, read_only=True) as connection:
        session = PlanSession(connection)
        session.refresh()

        with pytest.raises(OutputError, match=f"{name}.*cartwheel plan --out FILE"):
            write_plan(session, tmp_path / name)

    assert not list(tmp_path.glob("*.part"))


def test_a_load_sends_the_plan_of_the_file(loaded, shop, written, held):
    """What the file says is sent."""
    shop.run(f"update hubspot.deals set amount = 11.5 {_where('order:1')}")

    report = load(loaded, silent, plan_file=written(loaded))

    assert report.writes == 1
    assert held("deals")[f"{SHOP}/order:1"]["amount"] == "11.5"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("update hubspot.deals set amount = 12", id="another value"),
        pytest.param(
            "update hubspot.contacts set firstname = 'Eva'",
            id="one more record",
            marks=pytest.mark.nightly,
        ),
        pytest.param("update hubspot.deals set amount = 10.01", id="nothing to write any more"),
        pytest.param("delete from hubspot.associations", id="an association gone"),
    ],
)
def test_a_plan_that_no_longer_fits_is_refused(loaded, shop, written, log, change):
    """Where the marts have moved on, the load says so, names a record, and sends nothing."""
    shop.run(f"update hubspot.deals set amount = 11.5 {_where('order:1')}")
    path = written(loaded)
    where = _where("order:1") if "deals" in change else ""
    shop.run(f"{change} {where}")

    with pytest.raises(LoadFailed, match=r"outdated: .* differ in \d+ records?, .*plan --out"):
        load(loaded, silent, plan_file=path)

    assert asked(log) == []


class Breaking:
    """HubSpot that is out of reach from the n-th write on."""

    def __init__(self, hubspot, writes):
        self.version = hubspot.version
        self.hubspot = hubspot
        self.left = writes

    def call(self, method, path, body=None, params=None):
        """Ask HubSpot, as long as it can be reached."""
        if "/batch/" in path and not path.endswith("/read"):
            self.left -= 1
            if self.left < 0:
                raise ServiceUnreachable("HubSpot does not answer")
        return self.hubspot.call(method, path, body, params)


@pytest.mark.parametrize("writes", mostly_nightly([1, 2, 3, 4], 2))
def test_an_interrupted_load_of_a_plan_continues(
    shop, ready, written, held, hubspot, log, writes
):
    """The same command sends what is left, whatever HubSpot refused, and then nothing."""
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    path = written(ready)
    with pytest.raises(ServiceUnreachable):
        load(ready, silent, plan_file=path, hubspot=Breaking(hubspot, writes))

    load(ready, silent, plan_file=path)

    assert [len(held(name)) for name in ("contacts", "deals", "line_items")] == [4, 5, 10]
    log.forget()
    assert load(ready, silent, plan_file=path).writes == 0
    assert log.writes() == []


@pytest.mark.nightly
def test_what_was_sent_with_other_values_is_outdated(loaded, shop, written, log):
    """A plan of which a later load has overwritten a value is not taken for done."""
    shop.run(f"update hubspot.deals set amount = 11.5 {_where('order:1')}")
    path = written(loaded)
    load(loaded, silent, plan_file=path)
    assert load(loaded, silent, plan_file=path).writes == 0
    shop.run(f"update hubspot.deals set amount = 12 {_where('order:1')}")
    load(loaded, silent)
    log.forget()

    with pytest.raises(LoadFailed, match=r"is outdated: .* in 1 record, deals "):
        load(loaded, silent, plan_file=path)

    assert asked(log) == []


def test_a_plan_that_somebody_edited_is_refused(loaded, shop, written, log):
    """A value that was changed in the file is not what the marts say."""
    shop.run(f"update hubspot.deals set amount = 11.5 {_where('order:1')}")
    path = written(loaded)
    path.write_text(path.read_text().replace("11.5", "1150"))

    with pytest.raises(LoadFailed, match="differ in 1 record"):
        load(loaded, silent, plan_file=path)

    assert asked(log) == []


@pytest.mark.parametrize("text", ["", "no plan", '{"objects": 1}', '[{"key": ', "[1]"])
def test_a_file_that_is_no_plan_is_refused(loaded, tmp_path, log, text):
    """Whatever else the file holds, the message says what it is not and what to type."""
    path = tmp_path / "plan.json"
    path.write_text(text)

    with pytest.raises(LoadFailed, match=r"plan --out"):
        load(loaded, silent, plan_file=path)

    assert asked(log) == []


def _where(key):
    return f"where shopify_deal_key = '{SHOP}/{key}'"
