"""What HubSpot gets is what the models' descriptions say."""

from __future__ import annotations

import shutil

import pytest

from cartwheel.core.errors import SettingsError
from load.objects.contracts import MODELS, Column, models_of_hubspot


@pytest.fixture
def described(tmp_path):
    """Append a column to the description of the deals, and read all models."""

    def described(text):
        folder = shutil.copytree(MODELS, tmp_path / "hubspot")
        with (folder / "deals.yml").open("a") as file:
            file.write(text)
        return {model.object_type: model for model in models_of_hubspot(folder)}

    return described


@pytest.mark.parametrize(
    ("data_type", "meta", "kind"),
    [
        ("varchar", "{label: Gift note}", "text"),
        ("varchar", "{label: Gift note, kind: long text}", "long text"),
        ("decimal(18,4)", "{label: Gift note}", "number"),
        ("decimal(28,10)", "{label: Gift note}", "number"),
        ("boolean", "{label: Gift note}", "checkbox"),
        ("timestamp", "{label: Gift note}", "datetime"),
    ],
)
def test_a_described_column_is_a_property(described, data_type, meta, kind):
    """A column with a label is a property of its type's kind, unless it says another."""
    models = described(
        f"""
      - name: shopify_gift_note
        data_type: {data_type}
        description: What the buyer wants written on the card.
        config: {{meta: {meta}}}
"""
    )

    assert models["deals"].columns[-1] == Column("shopify_gift_note", "Gift note", kind)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{name: shopify_gift, data_type: varchar}", "shopify_gift has no label"),
        ("{name: gift, data_type: blob}", "gift has no type"),
        (
            "{name: gift, data_type: varchar, config: {meta: {label: Gift, kind: video}}}",
            "gift has no type",
        ),
    ],
)
def test_a_column_that_cannot_be_a_property_is_refused(described, text, message):
    """The message names the file and the column, and says what to write."""
    with pytest.raises(SettingsError, match=rf"deals\.yml: column {message}"):
        described(f"      - {text}\n")
