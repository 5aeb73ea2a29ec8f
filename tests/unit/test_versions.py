"""One version and one range of Pythons, wherever they stand."""

from __future__ import annotations

import re
import tomllib

import yaml
from click.testing import CliRunner

from cartwheel.cli.app import main
from tests.unit.repository import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pythons() -> list[str]:
    """The Pythons that pyproject.toml allows, oldest first."""
    found = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"])
    assert found
    return [f"3.{minor}" for minor in range(int(found[1]), int(found[2]))]


def test_the_command_says_its_version():
    """`cartwheel --version` prints the version of the installed package and ends with 0."""
    result = CliRunner().invoke(main, ["--version"], prog_name="cartwheel")

    assert (result.exit_code, result.output) == (
        0,
        f"cartwheel, version {PROJECT['version']}\n",
    )


def test_the_dbt_project_has_the_version_of_the_package():
    """dbt_project.yml and pyproject.toml name one version."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text())

    assert project["version"] == PROJECT["version"]


def test_the_changelog_has_the_version_of_the_package():
    """The newest version of the changelog is the package's."""
    versions = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)

    assert versions[0] == PROJECT["version"]


def test_the_documents_name_the_pythons_that_the_package_allows():
    """README, CONTRIBUTING and the check on GitHub name the Pythons of pyproject.toml."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())
    matrix = workflow["jobs"]["check"]["strategy"]["matrix"]["python"]
    *before, last = pythons()
    said = f"Python {', '.join(before)} or {last}"

    assert matrix == pythons()
    assert [
        name
        for name in ("README.md", "CONTRIBUTING.md")
        if said not in (ROOT / name).read_text()
    ] == []


def test_the_vars_that_are_known_are_those_of_the_project():
    """What expect_known_vars lets pass is what dbt_project.yml sets, and nothing else."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    macro = (ROOT / "dbt_project" / "macros" / "expect_known_vars.sql").read_text()

    known = macro.partition("known = [")[2].partition("]")[0]

    assert re.findall(r"'(\w+)'", known) == [*project["vars"]]
