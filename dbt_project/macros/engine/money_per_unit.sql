{#
    Money that is not negative divided by a number of units, with as many decimals as it takes
    for units times the quotient to be the money again, rounded to the smallest unit of its
    currency (a row of the seed currencies): its decimals, a digit for each digit of the units,
    and one more, so that the differences of ten lines do not add up to half of a smallest unit
    either. At most ten. Divided in whole numbers: DuckDB's own division of decimals is a float.
#}
{% macro money_per_unit(money, units, currencies) -%}
    {{ return(adapter.dispatch('money_per_unit', 'cartwheel')(money, units, currencies)) }}
{%- endmacro %}

{% macro duckdb__money_per_unit(money, units, currencies) -%}
    {%- set decimals = decimals_per_unit(units, currencies) -%}
    cast(
        (
            (
                2 * cast(cast({{ money }} as decimal(38, 4)) * 10000 as hugeint)
                * cast(power(10, {{ decimals }}) as hugeint) + 10000 * {{ units }}
            ) // nullif(20000 * {{ units }}, 0)
        )
        * cast(power(10, 10 - {{ decimals }}) as hugeint)
        * cast('0.0000000001' as decimal(11, 10)) as decimal(28, 10)
    )
{%- endmacro %}

{% macro spark__money_per_unit(money, units, currencies) -%}
    cast(
        case {{ decimals_per_unit(units, currencies) }}
            {% for decimals in range(2, 11) -%}
            when {{ decimals }} then round(
                cast({{ money }} as decimal(28, 10))
                / nullif(cast({{ units }} as decimal(10, 0)), 0),
                {{ decimals }}
            )
            {% endfor %}
        end as decimal(28, 10)
    )
{%- endmacro %}


{# The number of decimals needed. #}
{% macro decimals_per_unit(units, currencies) -%}
    least(
        10,
        case {{ minor_units(currencies) }} when 1 then 0 when 1000 then 3 else 2 end
        + length(cast({{ units }} as string))
        + 1
    )
{%- endmacro %}
