"""A transform builds and tests what can have changed, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest

from cartwheel.build.dbt import dbt, parse, target_folder
from cartwheel.build.inputs import relations
from cartwheel.build.project import read_project
from cartwheel.build.state import look, read_state, write_state
from cartwheel.core.errors import TransformFailed
from cartwheel.core.progress import silent
from cartwheel.core.warehouse import open_warehouse
from cartwheel.transform import transform
from quality.docs import write_docs
from tests.integration.models.conftest import NOW

# models whose rows carry the time of their build, and nothing else of it
STAMPED = {"enrolments"}


@pytest.fixture
def built(transformed_cases):
    """A warehouse of all cases after its first transform, to be copied."""
    return transformed_cases


@pytest.fixture
def settings(built, tmp_path):
    """A copy of it."""
    return replace(built, warehouse=Path(copy(built.warehouse, tmp_path)))


def transformed(settings):
    """The report of a transform, and its lines."""
    said: list[str] = []
    report = transform(settings, said.append)
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


def test_nothing_new_builds_nothing(settings):
    """A second transform says so in one line beside what stands, and runs no model or test."""
    change(
        settings,
        "insert into hubspot.quarantined_deals by name select 'x.myshopify.com' as shop, "
        "'#1' as record, 'order:1' as source_id, 'date' as reason, 'dated 1900' as detail, "
        "false as is_ordinary",
    )
    with open_warehouse(settings.warehouse) as connection:
        state = read_state(connection)
        assert state is not None
        write_state(connection, replace(state, warnings={"a_test": "Two orders are odd"}))

    report, said = transformed(settings)

    assert report.nothing_new
    assert (report.passed, report.failed) == (0, 0)
    assert (report.warned, report.warnings) == (1, ("Two orders are odd",))
    assert report.quarantined == ("order #1 of x.myshopify.com: dated 1900; not sent.",)
    assert said[0].startswith("nothing new since the build of 2026-06-10 00:00:00 UTC")


@pytest.mark.nightly
def test_what_stands_is_said_again(settings):
    """The warnings and the quarantined records of the build before are in the report still."""
    change(
        settings,
        "update raw.orders set run_id = 'later', payload_hash = 7, payload = json_merge_patch("
        'payload, \'{"displayFinancialStatus": "ODD", "createdAt": "1900-01-01T00:00:00Z"}\') '
        "where id = 'gid://shopify/Order/102'",
    )
    before, _ = transformed(settings)
    report, _ = transformed(settings)

    assert report.nothing_new
    assert "ODD" in str(report.warnings)
    assert "1900" in str(report.quarantined)
    assert (report.warned, report.warnings, report.quarantined) == (
        before.warned,
        before.warnings,
        before.quarantined,
    )


def test_a_run_with_nothing_new_is_remembered(settings):
    """It stands in ops.transform_runs as succeeded, so that a monitor sees that it ran."""
    transformed(settings)

    with open_warehouse(settings.warehouse, read_only=True) as connection:
        runs = connection.execute(
            "select status, message from ops.transform_runs order by started_at"
        ).fetchall()
    assert runs == [("succeeded", ""), ("succeeded", "nothing new")]


def stop(line):
    """End a transform by the first line that it says."""
    raise LookupError(line)


@pytest.mark.parametrize(("refresh", "option"), [(False, "--full"), (True, "--full-refresh")])
def test_what_is_asked_for_is_the_reason(settings, refresh, option):
    """Where --full has everything built, that is why, not a lack of earlier builds."""
    with pytest.raises(LookupError, match=f"building everything: as {option} asks$"):
        transform(settings, stop, full=not refresh, full_refresh=refresh)


@pytest.mark.nightly
def test_a_product_that_changed_builds_what_reads_products(settings):
    """Models of customers alone stay as they are; those of products are built and tested."""
    change(
        settings,
        'update raw.products set payload = json_merge_patch(payload, \'{"title": "Other"}\'), '
        "run_id = 'later', payload_hash = 7",
    )

    report, said = transformed(settings)

    assert summary(said).endswith("; changed: products")
    built, tested = map(int, re.findall(r"(\d+) (?:models built|tests passed)", summary(said)))
    assert built + tested == report.passed
    assert 0 < report.passed < 300
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        titles = connection.execute("select distinct title from core.products").fetchall()
    assert titles == [("Other",)]
    assert transformed(settings)[0].nothing_new


def todo(settings):
    """What a transform would build."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        state = read_state(connection)
        return state and state.todo(look(connection, settings, None))


def test_a_table_that_somebody_dropped_is_made_again(settings):
    """Whatever became of a table of the models, a transform makes all of them again."""
    with open_warehouse(settings.warehouse) as connection:
        state = read_state(connection)
        assert state is not None
        assert state.relations.items() <= relations(connection).items()
        connection.execute("drop table core.orders cascade")

    assert todo(settings).everything


def test_a_table_that_was_replaced_is_made_again(settings):
    """A table of other columns under the name of a model is none of ours."""
    change(settings, "drop table hubspot.deals", "create table hubspot.deals as select 1 as a")

    assert todo(settings).everything


def test_a_build_by_hand_is_followed_by_a_whole_one(settings):
    """After `dbt run` of one model, with other vars perhaps, nothing is taken for known."""
    dbt(settings, "run", "--select", "stg_shopify__shops")

    assert todo(settings) is None
    with pytest.raises(
        LookupError, match=r"everything: dbt run was run by hand at 2\S+ \S+ UTC$"
    ):
        transform(settings, stop)


def test_the_clock_set_back_builds_everything(settings):
    """An earlier time is not one of which the build before could have known."""
    assert todo(replace(settings, now=NOW - timedelta(hours=1))).everything


def test_what_failed_is_built_again(settings):
    """A build whose tests fail leaves what it was to build to the next one, and no more.

    The gate's page, which said that it is open, says that it is closed, and why.
    """
    page = settings.warehouse.parent / "data_docs" / "index.html"
    with write_docs(page.parent, "before", NOW) as finish:
        finish([], {})
    assert "Open" in page.read_text()
    gone = "delete from raw.products where shop like 'london%'"
    change(settings, gone, "update ops.sweeps set swept_at = '2027-01-01'")
    before = todo(settings)

    with pytest.raises(TransformFailed, match=r"no_source_is_silent.* make quality"):
        transform(settings, silent)

    assert before.sources == ("ops.sweeps", "raw.products")
    assert todo(settings) == before
    assert "Closed: the last build failed" in page.read_text()
    assert "no_source_is_silent" in page.read_text()


def test_the_time_builds_what_it_changes(settings):
    """A day later, what the end of a day changes is built, and nothing else."""
    report, said = transformed(replace(settings, now=NOW + timedelta(days=1)))

    assert summary(said).endswith("; changed: the time")
    assert 0 < report.passed < 400


def test_every_model_that_the_time_changes_is_known(built, models):
    """The models that dbt compiles to other SQL at another time are those of the clock.

    Tests are compiled once for all times, so none of them may read the clock.
    """
    manifest = parse(built)
    calling: set[str] = set()
    found = {"macro.cartwheel.cartwheel_now"}
    while found - calling:
        calling |= found
        found = {
            key
            for key, macro in manifest.macros.items()
            if not calling.isdisjoint(macro.depends_on.macros)
        }
    reading = [
        key
        for key, node in manifest.nodes.items()
        if not calling.isdisjoint(node.depends_on.macros)
    ]
    assert {manifest.nodes[key].resource_type for key in reading} == {"model"}
    later = replace(built, now=NOW + timedelta(days=40, hours=7))
    first, second = (
        {
            result.node.unique_id: result.node.compiled_code
            for result in dbt(each, "compile", only=reading, manifest=manifest)
        }
        for each in (built, later)
    )
    differing = {key.split(".")[2] for key, code in first.items() if second[key] != code}
    source = Path("dbt_project/models/intermediate/calendar/int_clock_changes.sql").read_text()
    told = {part.split("'")[1] for part in source.split("select") if "' as model" in part}

    assert len(told) == 5
    assert differing - STAMPED == told


def test_sources_that_are_watched_are_looked_at(built):
    """Each table whose rows decide what a stored model holds is among those looked at."""
    with open_warehouse(built.warehouse, read_only=True) as connection:
        seen = look(connection, built, None)
        state = read_state(connection)
    assert state is not None
    assert len(state.sources) > 15
    assert state.sources.keys() <= seen.sources.keys()


def test_only_the_rows_that_count_make_a_source_another(settings):
    """A run of another step, and what HubSpot acknowledged, leave nothing to build."""
    change(
        settings,
        "insert into ops.load_runs values ('r', now(), now(), 'succeeded', 0, null, '')",
        "insert into ops.hubspot_records values "
        "('deals', 'k', '1', 0, '{}', null, now(), 'r', 'living')",
    )

    assert transformed(settings)[0].nothing_new


@pytest.mark.parametrize(
    "which",
    ["path:dbt_project/models/marts/core", pytest.param("*", marks=pytest.mark.nightly)],
    ids=["core", "all"],
)
def test_the_verdict_is_dbt_s(built, which):
    """The tests that warn or fail in a transform are those of `dbt test`, and no others."""
    with open_warehouse(built.warehouse, read_only=True) as connection:
        state = read_state(connection)
    assert state is not None
    results = dbt(built, "test", "--exclude-resource-types", "unit_test", "--select", which)
    found = {str(r.node.name): str(r.status) for r in results}

    assert len(found) > 20
    warned = {name for name in state.warnings if name in found}
    assert {name for name, status in found.items() if status == "warn"} == warned
    assert "fail" not in found.values()


def test_the_tests_are_compiled_once(built):
    """What dbt compiled is kept for the next build of the same code, in whichever folder."""
    elsewhere = replace(built, warehouse=built.warehouse.parent / "other" / "warehouse.duckdb")
    with open_warehouse(built.warehouse, read_only=True) as connection:
        fingerprint = look(connection, built, None).project
    kept = target_folder() / "compiled_tests" / f"warehouse-{fingerprint[:16]}.json"
    written = kept.stat().st_mtime_ns

    assert len(read_project(elsewhere, fingerprint, None).tests) > 300
    assert kept.stat().st_mtime_ns == written
