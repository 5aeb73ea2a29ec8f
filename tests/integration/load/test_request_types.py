"""What a setup and a load send is what HubSpot's own SDK describes, input by input."""

from __future__ import annotations

import re

import orjson
import pytest
from hubspot_sdk.types import crm, shared_params
from hubspot_sdk.types.crm.objects.deals import BatchGetParams
from hubspot_sdk.types.crm.properties import GroupCreateParams, GroupUpdateParams
from pydantic import TypeAdapter, ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware

from cartwheel.core.progress import silent
from load.run import load
from load.setup.run import set_up
from sandbox.core.listening import running
from sandbox.hubspot.app import routes

SHOP = "demo.myshopify.com"

BASE = re.compile(r"/crm/(\w+)/2026-03/")
# path: the type of each of its inputs, or of its whole body where it is no batch
TYPES = {
    r"objects/\w+/batch/upsert": crm.SimplePublicObjectBatchInputUpsertParam,
    r"objects/\w+/batch/update": crm.SimplePublicObjectBatchInputParam,
    r"objects/\w+/batch/create": crm.SimplePublicObjectBatchInputForCreateParam,
    r"objects/\w+/batch/(read|archive)": crm.SimplePublicObjectIDParam,
    r"associations/\w+/\w+/batch/create": crm.PublicAssociationMultiPostParam,
    r"associations/\w+/\w+/batch/archive": crm.PublicAssociationMultiArchiveParam,
    r"associations/\w+/\w+/batch/read": crm.PublicFetchAssociationsBatchRequestParam,
    r"properties/\w+/batch/create": shared_params.PropertyCreate,
    r"properties/\w+/groups": GroupCreateParams,
    r"pipelines/deals": crm.PipelineCreateParams,
}
RELABELLED = {
    r"properties/\w+/(?!groups/)\w+": crm.PropertyUpdateParams,
    r"properties/\w+/groups/shopify": GroupUpdateParams,
    "pipelines/deals/ecommerce": crm.PipelineUpdateParams,
    r"pipelines/deals/ecommerce/stages/\w+": crm.PipelineUpdateStageParams,
}
# lists within an input, which the SDK's types would look at only when they are read
PARTS = {
    "types": shared_params.AssociationSpec,
    "associations": crm.PublicAssociationsForObjectParam,
    "options": shared_params.OptionInput,
    "stages": crm.PipelineStageInputParam,
}


class Recorder:
    """An ASGI middleware that keeps the path and the JSON of every request with a body."""

    def __init__(self, app, bodies) -> None:
        self.app = app
        self.bodies = bodies

    async def __call__(self, scope, receive, send) -> None:
        """Serve one request."""
        whole = b""

        async def receive_and_keep():
            nonlocal whole
            message = await receive()
            if message["type"] == "http.request":
                whole += message.get("body", b"")
                if whole and not message.get("more_body"):
                    self.bodies.append((scope["path"], orjson.loads(whole)))
            return message

        await self.app(scope, receive_and_keep, send)


@pytest.fixture
def bodies() -> list:
    """The path and the JSON of every request that had a body, in order."""
    return []


@pytest.fixture
def hubspot_url(account, bodies):
    """The address of an account whose requests are kept."""
    recorder = Middleware(Recorder, bodies=bodies)
    with running(Starlette(routes=routes(account), middleware=[recorder])) as url:
        yield url


def problems(model, item: dict) -> list[str]:
    """What is wrong with an input, by the SDK's type; nothing beyond the type is allowed."""
    named = {re.sub(r"(?=[A-Z])", "_", name).lower(): value for name, value in item.items()}
    wrong = [f"unknown {name}" for name in named.keys() - model.__annotations__.keys()]
    for name, part in PARTS.items():
        for each in named.get(name, ()):
            wrong += problems(part, each)
    try:
        TypeAdapter(model).validate_python(named)
    except ValidationError as error:
        wrong += [
            f"{model.__name__}.{'.'.join(map(str, each['loc']))}: {each['msg']}"
            for each in error.errors()
        ]
    return wrong


def checked(bodies) -> set[str]:
    """Check every body that was kept, and give the patterns of the paths they went to."""
    seen = set()
    for path, body in bodies:
        (pattern,) = [each for each in TYPES if re.fullmatch(each, BASE.sub(r"\1/", path))]
        for item in body.get("inputs", [body]):
            assert problems(TYPES[pattern], item) == []
        if path.startswith("/crm/objects/") and path.endswith("/batch/read"):
            assert problems(BatchGetParams, body) == []
        seen.add(pattern)
    return seen


def test_a_load_sends_what_the_types_describe(shop, settings, bodies):
    """Creations, changes and deletes of every object, and of associations."""
    set_up(settings, silent)
    bodies.clear()
    load(settings, silent)
    shop.run("update hubspot.contacts set lastname = 'Lee', shopify_note = null")
    shop.run("update hubspot.deals set amount = amount + 1")
    shop.run(
        f"update hubspot.associations set to_key = 'person4@example.com' "
        f"where from_key = '{SHOP}/order:0' and association_type = 'deal_to_contact'"
    )
    shop.run("delete from hubspot.line_items where shopify_line_item_key like '%line:3'")
    shop.run("delete from hubspot.associations where from_key like '%line:3'")
    shop.run(
        f"insert into hubspot.tombstones values ('line_items', '{SHOP}/line:3', 'gone', now())"
    )
    load(settings, silent)

    assert checked(bodies) >= {
        r"objects/\w+/batch/update",
        r"objects/\w+/batch/(read|archive)",
        r"associations/\w+/\w+/batch/create",
        r"associations/\w+/\w+/batch/archive",
    }


def test_a_setup_sends_what_the_types_describe(settings, bodies):
    """Groups, properties with the options of checkboxes, and the pipeline."""
    set_up(settings, silent)

    assert checked(bodies) == {
        r"properties/\w+/batch/create",
        r"properties/\w+/groups",
        "pipelines/deals",
    }


def test_a_relabelling_sends_what_the_types_describe(settings, bodies, tmp_path):
    """One label each of groups, properties with their options, pipeline and stages."""
    set_up(settings, silent, language="fr")
    bodies.clear()
    path = tmp_path / "own.toml"
    path.write_text('group = "Laden"\npipeline = "Laden"\n', encoding="utf-8")

    set_up(settings, silent, language=str(path), relabel=True)

    seen = set()
    for sent, body in bodies:
        (pattern,) = [each for each in RELABELLED if re.fullmatch(each, BASE.sub(r"\1/", sent))]
        model = RELABELLED[pattern]
        in_path = {"objectType": "deals", "pipelineId": "ecommerce"}
        known = {
            name: value
            for name, value in in_path.items()
            if re.sub(r"(?=[A-Z])", "_", name).lower() in model.__annotations__
        }
        assert problems(model, body | known) == []
        seen.add(pattern)
    assert seen == RELABELLED.keys()


@pytest.mark.parametrize(
    "row",
    [
        {"properties": {}},
        {"id": 5, "properties": {}},
        {"id": "5", "properties": {"amount": 5}},
        {"id": "5", "properties": {"amount": None}},
        {"id": "5", "properties": {}, "associations": []},
    ],
)
def test_the_types_would_find_a_bad_input(row):
    """A missing id, an id or a value that is no text, and what is taken elsewhere."""
    assert problems(crm.SimplePublicObjectBatchInputUpsertParam, row) != []
