{#
    The statements that make the seeds which are not there yet, so that `dbt run` and
    `dbt test` work before the first `dbt seed`. Those that are there are left to dbt.
#}
{% macro create_missing_seeds() -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('run', 'test') -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'seed' -%}
            {%- set types = [] -%}
            {%- for name, type in node.config.column_types.items() -%}
                {%- do types.append("'" ~ name ~ "': '" ~ type ~ "'") -%}
            {%- endfor -%}
            create schema if not exists {{ adapter.quote(node.schema) }};
            create table if not exists
            {{ adapter.quote(node.schema) }}.{{ adapter.quote(node.alias) }}
            as from read_csv(
                '{{ (node.root_path ~ '/' ~ node.original_file_path) | replace("'", "''") }}',
                header = true, types = { {{ types | join(', ') }} }
            );
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
