{#
    A part of a whole that is greater than 0, both counts or both money, rounded half away from
    zero to six decimals, exactly: DuckDB's own division of decimals is a float. Null where the
    whole is 0 or less.
#}
{% macro share(part, whole) -%}
    {{ return(adapter.dispatch('share', 'cartwheel')(part, whole)) }}
{%- endmacro %}

{% macro duckdb__share(part, whole) -%}
    cast(
        case when {{ whole }} > 0 then (
            2000000 * cast({{ part }} * 10000 as hugeint)
            + case when {{ part }} < 0 then -1 else 1 end * cast({{ whole }} * 10000 as hugeint)
        ) // (2 * cast({{ whole }} * 10000 as hugeint)) end
        * cast('0.000001' as decimal(7, 6)) as decimal(18, 6)
    )
{%- endmacro %}

{% macro spark__share(part, whole) -%}
    cast(
        case when {{ whole }} > 0 then
            cast({{ part }} as decimal(38, 10)) / cast({{ whole }} as decimal(28, 4))
        end as decimal(18, 6)
    )
{%- endmacro %}
