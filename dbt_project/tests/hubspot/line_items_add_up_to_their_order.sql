{# Warns: it compares Shopify with itself, its lines with its subtotal. #}
{{ config(
    severity='warn',
    meta={
        'one': '1 order has line items that do not add up to its subtotal',
        'many': '{} orders have line items that do not add up to their subtotal'
    }
) }}

-- The line items of an order, as HubSpot reckons them, are its current subtotal, to the cent.
with

orders as (
    select * from {{ ref('orders') }}
),

line_items as (
    select
        shopify_deal_key,
        sum(quantity * (price - discount)) as lines_total
    from {{ ref('line_items') }}
    group by shopify_deal_key
),

differing as (
    select
        deals.shopify_deal_key,
        orders.current_subtotal,
        line_items.lines_total
    from {{ ref('deals') }} as deals
    inner join orders
        on
            deals.shopify_store = orders.shop
            and deals.shopify_order_id = orders.order_id
    left join line_items
        on deals.shopify_deal_key = line_items.shopify_deal_key
    where abs(orders.current_subtotal - coalesce(line_items.lines_total, 0)) >= 0.005
)

select * from differing
