"""A transform builds and tests what can have changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.build.inputs import relations
from cartwheel.build.project import read_project
from cartwheel.build.state import look, read_state
from cartwheel.core.errors import TransformFailed
from cartwheel.core.warehouse import open_warehouse
from tests.integration.models.conftest import NOW
from tests.integration.models.many_cases import fill_many_cases

# models whose rows carry the time of their build, and nothing else of it
STAMPED = {"enrolments"}


@pytest.fixture(scope="module")
def built(landed, site):
    """A warehouse of all cases after its first transform, to be copied."""
    settings = landed(fill_many_cases)
    site.transform(settings)
    return settings


@pytest.fixture
def settings(built, tmp_path):
    """A copy of it."""
    return replace(built, warehouse=Path(copy(built.warehouse, tmp_path)))


def transformed(site, settings):
    """The report of a transform, and its lines."""
    said: list[str] = []
    report = site.transform(settings, said.append)
    return report, said


def summary(said):
    """The line that counts what was built and tested."""
    [line] = [each for each in said if " models built, " in each]
    return line


def change(settings, *statements):
    """Change the warehouse by hand."""
    with open_warehouse(settings.warehouse) as connection:
        for statement in statements:
            connection.execute(statement)


def test_nothing_new_builds_nothing(settings, site):
    """A second transform says so in one line beside what stands, and runs no model or test."""
    report, said = transformed(site, settings)

    assert report.nothing_new
    assert (report.passed, report.failed) == (0, 0)
    assert said[0].startswith("nothing new since the build of 2026-06-10 00:00:00 UTC")


def test_what_stands_is_said_again(settings, site):
    """The warnings and the quarantined records of the build before are in the report still."""
    change(
        settings,
        "update raw.orders set run_id = 'later', payload_hash = 7, payload = json_merge_patch("
        'payload, \'{"displayFinancialStatus": "ODD", "createdAt": "1900-01-01T00:00:00Z"}\') '
        "where id = 'gid://shopify/Order/102'",
    )
    before, _ = transformed(site, settings)
    report, _ = transformed(site, settings)

    assert report.nothing_new
    assert "ODD" in str(report.warnings)
    assert "1900" in str(report.quarantined)
    assert (report.warned, report.warnings, report.quarantined) == (
        before.warned,
        before.warnings,
        before.quarantined,
    )


def test_a_run_with_nothing_new_is_remembered(settings, site):
    """It stands in ops.transform_runs as succeeded, so that a monitor sees that it ran."""
    transformed(site, settings)

    with open_warehouse(settings.warehouse, read_only=True) as connection:
        runs = connection.execute(
            "select status, message from ops.transform_runs order by started_at"
        ).fetchall()
    assert runs == [("succeeded", ""), ("succeeded", "nothing new")]


def test_a_product_that_changed_builds_what_reads_products(settings, site):
    """Models of customers alone stay as they are; those of products are built and tested."""
    change(
        settings,
        'update raw.products set payload = json_merge_patch(payload, \'{"title": "Other"}\'), '
        "run_id = 'later', payload_hash = 7",
    )

    report, said = transformed(site, settings)

    assert summary(said).endswith("; changed: products")
    assert 0 < report.passed < 300
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        titles = connection.execute("select distinct title from core.products").fetchall()
    assert titles == [("Other",)]
    assert transformed(site, settings)[0].nothing_new


@pytest.mark.parametrize(
    "statements",
    [
        ["drop table core.orders cascade"],
        ["drop table hubspot.deals", "create table hubspot.deals as select 1 as a"],
    ],
)
def test_tables_that_somebody_dropped_are_made_again(settings, site, statements):
    """Whatever became of the tables of the models, a transform makes all of them again."""
    change(settings, *statements)

    report, _ = transformed(site, settings)

    assert not report.nothing_new
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        state = read_state(connection)
        assert state is not None
        assert state.relations.items() <= relations(connection).items()


def test_a_build_by_hand_is_followed_by_a_whole_one(settings, site):
    """After `dbt run` of one model, with other vars perhaps, nothing is taken for known."""
    site.dbt(settings, "run", "--select", "stg_shopify__shops")

    report, said = transformed(site, settings)

    assert not report.nothing_new
    assert "changed:" not in summary(said)


def test_the_clock_set_back_builds_everything(settings, site):
    """An earlier time is not one of which the build before could have known."""
    report, said = transformed(site, replace(settings, now=NOW - timedelta(hours=1)))

    assert not report.nothing_new
    assert "changed:" not in summary(said)


def test_what_failed_is_built_again(settings, site):
    """A build whose tests fail leaves what it was to build to the next one."""
    gone = "delete from raw.orders where shop like 'london%'"
    change(settings, gone, "update ops.sweeps set swept_at = '2027-01-01'")
    for _ in range(2):
        with pytest.raises(TransformFailed, match="no_source_is_silent"):
            site.transform(settings)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        state = read_state(connection)

    assert state is not None
    assert state.sources["raw.orders"] is None
    assert state.sources["raw.products"] is not None


def test_the_time_builds_what_it_changes(settings, site):
    """A day later, what the end of a day changes is built, and nothing else."""
    report, said = transformed(site, replace(settings, now=NOW + timedelta(days=1)))

    assert summary(said).endswith("; changed: the time")
    assert 0 < report.passed < 400


def test_every_model_that_the_time_changes_is_known(built, models, site):
    """The models that dbt compiles to other SQL at another time are those of the clock.

    Tests are compiled once for all times, so none of them may read the clock.
    """
    later = replace(built, now=NOW + timedelta(days=40, hours=7))
    kinds = ("--select", "resource_type:model", "resource_type:test")
    first, second = (
        {
            result.node.unique_id: result.node.compiled_code
            for result in site.dbt(each, "compile", *kinds)
        }
        for each in (built, later)
    )
    differing = {key.split(".")[2] for key, code in first.items() if second[key] != code}
    source = Path("dbt_project/models/intermediate/calendar/int_clock_changes.sql").read_text()
    told = {part.split("'")[1] for part in source.split("select") if "' as model" in part}

    assert len(told) == 5
    assert differing - STAMPED == told


def test_sources_that_are_watched_are_looked_at(built, site):
    """Each table whose rows decide what a stored model holds is among those looked at."""
    with open_warehouse(built.warehouse, read_only=True) as connection:
        seen = look(connection, built, None)
        state = read_state(connection)
    assert state is not None
    assert len(state.sources) > 15
    assert state.sources.keys() <= seen.sources.keys()


def test_only_the_rows_that_count_make_a_source_another(settings, site):
    """A run of another step, and what HubSpot acknowledged, leave nothing to build."""
    change(
        settings,
        "insert into ops.load_runs values ('r', now(), now(), 'succeeded', 0, null, '')",
        "insert into ops.hubspot_records values "
        "('deals', 'k', '1', 0, '{}', null, now(), 'r', 'living')",
    )

    assert transformed(site, settings)[0].nothing_new


def test_the_verdict_is_dbt_s(built, site):
    """The tests that warn or fail in a transform are those of `dbt test`, and no others."""
    with open_warehouse(built.warehouse, read_only=True) as connection:
        state = read_state(connection)
    assert state is not None
    results = site.dbt(built, "test", "--exclude-resource-types", "unit_test")
    found = {str(r.node.name): str(r.status) for r in results}

    assert {name for name, status in found.items() if status == "warn"} == {*state.warnings}
    assert "fail" not in found.values()


def test_the_tests_are_compiled_once(built, site, monkeypatch):
    """What dbt compiled is kept for the next build of the same code."""
    monkeypatch.setenv("DBT_TARGET_PATH", str(site.target()))
    moved = replace(built, warehouse=site.path)
    with open_warehouse(built.warehouse, read_only=True) as connection:
        fingerprint = look(connection, built, None).project
    kept = [*site.target().glob("compiled_tests/*.json")]
    project = read_project(moved, fingerprint, None)

    assert len(kept) == 1
    assert len(project.tests) > 300
    assert [*site.target().glob("compiled_tests/*.json")] == kept
