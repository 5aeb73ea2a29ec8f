"""The documents keep up with the commands and the settings."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import click
import pytest

from cartwheel.cli.app import COMMANDS, main
from cartwheel.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_is_in_the_readme(name):
    """A command says what it does, and the README's table lists it."""
    assert main.get_command(click.Context(main), name).help
    assert f"`cartwheel {name}`" in README


def test_the_readme_names_no_command_that_does_not_exist():
    """What the README tells to type exists."""
    named = set(re.findall(r"cartwheel (?:--env \S+ )?([a-z]+)", README.replace("`", " ` ")))

    assert named & set(COMMANDS) == named - {"through"}


def test_the_example_names_every_setting():
    """.env.example holds each setting that the code reads."""
    code = (ROOT / "cartwheel" / "core" / "settings.py").read_text()
    read = set(re.findall(r'(?:value|address|hidden)\(\s*"([A-Z_]+)"', code))

    assert read == set(
        re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    )


def test_the_operations_page_explains_every_setting():
    """docs/operations.md has each setting that .env.example names."""
    page = (ROOT / "docs/operations.md").read_text()
    named = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)

    assert [name for name in named if f"`{name}`" not in page] == []


def test_every_make_command_exists():
    """What documents, hooks and workflows run with make is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    pages = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / ".github/workflows").glob("*.yml"),
        ROOT / ".pre-commit-config.yaml",
    ]
    typed = {
        target
        for page in pages
        for target in re.findall(r"(?:`|run: |entry: |^)make ([a-z]+)", page.read_text(), re.M)
    }

    assert "check" in typed
    assert typed - targets == set()


@pytest.fixture(scope="module")
def defaults(tmp_path_factory):
    """What each setting is where nothing sets it, as a person would write it."""
    empty = tmp_path_factory.mktemp("settings") / ".env"
    empty.touch(0o600)
    settings = Settings.read(empty, environ={})
    written = {}
    for name in re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M):
        value = getattr(settings, name.removeprefix("CARTWHEEL_").lower(), None)
        if isinstance(value, Decimal):
            written[name] = f"{value:.0%}"
        elif isinstance(value, Path):
            written[name] = value.name
        elif isinstance(value, int | str) and str(value):
            written[name] = str(value)
    return written


def test_the_operations_page_states_each_default(defaults):
    """The row of a setting in docs/operations.md has the default that the code has."""
    page = (ROOT / "docs/operations.md").read_text()
    rows = {
        name: line
        for line in re.findall(r"^\| `[A-Z_]+`.*$", page, re.M)
        for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])
    }
    # an address of HubSpot's is told in words
    shown = {name: value for name, value in defaults.items() if not name.endswith("_URL")}

    assert len(shown) > 8
    assert {
        name: value for name, value in shown.items() if f"`{value}`" not in rows[name]
    } == {}


def test_the_example_states_each_default(defaults):
    """A setting that .env.example has commented out stands there with its default."""
    example = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^# ([A-Z_]+)=(.+)$", example, re.M))

    assert {
        name: (value, defaults[name])
        for name, value in shown.items()
        if name in defaults and value != defaults[name]
    } == {}
