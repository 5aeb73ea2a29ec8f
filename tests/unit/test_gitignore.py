"""What git leaves out: customers' data and secrets, wherever they are written."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.unit.repository import ROOT


@pytest.fixture(scope="module")
def ignored(tmp_path_factory):
    """Ask git, in a repository with nothing but our list, whether it ignores a path."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], check=True)
    shutil.copy(ROOT / ".gitignore", folder)

    def ask(path: str) -> bool:
        done = subprocess.run(["git", "-C", folder, "check-ignore", "-q", path], check=False)
        return done.returncode == 0

    return ask


@pytest.mark.parametrize(
    "path",
    [
        *("clients/ada/.env", "clients/ada/dashboard.html", "clients/ada/preview/index.html"),
        *("clients/ada/warehouse.duckdb", "clients/ada/data_docs/index.html", "clients/bo.env"),
        *("clients/ada/plan.json", "clients/ada/backup/warehouse.duckdb.wal", "created.csv"),
        *(
            "plan.json",
            "ada-plan.json",
            "try/data_docs/index.html",
            "dashboard.html",
            "preview/index.html",
            "sync.log",
        ),
        *("broken/warehouse.duckdb", "backup/warehouse.duckdb.status.json", ".env"),
    ],
)
def test_customers_data_and_secrets_are_not_committed(ignored, path):
    """What commands and pages write with data in it is left out."""
    assert ignored(path)


@pytest.mark.parametrize(
    "path",
    ["clients/bo/shops.toml", "clients/bo/dashboards.toml", "shops.toml", ".env.example"],
)
def test_what_people_write_is_kept(ignored, path):
    """Lists of stores and of dashboards hold no secret and may be committed."""
    assert not ignored(path)
