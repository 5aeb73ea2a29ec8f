{#
    What orders say of a period, by core.orders with a column not_cancelled (1, or 0):
    docs/reference/metrics.md#orders-of-a-period.
#}
{% macro average_order_value() -%}
    {{ money_per(
            'sum(not_cancelled * (ordered_gross_sales - ordered_discounts))',
            'sum(not_cancelled)'
        ) }} as average_order_value
{%- endmacro %}


{# The persons with a first, and with a later order among those that were processed in it. #}
{% macro customers_of_a_period() -%}
    count(distinct case when is_first_order then person_key end) as new_customers,
        count(distinct case when is_returning then person_key end) as returning_customers
{%- endmacro %}
