{#
    Text to a typed value; null where the text is not one. Decimals are exact, never floats.
    An amount of 10^12 or more, or a number of units of 10^10 or more, is an error: so no
    sum of amounts and no price times units exceeds its column.
#}

{% macro to_money(text) -%}
    cast(try_cast({{ text }} as decimal(16, 4)) as decimal(18, 4))
{%- endmacro %}

{# Shopify writes date-times as 2026-11-23T09:30:00Z: the result is UTC without a zone. #}
{% macro to_timestamp(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{% macro to_integer(text) -%}
    cast(try_cast({{ text }} as decimal(10, 0)) as bigint)
{%- endmacro %}

{% macro to_boolean(text) -%}
    try_cast({{ text }} as boolean)
{%- endmacro %}

{# The id in a global id of Shopify's. #}
{% macro to_id(gid) -%}
    nullif({{ gid_tail(gid) }}, '')
{%- endmacro %}

{# A currency's code as ISO 4217 has it, three capital letters. #}
{% macro to_currency(text) -%}
    case when {{ matches(text, '[A-Z]{3}') }} then {{ text }} end
{%- endmacro %}

{# A numeric id as a number to sort by: ids pass 2^53 and have no agreed end. #}
{% macro id_order(id) -%}
    try_cast({{ id }} as decimal(38, 0))
{%- endmacro %}
