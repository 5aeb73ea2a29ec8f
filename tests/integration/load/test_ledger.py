"""What HubSpot acknowledged is remembered batch by batch, and can be traced."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from cartwheel.core.errors import WarehouseError
from cartwheel.core.progress import silent
from load.run import load
from tests.integration.load.plans import asked, planned

SHOP = "demo.myshopify.com"

DYING = textwrap.dedent(
    """
    import os, sys
    from datetime import datetime
    from pathlib import Path
    from cartwheel.core.settings import Settings
    from load.hubspot.client import HubSpotClient
    from load.run import load

    class Dying(HubSpotClient):
        def call(self, method, path, body=None, params=None):
            if path.endswith("contacts/batch/upsert"):
                os._exit(9)
            return super().call(method, path, body, params)

    settings = Settings(
        warehouse=Path(sys.argv[1]), hubspot_access_token="pat-test",
        hubspot_api_url=sys.argv[2], now=datetime.fromisoformat(sys.argv[3]),
    )
    load(settings, print, hubspot=Dying(settings))
    """
)


def test_a_plan_after_a_death_knows_what_was_acknowledged(shop, ready):
    """Of a load that died before its contacts a plan, which writes nothing, knows the rest."""
    arguments = [str(ready.warehouse), ready.hubspot_api_url, ready.now.isoformat()]
    died = subprocess.run([sys.executable, "-c", DYING, *arguments], check=False)
    assert died.returncode == 9

    found = planned(ready)

    assert {name: found.objects[name].create for name in ("products", "contacts", "deals")} == {
        "products": 0,
        "contacts": 5,
        "deals": 0,
    }


def test_a_ledger_of_another_version_is_told_what_to_do(loaded, shop, log):
    """A table of the ledger that lacks a column is named with what to do; nothing is sent."""
    shop.run("alter table ops.hubspot_records drop column answered")

    for command in (planned, lambda settings: load(settings, silent)):
        with pytest.raises(WarehouseError, match=r"lacks answered.* run: cartwheel sync"):
            command(loaded)
    assert asked(log) == []


def test_fingerprints_of_another_version_send_nothing(loaded, shop, log):
    """Where every fingerprint differs the values decide, and the fingerprints are renewed."""
    shop.run("update ops.hubspot_records set fingerprint = 1")

    assert planned(loaded).writes == 0
    load(loaded, silent)

    assert asked(log) == []
    assert shop.run("select count(*) from ops.hubspot_records where fingerprint = 1") == [(0,)]


def test_a_blank_written_another_way_is_no_change(loaded, shop):
    """Null, nothing and blanks are the same to HubSpot."""
    shop.run("update hubspot.contacts set lastname = '  ' where firstname = 'Ana1'")

    assert planned(loaded).objects["contacts"].update == 0


def test_every_write_can_be_traced(loaded, shop, held):
    """An amount that changed stands in the audit with its request, old and new value."""
    shop.run("update hubspot.deals set amount = 99 where dealname = '#2'")
    report = load(loaded, silent)

    written = shop.run(
        "select object, key, hubspot_id, action, property, old, new "
        "from ops.hubspot_written_properties where run_id = ?",
        report.run_id,
    )
    deal = held("deals")[f"{SHOP}/order:2"]
    key, record = f"{SHOP}/order:2", deal["hs_object_id"]
    assert written == [("deals", key, record, "update", "amount", "10.02", "99")]


def test_the_audit_holds_every_write_of_the_first_load(loaded, shop, held):
    """Each record and association has its line, with a request of its batch."""
    lines = shop.run(
        "select object, count(*), count(distinct batch), bool_and(request_id is not null) "
        "from ops.hubspot_writes group by object order by object"
    )
    assert lines == [
        ("contacts", 5, 1, True),
        ("deal_to_contact", 6, 1, True),
        ("deals", 6, 1, True),
        ("line_item_to_deal", 12, 1, True),
        ("line_items", 12, 1, True),
        ("products", 3, 1, True),
    ]
    sent = dict(
        shop.run(
            "select property, new from ops.hubspot_written_properties "
            "where object = 'products' and key = ?",
            f"{SHOP}/variant:1",
        )
    )
    product = held("products")[f"{SHOP}/variant:1"]
    assert sent["name"] == product["name"]
    assert sent["price"] == "4.5"


def test_the_audit_names_what_was_deleted(loaded, shop):
    """An archived line item has its line, without values."""
    key = f"{SHOP}/line:3"
    shop.run("delete from hubspot.line_items where shopify_line_item_key = ?", key)
    shop.run("delete from hubspot.associations where from_key = ?", key)
    shop.run(f"insert into hubspot.tombstones values ('line_items', '{key}', 'gone', now())")
    report = load(loaded, silent)

    assert shop.run(
        "select object, key, action, changes from ops.hubspot_writes where run_id = ?",
        report.run_id,
    ) == [("line_items", key, "delete", [])]
