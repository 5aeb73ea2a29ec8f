"""What CONTRIBUTING tells to type works as it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.end_to_end.journey import ROOT, journey, own_environment

pytestmark = pytest.mark.nightly

DEALS = "dbt_project/models/marts/hubspot/deals"


def recipe():
    """The two snippets of CONTRIBUTING's recipe: the SQL and the yml."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text[text.index("### A property more on deals") :]
    return [
        re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)[1]
        for language in ("sql", "yaml")
    ]


def copy_project(folder):
    """What git knows of, in another folder."""
    names = subprocess.run(
        ["git", "ls-files", "cartwheel", "dbt_project", "extract", "load", "quality", "*.yml"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def insert_before(path, mark, text):
    """Put a text before the only line of a file that begins with the mark."""
    lines = path.read_text().splitlines(keepends=True)
    (place,) = (n for n, line in enumerate(lines) if line.strip().startswith(mark))
    path.write_text("".join([*lines[:place], text, *lines[place:]]))


def sync_with(project, made):
    """Run `cartwheel sync` with the code of that project, which nothing has imported yet."""
    environ = own_environment() | {"PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, "-m", "cartwheel", "--env", made.env_file, "sync"],
        cwd=made.folder,
        env=environ | {"CARTWHEEL_WAREHOUSE": str(made.warehouse)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_property_more_on_deals_takes_two_files(tmp_path):
    """A column in deals.sql and its description: it is built, created in HubSpot and filled."""
    project = tmp_path / "project"
    copy_project(project)
    column, description = recipe()
    insert_before(project / f"{DEALS}.sql", "orders.cart_token as", column)
    insert_before(project / f"{DEALS}.yml", "- name: shopify_cart_token", description)

    options = ["--store", str(tmp_path / "store"), "--orders", "40", "--seed", "3"]
    with journey(tmp_path, *options) as made:
        sync_with(project, made)
        created = made.request("GET", "/crm/v3/properties/deals/shopify_closed_at")
        closed = made.value("select count(shopify_closed_at) from hubspot.deals")
        loaded = [
            deal for deal in made.hubspot_records("deals") if deal.get("shopify_closed_at")
        ]

    assert (created["label"], created["type"]) == ("Closed at", "datetime")
    assert len(loaded) == closed > 0
