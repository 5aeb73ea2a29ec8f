{#
    A table of which only the rows that changed are written. All of it is computed anew, in
    bulk; in a warehouse on disk it is the writing that takes the time.

    Rows are told apart by a hash of 64 bits over all their columns: every model has rows of
    their own keys, which a test of each asserts.
#}
{% materialization table, adapter='duckdb' %}
    {%- set found = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- if found is not none and not found.is_table -%}
        {%- do adapter.drop_relation(found) -%}
        {%- set found = none -%}
    {%- endif -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}
    {%- set columns = none if found is none or should_full_refresh()
        else columns_of_both(sql, relation) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- call statement('main', auto_begin=False) -%}
        {%- if columns -%}
        {{ write_changes(relation, sql, columns) }}
        {%- else -%}
        create or replace table {{ relation }} as
        {{ sql }}
        {%- endif -%}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{# The columns of a query, if the table has the same, of the same types; none if not. #}
{% macro columns_of_both(query, relation) -%}
    {%- set described = run_query(
        "select column_name, column_type, count(*) as sides from ("
        ~ "select column_name, column_type from (describe " ~ query ~ ") union all "
        ~ "select column_name, column_type from (describe " ~ relation ~ ")) group by all"
    ) -%}
    {%- set names = [] -%}
    {%- for row in described.rows -%}
        {%- if row[2] < 2 -%}{{ return(none) }}{%- endif -%}
        {%- do names.append(adapter.quote(row[0])) -%}
    {%- endfor -%}
    {{ return(names | join(', ')) }}
{%- endmacro %}


{#
    Deletes the rows that the query does not give any more, and inserts those that are new.
    One statement for dbt, as each costs it some milliseconds; closing a connection in the
    middle of it rolls it back.
#}
{% macro write_changes(relation, query, columns) -%}
    begin;
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
        commit
{%- endmacro %}
