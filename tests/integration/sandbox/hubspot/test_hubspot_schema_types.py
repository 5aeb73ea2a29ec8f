"""Every answer about properties, pipelines, associations and settings fits HubSpot's SDK."""

from __future__ import annotations

import pytest
from hubspot_sdk.types import account as account_types
from hubspot_sdk.types import crm, settings, shared

from tests.integration.sandbox.hubspot.sdk_types import fits

PROPERTIES, PIPELINES = "/crm/properties/2026-03/deals", "/crm/pipelines/2026-03/deals"


@pytest.mark.parametrize(
    "object_type", ["contacts", "companies", "deals", "products", "line_items"]
)
def test_the_properties_of_every_object_fit(hubspot, object_type):
    """HubSpot's own, and their groups."""
    path = f"/crm/properties/2026-03/{object_type}"

    fits(crm.CollectionResponsePropertyNoPaging, hubspot.send("GET", path))
    fits(shared.CollectionResponsePropertyGroupNoPaging, hubspot.send("GET", path + "/groups"))


def test_a_property_of_ours_fits(hubspot):
    """Created, created in a batch with a bad one, read and changed."""
    fits(shared.Property, hubspot.add_property("deals", "our_note"), 201)
    fits(shared.Property, hubspot.send("GET", PROPERTIES + "/our_note"))
    fits(shared.Property, hubspot.send("PATCH", PROPERTIES + "/our_note", {"label": "Note"}))
    options = [
        {"label": text, "value": text, "displayOrder": place, "hidden": False}
        for place, text in enumerate(("true", "false"))
    ]
    good = {
        **{"label": "G", "groupName": "ours", "options": options},
        **{"type": "bool", "fieldType": "booleancheckbox"},
    }
    inputs = [{**good, "name": "our_flag"}, {**good, "name": "our_note"}]
    answer = hubspot.send("POST", PROPERTIES + "/batch/create", {"inputs": inputs})
    fits(crm.BatchResponseProperty, answer, 207)
    named = {
        "inputs": [{"name": "our_flag"}],
        "archived": False,
        "dataSensitivity": "non_sensitive",
    }
    fits(crm.BatchResponseProperty, hubspot.send("POST", PROPERTIES + "/batch/read", named))


def test_a_property_group_fits(hubspot):
    """Created, and read."""
    body = {"name": "ours", "label": "Ours"}

    fits(shared.PropertyGroup, hubspot.send("POST", PROPERTIES + "/groups", body), 201)
    fits(shared.PropertyGroup, hubspot.send("GET", PROPERTIES + "/groups/ours"))


def test_pipelines_and_stages_fit(hubspot):
    """Listed, created and read."""
    stage = {"label": "Paid", "displayOrder": 0, "metadata": {"probability": "1.0"}}
    body = {"label": "Shop", "displayOrder": 1, "stages": [stage], "pipelineId": "shop"}

    fits(crm.CollectionResponsePipelineNoPaging, hubspot.send("GET", PIPELINES))
    fits(crm.Pipeline, hubspot.send("POST", PIPELINES, body), 201)
    fits(crm.Pipeline, hubspot.send("GET", PIPELINES + "/shop"))
    fits(
        crm.PipelineStage,
        hubspot.send("POST", PIPELINES + "/shop/stages", {**stage, "label": "Sent"}),
        201,
    )
    fits(
        crm.CollectionResponsePipelineStageNoPaging,
        hubspot.send("GET", PIPELINES + "/shop/stages"),
    )


def test_associations_fit(hubspot):
    """Made, made by default, read, and their types; each with a bad one where it can be."""
    deal = hubspot.create("deals", dealname="D")
    contact = hubspot.create("contacts", email="a@x.com")
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    pairs = [{"from": {"id": deal}, "to": {"id": each}} for each in (contact, "999")]
    typed = [{**pair, "types": types} for pair in pairs]
    between = ("deals", "contacts")

    for inputs, status in ((typed[:1], 201), (typed, 207)):
        answer = hubspot.associate(*between, inputs)
        fits(crm.BatchResponseLabelsBetweenObjectPair, answer, status)
    path = "/crm/associations/2026-03/deals/contacts/batch/associate/default"
    answer = hubspot.send("POST", path, {"inputs": pairs[:1]})
    fits(crm.BatchResponsePublicDefaultAssociation, answer)
    for inputs, status in (([{"id": deal}], 200), ([{"id": deal}, {"id": "999"}], 207)):
        answer = hubspot.associate(*between, inputs, "read")
        fits(crm.BatchResponsePublicAssociationMultiWithLabel, answer, status)
    path = "/crm/associations/2026-03/deals/companies/labels"
    fits(crm.CollectionResponseAssociationSpecWithLabelNoPaging, hubspot.send("GET", path))


def test_the_accounts_settings_fit(hubspot):
    """Company currency, exchange rates and the account's details."""
    currencies = "/settings/currencies/2026-03"
    rates = hubspot.send("GET", currencies + "/exchange-rates/current")

    fits(settings.CompanyCurrency, hubspot.send("GET", currencies + "/company-currency"))
    fits(settings.CollectionResponseExchangeRateNoPaging, rates)
    details = hubspot.send("GET", "/account-info/2026-03/details")
    fits(account_types.PortalInformationResponse, details)
