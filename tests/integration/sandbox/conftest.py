"""A store folder that holds a shop and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EMPTY_SHOP = {
    "id": "gid://shopify/Shop/1",
    "name": "Empty",
    "myshopifyDomain": "empty.myshopify.com",
    "ianaTimezone": "Europe/London",
    "currencyCode": "GBP",
    "enabledPresentmentCurrencies": ["EUR", "GBP"],
    "_now": "2026-11-23T00:00:00Z",
}


@pytest.fixture
def empty_store(tmp_path: Path) -> Path:
    """The smallest store folder that can be served."""
    folder = tmp_path / "empty-store"
    folder.mkdir()
    (folder / "shop.json").write_text(json.dumps(EMPTY_SHOP))
    return folder
