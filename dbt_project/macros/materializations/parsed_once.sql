{#
    A table of rows parsed from one source: those that are new are added, and those of
    versions that the source no longer holds are deleted. The model says with is_unparsed()
    which rows it still has to parse, and keeps version_of_row() as version
    (engine/versions.sql).

    The table's comment ends with the reading by which its rows were parsed
    (engine/readings.sql: the model's code and what the macros make of it). After a change
    of the reading, all rows are parsed again, into its columns; with on_schema_change
    'fail' the build stops if they differ.
#}
{% materialization parsed_once, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set reading = reading_of(model) -%}
    {%- set comment = comment_with(reading) -%}
    {%- set adds = holds_parsed_rows(reading) -%}
    {%- if not adds -%}
        {%- if config.get('on_schema_change') == 'fail' -%}
            {{ expect_same_columns(existing, sql) }}
        {%- endif -%}
        {%- do check_contract(none, sql) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main', auto_begin=dbt_has_transaction()) -%}
        {{ begin_alone() }}
        {%- if adds -%}
        {{ config.get('sql_header') or '' }}
        {%- if not flags.EMPTY %}
        delete from {{ target_relation }} where {{ is_outdated() }};
        {%- endif %}
        insert into {{ target_relation }} by name
        {{ sql }};
        {%- else -%}
        {{ replace_table(existing, target_relation, sql) }}
        {%- endif -%}
        {%- if not adds or not has_comment(comment) %}
        {{ comments_to_write(target_relation, none, sql, comment) }}
        {%- endif %}
        {{ commit_alone() }}
    {%- endcall -%}
    {%- do end_as_dbt_does(existing, target_relation, adds) -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# On other engines a table is a table: is_unparsed() is true there of every row. #}
{% materialization parsed_once, default %}
    {{ return(of_this_engine('table')) }}
{% endmaterialization %}


{#
    The comment of the table: its description, as persist_docs asks for it, and the reading.
    It changes with the descriptions of the columns, so that those need not be compared.
#}
{% macro comment_with(reading) -%}
    {%- set ending = reading -%}
    {%- if config.persist_column_docs() -%}
        {%- set ending = ending ~ ', descriptions '
            ~ local_md5(model.columns.values() | map(attribute='description') | join('\n')) -%}
    {%- endif -%}
    {{ return((relation_comment() ~ '\n[' ~ ending ~ ']') | trim) }}
{%- endmacro %}


{# Stops the build if an existing table has other columns than a query. #}
{% macro expect_same_columns(existing, query) -%}
    {%- if existing is not none and existing.is_table and not should_full_refresh()
        and standing_table(existing, query) is none -%}
        {{ exceptions.raise_compiler_error(
            existing ~ ' has other columns than its model, and on_schema_change is fail. '
            ~ 'To parse all rows again, run: dbt run --full-refresh --select ' ~ model.name
        ) }}
    {%- endif -%}
{%- endmacro %}
