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
    {%- set columns = none if found is none or should_full_refresh()
        else columns_of_both(sql, relation) -%}
    {%- if config.get('contract').enforced and not are_as_described(columns) -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- call statement('main', auto_begin=False) -%}
        {%- if columns -%}
        {{ write_changes(relation, sql, columns | map('first') | join(', ')) }}
        {%- else -%}
        create or replace table {{ relation }} as
        {{ sql }}
        {%- endif -%}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{# A query's columns, name and type, if the table has the same; none if it has others. #}
{% macro columns_of_both(query, relation) -%}
    {%- set described = run_query(
        "select column_name, column_type, count(*) from ("
        ~ "select column_name, column_type from (describe " ~ query ~ ") union all "
        ~ "select column_name, column_type from (describe " ~ relation ~ ")) group by all"
    ) -%}
    {%- set columns = [] -%}
    {%- for row in described.rows -%}
        {%- if row[2] < 2 -%}{{ return(none) }}{%- endif -%}
        {%- do columns.append((adapter.quote(row[0]), row[1])) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{#
    Whether these columns are the yml's, word for word. Where they are not, dbt's own check
    of the contract says what differs; it asks the warehouse twice.
#}
{% macro are_as_described(columns) -%}
    {%- set described = [] -%}
    {%- for column in model.columns.values() -%}
        {%- do described.append((adapter.quote(column.name), column.data_type | upper)) -%}
    {%- endfor -%}
    {{ return(columns is not none and columns | sort == described | sort) }}
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
