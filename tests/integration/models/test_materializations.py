"""Cartwheel's own materializations do what dbt says of tables, views and incremental models.

What no build of ours asks of them is asked at night.
"""

from __future__ import annotations

import shutil

import pytest

from tests.integration.models.small_project import MATERIALIZED, SmallProject
from tests.nightly import mostly_nightly

OURS = sorted(MATERIALIZED)
TABLES = ["kept", "parsed"]
SUCCESS = dict.fromkeys(MATERIALIZED, "success")
NEW_WORD = "insert into raw.words values ('a', '3', 'r', 'h', null, 'three')"
WRAPPED, UNWRAPPED = (
    "The $word$,\nof two lines.\n\n- It\n- is",
    "The $word$, of two lines.\n\n- It\n- is",
)
PERSIST = {"+persist_docs": {"relation": True, "columns": True}}


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """The folder of a project that was built, of which each test has a copy."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert SmallProject(folder).dbt("run") == SUCCESS
    return folder


@pytest.fixture
def built(built_once, tmp_path, monkeypatch):
    """A project of three models, built."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return SmallProject(tmp_path)


@pytest.fixture
def project(built):
    """A project of three models, not built yet."""
    built.ask("drop view main.seen; drop table main.kept; drop table main.parsed")
    return built


def test_a_second_run_adds_what_is_new(built):
    """A word that was landed since is in all three, one whose row is gone in none."""
    built.ask(f"{NEW_WORD}; delete from raw.words where id = '1'")

    assert built.dbt("run") == SUCCESS
    assert built.rows("kept") == [("three", 5), ("two", 3)]
    assert built.rows("seen") == [("three",), ("two",)]
    assert [row[:2] for row in built.rows("parsed")] == [("three", 5), ("two", 3)]


def test_hooks_run_before_and_after_inside_and_outside_the_transaction(project):
    """The four kinds of hooks run in dbt's order, those inside in the model's transaction."""
    project.ask("create table main.told (model text, hook text, there bool, number bigint)")
    for model in OURS:
        there = f"exists (from information_schema.tables where table_name = '{model}')"
        before_begin, after_begin, before_commit, after_commit = (
            {
                "sql": f"insert into main.told "
                f"select '{model}', '{hook}', {there}, txid_current()",
                "transaction": hook in ("after begin", "before commit"),
            }
            for hook in ("before begin", "after begin", "before commit", "after commit")
        )
        project.models[model] = {
            "+pre-hook": [before_begin, after_begin],
            "+post-hook": [before_commit, after_commit],
        }

    assert project.dbt("run") == SUCCESS

    for model in OURS:
        told = project.ask(f"select hook, there, number from main.told where model = '{model}'")
        assert [(hook, there) for hook, there, _ in told] == [
            ("before begin", False),
            ("after begin", False),
            ("before commit", True),
            ("after commit", True),
        ]
        before, after_begin, before_commit, after = (number for *_, number in told)
        assert before < after_begin == before_commit < after


@pytest.mark.nightly
def test_a_hook_that_fails_inside_the_transaction_undoes_the_model(built):
    """A post-hook that fails leaves each relation as it was."""
    before = {model: built.rows(model) for model in OURS}
    built.ask(NEW_WORD)
    built.write("seen", "select 1 as other from {{ ref('kept') }}")
    built.models = {model: {"+post-hook": "select error('no')"} for model in OURS}

    for model in OURS:
        assert built.dbt("run", "--select", model)[model] == "error"

    assert {model: built.rows(model) for model in OURS} == before


@pytest.mark.nightly
def test_hooks_of_the_run_run_at_its_start_and_end(project):
    """on-run-start comes before the first model, on-run-end after the last."""
    count = "(select count(*) from information_schema.tables where table_schema = 'main')"
    project.more = {
        "on-run-start": [f"create table raw.at_start as select {count} as relations"],
        "on-run-end": [f"create table raw.at_end as select {count} as relations"],
    }

    project.dbt("run")

    assert project.ask("from raw.at_start, raw.at_end") == [(0, 3)]


def test_descriptions_become_comments(project):
    """persist_docs writes the descriptions of a new relation and of its columns.

    Lines of a column's description that were wrapped are one in its comment.
    """
    project.models = dict.fromkeys(OURS, PERSIST)
    project.described = dict.fromkeys(OURS, described("It's one row\na word.", WRAPPED))

    assert project.dbt("run") == SUCCESS

    for model in OURS:
        assert comments(project, model) == ("It's one row\na word.", UNWRAPPED)


@pytest.mark.nightly
def test_a_description_that_changed_reaches_a_relation_that_stands(built):
    """Another description of the relation, or of a column alone, replaces the comment."""
    built.models = dict.fromkeys(OURS, PERSIST)
    for texts in [("one", "two"), ("one", "other"), ("another", "other")]:
        built.described = dict.fromkeys(OURS, described(*texts))

        assert built.dbt("run") == SUCCESS

        assert {comments(built, model) for model in OURS} == {texts}


@pytest.mark.nightly
def test_without_persist_docs_there_are_no_comments(project):
    """Descriptions stay in the docs where nobody asked for them in the warehouse."""
    project.described = dict.fromkeys(OURS, described("one", "two"))

    assert project.dbt("run") == SUCCESS

    assert {comments(project, model) for model in OURS} == {("", None)}


@pytest.mark.nightly
def test_a_described_column_that_does_not_exist_harms_nothing(project):
    """dbt warns of it and goes on."""
    project.models = dict.fromkeys(OURS, PERSIST)
    gone = {"columns": [{"name": "nowhere", "description": "Gone."}]}
    project.described = dict.fromkeys(OURS, gone)

    assert project.dbt("run") == SUCCESS


def test_grants_are_applied(project):
    """The engine's apply_grants gets each relation and what its model grants."""
    project.ask("create table raw.granted (told text)")
    (project.folder / "macros" / "grants.sql").write_text(
        "{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) %}"
        "{% do run_query('insert into raw.granted select \\'' ~ relation.identifier "
        "~ ' ' ~ grant_config['select'] | join ~ '\\'') %}{% endmacro %}"
    )
    grants = {"+grants": {"select": ["analyst"]}}
    project.models = dict.fromkeys(OURS, grants)

    assert project.dbt("run") == SUCCESS

    assert project.rows("granted", schema="raw") == [(f"{model} analyst",) for model in OURS]


def test_empty_builds_relations_without_rows(project):
    """--empty makes every relation, reads nothing, and the next run fills them."""
    assert project.dbt("run", "--empty") == SUCCESS
    assert [project.rows(model) for model in OURS] == [[], [], []]

    assert project.dbt("run") == SUCCESS
    assert project.rows("seen") == [("one",), ("two",)]


def test_empty_keeps_what_was_parsed(built):
    """On tables that stand, --empty parses nothing and deletes nothing parsed."""
    built.ask(NEW_WORD)

    assert built.dbt("run", "--empty") == SUCCESS

    assert len(built.rows("parsed")) == 2
    assert built.rows("kept") == []


@pytest.mark.nightly
@pytest.mark.parametrize("option", ["--no-populate-cache", "--cache-selected-only"])
def test_a_run_that_knows_no_relation_beforehand_builds_them(project, option):
    """Where dbt looks each relation up when it comes to it, it finds and fills them."""
    assert project.dbt("run", option) == SUCCESS
    project.ask(NEW_WORD)

    assert project.dbt("run", option) == SUCCESS
    assert len(project.rows("seen")) == 3


def test_a_contract_is_enforced(built):
    """A model whose columns are not those of its contract fails, and what stood stays.

    What stands gets the comments that persist_docs asks for by then.
    """
    before = {model: built.rows(model) for model in OURS}
    for model in OURS:
        built.described[model] = {"description": "told", "columns": columns(built, model)}
        built.described[model]["columns"][0]["description"] = "The word."
        built.models[model] = {"+contract": {"enforced": True}, **PERSIST}
    assert built.dbt("run") == SUCCESS
    assert {comments(built, model) for model in OURS} == {("told", "The word.")}

    for model in OURS:
        built.described[model]["columns"][0]["data_type"] = "date"
        found = built.dbt("run", "--select", model)
        assert found[model] == "error"
        assert "contract" in found["error"]

    assert {model: built.rows(model) for model in OURS} == before


@pytest.mark.nightly
@pytest.mark.parametrize("model", TABLES)
def test_constraints_of_a_contract_are_in_the_table(built, model):
    """A row that breaks a constraint fails the model; the table stays."""
    described = columns(built, model)
    described[0]["constraints"] = [{"type": "check", "expression": "word <> 'three'"}]
    built.described[model] = {"columns": described}
    built.models[model] = {"+contract": {"enforced": True}}
    assert built.dbt("run", "--full-refresh") == SUCCESS

    built.ask(NEW_WORD)
    found = built.dbt("run")

    assert found[model] == "error"
    assert "CHECK constraint" in found["error"]
    assert len(built.rows(model)) == 2


def test_a_full_refresh_replaces_what_somebody_changed(built):
    """--full-refresh makes every row anew, of whatever version the table says it is.

    A table is made with the constraints of its contract.
    """
    before = {model: built.rows(model) for model in TABLES}
    for model in TABLES:
        built.described[model] = {"columns": columns(built, model)}
        never = {"type": "check", "expression": "word <> 'three'"}
        built.described[model]["columns"][0]["constraints"] = [never]
        built.models[model] = {"+contract": {"enforced": True}}
    built.ask("update main.kept set word = 'wrong'; update main.parsed set word = 'wrong'")

    assert built.dbt("run", "--full-refresh") == SUCCESS

    assert {model: built.rows(model) for model in TABLES} == before
    constrained = "select table_name from duckdb_constraints() where constraint_type = 'CHECK'"
    assert built.ask(f"{constrained} order by all") == [("kept",), ("parsed",)]


def test_full_refresh_false_in_a_config_is_heeded(built):
    """A parsed_once model with full_refresh: false keeps its rows."""
    built.models["parsed"] = {"+full_refresh": False}
    built.ask("update main.parsed set word = 'wrong'")

    assert built.dbt("run", "--full-refresh") == SUCCESS

    assert built.rows("seen") == [("wrong",), ("wrong",)]


def test_another_code_parses_all_rows_anew(built):
    """A parsed_once model that reads its source otherwise gets other rows, and columns."""
    built.change("parsed", "as letters", "as letters, upper(payload) as loud")

    assert built.dbt("run") == SUCCESS

    assert built.ask("select word, loud from main.parsed order by all") == [
        ("one", "ONE"),
        ("two", "TWO"),
    ]


def test_on_schema_change_fail_stops_before_a_table_gets_other_columns(built):
    """The model fails, names the way on, and the table stays; the way on works."""
    built.models["parsed"] = {"+on_schema_change": "fail"}
    before = built.rows("parsed")
    built.change("parsed", "as letters", "as letters, 1 as other")

    found = built.dbt("run", "--select", "parsed")

    assert found["parsed"] == "error"
    assert "dbt run --full-refresh --select parsed" in found["error"]
    assert built.rows("parsed") == before
    way_on = ("run", "--full-refresh", "--select", "parsed")
    assert built.dbt(*way_on) == {"parsed": "success"}


def test_a_table_gets_the_columns_of_its_query(built):
    """Other columns, or other types, replace a changed_rows table whole."""
    built.change("kept", ", letters", ", letters / 2.0 as letters, 1 as other")

    assert built.dbt("run") == SUCCESS

    assert built.rows("kept") == [("one", 1.5, 1), ("two", 1.5, 1)]


@pytest.mark.parametrize("kind", mostly_nightly(["table", "view"], 0))
def test_a_relation_of_another_kind_is_replaced(project, kind):
    """What stood under a model's name as a view or a table gives way to the model."""
    for model in OURS:
        project.ask(f"create {kind} main.{model} as select 'old' as word")

    assert project.dbt("run") == SUCCESS

    for model in OURS:
        words = project.ask(f"select word from main.{model} order by all")
        assert words == [("one",), ("two",)]


def test_a_row_that_cannot_be_computed_changes_nothing(built):
    """The model fails, and its table has the rows of before."""
    before = built.rows("kept")
    built.change("kept", ", letters", ", if(word = 'three', error('no'), letters) as letters")
    built.ask(f"{NEW_WORD}; delete from raw.words where id = '1'")

    assert built.dbt("run")["kept"] == "error"

    assert built.rows("kept") == before


def test_a_row_that_cannot_be_written_changes_nothing(built):
    """Rows that were deleted before are there again, and the next run works."""
    before = built.rows("parsed")
    built.ask("alter table main.parsed alter column word set not null")
    built.ask("delete from raw.words where id = '1'")
    built.ask(NEW_WORD.replace("'three'", "null"))

    assert built.dbt("run")["parsed"] == "error"
    assert built.rows("parsed") == before

    built.ask("update raw.words set payload = 'three' where id = '3'")
    assert built.dbt("run") == SUCCESS
    assert built.rows("seen") == [("three",), ("two",)]


@pytest.mark.parametrize("model", mostly_nightly(TABLES, 0))
def test_a_kill_in_the_middle_changes_nothing(built, model):
    """A process that dies between a model's rows and its commit leaves the rows of before."""
    before = built.rows(model)
    built.ask(NEW_WORD)
    built.models[model] = {"+post-hook": "select die()"}

    assert built.run_until_it_dies(model) == 9

    assert built.rows(model) == before


@pytest.mark.nightly
def test_somebody_elses_incremental_model_is_dbts(built):
    """An incremental model with a unique_key updates and adds on its second run."""
    built.write(
        "theirs",
        "{{ config(materialized='incremental', unique_key='id') }}"
        "select id, payload as word from {{ source('raw', 'words') }}"
        "{% if is_incremental() %} where id <> '1' {% endif %}",
    )
    assert built.dbt("run", "--select", "theirs") == {"theirs": "success"}

    built.ask(f"{NEW_WORD}; update raw.words set payload = payload || '!'")

    assert built.dbt("run", "--select", "theirs") == {"theirs": "success"}
    assert built.rows("theirs") == [("1", "one"), ("2", "two!"), ("3", "three!")]


@pytest.mark.nightly
def test_tables_and_views_are_dbts(built):
    """table and view are dbt-duckdb's own, hooks and snapshots work beside our models."""
    built.write("wide", "{{ config(materialized='table') }} select 1 as one")
    built.write("thin", "{{ config(materialized='view') }} select * from {{ ref('wide') }}")
    (built.folder / "snapshots").mkdir()
    (built.folder / "snapshots" / "past.sql").write_text(
        "{% snapshot past %}{{ config(unique_key='id', strategy='check', check_cols='all', "
        "target_schema='main') }} select id, payload from {{ source('raw', 'words') }}"
        "{% endsnapshot %}"
    )

    for _ in range(2):
        assert set(built.dbt("build").values()) == {"success"}

    assert built.rows("thin") == [(1,)]
    assert built.ask("select count(*) from main.past") == [(2,)]


def described(relation, column):
    """A model's entry in yml."""
    return {"description": relation, "columns": [{"name": "word", "description": column}]}


def comments(project, model):
    """The comments of a relation, without what Cartwheel adds, and of its column word."""
    [(relation,)] = project.ask(
        f"select comment from duckdb_tables() where table_name = '{model}' union all "
        f"select comment from duckdb_views() where view_name = '{model}'"
    )
    [(column,)] = project.ask(
        f"select comment from duckdb_columns() where table_name = '{model}' "
        "and column_name = 'word'"
    )
    return (relation or "").partition("[reading ")[0].strip(), column


def columns(project, model):
    """The columns of a contract, as they are by now."""
    return [
        {"name": name, "data_type": kind}
        for name, kind in project.ask(
            "select column_name, data_type from duckdb_columns() "
            f"where schema_name = 'main' and table_name = '{model}' order by column_index"
        )
    ]
