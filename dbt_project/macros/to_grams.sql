{# A weight in Shopify's units (WeightUnit of the Admin API) as grams; null for an unknown unit. #}
{% macro to_grams(value, unit) -%}
    cast(
        try_cast({{ value }} as decimal(18, 4))
        * case {{ unit }}
            when 'GRAMS' then cast(1 as decimal(10, 5))
            when 'KILOGRAMS' then cast(1000 as decimal(10, 5))
            when 'OUNCES' then cast(28.34952 as decimal(10, 5))
            when 'POUNDS' then cast(453.59237 as decimal(10, 5))
        end as decimal(18, 4)
    )
{%- endmacro %}
