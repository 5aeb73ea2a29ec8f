{#
    Money times a fraction of two whole numbers that are not negative, rounded half away from
    zero to the smallest unit of its currency (a row of the seed currencies), exactly:
    DuckDB's own division of decimals is a float. Null where the denominator is 0 or null.
#}
{% macro money_share(money, numerator, denominator, currencies) -%}
    {{ return(adapter.dispatch('money_share', 'cartwheel')(
        money, numerator, denominator, currencies
    )) }}
{%- endmacro %}

{% macro duckdb__money_share(money, numerator, denominator, currencies) -%}
    cast(
        case when {{ money }} < 0 then -1 else 1 end
        * (
            (
                2 * cast(abs({{ money }}) * 10000 as hugeint) * {{ numerator }}
                * {{ minor_units(currencies) }} + 10000 * {{ denominator }}
            ) // nullif(20000 * {{ denominator }}, 0)
        )
        * (10000 // {{ minor_units(currencies) }})
        * cast('0.0001' as decimal(5, 4)) as decimal(18, 4)
    )
{%- endmacro %}

{% macro spark__money_share(money, numerator, denominator, currencies) -%}
    {%- set share -%}
        cast({{ money }} as decimal(38, 10)) * {{ numerator }} / nullif({{ denominator }}, 0)
    {%- endset -%}
    cast(
        case {{ minor_units(currencies) }}
            when 1 then round({{ share }}, 0)
            when 1000 then round({{ share }}, 3)
            else round({{ share }}, 2)
        end as decimal(18, 4)
    )
{%- endmacro %}


{# A currency's number of minor units, from a row of the seed; two decimals if unknown. #}
{% macro minor_units(currencies) -%}
    coalesce({{ currencies }}.minor_units, 100)
{%- endmacro %}


{# A tax rate such as 0.08875 as a whole number of hundred-millionths; null where it is none. #}
{% macro to_rate(text) -%}
    cast(round(try_cast({{ text }} as decimal(18, 8)) * 100000000, 0) as bigint)
{%- endmacro %}
