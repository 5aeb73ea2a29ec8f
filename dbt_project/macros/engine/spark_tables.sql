{#
    Where Spark keeps a table of the current build: a folder of its own for each
    (CARTWHEEL_LAKE_BUILD), so that nobody reads one that is half written. Empty where none is
    named: then in the catalogue's own place.
#}
{% macro location_in_build(relation) -%}
    {%- set build = env_var('CARTWHEEL_LAKE_BUILD', '') -%}
    {%- if build -%}
    location '{{ build }}/{{ relation.schema }}/{{ relation.identifier }}'
    {%- endif -%}
{%- endmacro %}

{% macro spark__location_clause() -%}
    {{ location_in_build(this) or dbt.spark__location_clause() }}
{%- endmacro %}


{# A contract's columns, whose types are written as DuckDB has them, for Spark to compare. #}
{% macro spark__get_empty_schema_sql(columns) -%}
    {%- set read = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do read.update({
            name: dict(column, data_type=modules.re.sub(
                '(?i)\\bvarchar\\b', 'string', column.data_type
            ))
        }) -%}
    {%- endfor -%}
    {{ return(dbt.default__get_empty_schema_sql(read)) }}
{%- endmacro %}
