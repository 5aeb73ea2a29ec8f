{#
    Reads a JSON column once into a struct that holds the named fields, every leaf as text:
    a model casts the text itself, so that a value it cannot cast is found by a test and
    harms only itself. A field that the JSON lacks is null.

    shape: field -> 'text' | 'amount' or 'money' (what is read of Shopify's MoneyBag: the amount
    in the shop's currency, or that and its currency) | another shape | [shape] for a list.
#}
{% macro read_json(column, shape) -%}
    {{ return(adapter.dispatch('read_json', 'cartwheel')(column, shape)) }}
{%- endmacro %}

{% macro duckdb__read_json(column, shape) -%}
    from_json({{ column }}, '{{ duckdb_json_type(shape) }}')
{%- endmacro %}

{% macro spark__read_json(column, shape) -%}
    from_json({{ column }}, '{{ spark_json_type(shape) }}')
{%- endmacro %}


{% macro duckdb_json_type(shape) -%}
    {%- if shape == 'text' -%}
        "VARCHAR"
    {%- elif shape in ('amount', 'money') -%}
        {{ duckdb_json_type(shop_money_shape(shape)) }}
    {%- elif shape is mapping -%}
        { {%- for field, inner in shape.items() -%}
        "{{ field }}":{{ duckdb_json_type(inner) }}{{ ',' if not loop.last }}
        {%- endfor -%} }
    {%- else -%}
        [{{ duckdb_json_type(shape[0]) }}]
    {%- endif -%}
{%- endmacro %}

{% macro spark_json_type(shape) -%}
    {%- if shape == 'text' -%}
        string
    {%- elif shape in ('amount', 'money') -%}
        {{ spark_json_type(shop_money_shape(shape)) }}
    {%- elif shape is mapping -%}
        struct<
        {%- for field, inner in shape.items() -%}
            {{ field }}:{{ spark_json_type(inner) }}{{ ',' if not loop.last }}
        {%- endfor -%}
        >
    {%- else -%}
        array<{{ spark_json_type(shape[0]) }}>
    {%- endif -%}
{%- endmacro %}

{# What is read of a MoneyBag: its amount in the shop's currency, and the currency of 'money'. #}
{% macro shop_money_shape(kind) -%}
    {%- set amount = {'amount': 'text'} -%}
    {{ return({'shopMoney': dict(amount, currencyCode='text') if kind == 'money' else amount}) }}
{%- endmacro %}


{# The fields read from a MailingAddress. #}
{% macro address_shape() -%}
    {{ return({
        'firstName': 'text', 'lastName': 'text', 'address1': 'text', 'address2': 'text',
        'city': 'text', 'province': 'text', 'country': 'text', 'zip': 'text',
    }) }}
{%- endmacro %}


{# The texts at some JSON paths ($.a.b) of a column, as one list in the order of the paths. #}
{% macro json_texts(column, paths) -%}
    {{ return(adapter.dispatch('json_texts', 'cartwheel')(column, paths)) }}
{%- endmacro %}

{% macro duckdb__json_texts(column, paths) -%}
    json_extract_string({{ column }}, ['{{ paths | join("', '") }}'])
{%- endmacro %}

{% macro spark__json_texts(column, paths) -%}
    array(
        {%- for path in paths -%}
        get_json_object({{ column }}, '{{ path }}'){{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
