{# All columns of a table, some of them replaced by an expression: column -> expression. #}
{% macro columns_replaced(replacements) -%}
    {{ return(adapter.dispatch('columns_replaced', 'cartwheel')(replacements)) }}
{%- endmacro %}

{% macro duckdb__columns_replaced(replacements) -%}
    * replace (
            {%- for column, expression in replacements.items() %}
            {{ expression }} as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
{%- endmacro %}

{% macro spark__columns_replaced(replacements) -%}
    * except ({{ replacements | join(', ') }}),
        {%- for column, expression in replacements.items() %}
        {{ expression }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
