"""Every answer about records that a load meets is what HubSpot's own SDK describes."""

from __future__ import annotations

import pytest
from hubspot_sdk.types import crm, shared

from tests.integration.sandbox.hubspot.sdk_types import fits, unknown

OBJECTS, PIPELINES = "/crm/objects/2026-03/", "/crm/pipelines/2026-03/deals"


@pytest.fixture
def deal(hubspot):
    """The id of a deal with its key, deal_key."""
    hubspot.add_property("deals", "deal_key", hasUniqueValue=True)
    return hubspot.create("deals", deal_key="k1", dealname="One")


def rows(*ids: str, **more: str) -> list[dict]:
    """Inputs of a batch that change the deal's name, each with a trace id."""
    return [
        {"id": each, "properties": {"dealname": "N"}, "objectWriteTraceId": each, **more}
        for each in ids
    ]


@pytest.mark.parametrize(("ids", "status"), [(["k1", "k2"], 200), (["k2", ""], 207)])
def test_a_batch_upsert_fits(hubspot, deal, ids, status):
    """Of new and known deals, and of a bad one."""
    inputs = rows(*ids, idProperty="deal_key")
    for number, row in enumerate(inputs):
        row["objectWriteTraceId"] = str(number)
    answer = hubspot.batch("upsert", "deals", inputs)

    fits(crm.BatchResponseSimplePublicUpsertObject, answer, status)


@pytest.mark.parametrize(("names", "status"), [("AB", 201), (("A", "x" * 65_537), 207)])
def test_a_batch_create_fits(hubspot, names, status):
    """Of good deals, and of one too long."""
    inputs = [
        {"properties": {"dealname": name}, "objectWriteTraceId": str(number)}
        for number, name in enumerate(names)
    ]

    fits(crm.BatchResponseSimplePublicObject, hubspot.batch("create", "deals", inputs), status)


@pytest.mark.parametrize("more", [[], ["999"]])
def test_a_batch_update_fits(hubspot, deal, more):
    """Of a deal, and of one that is missing."""
    answer = hubspot.batch("update", "deals", rows(deal, *more))

    fits(crm.BatchResponseSimplePublicObject, answer, 207 if more else 200)


@pytest.mark.parametrize("more", [[], ["999"]])
@pytest.mark.parametrize("archived", ["false", "true"])
def test_a_batch_read_fits(hubspot, account, deal, more, archived):
    """Of a living deal or an archived one, and of one that is missing."""
    if archived == "true":
        account.archive("deals", deal)
    inputs = [{"id": each} for each in (deal, *more)]
    answer = hubspot.batch("read", "deals", inputs, archived, properties=["amount"])

    fits(crm.BatchResponseSimplePublicObject, answer, 207 if more else 200)
    assert len(answer.json()["results"]) == 1


def test_a_batch_archive_has_no_body(hubspot, deal):
    """204, and nothing else."""
    answer = hubspot.batch("archive", "deals", [{"id": deal}])

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("archived", ["false", "true"])
def test_a_page_of_a_list_fits(hubspot, account, deal, archived):
    """Of the living and of the recycle bin, with the next page named."""
    other = hubspot.create("deals", dealname="Two")
    if archived == "true":
        account.archive("deals", deal)
        account.archive("deals", other)
    answer = hubspot.send("GET", f"{OBJECTS}deals?limit=1&archived={archived}")

    fits(crm.CollectionResponseSimplePublicObjectWithAssociationsForwardPaging, answer)
    assert answer.json()["paging"]["next"]["after"] == other


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [("GET", None, 200), ("PATCH", {"properties": {"dealname": "T"}}, 200)],
)
def test_a_single_record_fits(hubspot, deal, method, body, status):
    """Read, and changed."""
    fits(crm.SimplePublicObject, hubspot.send(method, f"{OBJECTS}deals/{deal}", body), status)


def test_a_created_record_fits(hubspot):
    """The answer to a single creation."""
    fits(crm.SimplePublicObject, hubspot.new("deals", dealname="D"), 201)


def test_a_search_fits(hubspot, deal):
    """Its page and its total."""
    answer = hubspot.search("deals")

    fits(crm.CollectionResponseWithTotalSimplePublicObject, answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (OBJECTS + "deals/999", 404),
        (PIPELINES + "/nowhere", 404),
        (OBJECTS + "deals?limit=x", 400),
    ],
)
def test_a_refusal_fits(hubspot, path, status):
    """The body of an error."""
    answer = hubspot.send("GET", path)
    error = shared.ErrorData.model_validate(answer.json())

    assert answer.status_code == status
    assert unknown(error) == ["status"]
