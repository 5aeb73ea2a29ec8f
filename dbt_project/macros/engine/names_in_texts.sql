{#
    The warehouse's name, which is that of its file, as a text in the adapter's own queries of
    DuckDB's catalogue: an apostrophe in it would end the text.
#}

{% macro duckdb__list_schemas(database) -%}
    {{ return(dbt.duckdb__list_schemas(within_text(database))) }}
{%- endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
    {{ return(dbt.duckdb__check_schema_exists(named_in_text(information_schema), schema)) }}
{%- endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) -%}
    {{ return(dbt.duckdb__list_relations_without_caching(named_in_text(schema_relation))) }}
{%- endmacro %}

{% macro drop_indexes_on_relation(relation) -%}
    {{ return(dbt.drop_indexes_on_relation(named_in_text(relation))) }}
{%- endmacro %}

{% macro duckdb__get_catalog_tables_sql(information_schema) -%}
    {{ return(dbt.duckdb__get_catalog_tables_sql(named_in_text(information_schema))) }}
{%- endmacro %}

{% macro duckdb__get_catalog_columns_sql(information_schema) -%}
    {{ return(dbt.duckdb__get_catalog_columns_sql(named_in_text(information_schema))) }}
{%- endmacro %}

{# The adapter's asks what kind of database it is, which for this project is always DuckDB. #}
{% macro duckdb__create_schema(relation) -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier() }}
    {%- endcall -%}
{%- endmacro %}


{% macro named_in_text(relation) -%}
    {{ return(relation.incorporate(path={'database': within_text(relation.database)})) }}
{%- endmacro %}

{% macro within_text(name) -%}
    {{ return(name | replace("'", "''") if name is string else name) }}
{%- endmacro %}
