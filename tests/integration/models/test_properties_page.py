"""The page that follows each property to Shopify's fields is as the models are now."""

from __future__ import annotations

from pathlib import Path

from docs_reference import properties
from docs_reference.__main__ import DOCS, compiled_models


def test_the_page_is_current(models):
    """The page says what the models do; `make reference` writes it again."""
    made = properties.properties_page(compiled_models(models.nodes))

    assert Path(DOCS, properties.PATH).read_text() == made, "run: make reference"
