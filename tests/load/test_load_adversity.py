"""Bad rows, refusals, limits and deaths: a load survives them, and a rerun converges."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from cartwheel.errors import LoadFailed, ServiceUnreachable, WarehouseError
from cartwheel.progress import silent
from cartwheel.warehouse import open_warehouse
from load.catalogue import CATALOGUE
from load.client import HubSpotClient
from load.plan import plan
from load.run import load

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


@pytest.mark.parametrize("version", ["2026-03", "2026-09"])
def test_a_bad_row_harms_only_itself(shop, ready, held, version):
    """An e-mail that HubSpot refuses is quarantined with the reason; its batch goes through."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")

    report = load(replace(ready, hubspot_api_version=version), silent)

    assert len(held("contacts")) == 4
    assert report.rejected == 1
    ((key, category, reason),) = shop.run(
        "select key, category, reason from ops.load_rejections where object = 'contacts'"
    )
    assert (key, category) == ("no mail", "INVALID_EMAIL")
    assert "not valid" in reason


def test_line_items_of_a_refused_deal_wait_for_it(shop, ready, held, log):
    """A deal with an impossible stage keeps its line items back; mended, all of it loads."""
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    assert (len(held("deals")), len(held("line_items"))) == (5, 10)

    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")
    report = load(ready, silent)

    assert (len(held("deals")), len(held("line_items"))) == (6, 12)
    assert report.rejected == 0


def test_a_refused_row_is_not_sent_again_until_it_changes(shop, ready, log):
    """The second load leaves a quarantined row alone; on request it is tried again."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    load(ready, silent)
    log.forget()

    load(ready, silent)
    assert log.entries("hubspot") == []
    load(ready, silent, retry_rejected=True)

    assert len(log.writes()) == 1


def test_a_refusal_that_no_longer_holds_is_forgotten(shop, ready):
    """When the person's e-mail is mended in Shopify, nothing is held back for the old one."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    load(ready, silent)
    shop.run("update hubspot.contacts set email = 'ana@example.com' where firstname = 'Ana2'")

    load(ready, silent)

    assert shop.run("from ops.load_rejections") == []


def test_a_refusal_ends_with_its_record(shop, ready):
    """A deal of which HubSpot refused a change is forgotten when it is deleted."""
    load(ready, silent)
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    assert shop.run("select object from ops.load_rejections") == [("deals",)]

    for table in ("deals", "line_items"):
        shop.run(f"delete from hubspot.{table} where shopify_deal_key like '%order:4'")
    shop.run("delete from hubspot.associations where from_key || to_key like '%order:4%'")
    key = f"{SHOP}/order:4"
    shop.run(f"insert into hubspot.tombstones values ('deals', '{key}', 'gone', now())")
    load(ready, silent)

    assert shop.run("from ops.load_rejections") == []


def test_a_refusal_ends_when_a_person_deletes_the_record(shop, ready, account, held):
    """A deal of which HubSpot refused a change and that is gone is no longer held back."""
    load(ready, silent)
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    account.archive("deals", held("deals")[f"{SHOP}/order:4"]["hs_object_id"])
    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")

    load(ready, silent)

    assert shop.run("from ops.load_rejections where object = 'deals'") == []


def test_reasons_are_those_of_the_quarantined(shop, ready):
    """A refused row that has changed since is planned again, and has no reason any more."""
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    with open_warehouse(ready.warehouse, read_only=True) as connection:
        found = plan(connection)
    assert found.reasons["deals"] == {"INVALID_OPTION": 1}

    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")
    with open_warehouse(ready.warehouse, read_only=True) as connection:
        found = plan(connection)

    assert (found.objects["deals"].create, found.objects["deals"].quarantined) == (1, 0)
    assert found.reasons["deals"] == {}


def test_a_deal_whose_product_is_refused_still_loads(shop, ready, held):
    """A product without a valid price is quarantined; its line items point at nothing."""
    shop.run("alter table hubspot.products alter price type varchar")
    shop.run("update hubspot.products set price = 'dear' where name = 'Mug 1'")

    load(ready, silent)

    line = held("line_items")[f"{SHOP}/line:1"]
    assert "hs_product_id" not in line
    assert len(held("line_items")) == 12


def test_a_batch_refused_as_a_whole_is_bisected(marts, build, ready, held):
    """Of 120 contacts one makes HubSpot refuse its whole batch; 119 arrive."""
    marts.insert("contacts", [build.contact(number) for number in range(119)])
    marts.insert("contacts", [build.contact(500) | {"email": "a\x00b@example.com"}])

    report = load(ready, silent, hubspot=Picky(ready, "a\x00b@example.com"))

    assert len(held("contacts")) == 119
    assert report.rejected == 1


class Picky:
    """HubSpot, refusing any batch as a whole that holds a certain record."""

    def __init__(self, settings, key):
        self.version = settings.hubspot_api_version
        self.key = key
        self.client = HubSpotClient(settings)

    def call(self, method, path, body=None, params=None):
        """Send the batch with the key twice over, which HubSpot refuses as a whole."""
        rows = (body or {}).get("inputs", [])
        if path.endswith("upsert") and any(row["id"] == self.key for row in rows):
            rows = [{**row, "objectWriteTraceId": "same"} for row in rows]
            rows += rows[:1]
            return self.client.call(method, path, {"inputs": rows}, params)
        return self.client.call(method, path, body, params)


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("writes", range(6))
def test_killed_load_and_a_rerun_give_the_undisturbed_result(
    shop, ready, account, log, writes, applied
):
    """Killed before or after any of its writes, a load is completed by the next one."""
    with pytest.raises(KeyboardInterrupt):
        load(ready, silent, hubspot=Interrupted(ready, writes, applied=applied))

    load(ready, silent)

    amounts = shop.run("select shopify_deal_key, amount::double from hubspot.deals")
    deals = [each["properties"] for each in account.objects("deals")]
    assert sorted(amounts) == sorted(
        (deal["shopify_deal_key"], float(deal["amount"])) for deal in deals
    )
    assert [len(account.objects(name)) for name in CATALOGUE] == [3, 5, 6, 12]
    assert len(account.associations("deals", "contacts")) == 6
    assert len(account.associations("line_items", "deals")) == 12
    log.forget()
    load(ready, silent)
    assert log.entries("hubspot") == []


def test_killed_without_warning_the_next_load_completes_it(shop, ready, account, held):
    """A process that vanishes between HubSpot's commit and the ledger loses nothing."""
    script = textwrap.dedent(
        """
        import os, sys
        from datetime import datetime
        from pathlib import Path
        from cartwheel.settings import Settings
        from load.client import HubSpotClient
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

    with pytest.raises(WarehouseError, match=r"See which: select email") as refused:
        load(ready, silent)

    query = str(refused.value).split("See which: ")[1].split(". ")[0]
    assert shop.run(query) == [("person1@example.com", 2)]
    ((message,),) = shop.run("select message from ops.load_runs")
    assert "person1" not in message


def test_plan_reads_a_warehouse_that_nobody_may_write(loaded):
    """The plan works on a read-only connection."""
    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        assert plan(connection).writes == 0


def test_the_daily_limit_stops_the_load_and_the_next_day_goes_on(shop, ready, account, held):
    """When the day's requests are used up the message says so; later all arrives."""
    account.limits.daily = account.limits.used_today + 12
    with pytest.raises(ServiceUnreachable, match="midnight"):
        load(ready, silent)

    account.limits.daily = 650_000
    load(ready, silent)

    assert len(held("line_items")) == 12


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
    said = []

    load(ready, said.append)

    assert "INVALID_EMAIL" in " ".join(said)
    assert not any("mail'" in line or "Ana" in line or "no mail" in line for line in said)


def test_a_load_of_which_hubspot_takes_nothing_is_given_up(marts, build, ready, held):
    """After 300 refusals and no success the rest is not sent, and the reason is said."""
    rows = [build.contact(number) | {"email": f"no mail {number}"} for number in range(1200)]
    marts.insert("contacts", rows)

    with pytest.raises(LoadFailed, match="INVALID_EMAIL"):
        load(ready, silent)

    ((refused,),) = marts.run("select count(*) from ops.load_rejections")
    assert 300 <= refused < 1200


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
        associations = plan(connection).objects["associations"]
    assert (associations.create, associations.unchanged, associations.quarantined) == (0, 19, 1)

    shop.run("delete from hubspot.associations where from_key like '%order:60'")
    with open_warehouse(loaded.warehouse, read_only=True) as connection:
        assert plan(connection).objects["associations"].quarantined == 0
