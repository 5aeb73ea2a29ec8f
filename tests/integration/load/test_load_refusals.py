"""Rows that HubSpot refuses: held back alone, explained, and forgotten when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cartwheel.cli.printing import print_status
from cartwheel.core.errors import LoadFailed
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from cartwheel.status import current_status
from load.hubspot.client import HubSpotClient
from load.plan.session import PlanSession
from load.run import load
from tests.integration.load.plans import asked, planned, why
from tests.nightly import mostly_nightly

SHOP = "demo.myshopify.com"


@pytest.mark.parametrize("version", mostly_nightly(["2026-03", "2026-09"], 0))
def test_a_bad_row_harms_only_itself(shop, ready, held, version):
    """An e-mail that HubSpot refuses is rejected with the reason; its batch goes through."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")

    report = load(replace(ready, hubspot_api_version=version), silent)

    assert len(held("contacts")) == 4
    assert (report.quarantined, report.rejected) == (0, 1)
    counts = planned(ready).objects["contacts"]
    assert (counts.quarantined, counts.rejected) == (0, 1)
    ((key, category, reason),) = shop.run(
        "select key, category, reason from ops.hubspot_rejections where object = 'contacts'"
    )
    assert (key, category) == ("no mail", "INVALID_EMAIL")
    assert "not valid" in reason


def test_status_shows_a_refusal_with_its_request(shop, ready, capsys):
    """What HubSpot refused stands in the status with its message and correlation id."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    load(ready, silent)

    status = current_status(ready)
    print_status(status, datetime.now(UTC))

    (refused,) = (each for each in status.held_back if each.object == "contacts")
    assert (refused.fate, refused.reason, refused.records) == ("rejected", "INVALID_EMAIL", 1)
    assert shop.run("select request_id from ops.hubspot_rejections") == [(refused.request,)]
    assert refused.request in capsys.readouterr().out


def test_line_items_of_a_refused_deal_wait_for_it(shop, ready, held, log):
    """A deal with an impossible stage keeps its line items back; mended, all of it loads."""
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    assert (len(held("deals")), len(held("line_items"))) == (5, 10)

    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")
    report = load(ready, silent)

    assert (len(held("deals")), len(held("line_items"))) == (6, 12)
    assert (report.quarantined, report.rejected) == (0, 0)


def test_a_refused_row_is_not_sent_again_until_it_changes(shop, ready, log):
    """The second load leaves a rejected row alone; on request, or mended, it is sent again."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    load(ready, silent)
    log.forget()

    load(ready, silent)
    assert asked(log) == []
    load(ready, silent, retry_rejected=True)

    assert len(log.writes()) == 1
    shop.run("update hubspot.contacts set email = 'ana@example.com' where firstname = 'Ana2'")
    assert load(ready, silent).objects["contacts"].create == 1
    assert shop.run("from ops.hubspot_rejections") == []


@pytest.mark.nightly
def test_a_refusal_that_no_longer_holds_is_forgotten(shop, ready):
    """When the person's e-mail is mended in Shopify, nothing is held back for the old one."""
    shop.run("update hubspot.contacts set email = 'no mail' where firstname = 'Ana2'")
    load(ready, silent)
    shop.run("update hubspot.contacts set email = 'ana@example.com' where firstname = 'Ana2'")

    load(ready, silent)

    assert shop.run("from ops.hubspot_rejections") == []


def test_a_refusal_ends_with_its_record(shop, ready):
    """A deal with a change that HubSpot would refuse is forgotten when it is deleted."""
    load(ready, silent)
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    assert shop.run("select object from ops.hubspot_quarantined") == [("deals",)]

    for table in ("deals", "line_items"):
        shop.run(f"delete from hubspot.{table} where shopify_deal_key like '%order:4'")
    shop.run("delete from hubspot.associations where from_key || to_key like '%order:4%'")
    key = f"{SHOP}/order:4"
    shop.run(f"insert into hubspot.tombstones values ('deals', '{key}', 'gone', now())")
    load(ready, silent)

    assert shop.run("from ops.hubspot_quarantined") == []


@pytest.mark.nightly
def test_a_refusal_ends_when_a_person_deletes_the_record(shop, ready, account, held):
    """A deal with a change that HubSpot would refuse and that is gone is not quarantined."""
    load(ready, silent)
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    account.archive("deals", held("deals")[f"{SHOP}/order:4"]["hs_object_id"])
    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")

    load(ready, silent)

    assert shop.run("from ops.hubspot_quarantined where object = 'deals'") == []


@pytest.mark.nightly
def test_reasons_are_those_of_the_quarantined(shop, ready):
    """A quarantined row that has changed since is planned again, and has no reason any more."""
    shop.run("update hubspot.deals set dealstage = 'nowhere' where dealname = '#4'")
    load(ready, silent)
    with open_warehouse(ready.warehouse, read_only=True) as connection:
        found = PlanSession(connection).refresh()
    assert why(found, "deals") == {"INVALID_OPTION": 1}

    shop.run("update hubspot.deals set dealstage = 'shipped' where dealname = '#4'")
    with open_warehouse(ready.warehouse, read_only=True) as connection:
        found = PlanSession(connection).refresh()

    assert (found.objects["deals"].create, found.objects["deals"].quarantined) == (1, 0)
    assert why(found, "deals") == {}


def test_a_deal_whose_products_are_refused_still_loads(shop, ready, account, held):
    """Where HubSpot takes no product, their line items arrive and point at nothing."""
    account.behaviours.order({"refused_objects": ["products"]})

    load(ready, silent)

    assert planned(ready).objects["products"].rejected == 3
    assert "hs_product_id" not in held("line_items")[f"{SHOP}/line:1"]
    assert len(held("line_items")) == 12


def test_a_product_without_a_valid_price_goes_without_it(shop, ready, held):
    """Its line items point at the product, which has no price in HubSpot."""
    shop.run("alter table hubspot.products alter price type varchar")
    shop.run("update hubspot.products set price = 'dear' where name = 'Mug 1'")

    load(ready, silent)

    product = held("products")[f"{SHOP}/variant:1"]
    assert "price" not in product
    assert held("line_items")[f"{SHOP}/line:1"]["hs_product_id"] == product["hs_object_id"]


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


def test_a_load_of_which_hubspot_takes_nothing_is_given_up(marts, build, ready, held):
    """After 300 refusals and no success the rest is not sent, and the reason is said."""
    rows = [build.contact(number) | {"email": f"no mail {number}"} for number in range(4_000)]
    marts.insert("contacts", rows)

    with pytest.raises(LoadFailed, match=r"refused all [\d,]+ contacts .*\(INVALID_EMAIL\)"):
        load(ready, silent)

    ((refused,),) = marts.run("select count(*) from ops.hubspot_rejections")
    assert 300 <= refused < 4_000
