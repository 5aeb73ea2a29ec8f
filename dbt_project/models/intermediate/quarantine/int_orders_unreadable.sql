{{ config(materialized='changed_rows') }}

{%- set parts = {
    'line item': ('stg_shopify__order_line_items', 'order_line_id'),
    'agreement': ('stg_shopify__order_agreements', 'agreement_id'),
    'refund': ('stg_shopify__refunds', 'refund_id'),
} -%}
{%- set parts_of_refunds = {
    'refund line': ('stg_shopify__refund_line_items', 'refund_line_id'),
    'refunded shipping': ('stg_shopify__refund_shipping_lines', 'refund_shipping_line_id'),
    'refund transaction': ('stg_shopify__refund_transactions', 'transaction_id'),
    'adjustment': ('stg_shopify__order_adjustments', 'order_adjustment_id'),
} %}

with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
    where unreadable is not null
),

sales as (
    select * from {{ ref('stg_shopify__sales') }}
    where unreadable is not null
),

agreements as (
    select * from {{ ref('stg_shopify__order_agreements') }}
),

refunds as (
    select * from {{ ref('stg_shopify__refunds') }}
),

{% for part, (model, id) in parts.items() %}
unreadable_{{ part | replace(' ', '_') }}s as (
    select * from {{ ref(model) }}
    where unreadable is not null
),

{% endfor %}
{% for part, (model, id) in parts_of_refunds.items() %}
unreadable_{{ part | replace(' ', '_') }}s as (
    select * from {{ ref(model) }}
    where unreadable is not null
),

{% endfor %}
faults as (
    select
        shop,
        order_id,
        0 as place,
        unreadable as detail
    from orders
    union all
    select
        sales.shop,
        agreements.order_id,
        1 as place,
        'sale ' || sales.sale_id || ': ' || sales.unreadable as detail
    from sales
    inner join agreements using (shop, agreement_type, agreement_id)
    {% for part, (model, id) in parts.items() %}
    union all
    select
        shop,
        order_id,
        1 as place,
        '{{ part }} ' || {{ id }} || ': ' || unreadable as detail
    from unreadable_{{ part | replace(' ', '_') }}s
    {% endfor %}
    {% for part, (model, id) in parts_of_refunds.items() %}
    {%- set table = 'unreadable_' ~ part | replace(' ', '_') ~ 's' %}
    union all
    select
        {{ table }}.shop,
        refunds.order_id,
        1 as place,
        '{{ part }} ' || {{ table }}.{{ id }} || ': ' || {{ table }}.unreadable as detail
    from {{ table }}
    inner join refunds using (shop, refund_id)
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (partition by shop, order_id order by place, detail) as nth
    from faults
),

first_faults as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  why
        detail
    from ranked
    where nth = 1
)

select * from first_faults
