{#
    A staging table remembers, as its comment, the reading by which its rows were parsed: the
    model's code and what the macros make of it. A table of another reading, of an older
    version of this project for instance, is dropped before dbt builds it, and so parsed anew.
#}

{% macro reading_of(node) -%}
    {%- set macros = [
        read_json('column', {
            'text': 'text', 'money': 'money', 'list': ['text'], 'address': address_shape()
        }),
        json_texts('column', ['path']),
        to_money('text'), to_timestamp('text'), to_integer('text'), to_boolean('text'),
        to_grams('value', 'unit'),
        gid_tail('gid'), gid_type('gid'), first_group('text', 'pattern'),
        version_of_row(), joined_list('list'), sum_over_list('list', 'path'), list_element('list', 1),
        unreadable(
            {
                'money': ['a'], 'shop_money': ['b'], 'number': ['c'], 'integer': ['d'],
                'boolean': ['e'], 'timestamp': ['f'], 'gid': ['g'],
                'required': ['h'], 'currency': ['i'],
            },
            {'list': {'money': ['a']}}
        ),
        order_shape(),
    ] -%}
    {{ return(local_md5(node.raw_code ~ macros | join)) }}
{%- endmacro %}


{# Drops the incremental tables that are about to be built and hold another reading. #}
{% macro drop_other_readings() -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run') -%}
        {%- set found = {} -%}
        {%- for table in run_query(
            "select schema_name || '.' || table_name, coalesce(comment, '') from duckdb_tables()"
        ).rows -%}
            {%- do found.update({table[0]: table[1]}) -%}
        {%- endfor -%}
        {%- for node in graph.nodes.values()
            if node.unique_id in selected_resources
            and node.resource_type == 'model'
            and node.config.materialized == 'incremental' -%}
            {%- set name = node.schema ~ '.' ~ node.alias -%}
            {%- if name in found and found[name] != reading_of(node) -%}
                {%- do adapter.drop_relation(
                    adapter.get_relation(node.database, node.schema, node.alias)
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
