{# The value on the row whose rank is greatest, among rows where the value is not null. #}
{% macro value_at_greatest(value, rank) -%}
    {{ return(adapter.dispatch('value_at_greatest', 'cartwheel')(value, rank)) }}
{%- endmacro %}

{% macro duckdb__value_at_greatest(value, rank) -%}
    arg_max({{ value }}, {{ rank }}) filter (where {{ value }} is not null)
{%- endmacro %}

{% macro spark__value_at_greatest(value, rank) -%}
    max_by({{ value }}, {{ rank }}) filter (where {{ value }} is not null)
{%- endmacro %}


{# The distinct values of a group in ascending order, with ; between; null for none. #}
{% macro joined_distinct(value) -%}
    {{ return(adapter.dispatch('joined_distinct', 'cartwheel')(value)) }}
{%- endmacro %}

{% macro duckdb__joined_distinct(value) -%}
    string_agg(distinct {{ value }}, ';' order by {{ value }})
{%- endmacro %}

{% macro spark__joined_distinct(value) -%}
    nullif(array_join(array_sort(collect_set({{ value }})), ';'), '')
{%- endmacro %}


{# The values of a group in the order of a rank, with a text between; null for none. #}
{% macro joined_in_order(value, rank, separator=';') -%}
    {{ return(adapter.dispatch('joined_in_order', 'cartwheel')(value, rank, separator)) }}
{%- endmacro %}

{% macro duckdb__joined_in_order(value, rank, separator) -%}
    string_agg({{ value }}, '{{ separator }}' order by {{ rank }})
{%- endmacro %}

{% macro spark__joined_in_order(value, rank, separator) -%}
    nullif(listagg({{ value }}, '{{ separator }}') within group (order by {{ rank }}), '')
{%- endmacro %}


{#
    Money divided by a whole number, rounded half up to four decimals, exactly: DuckDB's own
    division of decimals is a float. Null where the divisor is 0 or null.
#}
{% macro money_per(money, divisor) -%}
    {{ return(adapter.dispatch('money_per', 'cartwheel')(money, divisor)) }}
{%- endmacro %}

{% macro duckdb__money_per(money, divisor) -%}
    cast(
        (
            2 * cast({{ money }} * 10000 as hugeint)
            + case when {{ money }} < 0 then -1 else 1 end * {{ divisor }}
        ) // nullif(2 * {{ divisor }}, 0)
        * cast('0.0001' as decimal(5, 4)) as decimal(18, 4)
    )
{%- endmacro %}

{% macro spark__money_per(money, divisor) -%}
    cast(
        cast({{ money }} as decimal(38, 10)) / nullif({{ divisor }}, 0) as decimal(18, 4)
    )
{%- endmacro %}
