"""The catalogue of properties agrees with the models that fill them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cartwheel.core.errors import SettingsError
from load.objects.catalogue import CATALOGUE
from load.objects.contracts import models_of_hubspot

MODELS = Path(__file__).parents[3] / "dbt_project" / "models" / "marts" / "hubspot"

TYPES = {
    "number": ("decimal", "bigint", "integer", "double"),
    "checkbox": ("boolean",),
    "datetime": ("timestamp",),
    "date": ("date",),
}


def columns(object_name: str) -> dict[str, str]:
    """The columns and types of a model of hubspot.*, in its order."""
    for path in sorted(MODELS.glob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            if model.get("config", {}).get("alias", model["name"]) == object_name:
                return {each["name"]: each["data_type"] for each in model["columns"]}
    raise LookupError(object_name)


@pytest.mark.parametrize("object_name", CATALOGUE)
def test_columns_are_the_catalogues_properties(object_name):
    """Each mart has the properties of the catalogue, its unique key first."""
    found = columns(object_name)

    assert found.keys() == CATALOGUE[object_name].columns
    assert next(iter(found)) == CATALOGUE[object_name].key


@pytest.mark.parametrize("object_name", CATALOGUE)
def test_kinds_fit_the_columns_types(object_name):
    """A number property is filled by a number, a checkbox by a boolean, and so on."""
    found = columns(object_name)

    for ours in CATALOGUE[object_name].ours:
        assert found[ours.name].lower().startswith(TYPES.get(ours.kind, ("varchar",)))


def test_an_account_can_hold_the_unique_properties():
    """HubSpot allows ten unique properties an object and no more."""
    for object_type in CATALOGUE.values():
        assert sum(ours.kind == "key" for ours in object_type.ours) <= 10


def test_a_command_that_needs_no_property_reads_none():
    """What `cartwheel --help` imports reads neither the models' yml nor the seed of stages."""
    asked = (
        "import cartwheel.cli.app\n"
        "from load.objects.catalogue import CATALOGUE, stages\n"
        "print('_objects' in vars(CATALOGUE), stages.cache_info().currsize)"
    )

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)

    assert done.stdout == "False 0\n", done.stderr


def test_a_slip_in_a_yml_is_named_with_its_line(tmp_path):
    """A file that is not YAML is an error in one sentence: which file, which line."""
    (tmp_path / "deals.yml").write_text("models:\n  - name: deals\n   columns: []\n")

    with pytest.raises(SettingsError, match=r"deals\.yml, line 3 is not valid YAML"):
        list(models_of_hubspot(tmp_path))
