{#
    What orders say of the period in which they were placed, by core.orders with a column
    not_cancelled (1, or 0): reference/metrics.md, "Definitions in force".
#}
{% macro orders_of_a_period() -%}
    count(distinct case when is_first_order then person_key end) as new_customers,
        count(distinct case when is_returning then person_key end) as returning_customers,
        {{ money_per(
            'sum(not_cancelled * (ordered_gross_sales - ordered_discounts))',
            'sum(not_cancelled)'
        ) }} as average_order_value
{%- endmacro %}
