"""Setup creates what is missing in HubSpot and touches nothing else."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import silent
from load.objects.catalogue import CATALOGUE
from load.setup.run import set_up


def test_setup_creates_group_properties_and_pipeline(settings, account):
    """After setup the account has every property of the catalogue and the six stages."""
    report = set_up(settings, silent)

    for name, object_type in CATALOGUE.items():
        known = account.properties[name].definitions
        assert {each.name for each in object_type.ours} <= known.keys()
        assert set(object_type.standard) | set(object_type.resolved) <= known.keys()
        assert "shopify" in account.properties[name].groups
    stages = account.pipelines.stages("ecommerce")
    assert {stage["label"]: stage["metadata"]["probability"] for stage in stages.values()} == {
        "Checkout pending": "0.3",
        "Checkout abandoned": "0.1",
        "Checkout completed": "0.9",
        "Processed": "1.0",
        "Shipped": "1.0",
        "Cancelled": "0.0",
    }
    assert report.existing == 0


def test_unique_keys_are_unique_in_hubspot(ready, account):
    """The three keys of ours are created with hasUniqueValue."""
    for name in ("deals", "products", "line_items"):
        definition = account.properties[name].definitions[CATALOGUE[name].key]
        assert definition["hasUniqueValue"] is True


def test_second_setup_writes_nothing(ready, log):
    """Setup of an account that is set up sends no write and reports nothing created."""
    log.forget()

    report = set_up(ready, silent)

    assert log.writes() == []
    assert report.created == []


def test_dry_run_of_setup_writes_nothing(settings, log):
    """With dry_run setup names what is missing and sends no write."""
    report = set_up(settings, silent, dry_run=True)

    assert log.writes() == []
    assert "contacts: shopify_note" in report.created


def test_setup_adds_only_what_is_gone(ready, account):
    """One property that is gone for good is created again, alone."""
    account.properties["deals"].archive("shopify_note")
    account.properties["deals"].archived.clear()

    report = set_up(ready, silent)

    assert report.created == ["deals: shopify_note"]
    assert report.restored == []


def test_a_property_that_a_person_archived_is_restored(ready, account):
    """Setup brings it back, and reports it as restored, not as created."""
    account.properties["deals"].archive("shopify_note")

    would = set_up(ready, silent, dry_run=True)
    report = set_up(ready, silent)

    assert would.restored == report.restored == ["deals: shopify_note"]
    assert report.created == []
    assert "shopify_note" in account.properties["deals"].definitions


def test_a_pipeline_that_a_person_made_is_used_and_completed(settings, account):
    """A pipeline with our label and another id gets the stages it lacks."""
    account.pipelines.create(
        {
            "pipelineId": "mine",
            "label": "E-commerce",
            "displayOrder": 4,
            "stages": [
                {
                    "stageId": "mine-1",
                    "label": "Shipped",
                    "displayOrder": 0,
                    "metadata": {"probability": "1.0"},
                }
            ],
        }
    )

    set_up(settings, silent)

    assert account.pipelines.stages("ecommerce") is None
    labels = [stage["label"] for stage in account.pipelines.stages("mine").values()]
    assert len(labels) == 6
    assert labels.count("Shipped") == 1


def test_a_property_in_another_shape_is_named(settings, account):
    """A key property that is not unique stops setup, with its name in the message."""
    account.properties["deals"].create_group({"name": "shopify", "label": "Shopify"})
    account.properties["deals"].create(
        {
            "name": "shopify_deal_key",
            "label": "Mine",
            "type": "string",
            "fieldType": "text",
            "groupName": "shopify",
        }
    )

    with pytest.raises(SettingsError, match=r"deals\.shopify_deal_key is not unique"):
        set_up(settings, silent)


def test_a_currency_that_the_account_lacks_is_named(marts, settings, build):
    """Deals in yen stop setup of an account without yen, and the fix is named."""
    marts.insert("deals", [build.deal(1) | {"deal_currency_code": "JPY"}])

    with pytest.raises(SettingsError, match=r"JPY.*Account Defaults > Currency"):
        set_up(settings, silent)
