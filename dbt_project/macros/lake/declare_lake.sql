{#
    On Spark, the tables of a lake (CARTWHEEL_LAKE, written by cartwheel lake export) as views
    under the names of the sources, before anything is built. Without a lake the sources are
    those of the catalogue that Spark is connected to.
#}
{% macro declare_lake() -%}
    {{ return(adapter.dispatch('declare_lake', 'cartwheel')()) }}
{%- endmacro %}

{# The warehouse has them. #}
{% macro duckdb__declare_lake() -%}
{%- endmacro %}

{% macro spark__declare_lake() -%}
    {%- set lake = env_var('CARTWHEEL_LAKE', '') -%}
    {%- if execute and lake -%}
        {%- set models = {} -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- do models.update({node.schema ~ '.' ~ node.alias: node}) -%}
        {%- endfor -%}
        {%- for table in tables_of_lake(lake) -%}
            {%- set name = table.schema ~ '.' ~ table.name -%}
            {%- do run_query('create schema if not exists ' ~ table.schema) -%}
            {%- if name not in models -%}
                {%- do run_query(
                    'create or replace view ' ~ name ~ ' as ' ~ rows_of_lake(lake, table)
                ) -%}
            {%- elif flags.WHICH in ('build', 'run') -%}
                {{ remember_of_lake(lake, table, models[name]) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{# The tables that the last whole export names: schema, name, first, last, rows, columns. #}
{% macro tables_of_lake(lake) -%}
    {%- set tables = [] -%}
    {%- for row in run_query(
        "select named.`schema`, named.`table`, named.`first`, named.`last`, named.`rows`,"
        ~ " array_join(named.`columns`, '`, `') from (select explode(tables) as named"
        ~ " from json.`" ~ lake ~ "/export.json`)"
    ).rows -%}
        {%- do tables.append({
            'schema': row[0], 'name': row[1], 'first': row[2] | int, 'last': row[3] | int,
            'rows': row[4], 'columns': '`' ~ row[5] ~ '`',
        }) -%}
    {%- endfor -%}
    {{ return(tables) }}
{%- endmacro %}


{#
    The rows of a table as a query: every row of its exports, or of each id the newest. An
    older version is left out by a join with the ids of the later exports alone, which are few
    beside the first: Spark sends those to each part of the table, and sorts nothing.
#}
{% macro rows_of_lake(lake, table) -%}
    {%- set log -%}
        select * from parquet.`{{ lake }}/{{ table.schema }}/{{ table.name }}`
        where export between {{ table.first }} and {{ table.last }}
    {%- endset -%}
    {%- if table.rows == 'every' or table.first == table.last -%}
    select {{ table.columns }} from ({{ log }})
    {%- else -%}
    select {{ table.columns }} from ({{ log }}) as log
    left anti join (
        select shop as later_shop, id as later_id, export as later_export from ({{ log }})
        where export > {{ table.first }}
    ) as later
        on log.shop = later_shop and log.id = later_id and log.export < later_export
    {%- endif -%}
{%- endmacro %}


{#
    A table that its own model adds to, as the warehouse knew it: the model goes on from there.
    What a build adds comes into the warehouse by cartwheel lake import.
#}
{% macro remember_of_lake(lake, table, node) -%}
    {%- set relation = api.Relation.create(
        schema=node.schema, identifier=node.alias, type='table'
    ) -%}
    {%- do run_query('drop table if exists ' ~ relation) -%}
    {%- do run_query(
        'create table ' ~ relation ~ ' using parquet ' ~ location_in_build(relation)
        ~ ' as ' ~ rows_of_lake(lake, table)
    ) -%}
    {#- dbt listed what there is before its hooks -#}
    {%- do adapter.cache_added(relation) -%}
{%- endmacro %}
