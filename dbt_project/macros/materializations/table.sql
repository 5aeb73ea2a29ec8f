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
    {%- set columns = columns_of(sql) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- if found is none
        or should_full_refresh()
        or columns != columns_of('select * from ' ~ relation) -%}
        {%- call statement('main', auto_begin=False) -%}
            create or replace table {{ relation }} as
            {{ sql }}
        {%- endcall -%}
    {%- else -%}
        {%- do write_changes(relation, sql, columns) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [relation]}) }}
{% endmaterialization %}


{# The columns of a query, each as name and type, in their order. #}
{% macro columns_of(query) -%}
    {%- set columns = [] -%}
    {%- for column in adapter.get_column_schema_from_query(get_empty_subquery_sql(query)) -%}
        {%- do columns.append((adapter.quote(column.name), column.data_type)) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}


{# Deletes the rows that the query does not give any more, and inserts those that are new. #}
{% macro write_changes(relation, query, columns) -%}
    {%- set names = columns | map('first') | join(', ') -%}
    {%- call statement('main') -%}
        create or replace temporary table changes as
        select
            now.* exclude (fingerprint),
            before.row_before
        from (
            select *, hash({{ names }}) as fingerprint from (
                {{ query }}
            )
        ) as now
        full join (
            select rowid as row_before, hash({{ names }}) as fingerprint from {{ relation }}
        ) as before on now.fingerprint = before.fingerprint
        where now.fingerprint is null or before.fingerprint is null;
    {%- endcall -%}
    {%- call statement('delete') -%}
        delete from {{ relation }}
        where rowid in (select row_before from changes where row_before is not null)
    {%- endcall -%}
    {%- call statement('insert') -%}
        insert into {{ relation }} ({{ names }})
        select {{ names }} from changes where row_before is null;
        drop table changes
    {%- endcall -%}
    {%- do adapter.commit() -%}
{%- endmacro %}
