{{ config(materialized='replaced_view') }}

with

orders as (
    select * from {{ ref('int_orders_to_open') }}
),

stages as (
    select * from {{ ref('deal_stages') }}
),

deals as (
    select * from {{ ref('int_deals_sent') }}
),

described as (
    select
        ----------  ids
        orders.shop,
        orders.currency,
        orders.order_id,
        orders.order_name,

        ----------  what it is
        orders.placed_date,
        stages.label as stage,
        orders.amount,

        ----------  where to open it
        'https://admin.shopify.com/store/' || split_part(orders.shop, '.', 1)
        || '/orders/' || orders.order_id as shopify_url,
        deals.deal_url as hubspot_url
    from orders
    left join stages on orders.deal_stage = stages.stage
    left join deals
        on
            orders.shop = deals.shop
            and orders.order_id = deals.order_id
)

select * from described
