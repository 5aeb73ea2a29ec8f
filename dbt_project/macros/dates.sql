{#
    A date before 1990 or after next year was entered wrongly
    (docs/data-model.md#one-bad-record): the years 1 and 9999 are what programs write for none.
#}
{% macro is_impossible(moment) -%}
    {%- set next_year = cartwheel_now().split("'")[1][:4] | int + 1 -%}
    ({{ moment }} < cast('1990-01-01' as timestamp)
        or {{ moment }} >= cast('{{ next_year + 1 }}-01-01' as timestamp))
{%- endmacro %}


{# A moment, or null where its date is impossible. #}
{% macro possible(moment) -%}
    case when not {{ is_impossible(moment) }} then {{ moment }} end
{%- endmacro %}


{#
    One row per date of a table that is impossible: the ids, the field as Shopify calls it,
    and a sentence.

    dates: column -> field
#}
{% macro impossible_dates(table, ids, dates) -%}
    {%- for column, field in dates.items() %}
    select
        {{ ids | join(', ') }},
        '{{ field }}' as field,
        '{{ field }} is ' || cast({{ column }} as string)
        || ', a date before 1990 or after next year' as detail
    from {{ table }}
    where {{ is_impossible(column) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
