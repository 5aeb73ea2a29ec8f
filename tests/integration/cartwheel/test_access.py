"""A sync names what both sides lack, all of it at once, before it reads anything."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cartwheel.cli.app import main
from sandbox.generator import generate
from sandbox.server import Sandbox
from tests.integration.cartwheel.doctored import PORTAL, SetUp

LACKING = "HubSpot's token lacks the scopes crm.objects.contacts.write"


@pytest.fixture
def lacking(tmp_path):
    """A store whose app, and an account whose token, may not do all that a sync needs."""
    generate(tmp_path / "store", 5, 1)
    with Sandbox(tmp_path / "store", shopify_scopes=("read_orders", "read_products")) as served:
        made = SetUp(tmp_path, served)
        made.write()
        where = "POST /crm/objects/2026-03/contacts/batch/update"
        made.order("hubspot/faults", {"kind": "forbidden", "where": where, "times": 9})
        yield made


def sync(made, *options):
    """`cartwheel sync`."""
    return CliRunner().invoke(main, ["--env", str(made.env), "sync", *options])


def test_both_sides_are_told_together(lacking):
    """HubSpot's scopes and Shopify's stand in one answer, and nothing was read or written."""
    lacking.order("hubspot/faults", {"kind": "unavailable", "where": "GET /crm/properties"})

    done = sync(lacking)

    said = done.stderr
    assert done.exit_code == 1
    assert f"Error: {LACKING}" in said
    [waited] = [line for line in said.splitlines() if "Trying again" in line]
    assert waited.split()[1] == "sync"
    assert "the scopes read_customers, read_all_orders" in said
    assert not lacking.warehouse.exists()
    made = [each for each in lacking.sandbox.log.writes() if each["status"] < 300]
    assert made == []


def test_a_dry_run_asks_shopifys_side_alone(lacking):
    """It sends nothing, so what HubSpot's token may write does not matter."""
    done = sync(lacking, "--dry-run")

    assert done.exit_code == 1
    assert LACKING not in done.stderr
    assert "the scopes read_customers, read_all_orders" in done.stderr


def test_the_account_that_was_loaded_is_not_asked_again(lacking):
    """Where records were acknowledged, a sync tries no write that changes nothing."""
    lacking.belong_to(PORTAL)
    with lacking.open() as connection:
        connection.execute(
            "insert into ops.hubspot_records "
            "(object, key, hubspot_id, status, properties, acknowledged_at, run_id) "
            "values ('contacts', 'a@b.example', '1', 'living', '{}', now(), 'load-1')"
        )

    done = sync(lacking)

    assert LACKING not in done.stderr
    assert "the scopes read_customers" in done.stderr
    assert lacking.sandbox.log.writes() == []


def test_json_does_not_change_the_answer(lacking):
    """A script reads the error on stderr, and nothing on stdout."""
    done = sync(lacking, "--json")

    assert (done.exit_code, done.stdout) == (1, "")
    assert LACKING in done.stderr
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(done.stdout)
