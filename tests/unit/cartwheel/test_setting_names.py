"""A name that looks like a setting and is none is told, with the likely one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cartwheel.core.settings import Settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"
VALUE = "value-0123456789"


@pytest.fixture
def warnings(tmp_path):
    """Reads a file and variables, and gives the warnings, the folder left out."""

    def read(text="", **environ):
        file = tmp_path / "a.env"
        file.write_text(text)
        file.chmod(0o600)
        found = Settings.read(file, environ=environ).warnings
        assert VALUE not in "".join(found)
        return [each.replace(f"{tmp_path}/", "") for each in found]

    return read


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CARTWHEEL_WAREHOSE", "CARTWHEEL_WAREHOUSE"),
        ("SHOPIFY_SHPO", "SHOPIFY_SHOP"),
        ("SHOPIFY_TOKEN", "SHOPIFY_ACCESS_TOKEN"),
        ("HUBSPOT_TOKEN", "HUBSPOT_ACCESS_TOKEN"),
        ("SHOPIFY_SECRET", "SHOPIFY_CLIENT_SECRET"),
        ("CARTWHEEL_MEMORY", "CARTWHEEL_MEMORY_LIMIT"),
        ("cartwheel_language", "CARTWHEEL_LANGUAGE"),
        ("SHOPIFY-CLIENT-ID", "SHOPIFY_CLIENT_ID"),
        ("HUBPSOT_ACCESS_TOKEN", "HUBSPOT_ACCESS_TOKEN"),
    ],
)
def test_a_misspelt_name_in_the_file_is_told_with_the_likely_one(warnings, name, meant):
    """The sentence names the file, what stands there and what was probably meant."""
    told = warnings(f"{name}={VALUE}\n")

    assert told == [f"{name} in a.env is not a setting; did you mean {meant}?"]


def test_a_name_of_ours_that_is_like_no_setting_is_told(warnings):
    """Where nothing is likely, the sentence says where the known ones stand."""
    told = warnings(f"CARTWHEEL_DB={VALUE}\n")

    assert told == ["CARTWHEEL_DB in a.env is not a setting; see .env.example for those known"]


def test_other_tools_names_in_the_file_are_not_told(warnings):
    """A .env may serve other tools as well."""
    assert warnings("DBT_TARGET_PATH=t\nTAP_SHOPIFY_PYTHON=p\nSPOTIFY_TOKEN=s\n") == []


def test_a_name_like_a_setting_that_is_set_is_another_tools(warnings):
    """With SHOPIFY_CLIENT_ID in the file, SPOTIFY_CLIENT_ID is no misspelling of it."""
    assert warnings("SHOPIFY_CLIENT_ID=a\nSPOTIFY_CLIENT_ID=b\n") == []


def test_a_misspelt_name_in_the_environment_is_told(warnings):
    """A variable that is a letter off is told as the environment's."""
    assert warnings(CARTWHEEL_WAREHOSE=VALUE) == [
        "CARTWHEEL_WAREHOSE in the environment is not a setting; did you mean "
        "CARTWHEEL_WAREHOUSE?"
    ]


def test_other_tools_names_in_the_environment_are_not_told(warnings):
    """The environment is shared: what only shares our prefixes is somebody else's."""
    names = ["CARTWHEEL_TORTURE", "HUBSPOT_API_KEY", "HUBSPOT_PORTAL_ID", "SHOPIFY_FLAG_STORE"]

    assert warnings(**dict.fromkeys(names, VALUE)) == []


def test_a_name_in_both_places_is_told_once(warnings):
    """The file's sentence is enough."""
    assert len(warnings(f"CARTWHEEL_NOWW={VALUE}\n", CARTWHEEL_NOWW=VALUE)) == 1


def test_the_secrets_of_stores_are_known(tmp_path, warnings):
    """A secret under a store's prefix is a setting, whether or not the store is listed."""
    (tmp_path / "shops.toml").write_text(
        '[[shops]]\nshop = "uk-store"\nsecrets = "SHOPIFY_UK"\n[[shops]]\nshop = "de-store"\n'
    )
    names = [
        "SHOPIFY_UK_SHOPIFY_ACCESS_TOKEN",
        "DE_STORE_SHOPIFY_CLIENT_ID",
        "DE_STORE_SHOPIFY_CLIENT_SECRET",
        "FR_SHOPIFY_ACCESS_TOKEN",
    ]

    assert warnings("".join(f"{name}={VALUE}\n" for name in names)) == []


def test_a_misspelt_secret_of_a_store_is_told(tmp_path, warnings):
    """A listed store's secret that is a letter off is told with the store's own name for it."""
    (tmp_path / "shops.toml").write_text('[[shops]]\nshop = "uk-store"\nsecrets = "UK"\n')

    assert warnings(f"UK_SHOPIFY_ACCES_TOKEN={VALUE}\n") == [
        "UK_SHOPIFY_ACCES_TOKEN in a.env is not a setting; did you mean "
        "UK_SHOPIFY_ACCESS_TOKEN?"
    ]


def test_every_setting_of_the_example_is_known(tmp_path, warnings):
    """No name that .env.example offers is told, commented out or not."""
    named = re.findall(r"^(?:#\s*)?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)

    assert len(named) > 15
    assert warnings("".join(f"{name}=\n" for name in named)) == []
