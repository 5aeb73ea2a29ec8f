{#
    The reading by which a model's rows are parsed: its code and what the macros make of it.
    A table that is parsed once remembers it at the end of its comment; one of another reading,
    of an older version of this project for instance, is parsed again.
#}

{% macro reading_of(node) -%}
    {%- set macros = [
        read_json('column', {
            'text': 'text', 'amount': 'amount', 'money': 'money', 'list': ['text'],
            'address': address_shape(),
        }),
        json_texts('column', ['path']),
        to_money('text'), to_timestamp('text'), to_integer('text'), to_boolean('text'),
        to_grams('value', 'unit'),
        gid_tail('gid'), gid_type('gid'), first_group('text', 'pattern'),
        version_of_row(), joined_list('list'), sum_over_list('list', 'path'),
        list_element('list', 1),
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
    {%- if node.config.contract.enforced -%}
        {%- do macros.extend(node.columns.values() | map(attribute='data_type')) -%}
    {%- endif -%}
    {{ return('reading ' ~ local_md5(node.raw_code ~ macros | join)) }}
{%- endmacro %}


{#
    Whether the current model's table has rows parsed by the current reading, so that only new
    ones are added.
#}
{% macro holds_parsed_rows(reading=none) -%}
    {%- if not execute or model.config.materialized != 'parsed_once' or should_full_refresh() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is none or not existing.is_table -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(has_comment(reading or reading_of(model))) }}
{%- endmacro %}


{# Whether the comment of the current model's table contains a text. #}
{% macro has_comment(text) -%}
    {{ return(adapter.dispatch('has_comment', 'cartwheel')(text)) }}
{%- endmacro %}

{% macro duckdb__has_comment(text) -%}
    {%- set found = run_query(
        "select count(*) from duckdb_tables() where database_name = '" ~ within_text(this.database)
        ~ "' and schema_name = '" ~ this.schema ~ "' and table_name = '" ~ this.identifier
        ~ "' and contains(comment, " ~ duckdb_escape_comment(text) ~ ")"
    ) -%}
    {{ return(found.columns[0].values()[0] == 1) }}
{%- endmacro %}

{% macro spark__has_comment(_text) -%}
    {{ return(false) }}
{%- endmacro %}
