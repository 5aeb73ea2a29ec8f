"""What the cases may ask for. How to add one's own: docs/quality.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartwheel.core.errors import CartwheelError
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse
from quality.suite import read_suites
from tests.data_quality.warehouse import Warehouse, singular_tests

ROOT = Path(__file__).resolve().parents[2]
WAREHOUSE = pytest.StashKey[Warehouse | str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--env FILE` as the command line has it."""
    parser.addoption("--env", help="read the settings from this file instead of .env")


def warehouse_of(config: pytest.Config) -> Warehouse | str:
    """The warehouse of the settings, or why none is looked at."""
    if WAREHOUSE not in config.stash:
        config.stash[WAREHOUSE] = _find(config)
    return config.stash[WAREHOUSE]


def _find(config: pytest.Config) -> Warehouse | str:
    here = Path(__file__).parent
    asked = [config.invocation_params.dir / arg.partition("::")[0] for arg in config.args]
    if not any(here == path.resolve() or here in path.resolve().parents for path in asked):
        return "to judge the warehouse of your settings, run: make quality"
    env_file = config.getoption("--env", default=None)
    try:
        settings = Settings.read(Path(env_file) if env_file else None)
        if not settings.warehouse.exists():
            return f"there is no warehouse at {settings.warehouse} yet. Run: cartwheel sync"
        warehouse = Warehouse(settings)
        # if another program has it open, that is told once, before dbt stumbles on it
        with open_warehouse(settings.warehouse, read_only=True):
            pass
        _ = warehouse.identities
    except CartwheelError as error:
        raise pytest.UsageError(str(error)) from error
    return warehouse


def pytest_collection(session: pytest.Session) -> None:
    """End with the sentence of an error alone: raised later, it comes with a traceback."""
    warehouse_of(session.config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case for each expectation and figure of the suites, and for each of dbt's tests."""
    if "check" in metafunc.fixturenames:
        checks = [(suite.table, name) for suite in read_suites() for name in suite.names]
        metafunc.parametrize("check", checks, ids=[f"{table}-{name}" for table, name in checks])
    if "identity" in metafunc.fixturenames:
        found = warehouse_of(metafunc.config)
        names = singular_tests(ROOT) if isinstance(found, str) else sorted(found.identities)
        metafunc.parametrize("identity", names, ids=names)


@pytest.fixture(scope="session")
def target_path() -> None:
    """dbt's folder is that of the project: what the last build compiled stands in it."""


@pytest.fixture
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """The warehouse of the settings."""
    found = warehouse_of(request.config)
    if isinstance(found, str):
        pytest.skip(found)
    return found
