{# Text to a typed value; null where the text is not one. Decimals are exact, never floats. #}

{% macro to_money(text) -%}
    try_cast({{ text }} as decimal(18, 4))
{%- endmacro %}

{# Shopify writes date-times as 2026-11-23T09:30:00Z: the result is UTC without a zone. #}
{% macro to_timestamp(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}

{% macro to_integer(text) -%}
    try_cast({{ text }} as bigint)
{%- endmacro %}

{% macro to_boolean(text) -%}
    try_cast({{ text }} as boolean)
{%- endmacro %}

{# A numeric id as a number to sort by: ids pass 2^53 and have no agreed end. #}
{% macro id_order(id) -%}
    try_cast({{ id }} as decimal(38, 0))
{%- endmacro %}
