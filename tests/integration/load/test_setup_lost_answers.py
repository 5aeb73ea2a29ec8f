"""Setup when HubSpot carries a request out and its answer is lost."""

from __future__ import annotations

import pytest

from cartwheel.core.errors import SettingsError
from cartwheel.core.progress import silent
from load.account.provisioning import create_group, create_properties
from load.hubspot.client import Answer
from load.objects.catalogue import CATALOGUE
from load.objects.language import english
from load.setup.run import set_up
from tests.nightly import mostly_nightly


@pytest.mark.parametrize("place", mostly_nightly(range(9), 2, 7, 8))
def test_a_lost_answer_at_any_write_is_no_failure(settings, account, log, place):
    """A group, a batch of properties or the pipeline that exists by now counts as created."""
    set_up(settings, silent, dry_run=True)
    account.faults.order("lost_answer", after=len(log.entries()) + place)
    log.forget()

    report = set_up(settings, silent)

    lost = [entry for entry in log.writes() if entry["status"] == 502]
    assert len(lost) == 1
    ours = sum(len(object_type.ours) for object_type in CATALOGUE.values())
    assert len(report.created) == ours + len(CATALOGUE) + 1


def test_a_stage_whose_answer_was_lost_counts_as_created(ready, account, log):
    """The missing stage is created once."""
    account.pipelines.archive_stage("ecommerce", "shipped")
    look = set_up(ready, silent, dry_run=True)
    account.faults.order("lost_answer", after=10)
    log.forget()

    report = set_up(ready, silent)

    assert [entry["status"] for entry in log.writes()] == [502, 409]
    assert report.created == look.created == ["stage Shipped"]
    assert "shipped" in account.pipelines.stages("ecommerce")


class RefusingWholeBatches:
    """HubSpot as it may be: a batch with one property that exists is refused as a whole."""

    def __init__(self, hubspot):
        self.version = hubspot.version
        self.hubspot = hubspot

    def call(self, method, path, body=None, params=None):
        """Ask HubSpot, unless a batch creates a property that exists."""
        if path.endswith("/batch/create"):
            listed = self.hubspot.call("GET", path.removesuffix("/batch/create"))
            known = {each["name"] for each in listed.body["results"]}
            if known & {each["name"] for each in body["inputs"]}:
                return Answer(409, {"message": "A property already exists."})
        return self.hubspot.call(method, path, body, params)


def test_a_batch_that_is_refused_as_a_whole_is_sent_without_what_exists(account, hubspot):
    """The properties that exist by now count as created, the others are created."""
    properties = CATALOGUE["products"].ours
    create_group(hubspot, "products", english())
    create_properties(hubspot, "products", properties[:3], english())

    create_properties(RefusingWholeBatches(hubspot), "products", properties, english())

    assert {each.name for each in properties} <= account.properties[
        "products"
    ].definitions.keys()


def test_a_property_that_hubspot_refuses_is_named(settings, account):
    """An object that is full of unique properties stops setup, naming ours."""
    known = account.properties["deals"]
    known.create_group({"name": "theirs", "label": "Theirs"})
    for number in range(10):
        known.create(
            {
                "name": f"key_{number}",
                "label": "Key",
                "type": "string",
                "fieldType": "text",
                "groupName": "theirs",
                "hasUniqueValue": True,
            }
        )

    with pytest.raises(SettingsError, match=r"1 property of deals \(shopify_deal_key\).*uniq"):
        set_up(settings, silent)


def test_a_setup_that_was_cut_short_is_finished_by_the_next(settings, account):
    """What the first one created is not created again."""
    account.properties["contacts"].create_group({"name": "shopify", "label": "Shopify"})

    report = set_up(settings, silent)

    assert "contacts: group shopify" not in report.created
    assert "deals: group shopify" in report.created
