{# The names, schema.table, of the tables and views in the schemas of the sources, as a list. #}
{% macro names_of_sources() -%}
    {{ return(adapter.dispatch('names_of_sources', 'cartwheel')()) }}
{%- endmacro %}

{# By one query: adapter.get_relation would open a transaction, which dbt rolls back at the end
   of all hooks. #}
{% macro duckdb__names_of_sources() -%}
    {{ return(run_query(
        "select table_schema || '.' || table_name from information_schema.tables"
    ).columns[0].values()) }}
{%- endmacro %}

{% macro spark__names_of_sources() -%}
    {%- set found = [] -%}
    {%- set schemas = run_query('show databases').columns[0].values() -%}
    {%- for schema in graph.sources.values() | map(attribute='schema') | unique -%}
        {%- if schema in schemas -%}
            {%- for row in run_query('show tables in ' ~ schema).rows -%}
                {%- do found.append(schema ~ '.' ~ row[1]) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
