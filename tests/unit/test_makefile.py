"""The Makefile: what a person may type, and what `make help` says of it."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.unit.repository import ROOT

TEXT = (ROOT / "Makefile").read_text().replace("\\\n", " ")


def made(*arguments: str) -> str:
    """What make prints."""
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_help_lists_every_target():
    """`make help` has a line for each target that is a word, and each of them is phony."""
    told = re.findall(r"^make ([a-z]+)  +\S", made("help"), re.M)
    targets = re.findall(r"^([a-z]+):", TEXT, re.M)
    phony = re.search(r"^\.PHONY: (.*)$", TEXT, re.M)

    assert phony
    assert len(set(told)) == len(told) > 15
    assert sorted(told) == sorted(targets) == sorted(phony[1].split())


@pytest.mark.parametrize("target", ["sync", "status", "dashboard", "sandbox", "demo", "lab"])
def test_a_command_has_its_environment_made_first(target):
    """What runs the application depends on the environment, as the demo does."""
    rule = re.search(rf"^{target}: (.*)$", TEXT, re.M)

    assert rule
    assert ".venv/.ready" in rule[1].split()


@pytest.mark.parametrize("target", ["sync", "status", "dashboard", "sandbox"])
def test_a_command_takes_options(target):
    """`make sync ARGS=--dry-run` runs `cartwheel sync --dry-run`."""
    run = made("--dry-run", target, "ARGS=--some --thing=2").replace("\\\n", " ")
    words = run.strip().splitlines()[-1].split()

    assert words[:2] == [".venv/bin/cartwheel", target]
    assert words[-2:] == ["--some", "--thing=2"]


def test_the_sandbox_serves_the_store_that_it_is_given():
    """`make sandbox` generates a store, unless it is told which one to serve."""
    assert "--orders 1500" in made("--dry-run", "sandbox", "ARGS=--port 0")
    assert "--orders" not in made("--dry-run", "sandbox", "ARGS=--store there")


def test_a_warning_fails_the_site():
    """`make docs` builds strictly, and aloud: mkdocs does not count a warning that it hides."""
    run = re.search(r"mkdocs build .*", TEXT)

    assert run
    assert "--strict" in run[0]
    assert "--quiet" not in run[0]
