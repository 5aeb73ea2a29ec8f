"""`cartwheel setup --relabel`: labels that are ours change, what a person changed stays."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.core.errors import LabelsRefused, ServiceUnreachable
from cartwheel.core.progress import silent
from load.objects.catalogue import CATALOGUE
from load.objects.language import choose_labels
from load.setup.drift import CHANGED, FIXED, MADE
from load.setup.run import set_up
from tests.integration.load.plans import SET_UP


def held(account):
    """Every label of ours that the account has, by a name of its own."""
    found: dict[object, str] = {}
    for name, object_type in CATALOGUE.items():
        properties = account.properties[name]
        found[name] = properties.groups["shopify"]["label"]
        for ours in object_type.ours:
            definition = properties.definitions[ours.name]
            found[name, ours.name] = definition["label"]
            for option in definition.get("options") or ():
                found[name, ours.name, option["value"]] = option["label"]
    [pipeline] = [each for each in account.pipelines.all() if each["id"] == "ecommerce"]
    found["pipeline"] = pipeline["label"]
    return found | {stage["id"]: stage["label"] for stage in pipeline["stages"]}


def wanted(language):
    """The labels that an account has after a setup in a language."""
    labels = choose_labels(language)
    found: dict[object, str] = {}
    for name, object_type in CATALOGUE.items():
        found[name] = labels.group
        for ours in object_type.ours:
            found[name, ours.name] = labels.property(name, ours)
            if ours.kind == "checkbox":
                found[name, ours.name, "true"] = labels.texts["options", "yes"]
                found[name, ours.name, "false"] = labels.texts["options", "no"]
    stages = {key: text for (section, key), text in labels.texts.items() if section == "stages"}
    return found | stages | {"pipeline": labels.pipeline}


@pytest.fixture
def remembered(ready, after_setup):
    """Settings of an account that this warehouse has set up."""
    copy(after_setup.warehouse, ready.warehouse)
    return ready


class Breaking:
    """HubSpot that is out of reach from the n-th change of a label on."""

    def __init__(self, hubspot, changes):
        self.version = hubspot.version
        self.hubspot = hubspot
        self.left = changes

    def call(self, method, path, body=None, params=None):
        """Ask HubSpot, as long as it can be reached."""
        if method == "PATCH":
            self.left -= 1
            if self.left < 0:
                raise ServiceUnreachable("HubSpot does not answer")
        return self.hubspot.call(method, path, body, params)


def test_every_label_changes_and_nothing_else(remembered, account, log):
    """Groups, properties, options, pipeline and stages are French, probabilities as before."""
    account.pipelines.change_stage(
        "ecommerce", "shipped", {"metadata": {"probability": "0.95", "isClosed": "false"}}
    )

    report = set_up(remembered, silent, language="fr", relabel=True)

    assert held(account) == wanted("fr")
    shipped = account.pipelines.stages("ecommerce")["shipped"]
    assert shipped["metadata"]["probability"] == "0.95"
    assert len(report.relabelled) > 120
    assert (report.different, report.other_languages) == ([], {})
    log.forget()
    second = set_up(remembered, silent, language="fr", relabel=True)
    assert (second.relabelled, log.writes()) == ([], [])
    in_french: list[str] = []
    set_up(replace(remembered, language="fr"), in_french.append, relabel=True)
    assert in_french == [f"created 0; {SET_UP} already existed", "relabelled 0"]


def test_a_dry_run_says_what_would_be_relabelled(remembered, account, log):
    """Its report is the one of the run that follows; nothing is written, nor remembered."""
    log.forget()
    said: list[str] = []

    mine = replace(remembered, env_file=Path("clients/ada/.env"))

    would = set_up(mine, said.append, language="de", relabel=True, dry_run=True)

    assert log.writes() == []
    assert held(account) == wanted("en")
    assert said[1] == f"would relabel {len(would.relabelled)}"
    product_key = "'Shopify product key' becomes 'Shopify-Produktschlüssel'"
    assert said[2] == f"  products: shopify_product_key: {product_key}"
    assert said[-1] == f"  and {len(would.relabelled) - 10} more"
    done = set_up(mine, said.append, language="de", relabel=True)
    assert said[-1].endswith("to keep de, put CARTWHEEL_LANGUAGE=de into clients/ada/.env")
    assert asdict(done) == {**asdict(would), "dry_run": False}


def test_what_a_person_changed_stays(remembered, account):
    """Their labels stay, each with its reason, even one that we ship in another language."""
    deals = account.properties["deals"]
    italian = choose_labels("it").texts["deals", "shopify_tags"]
    deals.change("shopify_note", {"label": "Remark"})
    deals.change("shopify_tags", {"label": italian})
    options = deals.definitions["shopify_taxes_included"]["options"]
    deals.change(
        "shopify_taxes_included", {"options": [{**options[0], "label": "Sure"}, options[1]]}
    )
    account.properties["products"].groups["shopify"]["label"] = "Shop"
    account.pipelines.change("ecommerce", {"label": "Orders"})
    account.pipelines.change_stage("ecommerce", "shipped", {"label": "Sent"})
    theirs = {
        ("deals", "shopify_note"): "Remark",
        ("deals", "shopify_tags"): italian,
        ("deals", "shopify_taxes_included", "true"): "Sure",
        "pipeline": "Orders",
        "products": "Shop",
        "shipped": "Sent",
    }

    report = set_up(remembered, silent, language="fr", relabel=True)

    assert held(account) == wanted("fr") | theirs
    assert sorted(each.theirs for each in report.different) == sorted(theirs.values())
    assert {each.reason for each in report.different} == {CHANGED}


@pytest.mark.parametrize("changes", [0, 3, 60])
def test_labels_of_an_interrupted_run_are_still_ours(remembered, account, hubspot, changes):
    """Whatever was changed before HubSpot went away, the next language changes all."""
    with pytest.raises(ServiceUnreachable):
        set_up(
            remembered, silent, language="fr", relabel=True, hubspot=Breaking(hubspot, changes)
        )

    set_up(remembered, silent, language="de", relabel=True)

    assert held(account) == wanted("de")


def test_without_a_memory_the_shipped_texts_are_ours(ready, account, tmp_path):
    """A new warehouse changes them; a person's text, and a pipeline with another id, stay.

    So does a label that HubSpot lets nobody change.
    """
    deals = account.properties["deals"]
    deals.change("shopify_note", {"label": "Remark"})
    deals.definitions["shopify_shipping"]["modificationMetadata"]["readOnlyDefinition"] = True
    account.pipelines.archive("ecommerce")
    stage = {"label": "Shipped", "displayOrder": 0, "metadata": {"probability": "1.0"}}
    account.pipelines.create({"label": "E-commerce", "displayOrder": 1, "stages": [stage]})
    elsewhere = replace(ready, warehouse=tmp_path / "new.duckdb")

    report = set_up(elsewhere, silent, language="es", relabel=True)

    assert deals.definitions["shopify_store"]["label"] == "Tienda de Shopify"
    assert [(each.theirs, each.reason) for each in report.different] == [
        ("Remark", CHANGED),
        ("Shipping", FIXED),
        ("E-commerce", MADE),
        ("Shipped", MADE),
    ]


def test_labels_of_a_file_are_remembered(settings, account, tmp_path):
    """What setup wrote from a file of one's own is ours, though it is shipped nowhere."""
    path = tmp_path / "sv.toml"
    path.write_text('[deals]\nshopify_note = "Anteckning"\n', encoding="utf-8")
    set_up(settings, silent, language=str(path))

    set_up(settings, silent, language="fr", relabel=True)

    assert held(account) == wanted("fr")


def test_a_label_that_hubspot_refuses_fails_after_the_others(remembered, account):
    """The report comes with the error; once HubSpot takes it, the same command changes it."""
    taken = wanted("fr")["shipped"]
    stage = {"label": taken, "displayOrder": 9, "metadata": {"probability": "1.0"}}
    account.pipelines.add_stage("ecommerce", stage | {"stageId": "mine"})

    with pytest.raises(LabelsRefused, match=r"stage Shipped .*setup --relabel") as refused:
        set_up(remembered, silent, language="fr", relabel=True)

    assert [each.where for each in refused.value.report.different] == ["stage Shipped"]
    assert held(account)["processed"] == wanted("fr")["processed"]
    account.pipelines.archive_stage("ecommerce", "mine")
    assert len(set_up(remembered, silent, language="fr", relabel=True).relabelled) == 1
    assert held(account) == wanted("fr")
