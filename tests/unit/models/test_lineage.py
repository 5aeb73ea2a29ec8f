"""The order of the dbt project: what a machine can check of the house rules for models."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

MODELS = Path(__file__).parents[3] / "dbt_project" / "models"
PATHS = sorted(MODELS.rglob("*.sql"))
SEEDS = {path.stem for path in (MODELS.parent / "seeds").glob("*.csv")}
CONTRACTED = {"core", "hubspot", "ops", "reports", "workflows"}


@cache
def text(path):
    """The SQL of a model."""
    return path.read_text()


@cache
def described(path):
    """The description of a model in the yml beside it."""
    [model] = yaml.safe_load(path.with_suffix(".yml").read_text())["models"]
    return model


def refs(path):
    """The names of the models that a model reads; seeds are for all."""
    return set(re.findall(r"ref\('(\w+)'\)", text(path))) - SEEDS


def layer(path):
    """staging, intermediate, or the mart's schema."""
    first, second, *_ = path.relative_to(MODELS).parts
    return second if first == "marts" else first


def test_only_staging_reads_sources():
    """source() stands in staging alone."""
    readers = [path.stem for path in PATHS if "source(" in text(path)]

    assert [
        path.stem for path in PATHS if path.stem in readers and layer(path) != "staging"
    ] == []
    assert len(readers) > 15


# what a model of each layer may read; core is the truth, which nobody beside it computes anew
MAY_READ = {
    "staging": {"staging"},
    "intermediate": {"staging", "intermediate", "core", "ops"},
    "core": {"staging", "intermediate", "core"},
    "ops": {"intermediate"},
    "reports": {"intermediate", "core", "reports", "workflows"},
    "workflows": {"intermediate", "core", "workflows"},
    "hubspot": {"intermediate", "core", "hubspot", "workflows"},
}


def test_a_model_reads_the_layers_below():
    """A model reads the layers that docs/architecture.md#the-flow puts before its own."""
    by_name = {other.stem: other for other in PATHS}

    assert [
        f"{path.stem} reads {name}"
        for path in PATHS
        for name in refs(path)
        if layer(by_name[name]) not in MAY_READ[layer(path)]
    ] == []


def test_a_model_names_no_table_itself():
    """A model reads through ref and source alone, so that dbt knows the order of things."""
    named = re.compile(
        r"\b(?:from|join)\s+(?:raw|staging|intermediate|core|hubspot|reports|workflows|ops)\."
    )

    assert [path.stem for path in PATHS if named.search(text(path))] == []


def test_the_description_sits_beside_the_model():
    """The yml of the same stem describes that model, its grain first."""
    assert [
        path.stem
        for path in PATHS
        if described(path)["name"] != path.stem
        or not described(path)["description"].startswith("One row ")
    ] == []


def test_every_column_is_described():
    """Each column has a description; in a mart, a data type as well."""
    assert [path.stem for path in PATHS if not described(path)["columns"]] == []
    assert [
        f"{path.stem}.{column['name']}"
        for path in PATHS
        for column in described(path)["columns"]
        if not column.get("description", "").strip()
        or (layer(path) in CONTRACTED and not column.get("data_type"))
    ] == []


def test_the_last_line_is_a_plain_select():
    """A model ends with the name of its last step, so that any step can be looked at."""
    assert [
        path.stem
        for path in PATHS
        if not re.fullmatch(r"select \* from \w+", text(path).rstrip().splitlines()[-1])
    ] == []


@pytest.mark.parametrize("schema", ["reports", "workflows"])
def test_the_vocabulary_of_hubspot_stays_in_hubspot(schema):
    """Reports and workflows read no model of hubspot.*, directly or through another."""
    by_name = {path.stem: path for path in PATHS}
    seen, waiting = set(), [path.stem for path in PATHS if layer(path) == schema]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(refs(by_name[name]))

    assert [name for name in seen if layer(by_name[name]) == "hubspot"] == []
    assert [name for name in seen if "contact" in name or "hubspot" in name] == []


def test_intermediate_models_stand_by_subject():
    """Each intermediate model is in the folder of its subject."""
    folders = {path.parent.name for path in PATHS if layer(path) == "intermediate"}

    assert folders == {
        *("people", "orders", "checkouts", "products", "sales"),
        *("enrolments", "quarantine", "calendar", "runs"),
    }


def test_models_are_short():
    """A model that needs more than 110 lines decides more than one thing."""
    assert [path.stem for path in PATHS if len(text(path).splitlines()) > 110] == []


def test_every_mart_has_a_reader():
    """Each mart of hubspot and workflows is read by another model or by an exposure."""
    exposed = set()
    for path in MODELS.rglob("_*__exposures.yml"):
        for exposure in yaml.safe_load(path.read_text())["exposures"]:
            exposed |= {re.search(r"\w+(?='\))", ref)[0] for ref in exposure["depends_on"]}
    read = set().union(*(refs(path) for path in PATHS))

    marts = {path.stem for path in PATHS if layer(path) in {"hubspot", "workflows"}}
    assert marts - read - exposed == set()
    assert exposed <= {path.stem for path in PATHS} | SEEDS
