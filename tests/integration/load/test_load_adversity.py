"""Bad rows, refusals, limits and deaths: a load survives them, and a rerun converges."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from decimal import Decimal

import pytest

from cartwheel.core.errors import ServiceUnreachable, WarehouseError
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from load.hubspot.client import HubSpotClient
from load.objects.catalogue import CATALOGUE
from load.plan.session import PlanSession
from load.run import load
from tests.integration.load.plans import asked
from tests.nightly import mostly_nightly

SHOP = "demo.myshopify.com"


class Interrupted:
    """A client that dies at its n-th write, before HubSpot gets it or after it took it."""

    def __init__(self, settings, writes, *, applied):
        self.version = settings.hubspot_api_version
        self.left = writes
        self.applied = applied
        self.client = HubSpotClient(settings)

    def call(self, method, path, body=None, params=None):
        """Pass the call on while lives are left."""
        if method == "GET" or path.endswith("/batch/read"):
            return self.client.call(method, path, body, params)
        self.left -= 1
        if self.left >= 0:
            return self.client.call(method, path, body, params)
        if self.applied:
            self.client.call(method, path, body, params)
        raise KeyboardInterrupt


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("writes", mostly_nightly(range(5), 3))
def test_killed_load_and_a_rerun_give_the_undisturbed_result(
    shop, ready, account, log, writes, applied
):
    """Killed before or after any of its writes, a load is completed by the next one."""
    with pytest.raises(KeyboardInterrupt):
        load(ready, silent, hubspot=Interrupted(ready, writes, applied=applied))
    assert shop.run("select status, message from ops.load_runs") == [("interrupted", "")]

    load(ready, silent)

    amounts = shop.run("select shopify_deal_key, amount from hubspot.deals")
    deals = [each["properties"] for each in account.objects("deals")]
    assert sorted(amounts) == sorted(
        (deal["shopify_deal_key"], Decimal(deal["amount"])) for deal in deals
    )
    assert [len(account.objects(name)) for name in CATALOGUE] == [3, 5, 6, 12]
    assert len(account.associations("deals", "contacts")) == 6
    assert len(account.associations("line_items", "deals")) == 12
    log.forget()
    load(ready, silent)
    assert asked(log) == []


@pytest.mark.parametrize(
    "kind", mostly_nightly(["lost_answer", "unavailable", "locked", "throttled"], 2)
)
def test_passing_trouble_leaves_no_trace(shop, ready, account, held, kind):
    """A HubSpot that stumbles, or takes a write and loses its answer, is asked again."""
    account.faults.order(kind, 2, where="/crm/")

    load(ready, silent)

    assert [len(account.objects(name)) for name in CATALOGUE] == [3, 5, 6, 12]
    assert len(held("deals")) == 6
    assert load(ready, silent).writes == 0


def test_killed_without_warning_the_next_load_completes_it(shop, ready, account, held):
    """A process that vanishes between HubSpot's commit and the ledger loses nothing."""
    script = textwrap.dedent(
        """
        import os, sys
        from datetime import datetime
        from pathlib import Path
        from cartwheel.core.settings import Settings
        from load.hubspot.client import HubSpotClient
        from load.run import load

        class Vanishing(HubSpotClient):
            def call(self, method, path, body=None, params=None):
                answer = super().call(method, path, body, params)
                if path.endswith("deals/batch/upsert"):
                    os._exit(9)
                return answer

        settings = Settings(
            warehouse=Path(sys.argv[1]), hubspot_access_token="pat-test",
            hubspot_api_url=sys.argv[2], now=datetime.fromisoformat(sys.argv[3]),
        )
        load(settings, print, hubspot=Vanishing(settings))
        """
    )
    arguments = [str(ready.warehouse), ready.hubspot_api_url, ready.now.isoformat()]
    died = subprocess.run([sys.executable, "-c", script, *arguments], check=False)
    assert died.returncode == 9

    load(ready, silent)

    assert len(account.objects("deals")) == 6
    assert len(account.objects("line_items")) == 12
    assert len(account.associations("line_items", "deals")) == 12


def test_a_line_item_gets_its_product_when_it_arrives(loaded, shop, build, held):
    """A product that comes later is linked to the line items that name it."""
    shop.run(
        "update hubspot.line_items set shopify_product_key = shopify_product_key || '9' "
        "where shopify_line_item_key like '%line:1'"
    )
    load(loaded, silent)
    shop.insert("products", [build.product(19)])

    load(loaded, silent)

    product = held("products")[f"{SHOP}/variant:19"]
    assert held("line_items")[f"{SHOP}/line:1"]["hs_product_id"] == product["hs_object_id"]


def test_a_row_that_comes_twice_can_be_found(shop, ready, build):
    """Two rows of one key are an error, with the query that shows them and no e-mail."""
    shop.insert("contacts", [build.contact(1)])

    with pytest.raises(WarehouseError, match=r"To see them: select email") as refused:
        load(ready, silent)

    query = str(refused.value).split("To see them: ")[1].split(". ")[0]
    assert shop.run(query) == [("person1@example.com", 2)]
    ((message,),) = shop.run("select message from ops.load_runs")
    assert "person1" not in message


def test_plan_reads_a_warehouse_that_nobody_may_write(loaded):
    """The plan works on a read-only connection."""
    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        assert PlanSession(connection).refresh().writes == 0


def test_the_daily_limit_stops_the_load_and_the_next_day_goes_on(shop, ready, account, held):
    """When the day's requests are used up the message says so; later all arrives."""
    account.limits.daily = account.limits.used_today + 12
    with pytest.raises(ServiceUnreachable, match="midnight"):
        load(ready, silent)

    account.limits.daily = 650_000
    load(ready, silent)

    assert len(held("line_items")) == 12


@pytest.mark.nightly
def test_a_load_survives_the_rate_limit(shop, ready, account, held, log):
    """With the allowance used up by somebody else, the load waits and goes on."""
    account.limits.ten_secondly, account.limits.interval = 5, 0.5
    for _ in range(5):
        HubSpotClient(ready).call("GET", "/crm/pipelines/2026-03/deals")

    load(ready, silent)

    assert 429 in {entry["status"] for entry in log.entries("hubspot")}
    assert len(held("line_items")) == 12


def test_values_of_records_are_never_said(shop, ready):
    """What a load says holds no value of a record, not even of a refused one."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    said: list[str] = []

    load(ready, said.append)

    assert "INVALID_EMAIL" in " ".join(said)
    assert not any("mail'" in line or "Ana" in line or "no mail" in line for line in said)


def test_an_association_with_a_vanished_contact_is_refused_alone(
    loaded, shop, build, account, held
):
    """A new deal of a contact that a person deleted loads, without the association."""
    archived = held("contacts")["person3@example.com"]["hs_object_id"]
    account.archive("contacts", archived)
    shop.insert("deals", [build.deal(60), build.deal(61)])
    shop.insert("associations", build.associations(60, 3, []) + build.associations(61, 4, []))

    report = load(loaded, silent)

    assert report.objects["deals"].create == 2
    assert report.objects["associations"].create == 1
    assert report.rejected == 1
    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        associations = PlanSession(connection).refresh().objects["associations"]
    assert (associations.create, associations.unchanged, associations.rejected) == (0, 19, 1)

    shop.run("delete from hubspot.associations where from_key like '%order:60'")
    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        assert PlanSession(connection).refresh().objects["associations"].rejected == 0
