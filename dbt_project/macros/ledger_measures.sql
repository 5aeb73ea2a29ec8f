{# The sales ledger's money columns, in their order: docs/reference/metrics.md#the-ledger #}
{% macro ledger_measures() -%}
    {{ return([
        'gross_sales', 'discounts', 'returns', 'net_sales', 'shipping', 'taxes', 'duties',
        'fees', 'total_sales', 'gift_card_sales', 'tips', 'all_sales',
    ]) }}
{%- endmacro %}
