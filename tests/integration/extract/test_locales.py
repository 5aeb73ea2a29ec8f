"""The shop's languages: read where the app may, and never a reason to fail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extract.run import UNKNOWN_LANGUAGE, extract
from sandbox.shopify.access.installation import ALL_SCOPES
from tests.integration.extract.nodes import write_store

FRENCH = {"locale": "fr", "name": "French", "primary": True, "published": True}
GERMAN = {"locale": "de", "name": "German", "primary": False, "published": False}
WITHOUT = tuple(scope for scope in ALL_SCOPES if scope != "read_locales")


@pytest.fixture
def french(tmp_path, serve):
    """The small shop, which sells in French and prepares German."""
    folder = write_store(tmp_path / "french")
    path = folder / "shop.json"
    shop = json.loads(path.read_text()) | {"shopLocales": [FRENCH, GERMAN]}
    path.write_text(json.dumps(shop))
    return serve(folder)


def locales(shop):
    """The languages in the shop's node in raw, None where it has none."""
    [(payload,)] = shop.rows("select payload from raw.shops")
    return json.loads(payload).get("shopLocales")


def test_languages_stay_when_the_scope_goes(french):
    """All of the shop's languages are landed, and an app that loses the scope keeps them.

    Even where it loses it during the run.
    """
    said: list[str] = []
    extract(french.settings, said.append)
    french.schedule("query Locales", {"access": {"scopes": list(WITHOUT)}})

    second = extract(french.settings, said.append)

    assert locales(french) == [FRENCH, GERMAN]
    assert second.rows_landed == 0
    assert UNKNOWN_LANGUAGE not in said


def test_a_missing_scope_is_said_once(serve):
    """The first extract says it, and no later one, nor where CARTWHEEL_LANGUAGE says one."""
    shop = serve(shopify_scopes=WITHOUT)
    first: list[str] = []
    second: list[str] = []
    chosen: list[str] = []

    extract(shop.settings, first.append)
    extract(shop.settings, second.append)
    extract(replace(shop.elsewhere().settings, language="de"), chosen.append)

    assert first.count(UNKNOWN_LANGUAGE) == 1
    assert UNKNOWN_LANGUAGE not in second
    assert UNKNOWN_LANGUAGE not in chosen
    assert locales(shop) is None


def test_a_refusal_of_the_languages_fails_no_run(french, clock):
    """Whatever Shopify answers to that question, orders are landed, and the answer is told."""
    said: list[str] = []
    french.misbehave("internal_error", times=20, where="query Locales")

    extract(french.settings, said.append, sleep=clock.sleep)

    assert french.living("orders") == [1, 2, 3]
    assert locales(french) is None
    assert [line for line in said if line.startswith("Warning: Shopify refused locales")]


@pytest.mark.nightly
def test_a_scope_that_goes_during_the_run_is_a_missing_one(french):
    """Languages that are denied although the scope was listed are said to be unknown."""
    said: list[str] = []
    french.schedule("query Locales", {"access": {"scopes": list(WITHOUT)}})

    extract(french.settings, said.append)

    assert locales(french) is None
    assert UNKNOWN_LANGUAGE in said
