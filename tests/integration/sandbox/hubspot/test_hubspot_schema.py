"""Properties, groups, pipelines and stages."""

from __future__ import annotations

import pytest

PROPERTIES = "/crm/properties/2026-03/deals"
PIPELINES = "/crm/pipelines/2026-03/deals"


def stage(stage_id: str, probability: str = "0.5", order: int = 0) -> dict:
    """A stage to create, labelled like its id."""
    metadata = {"probability": probability}
    return {"stageId": stage_id, "label": stage_id, "displayOrder": order, "metadata": metadata}


def pipeline(pipeline_id: str, *stages: dict) -> dict:
    """A pipeline to create, labelled like its id."""
    wanted = {"pipelineId": pipeline_id, "label": pipeline_id, "displayOrder": 1}
    return {**wanted, "stages": list(stages)}


def test_a_created_property_is_found(hubspot):
    """A custom property can be written to, and says so in its metadata."""
    assert hubspot.add_property("deals", "our_note").status_code == 201

    found = hubspot.send("GET", PROPERTIES + "/our_note").json()
    assert (found["hubspotDefined"], found["calculated"]) == (False, False)
    assert found["modificationMetadata"]["readOnlyValue"] is False


def test_standard_properties_say_what_is_read_only(hubspot):
    """hs_object_id cannot be written, dealname can."""
    listed = hubspot.send("GET", PROPERTIES).json()["results"]
    read_only = {row["name"]: row["modificationMetadata"]["readOnlyValue"] for row in listed}

    assert (read_only["hs_object_id"], read_only["dealname"]) == (True, False)


def test_creating_a_property_twice_is_a_conflict(hubspot):
    """The second time gets 409."""
    hubspot.add_property("deals", "our_note")

    answer = hubspot.add_property("deals", "our_note")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "PROPERTY_EXISTS")


@pytest.mark.parametrize(
    "more",
    [
        {"groupName": "nowhere"},
        {"type": "text"},
        {"type": "datetime", "fieldType": "text"},
        {"type": "bool", "fieldType": "booleancheckbox"},
        {"options": [{"label": "A", "value": "a"}]},
        {"label": ""},
        {"label": ["L"]},
        {"type": ["string"]},
        {"fieldType": ["text"]},
        {"groupName": ["ours"]},
        {"type": "enumeration", "fieldType": "select", "options": [{"label": "A", "value": 1}]},
        {"type": "datetime", "fieldType": "date", "hasUniqueValue": True},
    ],
)
def test_malformed_properties_are_refused(hubspot, more):
    """Group, type, field type, options and label must fit together."""
    assert hubspot.add_property("deals", "our_note", **more).status_code == 400


@pytest.mark.parametrize("name", ["", "Our Note", ["our_note"], None])
def test_properties_without_a_proper_name_are_refused(hubspot, name):
    """A name is text of small letters, digits and underscores."""
    assert hubspot.add_property("deals", name).status_code == 400


def test_only_ten_properties_can_be_unique(hubspot):
    """The eleventh unique property of an object is refused; an ordinary one is not."""
    answers = [
        hubspot.add_property("deals", f"key_{number}", hasUniqueValue=True).status_code
        for number in range(11)
    ]

    assert answers == [201] * 10 + [400]
    assert hubspot.add_property("deals", "not_unique").status_code == 201


@pytest.mark.parametrize("unique", [True, False])
def test_uniqueness_is_settled_at_creation(hubspot, unique):
    """A change of hasUniqueValue is refused, in either direction."""
    hubspot.add_property("deals", "our_key", hasUniqueValue=not unique)
    answer = hubspot.send("PATCH", PROPERTIES + "/our_key", {"hasUniqueValue": unique})

    assert answer.status_code == 400
    assert hubspot.send("GET", PROPERTIES + "/our_key").json()["hasUniqueValue"] is not unique


def test_a_batch_creates_the_properties_that_it_can(hubspot):
    """The bad one is an error of a 207."""
    hubspot.add_property("deals", "our_note")
    good = {"label": "G", "groupName": "ours", "type": "string", "fieldType": "text"}
    inputs = [{**good, "name": "our_good"}, {**good, "name": "our_note"}]
    answer = hubspot.send("POST", PROPERTIES + "/batch/create", {"inputs": inputs})

    assert answer.status_code == 207
    assert [row["name"] for row in answer.json()["results"]] == ["our_good"]


def test_an_archived_property_takes_no_values(hubspot):
    """After archiving a property, writing it is PROPERTY_DOESNT_EXIST."""
    hubspot.add_property("deals", "our_note")
    assert hubspot.send("DELETE", PROPERTIES + "/our_note").status_code == 204
    answer = hubspot.new("deals", our_note="x")

    assert answer.json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"


def test_a_group_gets_another_label(hubspot):
    """PATCH changes the label; one without text and a group that there is not are refused."""
    hubspot.send("POST", PROPERTIES + "/groups", {"name": "ours", "label": "Ours"})

    changed = hubspot.send("PATCH", PROPERTIES + "/groups/ours", {"label": "Unsere"})

    assert changed.json()["label"] == "Unsere"
    assert hubspot.send("GET", PROPERTIES + "/groups/ours").json() == changed.json()
    assert hubspot.send("PATCH", PROPERTIES + "/groups/ours", {"label": ""}).status_code == 400
    assert hubspot.send("PATCH", PROPERTIES + "/groups/no", {"label": "A"}).status_code == 404


def test_groups_are_listed_and_unique(hubspot):
    """A group can be created once."""
    group = {"name": "ours", "label": "Ours"}
    statuses = [
        hubspot.send("POST", PROPERTIES + "/groups", group).status_code for _ in range(2)
    ]
    listed = hubspot.send("GET", PROPERTIES + "/groups").json()["results"]

    assert statuses == [201, 409]
    assert {"dealinformation", "ours"} <= {row["name"] for row in listed}


def test_a_new_account_has_the_sales_pipeline(hubspot):
    """Its id is default, its last stage is lost."""
    (found,) = hubspot.send("GET", PIPELINES).json()["results"]

    assert found["id"] == "default"
    assert found["stages"][-1]["metadata"] == {"probability": "0.0", "isClosed": "true"}


def test_a_pipeline_keeps_the_ids_that_it_is_given(hubspot):
    """pipelineId and stageId are taken as they are."""
    wanted = pipeline("shop", stage("paid", "1.0"), stage("open", "0.5", 1))
    made = hubspot.send("POST", PIPELINES, wanted).json()

    assert made["id"] == "shop"
    assert [row["id"] for row in made["stages"]] == ["paid", "open"]
    assert [row["metadata"]["isClosed"] for row in made["stages"]] == ["true", "false"]


@pytest.mark.parametrize("probability", ["1.5", "-0.1", "much", "NaN", None])
def test_a_stage_needs_a_probability(hubspot, probability):
    """metadata.probability is text from 0 to 1."""
    wanted = pipeline("shop", stage("paid", probability))

    assert hubspot.send("POST", PIPELINES, wanted).status_code == 400


def test_a_pipeline_id_is_given_once(hubspot):
    """A second pipeline with the same id gets 409."""
    hubspot.send("POST", PIPELINES, pipeline("shop", stage("paid")))

    answer = hubspot.send("POST", PIPELINES, pipeline("shop", stage("paid")))

    assert answer.status_code == 409


def test_a_stage_can_be_added(hubspot):
    """A stage added later is one of the pipeline's."""
    hubspot.send("POST", PIPELINES, pipeline("shop", stage("paid")))
    hubspot.send("POST", PIPELINES + "/shop/stages", stage("open", "0.1", 1))

    listed = hubspot.send("GET", PIPELINES + "/shop/stages").json()["results"]
    assert [row["id"] for row in listed] == ["paid", "open"]
