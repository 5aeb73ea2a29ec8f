{# The money columns of the sales ledger, in their order (DESIGN, core.sales). #}
{% macro ledger_measures() -%}
    {{ return([
        'gross_sales', 'discounts', 'returns', 'net_sales', 'shipping', 'taxes', 'duties',
        'fees', 'total_sales', 'gift_card_sales', 'tips', 'all_sales',
    ]) }}
{%- endmacro %}
