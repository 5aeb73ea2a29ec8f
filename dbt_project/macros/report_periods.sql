{#
    The columns that say of which stretch of time a row of a report is: those of
    int_report_days (docs/data-model.md#reports).
#}
{% macro period_columns(table=none) -%}
    {%- for column in [
        'grain', 'period', 'comparison', 'period_start', 'period_end', 'is_complete'
    ] -%}
    {{ table ~ '.' if table }}{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
