{#
    What cannot be read of a JSON node: the first field whose value is not of its type, in a
    sentence; null where all can be. Beside the casts, so that the JSON is parsed once.

    casts: kind -> paths below node, of kind money | number | integer | boolean | timestamp, or
    shop_money, whose path is that of a MoneyBag
    lists: path of a list below node -> casts of its elements
#}
{% macro unreadable(casts, lists={}) -%}
    coalesce(
            {%- for kind, paths in casts.items() %}
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
            cast(null as varchar)
        )
{%- endmacro %}


{# A field of a node that is not of its type, in a sentence with its name; null where it is. #}
{% macro unreadable_value(node, path, name, kind) -%}
    {%- set in_bag = '.shopMoney.amount' if kind == 'shop_money' else '' -%}
    {%- set value = node ~ '.' ~ path ~ in_bag -%}
    {%- set cast = {
        'shop_money': to_money, 'money': to_money, 'number': to_money, 'integer': to_integer,
        'boolean': to_boolean, 'timestamp': to_timestamp,
    }[kind] -%}
    {%- set noun = {
        'shop_money': 'amount', 'money': 'amount', 'number': 'number', 'integer': 'whole number',
        'boolean': 'true or false', 'timestamp': 'date and time',
    }[kind] -%}
    case when {{ value }} is not null and {{ cast(value) }} is null
            then '{{ name ~ in_bag }} is "' || left({{ value }}, 60) || '", not a valid {{ noun }}' end
{%- endmacro %}
