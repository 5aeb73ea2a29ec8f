{# What a line sold: its variant; if that was deleted, its SKU and title. #}
{% macro product_line(lines) -%}
    coalesce(
        {{ lines }}.variant_id,
        coalesce({{ lines }}.sku, '') || '/' || coalesce({{ lines }}.title, '')
    )
{%- endmacro %}
