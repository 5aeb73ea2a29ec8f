"""HubSpot's own SDK reads back what a load sent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import hubspot_sdk
import pytest

from cartwheel.core.progress import silent
from load.objects.catalogue import CATALOGUE
from load.run import load


@pytest.fixture
def client(settings, hubspot_url):
    """The SDK's client of the sandbox's account."""
    with hubspot_sdk.HubSpot(
        access_token=settings.hubspot_access_token, base_url=hubspot_url
    ) as client:
        yield client


def value_of(text: str, like: object) -> object:
    """A property's text as a value of the kind that the marts hold."""
    if isinstance(like, bool):
        return {"true": True, "false": False}[text]
    if isinstance(like, datetime):
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    return type(like)(text) if isinstance(like, (int, Decimal)) else text


@pytest.mark.parametrize("object_name", ["products", "contacts", "deals", "line_items"])
def test_the_official_sdk_reads_back_the_marts(shop, ready, client, object_name):
    """By list and by batch read every row of the marts is there, with its values."""
    load(ready, silent)
    key, resolved = CATALOGUE[object_name].key, CATALOGUE[object_name].resolved
    with shop.open() as connection:
        found = connection.execute(f"select * from hubspot.{object_name}")
        names = [each[0] for each in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    objects = getattr(client.crm.objects, object_name)

    listed = list(objects.list(limit=2, properties=names))
    keys = [{"id": row[key]} for row in rows]
    read = objects.batch.get(
        inputs=keys, id_property=key, properties=names, properties_with_history=[]
    ).results

    for records in (listed, read):
        held = {record.properties[key]: record.properties for record in records}
        assert len(records) == len(held) == len(rows) > 0
        for row in rows:
            for name in row.keys() - set(resolved):
                text = held[row[key]][name]
                assert (text and value_of(text, row[name])) == row[name], name
