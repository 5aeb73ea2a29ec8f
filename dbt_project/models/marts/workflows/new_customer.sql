with

orders as (
    select * from {{ ref('orders') }}
),

deals as (
    select * from {{ ref('int_deals') }}
),

audience as (
    select
        ----------  ids
        orders.shop,
        deals.deal_key as shopify_deal_key,
        orders.order_id,
        orders.person_key,
        orders.email,

        ----------  enrolment
        orders.processed_at as entered_at,
        'first purchase: order ' || orders.order_name as reason
    from orders
    inner join deals
        on orders.shop = deals.shop and orders.order_id = deals.order_id
    where orders.is_first_order
)

select * from audience
