{# Warns: Shopify calls the discounted unit price approximate. #}
{{ config(severity='warn') }}

-- The line items of an order, less their discounts, are its current subtotal and its
-- tips, which are lines outside of the subtotal. Shopify rounds the discounted unit
-- price to the currency's smallest unit, so each unit may be out by half a hundredth.
with

orders as (
    select * from {{ ref('orders') }}
),

line_items as (
    select
        shopify_deal_key,
        sum(quantity * (price - discount)) as lines_total,
        sum(quantity) * 0.005 as tolerance
    from {{ ref('line_items') }}
    group by shopify_deal_key
),

differing as (
    select
        deals.shopify_deal_key,
        orders.current_subtotal,
        orders.tips,
        line_items.lines_total
    from {{ ref('deals') }} as deals
    inner join orders
        on
            deals.shopify_store = orders.shop
            and deals.shopify_order_id = orders.order_id
    left join line_items
        on deals.shopify_deal_key = line_items.shopify_deal_key
    where
        abs(
            orders.current_subtotal
            + orders.tips
            - coalesce(line_items.lines_total, 0)
        )
        > coalesce(line_items.tolerance, 0)
)

select * from differing
