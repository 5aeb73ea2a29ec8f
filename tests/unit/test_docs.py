"""The documents keep up with the commands and the settings."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from cartwheel.cli.app import COMMANDS, main

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
