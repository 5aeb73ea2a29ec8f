with

orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

checkout_orders as (
    select * from {{ ref('int_checkouts_with_order') }}
),

parents as (
    select
        ----------  ids
        shop,
        'order_line_items' as resource,
        order_id as parent_id
    from orders
    union all
    select
        shop,
        'abandoned_checkout_line_items' as resource,
        checkout_id as parent_id
    from checkouts
    union all
    -- what was sent of a checkout stays until the order that it became can be sent
    select
        checkout_orders.shop,
        'abandoned_checkout_line_items' as resource,
        checkout_orders.checkout_id as parent_id
    from checkout_orders
    inner join orders
        on
            checkout_orders.shop = orders.shop
            and checkout_orders.order_id = orders.order_id
)

select * from parents
