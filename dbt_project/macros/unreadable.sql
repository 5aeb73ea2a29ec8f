{#
    What cannot be read of a JSON node: the first field that it must have and lacks, or whose
    value is not of its type, in a sentence; null where all can be. Beside the casts, so that
    the JSON is parsed once.

    fields: kind -> paths below node, of kind required | gid | currency | time_zone | money |
    number | integer | boolean | timestamp, or shop_money, whose path is that of a MoneyBag
    lists: path of a list below node -> fields of its elements
#}
{% macro unreadable(fields, lists={}) -%}
    coalesce(
            {%- for kind, paths in fields.items() %}
            {%- for path in paths %}
            {{ unreadable_value('node', path, path, kind) }},
            {%- endfor %}
            {%- endfor %}
            {%- for list, inner in lists.items() %}
            {%- for kind, paths in inner.items() %}
            {%- for path in paths %}
            {{ first_over_list(
                'node.' ~ list, unreadable_value('element', path, list ~ '.' ~ path, kind)
            ) }},
            {%- endfor %}
            {%- endfor %}
            {%- endfor %}
            cast(null as string)
        )
{%- endmacro %}


{# A field of a node whose value has the wrong kind, in a sentence with its name; else null. #}
{% macro unreadable_value(node, path, name, kind) -%}
    {%- if kind == 'required' -%}
    case when {{ node ~ '.' ~ path }} is null then '{{ name }} is missing' end
    {%- else -%}
    {%- set in_bag = '.shopMoney.amount' if kind == 'shop_money' else '' -%}
    {%- set value = node ~ '.' ~ path ~ in_bag -%}
    {%- set cast = {
        'shop_money': to_money, 'money': to_money, 'number': to_money, 'integer': to_integer,
        'boolean': to_boolean, 'timestamp': to_timestamp, 'gid': to_id,
        'currency': to_currency, 'time_zone': to_time_zone,
    }[kind] -%}
    {%- set noun = {
        'shop_money': 'amount', 'money': 'amount', 'number': 'number', 'integer': 'whole number',
        'boolean': 'true or false', 'timestamp': 'date and time',
        'gid': 'global id', 'currency': 'currency code',
        'time_zone': 'time zone',
    }[kind] -%}
    case when {{ value }} is not null and {{ cast(value) }} is null
            then '{{ name ~ in_bag }} is "' || left({{ value }}, 60)
                || '", not a valid {{ noun }}' end
    {%- endif -%}
{%- endmacro %}
