{#
    A table whose changed rows alone are written. All of it is computed again, in
    bulk; in a warehouse on disk it is the writing that takes the time.

    Rows are identified by a 64-bit hash over all their columns, so no row may occur twice:
    every model has a unique key, which a test asserts.
#}
{% materialization changed_rows, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set standing = none if should_full_refresh() else standing_table(existing, sql) -%}
    {%- do check_contract(standing, sql) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main', auto_begin=dbt_has_transaction()) -%}
        {{ begin_alone() }}
        {%- if standing -%}
        {{ write_changes(target_relation, sql, standing.columns | map('first') | join(', ')) }}
        {%- else -%}
        {{ replace_table(existing, target_relation, sql) }}
        {%- endif -%}
        {{ comments_to_write(target_relation, standing, sql) }}
        {{ commit_alone() }}
    {%- endcall -%}
    {%- do end_as_dbt_does(existing, target_relation, standing is not none) -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# On other engines a table is a table. #}
{% materialization changed_rows, default %}
    {{ return(of_this_engine('table')) }}
{% endmaterialization %}


{# Deletes the rows that the query no longer returns, and inserts the new ones. #}
{% macro write_changes(relation, query, columns) -%}
    {{ config.get('sql_header') or '' }}
    create or replace temporary table changes as
    select
        now.* exclude (fingerprint),
        before.row_before
    from (
        select *, hash({{ columns }}) as fingerprint from (
            {{ query }}
        )
    ) as now
    full join (
        select rowid as row_before, hash({{ columns }}) as fingerprint from {{ relation }}
    ) as before on now.fingerprint = before.fingerprint
    where now.fingerprint is null or before.fingerprint is null;
    delete from {{ relation }}
    where rowid in (select row_before from changes where row_before is not null);
    insert into {{ relation }} ({{ columns }})
    select {{ columns }} from changes where row_before is null;
    drop table changes;
{%- endmacro %}
